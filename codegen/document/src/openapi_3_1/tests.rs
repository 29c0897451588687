//! Each conversion on one schema, and the document as a whole.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // Helpers of tests.

use serde_json::{Value, json};

use super::{Unread, convert, to_openapi_3_0};

fn converted(schema: Value) -> (Value, Vec<String>) {
    let mut document = json!({
        "openapi": "3.1.0", "info": {}, "components": {"schemas": {"A": schema}}
    });
    let notes = to_openapi_3_0(&mut document);
    let notes = notes
        .into_iter()
        .map(|note| note.pointer.rsplit('/').next().unwrap().to_owned());
    (
        document["components"]["schemas"]["A"].take(),
        notes.collect(),
    )
}

#[track_caller]
fn becomes(schema: Value, expected: Value) {
    assert_eq!(converted(schema), (expected, vec![]));
}

#[test]
fn type_lists_become_nullable_or_a_union() {
    becomes(
        json!({"type": ["string", "null"]}),
        json!({"type": "string", "nullable": true}),
    );
    becomes(json!({"type": ["string"]}), json!({"type": "string"}));
    becomes(
        json!({"type": "null"}),
        json!({"nullable": true, "enum": [null]}),
    );
    becomes(
        json!({"type": ["string", "array"], "maxLength": 5, "items": {"type": "string"}, "title": "T"}),
        json!({"title": "T", "anyOf": [
            {"type": "string", "maxLength": 5},
            {"type": "array", "items": {"type": "string"}}
        ]}),
    );
    becomes(
        json!({"type": ["string", "number", "integer", "boolean", "object", "array", "null"]}),
        json!({"nullable": true}),
    );
}

#[test]
fn null_branches_become_nullable() {
    let reference = json!({"$ref": "#/components/schemas/B"});
    becomes(
        json!({"anyOf": [reference, {"type": "null"}], "title": "T"}),
        json!({"allOf": [reference], "nullable": true, "title": "T"}),
    );
    becomes(
        json!({"oneOf": [{"type": "string"}, {"type": "integer"}, {"const": null}]}),
        json!({"oneOf": [{"type": "string"}, {"type": "integer"}], "nullable": true}),
    );
    becomes(
        json!({"type": ["string", "null"], "enum": ["a", null]}),
        json!({"type": "string", "nullable": true, "enum": ["a", null]}),
    );
}

#[test]
fn constants_become_enums_of_one() {
    becomes(json!({"const": "cat"}), json!({"enum": ["cat"]}));
    becomes(
        json!({"type": "integer", "const": 3}),
        json!({"type": "integer", "enum": [3]}),
    );
}

