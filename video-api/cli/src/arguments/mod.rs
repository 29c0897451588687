//! Parameters and body fields as arguments of a command, and back.

mod define;
mod read;
mod usage;

pub(crate) use define::define;
pub(crate) use read::{Given, read};
pub(crate) use usage::{explain, synopsis};

use crate::index::Parameter;

/// The id of a flag in clap.
fn flag_id(parameter: &Parameter) -> String {
    format!("{:?}:{}", parameter.place, parameter.name)
}

/// The id of a position in clap.
fn position_id(parameter: &Parameter) -> String {
    format!("position:{}", flag_id(parameter))
}

/// A required argument as it is written in usage texts.
fn placeholder(parameter: &Parameter) -> String {
    format!("<{}>", parameter.name.to_uppercase())
}
