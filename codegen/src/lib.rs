//! Turns an OpenAPI document into Rust.
