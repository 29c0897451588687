//! The one rewriting between merging and checking.

use serde_json::{Map, Value, json};

/// OpenAPI 3.0 ignores what stands beside a `$ref`: such a reference moves into an `allOf`.
pub(super) fn references(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(references),
        Value::Object(object) => {
            if object.len() > 1 {
                wrap(object);
            }
            object.values_mut().for_each(references);
        }
        _ => {}
    }
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
        let mut document = json!({
            "alone": {"$ref": "#/a"},
            "described": {"$ref": "#/a", "description": "d"},
            "list": [{"items": {"$ref": "#/a", "nullable": true}}],
            "properties": {"$ref": {"type": "string"}, "other": {"type": "string"}}
        });
        references(&mut document);
        assert_eq!(
            document,
            json!({
                "alone": {"$ref": "#/a"},
                "described": {"allOf": [{"$ref": "#/a"}], "description": "d"},
                "list": [{"items": {"allOf": [{"$ref": "#/a"}], "nullable": true}}],
                "properties": {"$ref": {"type": "string"}, "other": {"type": "string"}}
            })
        );
    }
}
