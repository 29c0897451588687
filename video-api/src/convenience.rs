//! Hand-written methods over generated operations and types, one file a subject.
//!
//! `users.rs` is the example to follow: it uses only the public face of the generated code, returns
//! the generated request, and so gets its setters, retries and errors for free.

mod sort;
mod task;
mod users;

pub use task::WaitForTask;
