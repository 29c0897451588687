//! The API of the crate that is generated from a document.

use codegen::{LeftOut, Spec, Surface};

/// The crate that is generated from a document: its API, and what is left out of it.
#[derive(Clone, Debug)]
pub struct GeneratedApi {
    pub(super) surface: Surface,
    pub(super) left_out: Vec<LeftOut>,
}

impl GeneratedApi {
    /// Generates the API of a document, without its code.
    ///
    /// # Errors
    /// A place in the document that cannot become Rust.
    pub fn of(spec: &Spec) -> Result<Self, codegen::Error> {
        let (surface, left_out) = codegen::surface(spec)?;
        Ok(Self { surface, left_out })
    }
}
