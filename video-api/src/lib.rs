//! Typed client for the Stream Video REST API.
