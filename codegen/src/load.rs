//! Bytes or JSON to a checked OpenAPI 3.0 document.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::error::Error;
use crate::pointer;

/// An OpenAPI 3.0 document that parsed and whose references resolve.
#[derive(Debug, Clone)]
pub struct Spec {
    document: Value,
}

impl Spec {
    /// Reads a document from JSON text.
    ///
    /// # Errors
    /// Text that is not JSON, another OpenAPI version, or a broken reference.
    pub fn from_slice(json: &[u8]) -> Result<Self, Error> {
        let value = serde_json::from_slice(json)
            .map_err(|error| Error::new("", format!("is not JSON: {error}")))?;
        Self::from_value(value)
    }

    /// Takes a document that is already parsed.
    ///
    /// # Errors
    /// Another OpenAPI version or a broken reference.
    pub fn from_value(mut document: Value) -> Result<Self, Error> {
        check_version(&document)?;
        for section in ["paths", "info"] {
            if !document.get(section).is_some_and(Value::is_object) {
                return Err(Error::new(
                    format!("/{section}"),
                    "is missing or not an object, so this is no OpenAPI document",
                ));
            }
        }
        // Key order must never reach the output, whichever map serde_json was built with.
        sort(&mut document);
        check_references(&document, &document, &mut String::new())?;
        Ok(Self { document })
    }

    /// The document, keys sorted.
    pub fn document(&self) -> &Value {
        &self.document
    }
}

fn check_version(document: &Value) -> Result<(), Error> {
    match document.get("openapi").and_then(Value::as_str) {
        Some(version) if version.starts_with("3.0.") => Ok(()),
        Some(version) => Err(Error::new(
            "/openapi",
            format!("is {version}; only OpenAPI 3.0 is supported, convert the document first"),
        )),
        None if document.get("swagger").is_some() => Err(Error::new(
            "/swagger",
            "is Swagger 2; only OpenAPI 3.0 is supported, convert the document first",
        )),
        None => Err(Error::new(
            "/openapi",
            "is missing; an OpenAPI 3.0 document starts with \"openapi\": \"3.0.x\"",
        )),
    }
}

/// What lies under these is data, in which a `$ref` means nothing.
const DATA: [&str; 4] = ["default", "enum", "example", "examples"];

fn check_references(node: &Value, document: &Value, at: &mut String) -> Result<(), Error> {
    match node {
        Value::Object(map) => {
            if let Some(Value::String(target)) = map.get("$ref") {
                let found = target
                    .strip_prefix('#')
                    .and_then(|path| document.pointer(path));
                if found.is_none() {
                    return Err(Error::new(
                        at.clone(),
                        format!("$ref {target:?} points to nothing in this document"),
                    ));
                }
            }
            // Fields may have any name, those of keywords included.
            let names_fields = at.ends_with("/properties");
            for (key, value) in map {
                if DATA.contains(&key.as_str()) && !names_fields {
                    continue;
                }
                let length = pointer::push(at, key);
                check_references(value, document, at)?;
                at.truncate(length);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                let length = pointer::push(at, &index.to_string());
                check_references(value, document, at)?;
                at.truncate(length);
            }
        }
        _ => {}
    }
    Ok(())
}

fn sort(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.values_mut().for_each(sort);
            if !map.keys().is_sorted() {
                let ordered: BTreeMap<String, Value> = std::mem::take(map).into_iter().collect();
                *map = ordered.into_iter().collect();
            }
        }
        Value::Array(items) => items.iter_mut().for_each(sort),
        _ => {}
    }
}
