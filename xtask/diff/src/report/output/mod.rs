//! Reports as text for people and for machines.

mod github;
mod html;
mod json;
mod junit;
mod log;
mod markdown;
mod rules;
mod sarif;
mod text;
mod words;

pub use github::github;
pub use html::html;
pub use json::json;
pub use junit::junit;
pub use log::{Version, log_html, log_markdown};
pub use markdown::markdown;
pub use rules::{explain, listing};
pub use sarif::sarif;
pub use text::text;
pub use words::Names;
