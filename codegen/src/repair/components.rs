//! Adding components to the document.

use serde_json::{Map, Value};

use super::context::Context;
use crate::error::Error;

/// Adds schemas to `components`.
pub(super) fn add(context: &mut Context, schemas: Vec<(String, Value)>) -> Result<(), Error> {
    let Some(root) = context.document.as_object_mut() else {
        return Err(Error::new("", "is not an object"));
    };
    let components = root
        .entry("components")
        .or_insert_with(|| Value::Object(Map::new()))
        .as_object_mut()
        .ok_or_else(|| Error::new("/components", "is not an object"))?
        .entry("schemas")
        .or_insert_with(|| Value::Object(Map::new()))
        .as_object_mut()
        .ok_or_else(|| Error::new("/components/schemas", "is not an object"))?;
    components.extend(schemas);
    Ok(())
}
