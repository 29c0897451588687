//! Structs, lists, maps and numbers.

use serde_json::{Value, json};

use super::{Outcome, document, fixture};

#[test]
fn types_that_contain_each_other_are_boxed() {
    fixture("recursive_types").left_out(&[]).has(&[
        "struct types::A.b: Option<Box<B>>",
        "struct types::A.me: Option<Box<A>>",
        "struct types::B.c: Box<C>",
        "struct types::C.a: Box<A>",
        "struct types::C.by: Option<BTreeMap<String, B>>",
        "struct types::C.kids: Option<Vec<C>>",
    ]);
}

#[test]
fn unsigned_integers_hold_what_their_format_says() {
    fixture("unsigned").left_out(&[]).has(&[
        "struct types::Disk.size: u64",
        "struct types::Disk.small: Option<u8>",
        "struct types::Disk.u: Option<u32>",
        "fn requests::Disk::min(mut self, min: u64) -> Self",
    ]);
}

#[test]
fn members_beside_the_properties_are_kept() {
    fixture("additional_properties").left_out(&[]).has(&[
        "struct types::Location.lat: f64",
        "struct types::Location.additional_properties: BTreeMap<String, Value>",
    ]);
}

#[test]
fn elements_that_may_be_null_are_options() {
    fixture("nullable_items").left_out(&[]).has(&[
        "struct types::Metrics.points: Vec<Option<f64>>",
        "struct types::Metrics.labels: Option<BTreeMap<String, Option<String>>>",
        "struct types::Metrics.deep: Option<BTreeMap<String, Vec<Option<i64>>>>",
    ]);
}

#[test]
fn a_string_with_properties_is_a_string() {
    let status = json!({"type": "string", "properties": {"open": {"type": "string"}}});
    let schemas = json!({
        "A": {"type": "object", "properties": {"status": {"$ref": "#/components/schemas/Status"}}},
        "Status": status
    });
    document("3.0.3", schemas, Value::Null)
        .left_out(&[])
        .has(&["struct types::A.status: Option<String>"]);
}

#[test]
fn items_that_an_object_kept_from_a_list_are_dropped() {
    let texts = json!({"type": "array", "items": {"type": "string"}});
    let embeddings = json!({
        "type": "object",
        "properties": {"float": texts},
        "items": {"type": "array", "items": {"type": "object", "properties": {"x": {"type": "string"}}}}
    });
    let schemas = json!({
        "A": {"type": "object", "required": ["embeddings"], "properties": {"embeddings": embeddings}}
    });
    document("3.0.3", schemas, Value::Null).left_out(&[]).has(&[
        "struct types::A.embeddings: AEmbeddings",
        "struct types::AEmbeddings.float: Option<Vec<String>>",
    ]);
}

#[test]
fn a_struct_may_have_hundreds_of_fields() {
    let properties: Value = (0..300)
        .map(|index| (format!("field_{index}"), json!({"type": "string"})))
        .collect();
    let schemas = json!({"A": {"type": "object", "properties": properties}});
    document("3.0.3", schemas, Value::Null).left_out(&[]).has(&[
        "struct types::A.field_0: Option<String>",
        "struct types::A.field_299: Option<String>",
    ]);
}

#[test]
fn parts_of_all_of_are_merged_deeply() {
    fixture("nested_all_of").left_out(&[]).has(&[
        "struct types::FullInner.a: Option<String>",
        "struct types::FullInner.b: Option<String>",
        "struct types::FullInnerDeep.x: Option<i64>",
        "struct types::FullInnerDeep.y: Option<i64>",
        "struct types::Full.list: Option<Vec<FullList>>",
    ]);
}

#[test]
fn unsigned_integers_are_told_by_their_limits_and_formats() {
    let large = 18_446_744_073_709_551_615_u64;
    let schemas = json!({"A": {"type": "object", "properties": {
        "plain": {"type": "integer", "minimum": 0, "maximum": large},
        "signed": {"type": "integer", "minimum": 0, "maximum": 9_223_372_036_854_775_807_i64},
        "below": {"type": "integer", "minimum": -1, "maximum": large},
        "number": {"type": "number", "format": "uint"},
        "long": {"type": "number", "format": "int64"},
        "text": {"type": "string", "format": "uint64"}
    }}});
    let parameter =
        |name: &str, schema: Value| json!({"name": name, "in": "query", "schema": schema});
    let parameters = json!([
        parameter("short", json!({"type": "integer", "format": "uint32"})),
        parameter(
            "many",
            json!({"type": "array", "items": {"type": "integer", "format": "uint64"}})
        )
    ]);
    document("3.0.3", schemas, json!({"parameters": parameters}))
        .left_out(&[])
        .has(&[
            "struct types::A.plain: Option<u64>",
            "struct types::A.signed: Option<i64>",
            "struct types::A.below: Option<i64>",
            "struct types::A.number: Option<u32>",
            "struct types::A.long: Option<i64>",
            "struct types::A.text: Option<String>",
            "fn requests::GetA::short(mut self, short: u32) -> Self",
            "fn requests::GetA::many(mut self, many: impl IntoIterator<Item = u64>) -> Self",
        ]);
}

