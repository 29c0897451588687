//! The composed spec in the style of the vendor: everything inline, nullable components, titles,
//! marks of the vendor's generator, prose that is not ours, and another product beside it.

use std::convert::Infallible;

use openapi_document::visit_schema_mut;
use serde_json::{Map, Value, json};

const OURS: &str = "#/components/";

/// Turns a composed spec into what the vendor would have published.
pub(crate) fn style(composed: &Value) -> Value {
    let mut schemas = composed["components"]["schemas"].clone();
    let mut paths = Map::new();
    for (path, item) in composed["paths"].as_object().unwrap() {
        let mut operations = Map::new();
        for (method, operation) in item.as_object().unwrap() {
            let operation = inline(composed, operation, &mut schemas);
            operations.insert(method.clone(), operation);
        }
        paths.insert(path.clone(), Value::Object(operations));
    }
    for schema in schemas.as_object_mut().unwrap().values_mut() {
        unwrap(schema);
        mark(schema);
        if schema["type"] == "object" {
            schema["nullable"] = json!(true);
        }
    }
    schemas["ChannelsResponse"] = json!({"type": "object", "properties": {
        "channels": {"type": "array", "items": {"$ref": "#/components/schemas/ChannelsResponse"}}
    }});
    let response = json!({"200": {"description": "", "content": {"application/json": {
        "schema": {"$ref": "#/components/schemas/ChannelsResponse"}
    }}}});
    paths.insert(
        "/api/v2/chat/channels".to_owned(),
        json!({"get": {"operationId": "QueryChannels", "responses": response}}),
    );
    json!({
        "openapi": "3.0.3",
        "info": {"title": "Vendor", "version": "v200.1.2", "description": "All products."},
        "servers": composed["servers"],
        "security": composed["security"],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": composed["components"]["securitySchemes"]
        }
    })
}

fn target<'a>(composed: &'a Value, reference: &Value) -> &'a Value {
    let pointer = reference["$ref"].as_str().unwrap().trim_start_matches('#');
    composed.pointer(pointer).unwrap()
}

fn inline(composed: &Value, operation: &Value, schemas: &mut Value) -> Value {
    let id = operation["operationId"].as_str().unwrap();
    let mut inlined = json!({
        "operationId": id,
        "summary": format!("The vendor's words for {id}"),
        "description": "The vendor's.\n\nSends events:\n- none\n",
        "tags": ["product:video"],
        "responses": {}
    });
    let parameters = operation["parameters"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    let parameters = parameters.iter().map(|reference| {
        let mut parameter = target(composed, reference).clone();
        let place = match parameter.get("content") {
            Some(_) => "/content/application~1json/schema",
            None => "/schema",
        };
        let schema = parameter.pointer_mut(place).unwrap();
        unwrap(schema);
        mark(schema);
        let map = parameter.as_object_mut().unwrap();
        map.remove("description");
        if map["in"] == "query" && map["required"] == false {
            map.remove("required");
        }
        parameter
    });
    let parameters: Vec<Value> = parameters.collect();
    if !parameters.is_empty() {
        inlined["parameters"] = parameters.into();
    }
    if let Some(reference) = operation.get("requestBody") {
        let mut body = target(composed, reference).clone();
        let schema = body
            .pointer_mut("/content/application~1json/schema")
            .unwrap();
        if schema.get("$ref").is_none() {
            let mut moved = schema.take();
            let title = moved.as_object_mut().unwrap().remove("title");
            let name = title.map_or(format!("{id}Request"), |t| t.as_str().unwrap().to_owned());
            if moved["properties"].as_object().is_some_and(Map::is_empty) {
                moved.as_object_mut().unwrap().remove("properties");
            }
            *schema = json!({"$ref": format!("{OURS}schemas/{name}")});
            schemas[name] = moved;
        }
        inlined["requestBody"] = body;
    }
    for (status, reference) in operation["responses"].as_object().unwrap() {
        if status.starts_with('2') {
            let mut response = target(composed, reference).clone();
            response.as_object_mut().unwrap().remove("headers");
            inlined["responses"][status] = response;
        }
    }
    for status in ["400", "429"] {
        inlined["responses"][status] = json!({"description": "Bad", "content": {
            "application/json": {"schema": {"$ref": "#/components/schemas/APIError"}}
        }});
    }
    inlined
}

/// The vendor puts descriptions beside references.
fn unwrap(value: &mut Value) {
    match value {
        Value::Object(map) => {
            if let Some([Value::Object(only)]) = map
                .get("allOf")
                .and_then(Value::as_array)
                .map(Vec::as_slice)
            {
                let only = only.clone();
                map.remove("allOf");
                map.extend(only);
            }
            map.values_mut().for_each(unwrap);
        }
        Value::Array(items) => items.iter_mut().for_each(unwrap),
        _ => {}
    }
}

/// Titles, prose and marks on every schema.
fn mark(schema: &mut Value) {
    let done = visit_schema_mut::<Infallible>(schema, "", &mut |schema, _| {
        if let Value::Object(map) = schema {
            map.insert("title".to_owned(), json!("Type"));
            map.insert("description".to_owned(), json!("The vendor's text"));
            map.insert("x-stream-index".to_owned(), json!("001.002"));
        }
        Ok(())
    });
    let Ok(()) = done;
}

/// Block YAML, enough for documents.
pub(crate) fn yaml(value: &Value, depth: usize) -> String {
    let indent = "  ".repeat(depth);
    let nested = |value: &Value| match value {
        Value::Object(map) if !map.is_empty() => format!("\n{}", yaml(value, depth + 1)),
        Value::Array(items) if !items.is_empty() => format!("\n{}", yaml(value, depth + 1)),
        other => format!(" {other}\n"),
    };
    match value {
        Value::Object(map) => map
            .iter()
            .map(|(key, value)| format!("{indent}{}:{}", json!(key), nested(value)))
            .collect(),
        Value::Array(items) => items
            .iter()
            .map(|item| format!("{indent}-{}", nested(item)))
            .collect(),
        other => other.to_string(),
    }
}
