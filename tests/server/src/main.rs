//! Serves the API on loopback.
fn main() {}