#[test]
fn exclusive_bounds_become_flags() {
    becomes(
        json!({"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 9, "maximum": 5}),
        json!({"type": "number", "minimum": 0, "exclusiveMinimum": true, "maximum": 5}),
    );
}

#[test]
fn the_first_example_stays() {
    becomes(json!({"examples": ["a", "b"]}), json!({"example": "a"}));
    becomes(json!({"examples": []}), json!({}));
}

#[test]
fn siblings_of_a_reference_stay_beside_it() {
    becomes(
        json!({"$ref": "#/components/schemas/B", "description": "d", "default": 1}),
        json!({"allOf": [{"$ref": "#/components/schemas/B"}], "description": "d", "default": 1}),
    );
    becomes(json!({"$ref": "#/x"}), json!({"$ref": "#/x"}));
}

#[test]
fn content_encodings_become_formats() {
    becomes(
        json!({"type": "string", "contentEncoding": "base64", "contentMediaType": "image/png"}),
        json!({"type": "string", "format": "byte"}),
    );
    becomes(
        json!({"contentMediaType": "application/octet-stream"}),
        json!({"type": "string", "format": "binary"}),
    );
    let text = json!({"type": "string", "contentMediaType": "application/json"});
    let kept = (
        json!({"type": "string"}),
        vec!["contentMediaType".to_owned()],
    );
    assert_eq!(converted(text), kept);
}

#[test]
fn boolean_schemas_become_objects() {
    becomes(
        json!({"properties": {"a": true, "b": false}, "additionalProperties": false}),
        json!({"properties": {"a": {}, "b": {"not": {}}}, "additionalProperties": false}),
    );
    becomes(
        json!({"type": "array"}),
        json!({"type": "array", "items": {}}),
    );
    becomes(
        json!({"type": "object", "unevaluatedProperties": false}),
        json!({"type": "object", "additionalProperties": false}),
    );
}

#[test]
fn tuples_and_patterns_go_as_far_as_they_can() {
    assert_eq!(
        converted(json!({
            "prefixItems": [{"type": "string"}, {"type": "number"}, {"type": "string"}],
            "items": false
        })),
        (
            json!({"type": "array", "maxItems": 3,
                "items": {"anyOf": [{"type": "string"}, {"type": "number"}]}}),
            vec!["prefixItems".to_owned()]
        )
    );
    assert_eq!(
        converted(json!({"type": "object", "patternProperties": {"^x": {"type": "string"}}})),
        (
            json!({"type": "object", "additionalProperties": {"type": "string"}}),
            vec!["patternProperties".to_owned()]
        )
    );
}

#[test]
fn keywords_without_a_counterpart_are_noted() {
    let (schema, notes) = converted(json!({
        "type": "object", "if": {}, "then": {}, "$comment": "c", "$id": "x",
        "dependentRequired": {"a": ["b"]}, "propertyNames": {"pattern": "^a"}
    }));
    assert_eq!(schema, json!({"type": "object"}));
    assert_eq!(notes, ["dependentRequired", "if", "propertyNames", "then"]);
}

#[test]
fn definitions_are_converted_and_still_resolve() {
    let (schema, _) = converted(json!({
        "$defs": {"B": {"type": ["integer", "null"]}},
        "properties": {"b": {"$ref": "#/components/schemas/A/$defs/B"}}
    }));
    assert_eq!(
        schema["$defs"]["B"],
        json!({"type": "integer", "nullable": true})
    );
}

#[test]
fn webhooks_move_before_anchors_are_resolved() {
    let mut document = json!({
        "openapi": "3.1.0",
        "webhooks": {"new": {"post": {"requestBody": {"content": {"application/json": {
            "schema": {"$anchor": "event", "type": "object", "contains": {}}
        }}}}}},
        "components": {"schemas": {"A": {"$ref": "#event"}}}
    });
    let notes = to_openapi_3_0(&mut document);
    let place = "webhooks/new/post/requestBody/content/application~1json/schema";
    assert_eq!(
        document["components"]["schemas"]["A"]["$ref"],
        format!("#/x-{place}")
    );
    assert_eq!(notes[0].pointer, format!("/{place}/contains"));
}

#[test]
fn the_document_becomes_3_0() {
    let mut document = json!({
        "openapi": "3.1.1",
        "jsonSchemaDialect": "https://example.com",
        "info": {"title": "T", "summary": "S", "license": {"name": "MIT", "identifier": "MIT"}},
        "webhooks": {"new": {"post": {"requestBody": {"content": {"application/json": {
            "schema": {"type": ["string", "null"]}
        }}}}}}
    });
    let notes = to_openapi_3_0(&mut document);
    assert_eq!(notes, []);
    let webhook = json!({"requestBody": {"content": {"application/json": {
        "schema": {"type": "string", "nullable": true}
    }}}, "responses": {}});
    assert_eq!(
        document,
        json!({
            "openapi": "3.0.3",
            "info": {"title": "T", "license": {"name": "MIT"}},
            "paths": {},
            "x-webhooks": {"new": {"post": webhook}}
        })
    );
}

#[test]
fn keywords_without_a_counterpart_stay_for_a_comparison() {
    let mut document = json!({"components": {"schemas": {
        "A": {
            "$ref": "#/components/schemas/B",
            "description": "d",
            "dependentRequired": {"title": ["b"]},
            "if": {"properties": {"title": {"description": "d", "const": 1}}},
            "then": {"required": ["c"]},
            "minContains": 1,
            "propertyNames": true
        },
        "B": {"patternProperties": {"^x": {"type": ["string", "null"]}}, "additionalProperties": false},
        "C": {"prefixItems": [{"type": "string"}, {"type": "number"}]}
    }}});
    convert(&mut document, Unread::Kept);
    assert_eq!(
        document["components"]["schemas"],
        json!({
            "A": {
                "allOf": [{"$ref": "#/components/schemas/B"}],
                "description": "d",
                "dependentRequired": {"title": ["b"]},
                "if": {"properties": {"title": {"enum": [1]}}},
                "then": {"required": ["c"]}
            },
            "B": {
                "additionalProperties": {"type": "string", "nullable": true},
                "patternProperties": {"^x": {"type": "string", "nullable": true}},
                "unevaluatedProperties": false
            },
            "C": {
                "type": "array",
                "items": {"anyOf": [{"type": "string"}, {"type": "number"}]},
                "prefixItems": [{"type": "string"}, {"type": "number"}]
            }
        })
    );
}

#[test]
fn nullable_is_not_a_keyword_of_3_1() {
    let nullable = json!({"type": "string", "nullable": true});
    let document = json!({"openapi": "3.1.0", "info": {}, "components": {"schemas": {
        "A": nullable, "B": nullable, "C": {"type": "string", "nullable": false}
    }}});
    let compared = crate::from_value_to_compare(document.clone()).unwrap();
    assert_eq!((compared.loaded.notes, compared.document), (vec![], None));
    let [note] = compared.notes.as_slice() else {
        panic!("{:?}", compared.notes);
    };
    assert_eq!(note.pointer, "/components/schemas/A/nullable");
    assert!(note.message.contains("2 times"), "{}", note.message);
    let mut older = document;
    older["openapi"] = "3.0.3".into();
    older["paths"] = json!({});
    assert_eq!(crate::from_value_to_compare(older).unwrap().notes, []);
}

#[test]
fn references_inside_of_a_schema_with_an_id_start_at_it() {
    let (schema, _) = converted(json!({
        "$id": "https://example.com/a",
        "$defs": {"s": {"type": "string"}},
        "properties": {
            "s": {"$ref": "#/$defs/s"},
            "b": {"$ref": "#/components/schemas/B"},
            "self": {"$ref": "#"}
        }
    }));
    let properties = &schema["properties"];
    let place = "#/components/schemas/A/$defs/s";
    assert_eq!(properties["s"], json!({"$ref": place}));
    assert_eq!(properties["b"]["$ref"], "#/components/schemas/B");
}

#[test]
fn dynamic_anchors_are_found_by_plain_references() {
    let (schema, _) = converted(json!({
        "$dynamicAnchor": "node",
        "properties": {"next": {"$ref": "#node"}}
    }));
    assert_eq!(
        schema["properties"]["next"]["$ref"],
        "#/components/schemas/A"
    );
}
