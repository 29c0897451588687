//! Constructs that users of other generators stumbled over, each with what it must become. What is
//! sent and read for them is held by `tests/other-api`.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)] // Helpers of tests.

use std::path::Path;

use codegen::{Generated, Spec};
use serde_json::{Value, json};

/// Generates from the document of a fixture.
fn fixture(name: &str) -> Generated {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/fixtures/{name}/spec.json"));
    let text = std::fs::read(path).unwrap_or_else(|error| panic!("{name}: {error}"));
    generate(&Spec::from_slice(&text).unwrap())
}

fn generate(spec: &Spec) -> Generated {
    codegen::generate(spec).unwrap_or_else(|error| panic!("{error}"))
}

/// Generates from a document with one operation `GET /a`, changed by `operation`, that responds
/// with the schema `A`.
fn document(openapi: &str, schemas: Value, operation: Value) -> Generated {
    let schema = json!({"$ref": "#/components/schemas/A"});
    let content = json!({"application/json": {"schema": schema}});
    let mut get = json!({
        "operationId": "getA", "responses": {"200": {"description": "", "content": content}}
    });
    for (key, value) in operation.as_object().into_iter().flatten() {
        get[key] = value.clone();
    }
    let document = json!({
        "openapi": openapi,
        "info": {"title": "t", "version": "1"},
        "paths": {"/a": {"get": get}},
        "components": {"schemas": schemas}
    });
    generate(&Spec::from_value(document).unwrap())
}

trait Outcome {
    fn has(self, lines: &[&str]) -> Self;
    fn lacks(self, texts: &[&str]) -> Self;
    fn code(self, texts: &[&str]) -> Self;
    fn left_out(self, reasons: &[&str]) -> Self;
}

impl Outcome for Generated {
    /// The surface has lines that start like this and end there or go on with ` = `.
    #[track_caller]
    fn has(self, lines: &[&str]) -> Self {
        let surface = self.surface.to_string();
        for line in lines {
            let starts = |known: &str| {
                known
                    .strip_prefix(line)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with(" = "))
            };
            assert!(surface.lines().any(starts), "{line} is missing:\n{surface}");
        }
        self
    }

    #[track_caller]
    fn lacks(self, texts: &[&str]) -> Self {
        let surface = self.surface.to_string();
        for text in texts {
            assert!(!surface.contains(text), "{text}:\n{surface}");
        }
        self
    }

    #[track_caller]
    fn code(self, texts: &[&str]) -> Self {
        for text in texts {
            assert!(self.code.contains(text), "{text} is missing");
        }
        self
    }

    /// These reasons and no others.
    #[track_caller]
    fn left_out(self, reasons: &[&str]) -> Self {
        let found: Vec<&str> = self.left_out.iter().map(|it| it.reason.as_str()).collect();
        assert_eq!(found, reasons);
        self
    }
}

#[test]
fn lists_in_the_query_are_repeated_unless_explode_is_false() {
    fixture("repeated_lists").left_out(&[]).code(&[
        "set_query_styled(\"tag\", QueryStyle::Repeated, &value)",
        "set_query_styled(\"level\", QueryStyle::Repeated, &value)",
        "set_query_list(\"fields\", ",
    ]);
}

#[test]
fn a_base_that_lists_its_children_is_a_union_of_them_and_they_have_its_fields() {
    fixture("inheritance_with_one_of").left_out(&[]).has(&[
        "enum types::Plan::Month(MonthlyPlan) = \"month\"",
        "enum types::Plan::Year(YearlyPlan) = \"year\"",
        "struct types::MonthlyPlan.name: Option<String>",
        "struct types::MonthlyPlan.plan_kind: String",
        "struct types::YearlyPlan.month: i64",
        "struct types::YearlyPlan.name: Option<String>",
    ]);
}

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
fn a_tag_that_its_variant_requires_stays_in_the_variant() {
    fixture("tag_in_variant").left_out(&[]).has(&[
        "enum types::Shape (by \"type\")",
        "enum types::Shape::Circle(Circle) = \"circle\"",
        "enum types::Shape::Rectangle(Rect) = \"rectangle\"",
        "enum types::Shape::Square(Rect) = \"square\"",
        "struct types::Circle.type: String",
    ]);
}

