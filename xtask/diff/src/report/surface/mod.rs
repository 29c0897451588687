//! The generated API before and after: the real effect on Rust code.

mod api;
mod attribute;
mod behind;
mod causes;
mod composers;
mod coverage;
mod difference;
mod reachable;
mod unexplained;

pub use api::GeneratedApi;
pub(crate) use attribute::attribute;
