//! The names of arguments.

use crate::index::Parameter;

/// The id of a flag in clap.
pub(super) fn flag_id(parameter: &Parameter) -> String {
    format!("{:?}:{}", parameter.place, parameter.name)
}

/// The id of a position in clap.
pub(super) fn position_id(parameter: &Parameter) -> String {
    format!("position:{}", flag_id(parameter))
}

/// A required argument as it is written in usage texts.
pub(super) fn placeholder(parameter: &Parameter) -> String {
    format!("<{}>", parameter.name.to_uppercase())
}
