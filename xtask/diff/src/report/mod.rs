//! Reporting: the facts of a comparison as changes, their verdict, lines and approvals.

mod assemble;
mod change;
mod config;
mod configure;
mod filter;
mod folded;
mod levels;
mod limits;
mod location;
pub mod output;
mod pointers;
mod position;
mod summary;
pub(crate) mod surface;

pub(crate) use assemble::assemble;
pub use change::{Change, Effect};
pub use config::{Config, ConfigError, Override, Stale, Suppression};
pub use filter::Filter;
pub use limits::Limits;
pub use summary::Report;
pub use surface::GeneratedApi;
