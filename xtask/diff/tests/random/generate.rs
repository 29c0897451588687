//! Random documents in which an operation reaches every schema.

use fastrand::Rng;
use serde_json::{Map, Value, json};

const COMPONENTS: usize = 5;

pub(crate) fn document(rng: &mut Rng) -> Value {
    let mut schemas = Map::new();
    for number in 0..COMPONENTS {
        schemas.insert(format!("Type{number}"), component(rng));
    }
    let mut paths = Map::new();
    for number in 0..COMPONENTS {
        let content = json!({"application/json": {"schema": reference(number)}});
        let mut operation = json!({
            "operationId": format!("Operation{number}"),
            "parameters": [
                {"name": "id", "in": "path", "required": true, "schema": {"type": "string"}},
                {"name": "limit", "in": "query", "schema": scalar(rng)},
            ],
            "responses": {"200": {"description": ""}},
        });
        let direction = rng.usize(0..3);
        if direction != 0 {
            operation["requestBody"] = json!({"required": true, "content": content.clone()});
        }
        if direction != 1 {
            operation["responses"]["200"]["content"] = content;
        }
        paths.insert(
            format!("/things{number}/{{id}}"),
            json!({"post": operation}),
        );
    }
    json!({
        "openapi": "3.0.3",
        "info": {"title": "Random", "version": "1"},
        "paths": paths,
        "components": {"schemas": schemas},
    })
}

fn reference(number: usize) -> Value {
    json!({"$ref": format!("#/components/schemas/Type{number}")})
}

fn component(rng: &mut Rng) -> Value {
    match rng.usize(0..6) {
        0 => json!({"allOf": [object(rng, 2, "a"), object(rng, 2, "b")]}),
        1 => json!({"allOf": [
            object(rng, 2, "a"),
            {"type": "object", "properties": {"a0": {"description": "declared twice"}}},
        ]}),
        2 => json!({"type": "string", "enum": ["one", "two", "three"]}),
        _ => object(rng, 2, "p"),
    }
}

fn object(rng: &mut Rng, depth: usize, prefix: &str) -> Value {
    let mut properties = Map::new();
    for number in 0..rng.usize(2..5) {
        properties.insert(format!("{prefix}{number}"), schema(rng, depth - 1));
    }
    let names: Vec<&String> = properties.keys().collect();
    let required: Vec<&str> = names
        .into_iter()
        .filter(|_| rng.bool())
        .map(String::as_str)
        .collect();
    let mut object = json!({"type": "object"});
    if !required.is_empty() {
        object["required"] = json!(required);
    }
    object["properties"] = Value::Object(properties);
    object
}

fn scalar(rng: &mut Rng) -> Value {
    match rng.usize(0..5) {
        0 => json!({"type": "integer", "minimum": 1, "maximum": 100}),
        1 => json!({"type": "string", "maxLength": 50, "description": "A text."}),
        2 => json!({"type": "string", "format": "date-time"}),
        3 => json!({"type": "string", "enum": ["red", "green"]}),
        _ => json!({"type": "boolean"}),
    }
}

fn schema(rng: &mut Rng, depth: usize) -> Value {
    match rng.usize(0..8) {
        0 => reference(rng.usize(0..COMPONENTS)),
        1 => json!({"type": "array", "items": scalar(rng)}),
        2 => json!({"type": "array", "items": reference(rng.usize(0..COMPONENTS))}),
        3 if depth > 0 => object(rng, depth, "q"),
        4 => json!({"oneOf": [{"type": "string"}, {"type": "integer"}, {"type": "boolean"}]}),
        5 => json!({"type": "object", "additionalProperties": scalar(rng)}),
        _ => scalar(rng),
    }
}