#[test]
fn a_base_with_a_mapping_is_a_union_of_its_children() {
    fixture("inheritance").left_out(&[]).has(&[
        "enum types::Holding::Global(HoldingGlobal) = \"Global\"",
        "enum types::Holding::Vault(HoldingVault) = \"Vault\"",
        "struct types::HoldingGlobal.amount: String",
        "struct types::HoldingVault.address: String",
        "struct types::HoldingVault.vaults: Vec<String>",
    ]);
}

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
fn a_patch_sets_clears_or_leaves_a_field() {
    fixture("nullable_patch").left_out(&[]).has(&[
        "fn requests::PatchInterface::lag(mut self, lag: impl Into<Nullable<i64>>) -> Self",
        "struct types::IfacePatch.lag: Option<Nullable<i64>>",
        "struct types::Iface.lag: Option<i64>",
    ]);
}

#[test]
fn what_the_server_sets_is_no_argument() {
    fixture("read_only")
        .left_out(&[])
        .has(&[
            "fn Client::create_user(&self, name: impl Into<String>, password: impl Into<String>) \
         -> requests::CreateUser",
            "struct types::User.id: i64",
        ])
        .code(&["1 id \"id\" read_only", "3 password \"password\","]);
}

#[test]
fn a_body_can_be_left_out_and_given_needs_its_fields() {
    fixture("optional_body").left_out(&[]).has(&[
        "fn Client::retry_job(&self, id: impl Into<String>) -> requests::RetryJob",
        "fn requests::RetryJob::body(mut self, body: impl Into<types::RetryOptions>) -> Self",
        "fn types::RetryOptions::new(queue: impl Into<String>) -> Self",
        "fn Client::tag_job(&self) -> requests::TagJob",
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
fn a_segment_may_hold_several_parameters() {
    fixture("path_segments")
        .left_out(&[])
        .has(&[
            "fn Client::compare(&self, owner: impl Into<String>, base: impl Into<String>, \
         head: impl Into<String>) -> requests::Compare",
            "fn Client::tile(&self, z: i64, x: i64, y: i64, scale: i64) -> requests::Tile",
            "fn Client::file(&self, name: impl Into<String>) -> requests::File",
        ])
        .code(&[
            "/repos/{owner}/compare/{base}...{head}",
            "/tiles/{z}/{x},{y}@{scale}x",
        ]);
}

#[test]
fn three_names_of_header_parameters_are_ignored() {
    let text = json!({"type": "string"});
    let header =
        |name: &str| json!({"name": name, "in": "header", "required": true, "schema": text});
    let parameters = json!([
        header("Accept"),
        header("content-type"),
        header("Authorization")
    ]);
    let schemas = json!({"A": {"type": "object", "properties": {"a": text}}});
    document("3.0.3", schemas, json!({"parameters": parameters}))
        .left_out(&[])
        .has(&["fn Client::get_a(&self) -> requests::GetA"]);
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
fn a_default_response_alone_is_the_response() {
    fixture("default_response").left_out(&[]).has(&[
        "fn requests::GetPets::send(self) -> Result<Response<Vec<String>>, Error>",
        "fn requests::DeletePets::send(self) -> Result<Response<()>, Error>",
    ]);
}

#[test]
fn a_default_response_beside_errors_is_the_response() {
    let content = json!({"text/json": {"schema": {"$ref": "#/components/schemas/A"}}});
    let responses = json!({
        "default": {"description": "", "content": content}, "404": {"description": ""}
    });
    let schemas = json!({"A": {"type": "object", "properties": {"a": {"type": "string"}}}});
    document("3.0.3", schemas, json!({"responses": responses}))
        .left_out(&[])
        .has(&["fn requests::GetA::send(self) -> Result<Response<types::A>, Error>"]);
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
fn extensions_are_opaque() {
    let schemas = json!({"A": {"type": "object", "properties": {"a": {
        "type": "string", "x-policy": {"$ref": "#/nowhere", "required": ["b"]}
    }}}});
    document("3.0.3", schemas, json!({"x-more": {"$ref": "other.yaml"}}))
        .left_out(&[])
        .has(&["struct types::A.a: Option<String>"]);
}

#[test]
fn a_placeholder_that_nothing_declares_is_text() {
    let text = json!({"200": {"description": "", "content": {"application/json": {
        "schema": {"type": "string"}
    }}}});
    let get = |id: &str| json!({"get": {"operationId": id, "responses": text}});
    let document = json!({
        "openapi": "3.0.3",
        "info": {"title": "t", "version": "1"},
        "paths": {"/app/{app_id}": get("getApp"), "/apps": get("listApps")}
    });
    generate(&Spec::from_value(document).unwrap())
        .left_out(&[])
        .has(&[
            "fn Client::get_app(&self, app_id: impl Into<String>) -> requests::GetApp",
            "fn Client::list_apps(&self) -> requests::ListApps",
        ]);
}

#[test]
fn objects_in_the_query_have_the_documented_style() {
    fixture("query_styles").left_out(&[]).code(&[
        "set_query_styled(\"page\", QueryStyle::Deep, &value)",
        "set_query_styled(\"filter\", QueryStyle::Deep, &value)",
        "set_query_styled(\"ids\", QueryStyle::Pipes, &value)",
        "set_query_styled(\"expand\", QueryStyle::Repeated, &value)",
    ]);
}

/// A decoder that reads what is missing as its zero value would take any object for the first
/// choice, so what cannot be told apart stays JSON.
#[test]
fn what_cannot_be_told_apart_is_any_json_and_said() {
    let reason = "is any JSON: the alternatives of its oneOf cannot be told apart";
    fixture("number_or_text")
        .left_out(&[reason])
        .has(&["struct types::Port.target: Value"]);
    fixture("untagged_unions")
        .left_out(&[reason, reason])
        .has(&[
            "fn Client::u(&self, body: impl Into<Value>) -> requests::U",
            "fn requests::U::send(self) -> Result<Response<Value>, Error>",
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
fn openapi_3_1_is_generated_like_3_0() {
    let schemas = json!({"A": {
        "type": "object",
        "required": ["name", "kind"],
        "properties": {
            "name": {"type": ["string", "null"], "examples": ["x", "y"]},
            "kind": {"const": "a"},
            "count": {"type": "integer", "exclusiveMinimum": 0},
            "parent": {"anyOf": [{"$ref": "#/components/schemas/A"}, {"type": "null"}]},
            "child": {"$ref": "#/components/schemas/A", "description": "Beside a reference."},
            "part": {"$ref": "#/components/schemas/A/$defs/Part"},
            "file": {"type": "string", "contentEncoding": "base64"}
        },
        "$defs": {"Part": {"type": "object", "properties": {"n": {"type": "number"}}}}
    }});
    document("3.1.0", schemas, Value::Null)
        .left_out(&[])
        .has(&[
            "struct types::A.name: Option<String>",
            "enum types::AKind::A = \"a\"",
            "struct types::A.kind: AKind",
            "struct types::A.count: Option<i64>",
            "struct types::A.parent: Option<Box<A>>",
            "struct types::A.child: Option<Box<A>>",
            "struct types::A.file: Option<String>",
        ])
        .code(&["/// Beside a reference.", "pub n: Option<f64>"]);
}

#[test]
fn references_may_be_percent_encoded_or_escaped() {
    let object = json!({"type": "object", "properties": {"x": {"type": "string"}}});
    let to = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
    let schemas = json!({
        "A": {"type": "object", "properties": {
            "page": to("Page%5BPet%5D"), "slash": to("a~1b"), "space": to("Def%20With%20Space"),
            "percent": to("50%25"), "encoded": to("a%2Fb")
        }},
        "Page[Pet]": object, "a/b": object, "Def With Space": object, "50%": object
    });
    document("3.0.3", schemas, Value::Null).left_out(&[]).has(&[
        "struct types::A.page: Option<PagePet>",
        "struct types::A.slash: Option<AB>",
        "struct types::A.space: Option<DefWithSpace>",
        "struct types::A.percent: Option<T50>",
        "struct types::A.encoded: Option<AB>",
        "struct types::PagePet.x: Option<String>",
        "struct types::AB.x: Option<String>",
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
fn a_parameter_with_a_json_content_is_json_text() {
    let schema = json!({"type": "object", "properties": {"a": {"type": "string"}}});
    let content = json!({"application/json": {"schema": schema}});
    let parameter = json!({"name": "filter", "in": "query", "required": true, "content": content});
    document(
        "3.0.3",
        json!({"A": {"type": "string"}}),
        json!({"parameters": [parameter]}),
    )
    .left_out(&[])
    .has(&["fn Client::get_a(&self, filter: impl Into<types::GetAFilter>) -> requests::GetA"])
    .code(&["set_query_json(\"filter\", "]);
}

#[test]
fn a_document_of_3_0_may_write_null_as_3_1_does() {
    let schemas = json!({"A": {"type": "object", "properties": {
        "list": {"type": ["string", "null"]},
        "either": {"anyOf": [{"type": "integer"}, {"type": "null"}]}
    }}});
    document("3.0.3", schemas, Value::Null).left_out(&[]).has(&[
        "struct types::A.list: Option<String>",
        "struct types::A.either: Option<i64>",
    ]);
}

#[test]
fn any_media_type_with_a_schema_is_json() {
    let object = json!({"type": "object", "properties": {"a": {"type": "string"}}});
    let schema = json!({"$ref": "#/components/schemas/A"});
    let content = json!({"*/*": {"schema": schema}});
    document(
        "3.0.3",
        json!({"A": object}),
        json!({
            "responses": {"200": {"description": "", "content": content}},
            "requestBody": {"content": content, "required": true}
        }),
    )
    .left_out(&[])
    .has(&[
        "fn requests::GetA::send(self) -> Result<Response<types::A>, Error>",
        "fn requests::GetA::a(mut self, a: impl Into<String>) -> Self",
    ])
    .code(&["accept: \"application/json\""]);
}

#[test]
fn variants_that_each_fix_one_property_are_a_tagged_union() {
    fixture("implicit_tags").left_out(&[]).has(&[
        "enum types::Disk (by \"type\")",
        "enum types::Disk::Blank(DiskBlank) = \"blank\"",
        "enum types::Disk::Snapshot(DiskSnapshot) = \"snapshot\"",
    ]);
}

#[test]
fn variants_may_allow_several_values_of_a_tag() {
    let variant = |values: &[&str], field: &str| {
        json!({
            "type": "object",
            "required": ["op"],
            "properties": {"op": {"type": "string", "enum": values}, field: {"type": "string"}}
        })
    };
    let schemas = json!({
        "A": {"oneOf": [{"$ref": "#/components/schemas/Compare"}, {"$ref": "#/components/schemas/Join"}]},
        "Compare": variant(&["eq", "ne"], "value"),
        "Join": variant(&["and", "or"], "parts")
    });
    document("3.0.3", schemas, Value::Null).left_out(&[]).has(&[
        "enum types::A (by \"op\")",
        "enum types::A::Eq(Compare) = \"eq\"",
        "enum types::A::Ne(Compare) = \"ne\"",
        "enum types::A::And(Join) = \"and\"",
        "enum types::A::Or(Join) = \"or\"",
    ]);
}

#[test]
fn variants_of_one_field_each_are_optional_fields() {
    let variant = |name: &str| json!({"type": "object", "required": [name], "properties": {name: {"type": "number"}}});
    let schemas = json!({"A": {"oneOf": [variant("Circle"), variant("Square")]}});
    document("3.0.3", schemas, Value::Null).left_out(&[]).has(&[
        "struct types::A.circle: Option<f64> = \"Circle\"",
        "struct types::A.square: Option<f64> = \"Square\"",
    ]);
}

#[test]
fn integer_and_boolean_tags_are_variants_named_after_them() {
    let variant = |tag: Value, field: &str| {
        let tag = json!({"type": "boolean", "enum": [tag]});
        let properties = json!({"ok": tag, field: {"type": "string"}});
        json!({"type": "object", "required": ["ok"], "properties": properties})
    };
    let choices = json!([
        variant(json!(true), "value"),
        variant(json!(false), "error")
    ]);
    document("3.0.3", json!({"A": {"oneOf": choices}}), Value::Null)
        .left_out(&[])
        .has(&[
            "enum types::A::True(ATrue)",
            "enum types::A::False(AFalse)",
            "struct types::ATrue.value: Option<String>",
            "struct types::AFalse.error: Option<String>",
        ]);
}

#[test]
fn a_grandchild_extends_the_base_too() {
    let extends = |base: &str, field: &str| {
        let base = json!({"$ref": format!("#/components/schemas/{base}")});
        json!({"allOf": [base, {"type": "object", "properties": {field: {"type": "string"}}}]})
    };
    let base = json!({
        "type": "object",
        "required": ["kind"],
        "properties": {"kind": {"type": "string"}, "base": {"type": "string"}},
        "discriminator": {"propertyName": "kind"}
    });
    let schemas = json!({"A": base, "B": extends("A", "b"), "C": extends("B", "c")});
    document("3.0.3", schemas, Value::Null).left_out(&[]).has(&[
        "enum types::A::B(B) = \"B\"",
        "enum types::A::C(C) = \"C\"",
        "struct types::C.base: Option<String>",
        "struct types::C.b: Option<String>",
        "struct types::C.c: Option<String>",
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

#[test]
fn mappings_that_resolve_are_variants() {
    let lost = ["b", "c"].map(|tag| {
        format!("its alternative {tag:?} is not listed with fields, so it is not a variant")
    });
    fixture("mapping_forms")
        .left_out(&lost.each_ref().map(String::as_str))
        .has(&["enum types::U::A(A) = \"a\"", "enum types::U::D(B) = \"d\""])
        .lacks(&["types::U::B(", "types::U::C("]);
}

#[test]
fn an_operation_without_a_documented_body_returns_nothing() {
    fixture("no_content").left_out(&[]).has(&[
        "fn requests::DestroyWorker::send(self) -> Result<Response<()>, Error>",
        "fn requests::StartWorker::send(self) -> Result<Response<()>, Error>",
        "fn requests::TouchWorker::send(self) -> Result<Response<()>, Error>",
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
fn values_that_are_documented_one_by_one_are_an_enum_with_their_words() {
    fixture("listed_values")
        .left_out(&[])
        .has(&[
            "enum types::State (open)",
            "enum types::State::Creating = \"creating\"",
            "enum types::State::Rebooting = \"rebooting\"",
            "struct types::Inst.state: State",
            "fn requests::N::state(mut self, state: impl Into<types::State>) -> Self",
        ])
        .code(&["/// being made", "/// runs"]);
}

#[test]
fn lists_of_texts_beside_any_text_are_one_open_enum() {
    let listed = |values: &[&str]| json!({"type": "string", "enum": values});
    let any = json!({"type": "string"});
    let schemas = json!({
        "A": {"type": "object", "properties": {
            "model": {"anyOf": [any, listed(&["small"]), listed(&["large"])]},
            "nested": {"anyOf": [{"$ref": "#/components/schemas/Known"}, listed(&["c"])]},
            "pattern": {"oneOf": [{"type": "string", "pattern": "a"}, {"type": "string", "format": "uri"}]},
            "number": {"oneOf": [{"type": "integer"}, {"type": "number"}]}
        }},
        "Known": {"anyOf": [any, listed(&["a", "b"])]}
    });
    document("3.0.3", schemas, Value::Null).left_out(&[]).has(&[
        "struct types::A.model: Option<AModel>",
        "enum types::AModel::Small = \"small\"",
        "enum types::AModel::Large = \"large\"",
        "enum types::ANested::B = \"b\"",
        "enum types::ANested::C = \"c\"",
        "struct types::A.pattern: Option<String>",
        "struct types::A.number: Option<f64>",
    ]);
}

#[test]
fn documentation_keeps_its_structure() {
    fixture("structured_docs").left_out(&[]).code(&[
        "    /// **Heading**\n    ///\n    /// 1. first\n    /// 2. second\n    ///\n",
        "        /// - `fast`: quick\n        /// - `slow`: thorough\n        ///\n",
        "        /// ```text\n        /// {\"a\": 1}\n        /// ```\n",
        "        /// ```text\n        /// | a | b |\n",
    ]);
}

#[test]
fn documentation_injects_nothing() {
    let generated = fixture("docs_injection").left_out(&[]);
    for (number, line) in generated.code.lines().enumerate() {
        let Some((_, doc)) = line.split_once("///") else {
            continue;
        };
        assert!(
            !doc.contains(|c: char| c.is_control()),
            "{number}: {line:?}"
        );
        let fence = doc.trim().strip_prefix("```");
        assert!(
            fence.is_none_or(|language| ["", "text", "no_run"].contains(&language)),
            "{number}: {line}"
        );
    }
}

#[test]
fn a_next_that_is_an_address_or_a_number_is_no_cursor() {
    fixture("page_addresses")
        .left_out(&[])
        .lacks(&["::pages(", "::items("]);
}
