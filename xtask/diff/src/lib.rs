//! Compares two OpenAPI 3.0 documents.
