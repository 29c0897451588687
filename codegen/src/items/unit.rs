//! The items that are generated, each with its place, its code and its surface.

use super::field::Structure;
use super::text::Text;
use crate::surface::Line;

/// One generated item: an operation's request or a type.
#[derive(Debug)]
pub(crate) struct Unit {
    pub(crate) module: Module,
    /// Names that `show` finds it by: the Rust name, the operation id.
    pub(crate) names: Vec<String>,
    /// The struct that progenitor declares, if it is one.
    pub(crate) structure: Option<Structure>,
    /// Items after the struct, not laid out yet.
    pub(crate) code: String,
    /// Macro calls after the items; prettyplease leaves those as they are.
    pub(crate) macros: String,
    pub(crate) surface: Vec<Line>,
}

/// The module a unit is put into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Module {
    Root,
    Operations,
    Requests,
    Types,
}

impl Unit {
    pub(super) fn new(module: Module, names: Vec<String>, text: Text) -> Self {
        Self {
            module,
            names,
            structure: None,
            code: text.code,
            macros: String::new(),
            surface: text.surface,
        }
    }

    /// A unit with one name.
    pub(super) fn only(module: Module, name: &str, text: Text) -> Self {
        Self::new(module, vec![name.to_owned()], text)
    }
}
