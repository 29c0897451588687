//! A value that several schemas describe: parts of an `allOf`, and alternatives beside fields.

use serde_json::{Value, json};

use super::{Outcome, document, generate};
use codegen::Spec;

fn to(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

fn object(name: &str, schema: Value) -> Value {
    json!({"type": "object", "properties": {name: schema}})
}

/// A type `A` whose field `f` two parts of an `allOf` describe, in this order.
fn field_of_two_parts(first: &Value, second: &Value) -> codegen::Generated {
    let parts = [object("f", first.clone()), object("f", second.clone())];
    let schemas = json!({
        "A": {"allOf": parts},
        "P": object("x", json!({"type": "string"})),
        "Q": object("y", json!({"type": "string"})),
        "Word": {"type": "string", "enum": ["a", "b"]},
    });
    document("3.0.3", schemas, Value::Null)
}

#[test]
fn a_field_that_two_parts_describe_is_what_both_say_in_any_order() {
    let y = object("y", json!({"type": "string"}));
    let list = |name: &str| json!({"type": "array", "items": to(name)});
    let map = |name: &str| json!({"type": "object", "additionalProperties": to(name)});
    let merged: &[&str] = &[
        "struct types::Af.x: Option<String>",
        "struct types::Af.y: Option<String>",
    ];
    let items: &[&str] = &[
        "struct types::A.f: Option<Vec<Af>>",
        "struct types::Af.x: Option<String>",
        "struct types::Af.y: Option<String>",
    ];
    let values: &[&str] = &[
        "struct types::A.f: Option<BTreeMap<String, AfValue>>",
        "struct types::AfValue.x: Option<String>",
        "struct types::AfValue.y: Option<String>",
    ];
    for (one, other, lines) in [
        (to("P"), y.clone(), merged),
        (to("P"), to("Q"), merged),
        (json!({"allOf": [to("P")]}), y, merged),
        (
            to("P"),
            json!({"type": "object"}),
            &["struct types::A.f: Option<P>"],
        ),
        (
            to("P"),
            json!({"description": "words"}),
            &["struct types::A.f: Option<P>"],
        ),
        (
            to("P"),
            json!({"required": ["x"]}),
            &["struct types::Af.x: String"],
        ),
        (
            to("Word"),
            json!({"type": "string"}),
            &["struct types::A.f: Option<Word>"],
        ),
        (list("P"), list("Q"), items),
        (map("P"), map("Q"), values),
        (
            json!({"type": "integer"}),
            json!({"type": "number", "minimum": 0}),
            &["struct types::A.f: Option<i64>"],
        ),
    ] {
        field_of_two_parts(&one, &other).left_out(&[]).has(lines);
        field_of_two_parts(&other, &one).left_out(&[]).has(lines);
    }
}

#[test]
fn parts_that_contradict_each_other_are_said() {
    let (text, number) = (json!({"type": "string"}), json!({"type": "integer"}));
    field_of_two_parts(&text, &number)
        .left_out(&["parts of its allOf disagree about f; the last counts"])
        .has(&["struct types::A.f: Option<i64>"]);
}

#[test]
fn a_composition_that_narrows_itself_further_down_is_one_step_deep() {
    let schemas = json!({
        "A": {"allOf": [object("child", to("A")), object("child", json!({"required": ["name"]}))],
              "properties": {"name": {"type": "string"}}},
    });
    document("3.0.3", schemas, Value::Null).left_out(&[]).has(&[
        "struct types::A.child: Option<Box<AChild>>",
        "struct types::AChild.name: String",
    ]);
}

#[test]
fn components_that_list_each_other_twice_are_put_together_once() {
    let mut schemas = json!({"A0": object("f0", json!({"type": "string"}))});
    for level in 1..40 {
        let below = to(&format!("A{}", level - 1));
        let own = object(&format!("f{level}"), json!({"type": "string"}));
        schemas[format!("A{level}")] = json!({"allOf": [below, below, own]});
    }
    schemas["A"] = json!({"allOf": [to("A39")]});
    document("3.0.3", schemas, Value::Null).left_out(&[]).has(&[
        "struct types::A39.f0: Option<String>",
        "struct types::A39.f39: Option<String>",
    ]);
}

#[test]
fn what_stands_beside_a_reference_in_3_1_is_a_part_as_well() {
    let schemas = json!({
        "A": {"$ref": "#/components/schemas/B", "properties": {"o": object("y", json!({"type": "string"}))}},
        "B": object("o", to("P")),
        "P": object("x", json!({"type": "string"})),
    });
    document("3.1.0", schemas, Value::Null).left_out(&[]).has(&[
        "struct types::Ao.x: Option<String>",
        "struct types::Ao.y: Option<String>",
    ]);
}

fn beside(alternatives: Value) -> codegen::Generated {
    let mut a = object("c", json!({"type": "string"}));
    a["oneOf"] = alternatives;
    let schemas = json!({
        "A": a,
        "P": object("x", json!({"type": "string"})),
        "Q": object("y", json!({"type": "string"})),
    });
    document("3.0.3", schemas, Value::Null)
}

#[test]
fn a_field_of_several_alternatives_holds_the_values_of_all() {
    let alternatives = |one: Value, other: Value| json!([object("x", one), object("x", other)]);
    let word = |word: &str| json!({"type": "string", "enum": [word]});
    for (one, other, line) in [
        (
            json!({"type": "integer"}),
            json!({"type": "number"}),
            "struct types::A.x: Option<f64>",
        ),
        (
            word("a"),
            json!({"type": "string"}),
            "struct types::A.x: Option<String>",
        ),
        (word("a"), word("b"), "enum types::Ax::B = \"b\""),
        (to("P"), to("P"), "struct types::A.x: Option<P>"),
    ] {
        beside(alternatives(one, other)).left_out(&[]).has(&[line]);
    }
    for other in [
        json!({"type": "integer"}),
        to("Q"),
        json!({"type": "array", "items": {}}),
    ] {
        beside(alternatives(json!({"type": "string"}), other))
            .left_out(&["is any JSON: the alternatives of oneOf give it different types"])
            .has(&[
                "struct types::A.c: Option<String>",
                "struct types::A.x: Option<Value>",
            ]);
    }
}

#[test]
fn a_field_that_every_alternative_requires_is_required() {
    let alternative = |name: &str| {
        let mut alternative = object(name, json!({"type": "string"}));
        alternative["properties"]["k"] = json!({"type": "string"});
        alternative["required"] = json!(["k", name]);
        alternative
    };
    beside(json!([alternative("x"), alternative("y")]))
        .left_out(&[])
        .has(&[
            "struct types::A.k: String",
            "struct types::A.x: Option<String>",
            "struct types::A.y: Option<String>",
        ]);
}

#[test]
fn values_of_a_map_tell_its_type() {
    let values = json!({"additionalProperties": {"type": "string"}});
    let field = "BTreeMap<String, String>";
    let schemas = json!({"A": {
        "type": "object",
        "properties": {"m": values, "l": {"type": "array", "items": values}, "n": to("Map")},
        "required": ["l"],
    }, "Map": {"additionalProperties": {"type": "integer"}, "nullable": true}});
    document("3.0.3", schemas, Value::Null).left_out(&[]).has(&[
        &format!("struct types::A.m: Option<{field}>"),
        &format!("struct types::A.l: Vec<{field}>"),
        "struct types::A.n: Option<BTreeMap<String, i64>>",
    ]);
}

#[test]
fn a_reference_to_the_document_itself_or_to_no_text_is_any_json_and_said() {
    let schemas = json!({"A": {"type": "object", "properties": {
        "whole": {"type": "array", "items": {"$ref": "#"}},
        "odd": {"$ref": 5, "properties": {"e": {"type": "integer"}}},
    }}});
    document("3.1.0", schemas, Value::Null)
        .left_out(&[
            "is any JSON: its $ref is not a text",
            "is any JSON: it refers to the document as a whole",
        ])
        .has(&[
            "struct types::A.odd: Option<Value>",
            "struct types::A.whole: Option<Vec<Value>>",
        ]);
}

#[test]
fn a_path_without_a_slash_gets_one() {
    let get = json!({"operationId": "getB", "responses": {"200": {"description": ""}}});
    let document = json!({
        "openapi": "3.0.3", "info": {"title": "t", "version": "1"},
        "paths": {"b": {"get": get}, "c": {"get": get}, "/c": {"get": get}},
    });
    generate(&Spec::from_value(document).unwrap())
        .left_out(&["is the path /c a second time, without its slash"])
        .lacks(&["GET b", "GET c"]);
}

#[test]
fn an_operation_may_say_nothing_of_its_responses() {
    let document = json!({
        "openapi": "3.1.0", "info": {"title": "t", "version": "1"},
        "paths": {"/b": {"post": {"operationId": "doB"}}},
    });
    generate(&Spec::from_value(document).unwrap())
        .left_out(&[])
        .has(&["fn Client::do_b(&self) -> requests::DoB = POST /b"]);
}

#[test]
fn plain_json_is_read_where_a_form_of_it_is_documented_too() {
    let content = json!({
        "application/hal+json": {"schema": to("Hal")}, "application/json": {"schema": to("A")},
    });
    let operation = json!({"responses": {"200": {"description": "", "content": content}}});
    let schemas = json!({
        "A": object("x", json!({"type": "string"})), "Hal": object("y", json!({"type": "string"})),
    });
    document("3.0.3", schemas, operation)
        .has(&["struct types::A.x: Option<String>"])
        .lacks(&["Hal"]);
}
