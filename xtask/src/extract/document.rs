//! The page's facts as an OpenAPI 3.0.3 document.

use serde_json::{Map, Value, json};

use super::model::{Field, Operation, Page, Shape, TypeDef};
use super::paths::SERVER;

/// Builds `spec/documented.json`. Whatever an amendment must reach has a key of its own: merge
/// patches cannot address the items of an array.
pub(crate) fn build(page: &Page) -> Value {
    let mut paths = Map::new();
    let mut parameters = Map::new();
    let mut bodies = Map::new();
    let mut responses = Map::new();
    for operation in &page.operations {
        let item = paths
            .entry(operation.path.clone())
            .or_insert_with(|| json!({}));
        if let Value::Object(item) = item {
            item.insert(operation.method.clone(), self::operation(operation));
        }
        for (place, fields) in places(operation) {
            for field in fields {
                parameters.insert(
                    format!("{}.{}", operation.id, field.name),
                    parameter(field, place),
                );
            }
        }
        if let Some(fields) = &operation.body {
            bodies.insert(operation.id.clone(), content(object(fields)));
        }
        let mut response = content(reference("schemas", &operation.response));
        if let Value::Object(response) = &mut response {
            response.insert("description".to_owned(), json!(""));
        }
        responses.insert(operation.id.clone(), response);
    }
    let schemas: Map<_, _> = page
        .types
        .iter()
        .map(|definition| (definition.name.clone(), definition_schema(definition)))
        .collect();
    json!({
        "openapi": "3.0.3",
        // The page names no version.
        "info": {"title": "Stream Video API", "version": "1.0.0"},
        "servers": [{"url": SERVER}],
        "paths": paths,
        "components": {
            "parameters": parameters,
            "requestBodies": bodies,
            "responses": responses,
            "schemas": schemas,
        },
    })
}

/// Path parameters in path order, then the query in page order.
fn places(operation: &Operation) -> [(&'static str, &[Field]); 2] {
    [
        ("path", &operation.path_parameters),
        ("query", &operation.query_parameters),
    ]
}

fn operation(operation: &Operation) -> Value {
    let parameters: Vec<_> = places(operation)
        .into_iter()
        .flat_map(|(_, fields)| fields)
        .map(|field| reference("parameters", &format!("{}.{}", operation.id, field.name)))
        .collect();
    let mut item = json!({
        "operationId": operation.id,
        // The page gives no status.
        "responses": {"2XX": reference("responses", &operation.id)},
    });
    if let Value::Object(item) = &mut item {
        if !parameters.is_empty() {
            item.insert("parameters".to_owned(), Value::Array(parameters));
        }
        if operation.body.is_some() {
            let body = reference("requestBodies", &operation.id);
            item.insert("requestBody".to_owned(), body);
        }
    }
    item
}

fn parameter(field: &Field, place: &str) -> Value {
    json!({
        "name": field.name,
        "in": place,
        "required": field.required == Some(true),
        "schema": schema(&field.shape),
    })
}

fn definition_schema(definition: &TypeDef) -> Value {
    match &definition.fields {
        Some(fields) => object(fields),
        None => json!({"type": "object"}),
    }
}

fn object(fields: &[Field]) -> Value {
    let properties: Map<_, _> = fields
        .iter()
        .map(|field| (field.name.clone(), property(field)))
        .collect();
    let mut required: Vec<_> = fields
        .iter()
        .filter(|field| field.required == Some(true))
        .map(|field| field.name.as_str())
        .collect();
    required.sort_unstable();
    let mut schema = json!({"type": "object", "properties": properties});
    if let (Value::Object(schema), false) = (&mut schema, required.is_empty()) {
        schema.insert("required".to_owned(), json!(required));
    }
    schema
}

fn property(field: &Field) -> Value {
    let mut schema = schema(&field.shape);
    if let (Value::Object(schema), None) = (&mut schema, field.required) {
        schema.insert("x-required-lost".to_owned(), json!(true));
    }
    schema
}

fn schema(shape: &Shape) -> Value {
    match shape {
        Shape::String => json!({"type": "string"}),
        Shape::Number => json!({"type": "number"}),
        Shape::Integer => json!({"type": "integer"}),
        Shape::Boolean => json!({"type": "boolean"}),
        Shape::FreeObject => json!({"type": "object", "additionalProperties": {}}),
        Shape::Named(name) => reference("schemas", name),
        Shape::Array(items) => json!({"type": "array", "items": schema(items)}),
        Shape::Union { values, truncated } => {
            let mut schema = json!({"type": "string", "enum": values});
            if let (Value::Object(schema), true) = (&mut schema, *truncated) {
                schema.insert("x-truncated".to_owned(), json!(true));
            }
            schema
        }
    }
}

fn content(schema: Value) -> Value {
    json!({"content": {"application/json": {"schema": schema}}})
}

fn reference(kind: &str, name: &str) -> Value {
    json!({"$ref": format!("#/components/{kind}/{name}")})
}
