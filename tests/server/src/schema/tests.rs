//! Accepted and refused values for each keyword of a schema.

use serde_json::{Value, json};

use super::{Checker, Direction};

fn problems(schema: Value, direction: Direction, value: Value) -> Vec<String> {
    let document = json!({ "components": { "schemas": {
        "Named": { "type": "object", "properties": { "name": { "type": "string" } } },
        "Loop": { "type": "object", "properties": {
            "next": { "$ref": "#/components/schemas/Loop" },
            "n": { "type": "integer" },
        } },
    } } });
    Checker::new(schema, direction)
        .check(&document, &value)
        .into_iter()
        .map(|problem| problem.pointer + ": " + &problem.message)
        .collect()
}

#[track_caller]
fn accepts(schema: &Value, value: Value) {
    let found = problems(schema.clone(), Direction::Request, value.clone());
    assert!(found.is_empty(), "{value}: {found:?}");
}

#[track_caller]
fn refuses(schema: &Value, value: Value) {
    let found = problems(schema.clone(), Direction::Request, value.clone());
    assert!(!found.is_empty(), "{value} was accepted by {schema}");
}

#[test]
fn timestamps_depend_on_the_direction() {
    let schema = json!({ "type": "number", "format": "date-time" });
    let text = json!("2025-10-09T08:53:20.000000001Z");
    let number = json!(1_760_000_000_000_000_001_i64);
    accepts(&schema, text.clone());
    refuses(&schema, number.clone());
    refuses(&schema, json!("2025-10-09T08:53:20+02:00"));
    assert!(problems(schema.clone(), Direction::Response, number).is_empty());
    assert!(!problems(schema.clone(), Direction::Response, text).is_empty());
    assert!(!problems(schema, Direction::Response, json!(1.5)).is_empty());
}

#[test]
fn integers_fit_their_format_and_are_written_as_such() {
    let small = json!({ "type": "integer", "format": "int32", "minimum": 0 });
    accepts(&small, json!(i32::MAX));
    refuses(&small, json!(i64::from(i32::MAX) + 1));
    refuses(&small, json!(-1));
    refuses(&small, json!(1.0));
    refuses(&small, json!("1"));
    let large = json!({ "type": "integer", "format": "int64" });
    accepts(&large, json!(i64::MIN));
    refuses(&large, json!(u64::MAX));
    let written_as_text = json!({ "type": "integer", "enum": ["1", "2"] });
    accepts(&written_as_text, json!(2));
    refuses(&written_as_text, json!("2"));
    refuses(&written_as_text, json!(3));
    let float = json!({ "type": "number", "format": "float" });
    accepts(&float, json!(1));
    refuses(&float, json!(1e39));
}

#[test]
fn objects_with_properties_are_closed_in_requests_only() {
    let schema = json!({ "$ref": "#/components/schemas/Named" });
    accepts(&schema, json!({ "name": "ana" }));
    refuses(&schema, json!({ "nmae": "ana" }));
    assert!(problems(schema, Direction::Response, json!({ "new": 1 })).is_empty());
    let free = json!({ "type": "object", "additionalProperties": {} });
    accepts(&free, json!({ "anything": [null, 1] }));
    let map = json!({ "type": "object", "additionalProperties": { "type": "string" } });
    accepts(&map, json!({ "key": "text" }));
    refuses(&map, json!({ "key": 1 }));
}

#[test]
fn joined_objects_share_their_fields() {
    let schema = json!({ "allOf": [
        { "$ref": "#/components/schemas/Named" },
        { "type": "object", "properties": { "age": { "type": "integer" } }, "required": ["age"] },
    ] });
    accepts(&schema, json!({ "name": "ana", "age": 3 }));
    refuses(&schema, json!({ "name": "ana" }));
    refuses(&schema, json!({ "age": 3, "other": 1 }));
    let described =
        json!({ "allOf": [{ "$ref": "#/components/schemas/Named" }], "description": "x" });
    accepts(&described, json!({ "name": "ana" }));
    refuses(&described, json!({ "other": 1 }));
}

#[test]
fn nullable_cycles_enums_and_phantom_names() {
    let schema = json!({ "type": "string", "enum": ["a"], "nullable": true });
    accepts(&schema, json!(null));
    refuses(&schema, json!("b"));
    let schema = json!({ "$ref": "#/components/schemas/Loop" });
    accepts(&schema, json!({ "next": { "next": { "n": 1 } } }));
    refuses(&schema, json!({ "next": { "next": { "n": "1" } } }));
    let schema = json!({ "type": "object", "properties": {}, "required": ["ghost"] });
    accepts(&schema, json!({}));
    refuses(&schema, json!({ "ghost": 1 }));
}

#[test]
fn problems_carry_a_pointer() {
    let schema = json!({ "type": "array", "items": { "$ref": "#/components/schemas/Named" } });
    let found = problems(schema, Direction::Request, json!([{}, { "name": 1 }]));
    assert_eq!(found, ["/1/name: 1 is not of type \"string\""]);
}

#[test]
fn a_dangling_reference_is_named() {
    let schema = json!({ "$ref": "#/components/schemas/Missing" });
    let found = problems(schema, Direction::Request, json!({}));
    assert!(
        found.iter().any(|text| text.contains("Missing")),
        "{found:?}"
    );
}
