//! Comparing: pure functions over a pair of places that return what differs.
//!
//! Each function gets both documents as they were read and one pair, and returns [`Findings`]:
//! facts, and links to the pairs inside. [`walk`] compares every pair once and keeps the graph
//! between them.

mod body;
mod callback;
mod components;
mod context;
mod direction;
mod encoding;
mod entry;
mod fact;
mod fields;
mod form;
mod graph;
mod items;
mod list_entries;
mod media;
mod media_type;
mod operation;
mod parameter;
mod paths;
mod prefix;
mod response;
mod root;
mod schema;
mod scheme;
mod security;
mod servers;
mod walk;
mod webhooks;

pub(crate) use context::Sides;
pub(crate) use direction::{Direction, NodeId};
pub(crate) use fact::{Fact, brief};
pub(crate) use graph::{Greatest, Reach};
pub(crate) use walk::{Outcome, run};
