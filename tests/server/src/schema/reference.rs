//! References between schemas.

use serde_json::Value;

/// The prefix of every schema reference in an OpenAPI document.
#[cfg(feature = "validation")]
pub(super) const COMPONENTS: &str = "#/components/schemas/";
/// Depth at which a chain of references is taken for a cycle.
pub(super) const MAX_CHAIN: usize = 16;

/// Follows `$ref` and `allOf` with a single entry to the schema that says something.
pub(crate) fn resolve<'a>(document: &'a Value, schema: &'a Value) -> Result<&'a Value, String> {
    let mut current = schema;
    for _ in 0..MAX_CHAIN {
        let next = match (current.get("$ref"), current.get("allOf")) {
            (Some(Value::String(reference)), _) => lookup(document, reference)?,
            (None, Some(Value::Array(branches))) => match branches.as_slice() {
                [only] => only,
                _ => return Ok(current),
            },
            _ => return Ok(current),
        };
        current = next;
    }
    Err("references go round in circles".into())
}

/// The schema that a reference points to.
pub(super) fn lookup<'a>(document: &'a Value, reference: &str) -> Result<&'a Value, String> {
    openapi_document::resolve(document, reference).map_err(|error| error.to_string())
}
