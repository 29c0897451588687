//! Documents of any size, always the same for the same numbers.

use serde_json::{Map, Value, json};

/// How large a document is, and how it differs from others.
#[derive(Clone, Copy)]
pub(crate) struct Shape {
    /// Component schemas.
    pub(crate) schemas: usize,
    /// Operations.
    pub(crate) operations: usize,
    /// Properties of each schema.
    pub(crate) properties: usize,
    /// One of so many schemas is different; 0: none.
    pub(crate) changed: usize,
}

/// A document in which schemas refer to each other, also in cycles, and operations to schemas.
pub(crate) fn document(shape: Shape) -> Value {
    let mut schemas = Map::new();
    for number in 0..shape.schemas {
        schemas.insert(format!("Type{number}"), schema(shape, number));
    }
    let mut paths = Map::new();
    for number in 0..shape.operations {
        let reference = |offset: usize| {
            let target = (number * 7 + offset) % shape.schemas.max(1);
            json!({"application/json": {
                "schema": {"$ref": format!("#/components/schemas/Type{target}")},
            }})
        };
        let operation = json!({
            "operationId": format!("Operation{number}"),
            "summary": format!("Does the thing with the number {number}"),
            "parameters": [
                {"name": "id", "in": "path", "required": true, "schema": {"type": "string"}},
                {"name": "limit", "in": "query", "schema": {"type": "integer", "maximum": 100}},
            ],
            "requestBody": {"content": reference(1), "required": true},
            "responses": {"200": {"description": "", "content": reference(3)}},
        });
        paths.insert(
            format!("/things{number}/{{id}}"),
            json!({"post": operation}),
        );
    }
    json!({
        "openapi": "3.0.3",
        "info": {"title": "Synthetic", "version": "1"},
        "paths": paths,
        "components": {"schemas": schemas},
    })
}

fn schema(shape: Shape, number: usize) -> Value {
    let different = shape.changed > 0 && number.is_multiple_of(shape.changed);
    let mut properties = Map::new();
    for index in 0..shape.properties {
        let other = (number * 3 + index * 11 + 1) % shape.schemas;
        let reference = json!({"$ref": format!("#/components/schemas/Type{other}")});
        let mut property = match index % 6 {
            0 => json!({"type": "string", "maxLength": 255}),
            1 => reference,
            2 => json!({"type": "array", "items": reference}),
            3 => json!({"type": "string", "enum": ["one", "two", "three"]}),
            4 => json!({"type": "object", "additionalProperties": reference}),
            _ => json!({"type": "integer", "format": "int32"}),
        };
        if different && index == 3 {
            property = json!({"type": "string", "enum": ["one", "two", "four"]});
        }
        let plain = property
            .as_object_mut()
            .filter(|map| !map.contains_key("$ref"));
        if let Some(map) = plain {
            let text = format!("What property {index} of type {number} is good for");
            map.insert("description".to_owned(), json!(text));
        }
        properties.insert(format!("property{index}"), property);
    }
    if different {
        properties.remove("property0");
    }
    json!({
        "type": "object",
        "description": format!("The type with the number {number}"),
        "properties": properties,
        "required": ["property3", "property5"],
    })
}

/// Objects in objects, without references.
pub(crate) fn deep(depth: usize, leaf: &str) -> Value {
    let mut schema = json!({"type": leaf});
    for _ in 0..depth {
        schema = json!({"type": "object", "properties": {"inner": schema}});
    }
    json!({
        "openapi": "3.0.3",
        "info": {"title": "Deep", "version": "1"},
        "paths": {"/deep": {"get": {"responses": {"200": {
            "description": "",
            "content": {"application/json": {"schema": schema}},
        }}}}},
    })
}
