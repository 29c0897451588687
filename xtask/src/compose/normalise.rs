//! The one rewriting between merging and checking.

use std::convert::Infallible;

use openapi_document::visit_schemas_mut;
use serde_json::{Map, Value, json};

/// OpenAPI 3.0 ignores what stands beside a `$ref`: such a reference moves into an `allOf`.
pub(super) fn references(document: &mut Value) {
    let done = visit_schemas_mut::<Infallible>(document, &mut |schema, _| {
        if let Value::Object(object) = schema
            && object.len() > 1
        {
            wrap(object);
        }
        Ok(())
    });
    let Ok(()) = done;
}

fn wrap(object: &mut Map<String, Value>) {
    // Only a string makes a Reference Object: a property may well be called `$ref`.
    if !object.get("$ref").is_some_and(Value::is_string) || object.contains_key("allOf") {
        return;
    }
    if let Some(target) = object.remove("$ref") {
        object.insert("allOf".to_owned(), json!([{ "$ref": target }]));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_references_with_company_are_wrapped() {
        let document = |schemas: Value| json!({"components": {"schemas": schemas}});
        let mut wrapped = document(json!({
            "Alone": {"$ref": "#/a"},
            "Described": {"$ref": "#/a", "description": "d"},
            "List": {"items": {"$ref": "#/a", "nullable": true}},
            "Named": {"properties": {"$ref": {"type": "string"}, "other": {"type": "string"}}},
            "Data": {"example": {"$ref": "#/a", "b": 1}}
        }));
        references(&mut wrapped);
        assert_eq!(
            wrapped,
            document(json!({
                "Alone": {"$ref": "#/a"},
                "Described": {"allOf": [{"$ref": "#/a"}], "description": "d"},
                "List": {"items": {"allOf": [{"$ref": "#/a"}], "nullable": true}},
                "Named": {"properties": {"$ref": {"type": "string"}, "other": {"type": "string"}}},
                "Data": {"example": {"$ref": "#/a", "b": 1}}
            }))
        );
    }
}
