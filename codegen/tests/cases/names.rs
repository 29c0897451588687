//! Names of fields, variants, operations and types.

use std::collections::BTreeSet;

use codegen::Spec;
use serde_json::{Value, json};

use super::{Outcome, document, fixture, generate};

#[test]
fn values_that_differ_in_punctuation_have_names_that_say_so() {
    fixture("punctuated_values").left_out(&[]).has(&[
        "enum types::VoteReaction::Plus1 = \"+1\"",
        "enum types::VoteReaction::Minus1 = \"-1\"",
        "enum types::VoteReaction::V1 = \"1\"",
        "enum types::VoteReaction::LessEquals = \"<=\"",
        "enum types::VoteReaction::NotEquals = \"!=\"",
        "enum types::VoteReaction::ADashB = \"a-b\"",
        "enum types::VoteReaction::ASpaceB = \"a b\"",
    ]);
}

#[test]
fn words_that_become_one_name_keep_their_own_where_they_are_spelled_like_it() {
    fixture("name_collisions").left_out(&[]).has(&[
        "struct types::Kline.m: bool",
        "struct types::Kline.m_upper: bool = \"M\"",
        "struct types::Kline.foo_bar: Option<String>",
        "struct types::Kline.foo_bar_camel: Option<String> = \"fooBar\"",
        "struct types::Kline.foo_dash_bar: Option<String> = \"foo-bar\"",
        "struct types::Kline.foo2: Option<String>",
        "struct types::Kline.foo_2: Option<String>",
        "fn Client::put_kline(&self, m_upper: bool, m: bool) -> requests::PutKline",
        "fn requests::PutKline::m(mut self, m: bool) -> Self",
        "fn requests::PutKline::m_upper(mut self, m_upper: bool) -> Self = \"M\"",
        "fn requests::PutKline::from_id(mut self, from_id: i64) -> Self",
        "fn requests::PutKline::from_id_camel(mut self, from_id_camel: i64) -> Self = \"fromId\"",
    ]);
}

#[test]
fn keywords_are_raw_names_with_the_words_of_the_wire() {
    let words = [
        "self", "Self", "super", "crate", "async", "gen", "type", "where", "$ref", "1st",
    ];
    let properties: Value = words
        .iter()
        .map(|word| (*word, json!({"type": "string"})))
        .collect();
    let schemas = json!({"A": {"type": "object", "properties": properties}});
    document("3.0.3", schemas, json!({"operationId": "async"}))
        .left_out(&[])
        .has(&[
            "fn Client::async(&self) -> requests::Async",
            "struct types::A.self_: Option<String> = \"self\"",
            "struct types::A.self_pascal: Option<String> = \"Self\"",
            "struct types::A.super_: Option<String> = \"super\"",
            "struct types::A.crate_: Option<String> = \"crate\"",
            "struct types::A.async: Option<String>",
            "struct types::A.gen: Option<String>",
            "struct types::A.type: Option<String>",
            "struct types::A.where: Option<String>",
            "struct types::A.n1st: Option<String> = \"1st\"",
        ]);
}

#[test]
fn the_same_word_in_path_query_and_body_says_where_it_goes() {
    fixture("same_names").left_out(&[]).has(&[
        "fn Client::put(&self, id: impl Into<String>, id_in_query: impl Into<String>, \
         id_in_body: impl Into<String>) -> requests::Put",
        "fn requests::Put2::id(mut self, id: impl Into<String>) -> Self",
        "fn requests::Put2::id_in_body(mut self, id: impl Into<String>) -> Self",
    ]);
}

#[test]
fn names_of_components_may_hold_any_character() {
    let object = json!({"type": "object", "properties": {"x": {"type": "string"}}});
    for name in [
        "a_b",
        "a/b",
        "a~b",
        "A_B",
        "a-b",
        "a__b",
        "_a_b",
        "a1_b",
        "HTTPServer",
        "x86_64",
        "日本",
        "foo::bar",
        "_",
        "p2p",
    ] {
        let target = name.replace('~', "~0").replace('/', "~1");
        let field = json!({"$ref": format!("#/components/schemas/{target}")});
        let root = json!({"type": "object", "properties": {"field": field}});
        let schemas = json!({"A": root, name: object});
        document("3.0.3", schemas, Value::Null).left_out(&[]);
    }
    let field = |target: &str| json!({"$ref": format!("#/components/schemas/{target}")});
    let root = json!({"type": "object", "properties": {"one": field("a_b"), "two": field("a~1b")}});
    let schemas = json!({"A": root, "a_b": object, "a/b": object});
    document("3.0.3", schemas, Value::Null).left_out(&[]).has(&[
        "struct types::A.one: Option<AUnderscoreB>",
        "struct types::A.two: Option<ASlashB>",
    ]);
}

#[test]
fn operations_of_one_id_are_named_after_their_paths() {
    let same = json!({"get": {"operationId": "list", "responses": {"200": {"description": ""}}}});
    let document = json!({
        "openapi": "3.0.3",
        "info": {"title": "t", "version": "1"},
        "paths": {"/users": same, "/teams": same, "/rooms/{id}": same}
    });
    generate(&Spec::from_value(document).unwrap())
        .left_out(&[])
        .has(&[
            "fn Client::get_users(&self) -> requests::GetUsers",
            "fn Client::get_teams(&self) -> requests::GetTeams",
            "fn Client::get_rooms_id(&self, id: impl Into<String>) -> requests::GetRoomsId",
        ]);
}

/// A number would move to another value when a neighbour is added that is spelled like it.
#[test]
fn values_that_differ_in_case_alone_keep_their_names_beside_any_neighbour() {
    let generated = |values: Value| {
        let schemas = json!({"A": {"type": "object", "properties": {
            "e": {"type": "string", "enum": values}
        }}});
        document("3.0.3", schemas, Value::Null)
    };
    let old = [
        "enum types::Ae::A = \"A\"",
        "enum types::Ae::ALower = \"a\"",
    ];
    generated(json!(["a", "A"])).left_out(&[]).has(&old);
    generated(json!(["a", "A", "a2", "A2"]))
        .left_out(&[])
        .has(&old);
}

#[test]
fn operations_without_an_id_keep_their_names_when_a_neighbour_comes() {
    let names = |paths: &[&str]| {
        let get = json!({"responses": {"200": {"description": ""}}});
        let paths = paths
            .iter()
            .map(|path| ((*path).to_owned(), json!({"get": get})));
        let document = json!({
            "openapi": "3.0.3", "info": {"title": "t", "version": "1"},
            "paths": Value::Object(paths.collect()),
        });
        let surface = generate(&Spec::from_value(document).unwrap())
            .surface
            .to_string();
        let lines = surface
            .lines()
            .filter(|line| line.starts_with("fn Client::"));
        lines.map(str::to_owned).collect::<BTreeSet<String>>()
    };
    let before = names(&["/c/d", "/cd"]);
    assert!(
        before.contains("fn Client::get_c_slash_d(&self) -> requests::GetCSlashD = GET /c/d"),
        "{before:?}"
    );
    let after = names(&["/c/d", "/cd", "/c/D", "/c-d"]);
    let name = |line: &String| line.split_once('(').unwrap().0.to_owned();
    for line in &before {
        let now = after.iter().find(|other| name(other) == name(line));
        assert!(now.is_none_or(|now| now == line), "{line} became {now:?}");
    }
}
