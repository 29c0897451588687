//! A specification of any size.

use serde_json::{Map, Value, json};

/// A specification with this many schemas; with `changed`, one in ten has another property.
pub(super) fn document(size: usize, changed: bool) -> Value {
    let reference =
        |number: usize| json!({"$ref": format!("#/components/schemas/Type{}", number % size)});
    let mut schemas = Map::new();
    for number in 0..size {
        let mut properties = Map::new();
        for index in 0..10 {
            let schema = match index {
                0..3 => reference(number * 3 + index * 11 + 1),
                3 | 4 => json!({"type": "integer", "format": "int32"}),
                5 => json!({"type": "array", "items": {"type": "string"}}),
                6 => json!({"type": "boolean"}),
                _ => json!({"type": "string"}),
            };
            properties.insert(format!("field_{index}"), schema);
        }
        if changed && number.is_multiple_of(10) {
            properties.insert("added".to_owned(), json!({"type": "string"}));
        }
        let schema = json!({"type": "object", "description": format!("The type {number}."),
            "required": ["field_7"], "properties": properties});
        schemas.insert(format!("Type{number}"), schema);
    }
    let mut paths = Map::new();
    for number in (0..size).step_by(4) {
        let content =
            |offset: usize| json!({"application/json": {"schema": reference(number + offset)}});
        let operation = json!({
            "operationId": format!("Operation{number}"),
            "summary": format!("Does the thing with the number {number}."),
            "tags": ["Things"],
            "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
            "requestBody": {"content": content(1), "required": true},
            "responses": {"200": {"description": "Done.", "content": content(3)}},
        });
        paths.insert(
            format!("/things{number}/{{id}}"),
            json!({"post": operation}),
        );
    }
    json!({"openapi": "3.0.3", "info": {"title": "Synthetic", "version": "1"}, "paths": paths,
        "components": {"schemas": schemas}})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_can_be_generated_and_differ() {
        let spec = codegen::Spec::from_value(document(50, false)).unwrap();
        let (surface, left_out) = codegen::surface(&spec).unwrap();
        assert!(surface.lines().len() > 500 && left_out.is_empty());
        assert_ne!(document(50, false), document(50, true));
    }
}
