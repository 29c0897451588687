//! Structs and their fields, as everything that concerns them is written from.

use crate::shape::Shape;
use crate::surface::{self, Place};

/// A struct whose fields progenitor types.
#[derive(Debug)]
pub(crate) struct Structure {
    pub(crate) name: String,
    pub(crate) doc: String,
    pub(crate) fields: Vec<Field>,
    /// Pointer to its schema in the document.
    pub(crate) pointer: String,
}

/// A field of a generated struct, or a parameter.
#[derive(Debug, Clone)]
pub(crate) struct Field {
    pub(crate) wire: String,
    pub(crate) name: String,
    /// Name of the method that sets it.
    pub(crate) setter: String,
    pub(crate) shape: Shape,
    pub(crate) optional: bool,
    pub(crate) role: Role,
    pub(crate) doc: String,
    pub(crate) deprecated: bool,
    /// Not shown by `Debug`.
    pub(crate) secret: bool,
}

/// Role of a field of a struct.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// A property.
    Member,
    /// A property that only the server sets.
    ReadOnly,
    /// A property that only the client sets.
    WriteOnly,
    /// All members that the document does not list.
    Rest,
}

impl Field {
    /// Returns true for an argument of the constructor.
    pub(crate) fn is_argument(&self) -> bool {
        !self.optional && matches!(self.role, Role::Member | Role::WriteOnly)
    }

    /// Returns true for a field with a setter.
    pub(crate) fn is_settable(&self) -> bool {
        self.role == Role::Rest || (self.optional && self.role != Role::ReadOnly)
    }

    /// The type of the field inside of the `types` module.
    pub(crate) fn rust(&self) -> String {
        let ty = self.shape.rust(false);
        if self.optional {
            format!("Option<{ty}>")
        } else {
            ty
        }
    }

    /// The field as an argument of a function.
    pub(crate) fn argument(&self, name: &str, place: Place) -> surface::Argument {
        surface::Argument {
            name: name.trim_start_matches("r#").to_owned(),
            place,
            wire: self.wire.clone(),
        }
    }
}
