//! Samples of a small spec, in full.

use serde_json::{Value, json};

use super::{SampleMode, sample};
use crate::schema::Direction;

fn spec() -> Value {
    json!({ "components": { "schemas": {
        "Node": {
            "type": "object",
            "required": ["id", "at", "kind"],
            "properties": {
                "id": { "type": "string", "maxLength": 4 },
                "at": { "type": "number", "format": "date-time" },
                "kind": { "type": "string", "enum": ["a", "b", "c"] },
                "again": { "type": "string", "enum": ["a", "b", "c"] },
                "next": { "$ref": "#/components/schemas/Node" },
                "level": { "type": "integer", "enum": ["3", "4"] },
                "many": { "type": "array", "items": { "$ref": "#/components/schemas/Node" } },
                "size": { "type": "integer", "format": "int32", "maximum": 100 },
                "big": { "type": "integer", "format": "int64" },
                "tags": { "type": "array", "items": { "type": "string" } },
                "counts": { "type": "object", "additionalProperties": { "type": "integer", "format": "int32" } },
                "custom": { "type": "object", "additionalProperties": {} },
            },
        },
    } } })
}

fn node(mode: SampleMode, direction: Direction) -> Value {
    let schema = json!({ "$ref": "#/components/schemas/Node" });
    sample(&spec(), &schema, mode, direction)
}

#[test]
fn minimal_has_what_is_required_only() {
    let expected = json!({ "at": 1_760_000_000_123_456_790_i64, "id": "id-2", "kind": "a" });
    assert_eq!(node(SampleMode::Minimal, Direction::Response), expected);
    let request = node(SampleMode::Minimal, Direction::Request);
    assert_eq!(
        request.get("at"),
        Some(&json!("2025-10-09T08:53:20.12345679Z"))
    );
}

#[test]
fn maximal_has_every_field_and_stops_at_cycles() {
    let value = node(SampleMode::Maximal, Direction::Response);
    let expected = json!({
        "again": "a",
        "at": 1_760_000_000_123_456_790_i64,
        "big": 9_007_199_254_740_995_i64,
        "counts": { "counts key": 1003 },
        "custom": { "custom key": { "text": "ü", "list": [1, null, false], "none": null, "empty": {} } },
        "id": "id-4",
        "kind": "b",
        "level": 3,
        "many": [],
        "size": 100,
        "tags": ["tags-6", "tags-7"],
    });
    assert_eq!(value, expected);
}

#[test]
fn the_same_arguments_give_the_same_value() {
    let once = node(SampleMode::Maximal, Direction::Request);
    assert_eq!(once, node(SampleMode::Maximal, Direction::Request));
}