#[test]
fn elements_may_be_null_in_every_spelling() {
    let of_b = json!({"$ref": "#/components/schemas/B"});
    for (openapi, text, object) in [
        (
            "3.0.3",
            json!({"type": "string", "nullable": true}),
            json!({"allOf": [of_b], "nullable": true}),
        ),
        (
            "3.1.0",
            json!({"type": ["string", "null"]}),
            json!({"anyOf": [of_b, {"type": "null"}]}),
        ),
    ] {
        let map = |values: &Value| json!({"type": "object", "additionalProperties": values});
        let list = |items: &Value| json!({"type": "array", "items": items});
        let schemas = json!({
            "A": {"type": "object", "properties": {
                "texts": list(&text), "by_name": map(&text), "objects": list(&object), "by_id": map(&object)
            }},
            "B": {"type": "object", "properties": {"b": {"type": "string"}}}
        });
        document(openapi, schemas, Value::Null).left_out(&[]).has(&[
            "struct types::A.texts: Option<Vec<Option<String>>>",
            "struct types::A.by_name: Option<BTreeMap<String, Option<String>>>",
            "struct types::A.objects: Option<Vec<Option<B>>>",
            "struct types::A.by_id: Option<BTreeMap<String, Option<B>>>",
        ]);
    }
}

#[test]
fn a_part_of_all_of_that_only_limits_a_field_keeps_its_type() {
    let part = |x: Value| json!({"type": "object", "properties": {"x": x}});
    let schemas = json!({"A": {"allOf": [
        part(json!({"type": "string", "minLength": 2})),
        part(json!({"maxLength": 3, "description": "Short."})),
        {"required": ["x"]}
    ]}});
    document("3.0.3", schemas, Value::Null)
        .left_out(&[])
        .has(&["struct types::A.x: String"])
        .code(&["/// Short. From 2 to 3 characters."]);
}

#[test]
fn the_tightest_limits_of_a_composition_hold_in_any_order() {
    let part = |x: Value, state: Value| json!({"properties": {"x": x, "state": state}});
    let wide = part(
        json!({"type": "string", "minLength": 1, "maxLength": 40}),
        json!({"type": "string", "enum": ["open", "closed", "gone"]}),
    );
    let narrow = part(
        json!({"minLength": 2, "maxLength": 20}),
        json!({"enum": ["closed", "open"]}),
    );
    for parts in [[&wide, &narrow], [&narrow, &wide]] {
        let schemas = json!({"A": {"allOf": parts}});
        document("3.0.3", schemas, Value::Null)
            .left_out(&[])
            .has(&[
                "struct types::A.x: Option<String>",
                "enum types::AState::Open = \"open\"",
                "enum types::AState::Closed = \"closed\"",
            ])
            .lacks(&["enum types::AState::Gone = \"gone\""])
            .code(&["/// `x`. From 2 to 20 characters."]);
    }
}

/// A type of Rust can contain itself only if it is a struct, which needs fields.
#[test]
fn a_list_or_map_that_contains_itself_is_any_json_there_and_said() {
    let itself = json!({"$ref": "#/components/schemas/A"});
    let reason = "is any JSON where it contains itself, since it has no fields to be a type by";
    for (schema, response) in [
        (json!({"type": "array", "items": itself}), "Vec<Value>"),
        (
            json!({"type": "object", "additionalProperties": itself}),
            "JsonObject",
        ),
        (
            json!({"allOf": [{"$ref": "#/components/schemas/B"}]}),
            "Value",
        ),
    ] {
        let schemas = json!({"A": schema, "B": {"allOf": [itself]}});
        let line = format!("fn requests::GetA::send(self) -> Result<Response<{response}>, Error>");
        document("3.0.3", schemas, Value::Null)
            .left_out(&[reason])
            .has(&[&line]);
    }
}

#[test]
fn hundreds_of_values_choices_and_parameters_are_generated() {
    let names: Vec<String> = (0..300).map(|index| format!("v{index}")).collect();
    let text = json!({"type": "string"});
    let mut schemas = json!({"E": {"type": "string", "enum": names}});
    let mut choices = Vec::new();
    for name in &names {
        schemas[name] = json!({"type": "object", "properties": {"kind": text, name: text}});
        choices.push(json!({"$ref": format!("#/components/schemas/{name}")}));
    }
    schemas["A"] = json!({"type": "object", "properties": {
        "e": {"$ref": "#/components/schemas/E"},
        "u": {"oneOf": choices, "discriminator": {"propertyName": "kind"}}
    }});
    let parameter = |name: &String| json!({"name": name, "in": "query", "schema": text});
    let parameters: Value = names.iter().map(parameter).collect();
    document("3.0.3", schemas, json!({"parameters": parameters}))
        .left_out(&[])
        .has(&[
            "enum types::E::V299 = \"v299\"",
            "enum types::Au::V299(V299) = \"v299\"",
            "fn requests::GetA::v299(mut self, v299: impl Into<String>) -> Self",
        ]);
}
