//! Reads OpenAPI documents. The generator, the diff, the server and the tools of this workspace
//! share this one reader.
//!
//! A document stays a [`serde_json::Value`]. [`load`] reads JSON or YAML and turns OpenAPI 3.1 into
//! 3.0; [`resolve`] and [`follow`] resolve references; [`operations`], [`visit`] and [`visit_mut`]
//! walk a document by the grammar of OpenAPI, so that examples, extensions and defaults are never
//! taken for schemas. References into other files are bundled, anchors resolved, and [`Source`]
//! knows the lines of a document.

mod anchor;
mod bundle;
mod error;
mod identity;
mod openapi_3_1;
mod operations;
mod parse;
pub mod pointer;
mod reach;
mod reference;
mod walk;
mod yaml;

pub use bundle::{bundle, external_files};
pub use error::{Error, Note, ReferenceError};
pub use openapi_3_1::to_openapi_3_0;
pub use operations::{
    METHODS, Operation, OperationVisitor, is_ignored_header, operations, placeholders,
    visit_operations_mut,
};
pub use parse::{Source, parse};
pub use reach::{Component, reached_components};
pub use reference::{
    component_name, external_file, follow, reference, reference_to, reference_tokens,
    replace_reference, resolve, resolved,
};
pub use walk::{
    Kind, UNION, for_each_mut, for_each_schema, for_each_schema_mut, visit, visit_mut,
    visit_schema_mut, visit_schemas_mut,
};
pub use yaml::Lines;

use serde_json::Value;

/// An OpenAPI 3.0 document.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Loaded {
    /// The document, keys sorted.
    pub document: Value,
    /// Constructs of OpenAPI 3.1 that OpenAPI 3.0 cannot express; empty for 3.0.
    pub notes: Vec<Note>,
}

/// Reads an OpenAPI 3.0 or 3.1 document from JSON or YAML text.
///
/// # Errors
/// Text that is neither, a duplicate key, too deep or too large a document, or a document that is
/// not OpenAPI 3.0 or 3.1.
pub fn load(text: &str) -> Result<Loaded, Error> {
    from_value(parse(text)?)
}

/// Takes an OpenAPI 3.0 or 3.1 document that is already parsed.
///
/// # Errors
/// The document is not OpenAPI 3.0 or 3.1.
pub fn from_value(mut document: Value) -> Result<Loaded, Error> {
    let version = check_version(&document)?;
    let notes = match version {
        Version::V3_0 => Vec::new(),
        Version::V3_1 => to_openapi_3_0(&mut document),
    };
    for section in ["info", "paths"] {
        if !document.get(section).is_some_and(Value::is_object) {
            let message = "is missing or not an object, so this is not an OpenAPI document";
            return Err(Error::new(format!("/{section}"), message));
        }
    }
    // The order of keys must not depend on the features that serde_json was built with.
    document.sort_all_objects();
    Ok(Loaded { document, notes })
}

/// A document, and what else is worth knowing to compare it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ToCompare {
    /// The document as OpenAPI 3.0.
    pub loaded: Loaded,
    /// The same with the keywords that OpenAPI 3.0 lacks under their own names; none without such.
    pub document: Option<Value>,
    /// Keywords of OpenAPI 3.0 in a document of 3.1.
    pub notes: Vec<Note>,
}

/// Takes a document as [`from_value`] does, to compare it with another one.
///
/// # Errors
/// The document is not OpenAPI 3.0 or 3.1.
pub fn from_value_to_compare(document: Value) -> Result<ToCompare, Error> {
    if check_version(&document)? == Version::V3_0 {
        return Ok(ToCompare {
            loaded: from_value(document)?,
            document: None,
            notes: Vec::new(),
        });
    }
    let notes = openapi_3_1::nullable(&document).into_iter().collect();
    let mut original = document.clone();
    let loaded = from_value(document)?;
    let has_more = !loaded.notes.is_empty();
    let document = has_more.then(|| {
        openapi_3_1::convert(&mut original, openapi_3_1::Unread::Kept);
        original.sort_all_objects();
        original
    });
    Ok(ToCompare {
        loaded,
        document,
        notes,
    })
}

/// A version of OpenAPI that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    /// OpenAPI 3.0.
    V3_0,
    /// OpenAPI 3.1.
    V3_1,
}

/// The version that a document names.
///
/// # Errors
/// Another version, Swagger 2, or none.
pub fn check_version(document: &Value) -> Result<Version, Error> {
    if !document.is_object() {
        return Err(Error::new(
            "",
            "is not an object, so this is not an OpenAPI document",
        ));
    }
    if document.get("swagger").is_some() {
        let message = "is Swagger 2; convert the document to OpenAPI 3.0 first, for example with \
                       `npx swagger2openapi`";
        return Err(Error::new("/swagger", message));
    }
    match document.get("openapi").and_then(Value::as_str) {
        Some(version) if version == "3.0" || version.starts_with("3.0.") => Ok(Version::V3_0),
        Some(version) if version == "3.1" || version.starts_with("3.1.") => Ok(Version::V3_1),
        Some(version) => {
            let message = format!("is {version}; only OpenAPI 3.0 and 3.1 are supported");
            Err(Error::new("/openapi", message))
        }
        None if document.get("openapi").is_some() => {
            let message = "is not a text; quote the version, as in \"openapi\": \"3.0.3\"";
            Err(Error::new("/openapi", message))
        }
        None => {
            let message = "is missing; an OpenAPI document starts with \"openapi\": \"3.0.3\"";
            Err(Error::new("/openapi", message))
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn other_versions_are_refused_with_the_place() {
        for (document, pointer) in [
            (json!({"swagger": "2.0"}), "/swagger"),
            (json!({"openapi": "3.2.0"}), "/openapi"),
            (json!({}), "/openapi"),
            (json!([]), ""),
            (json!({"openapi": "3.0.3", "info": {}}), "/paths"),
            (json!({"openapi": "3.0.3", "paths": {}}), "/info"),
        ] {
            assert_eq!(from_value(document).unwrap_err().pointer(), pointer);
        }
    }

    #[test]
    fn yaml_and_json_load_the_same() {
        let json = r#"{"paths": {}, "openapi": "3.0.3", "info": {"title": "T", "version": "1"}}"#;
        let yaml = "openapi: 3.0.3\ninfo:\n  title: T\n  version: '1'\npaths: {}\n";
        assert_eq!(load(json).unwrap(), load(yaml).unwrap());
    }
}
