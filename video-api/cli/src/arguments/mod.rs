//! Parameters and body fields as arguments of a command, and back.

mod choices;
mod define;
mod names;
mod read;
mod usage;

pub(crate) use define::define;
pub(crate) use read::{Given, read};
pub(crate) use usage::{explain, synopsis};
