//! Unions, and values that are listed.

use serde_json::{Value, json};

use super::{Outcome, document, fixture};

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

/// An object with a required `kind` of this schema, and a field.
fn variant(kind: Value, field: &str) -> Value {
    let properties = json!({"kind": kind, field: {"type": "string"}});
    json!({"type": "object", "required": ["kind"], "properties": properties})
}

fn to(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

#[test]
fn the_value_of_a_tag_may_stand_in_a_component() {
    for (openapi, one, two) in [
        (
            "3.0.3",
            json!({"type": "string", "enum": ["one"]}),
            json!({"type": "string", "enum": ["two"]}),
        ),
        ("3.1.0", json!({"const": "one"}), json!({"const": "two"})),
    ] {
        let schemas = json!({
            "A": {"oneOf": [variant(to("One"), "x"), to("Y")]},
            "Y": variant(json!({"allOf": [to("Two")]}), "y"),
            "One": one, "Two": two
        });
        document(openapi, schemas, Value::Null).left_out(&[]).has(&[
            "enum types::A (by \"kind\")",
            "enum types::A::One(AOne) = \"one\"",
            "enum types::A::Two(Y) = \"two\"",
        ]);
    }
}

#[test]
fn integers_are_tags_also_where_a_variant_has_several() {
    let kind = |values: Value| json!({"type": "integer", "enum": values});
    let schemas = json!({
        "A": {"oneOf": [to("X"), to("Y")]},
        "X": variant(kind(json!([1, 2])), "x"),
        "Y": variant(kind(json!([3])), "y")
    });
    document("3.0.3", schemas, Value::Null)
        .left_out(&[])
        .has(&[
            "enum types::A::V1(X)",
            "enum types::A::V2(X)",
            "enum types::A::V3(Y)",
        ])
        .code(&["V3(Y) = 3,", "/// `kind`. One of 1 and 2."]);
}

#[test]
fn a_union_that_may_be_null_is_an_option() {
    let x = variant(json!({"type": "string", "enum": ["x"]}), "x");
    let y = variant(json!({"type": "string", "enum": ["y"]}), "y");
    let choices = json!([to("X"), to("Y")]);
    let schemas = json!({
        "A": {"type": "object", "properties": {
            "own": {"oneOf": choices, "nullable": true},
            "named": {"allOf": [to("U")], "nullable": true}
        }},
        "U": {"oneOf": choices}, "X": x, "Y": y
    });
    document("3.0.3", schemas, Value::Null).left_out(&[]).has(&[
        "struct types::A.own: Option<AOwn>",
        "struct types::A.named: Option<U>",
        "enum types::AOwn::X(X) = \"x\"",
    ]);
}

#[test]
fn unions_in_unions_by_the_same_property_are_one() {
    let text = json!({"type": "string"});
    let by = |choices: Value, mapping: Value| json!({"oneOf": choices, "discriminator": {"propertyName": "kind", "mapping": mapping}});
    let schemas = json!({
        "A": by(json!([to("Dog"), to("Fish")]), json!({"dog": "#/components/schemas/Dog", "eel": "#/components/schemas/Fish"})),
        "Fish": by(json!([to("Eel"), to("Cod")]), json!({"eel": "Eel"})),
        "Dog": variant(text.clone(), "d"),
        "Eel": variant(text.clone(), "e"),
        "Cod": variant(text, "c")
    });
    document("3.0.3", schemas, Value::Null).left_out(&[]).has(&[
        "enum types::A::Dog(Dog) = \"dog\"",
        "enum types::A::Eel(Eel) = \"eel\"",
        "enum types::A::Cod(Cod) = \"Cod\"",
    ]);
}

#[test]
fn a_union_that_lists_itself_is_its_other_choices() {
    let discriminator = json!({"propertyName": "kind"});
    let mut choices = vec![to("A"); 10];
    choices.push(to("Dog"));
    let schemas = json!({
        "A": {"oneOf": choices, "discriminator": discriminator},
        "Dog": variant(json!({"type": "string"}), "d")
    });
    document("3.0.3", schemas, Value::Null)
        .left_out(&[])
        .has(&["enum types::A::Dog(Dog) = \"Dog\""]);
}

#[test]
fn a_tag_may_be_an_integer_that_a_component_describes() {
    let mapping = json!({"1": "#/components/schemas/X", "2": "#/components/schemas/Y"});
    let schemas = json!({
        "A": {"oneOf": [to("X"), to("Y")], "discriminator": {"propertyName": "kind", "mapping": mapping}},
        "X": variant(to("Kind"), "x"), "Y": variant(to("Number"), "y"),
        "Kind": to("Number"), "Number": {"type": "integer"}
    });
    document("3.0.3", schemas, Value::Null)
        .left_out(&[])
        .code(&["V1(X) = 1,", "V2(Y) = 2,"]);
}

#[test]
fn a_mapping_may_name_the_files_that_the_choices_were_in() {
    let text = json!({"type": "string"});
    let mapping = json!({
        "dog": "Dog.json", "eel": "./Eel.yaml#/Eel", "cod": "schemas/Cod.json", "ray": "v1.Ray.json"
    });
    let choices = json!([to("Dog"), to("Eel"), to("Cod"), to("v1.Ray")]);
    let schemas = json!({
        "A": {"oneOf": choices, "discriminator": {"propertyName": "kind", "mapping": mapping}},
        "Dog": variant(text.clone(), "d"), "Eel": variant(text.clone(), "e"),
        "Cod": variant(text.clone(), "c"), "v1.Ray": variant(text, "r")
    });
    document("3.0.3", schemas, Value::Null)
        .left_out(&[])
        .has(&[
            "enum types::A::Dog(Dog) = \"dog\"",
            "enum types::A::Eel(Eel) = \"eel\"",
            "enum types::A::Cod(Cod) = \"cod\"",
            "enum types::A::Ray(V1Ray) = \"ray\"",
        ])
        .lacks(&["= \"Dog\""]);
}

#[test]
fn numbers_that_are_documented_one_by_one_stay_numbers_with_their_words() {
    let kind = json!({"type": "integer", "format": "int32", "description": "0, 1 or 2.", "oneOf": [
        {"const": 0, "title": "TEXT", "description": "A text channel."}, {"const": 1, "title": "DM"}, {"const": 2}
    ]});
    let names = json!(["Low", "High"]);
    let level = json!({"description": "0 to 2.", "oneOf": [
        {"type": "integer", "description": "Two.", "enum": [0, 1], "x-enum-varnames": names},
        {"type": "integer", "description": "One.", "enum": [2]}
    ]});
    let schemas = json!({"A": {"type": "object", "properties": {"kind": kind, "level": level}}});
    document("3.1.0", schemas, Value::Null)
        .left_out(&[])
        .has(&["struct types::A.kind: Option<i32>"])
        .code(&[
            "/// 0, 1 or 2. One of 0 (A text channel), 1 (DM) and 2.",
            "/// 0 to 2. One of 0 (Low), 1 (High) and 2 (One).",
        ]);
}

#[test]
fn what_values_mean_may_be_listed_in_their_order() {
    let schemas = json!({"A": {"type": "object", "properties": {
        "level": {"type": "integer", "enum": [0, 1], "x-enum-varnames": ["Low", "High"]},
        "grade": {"type": "integer", "nullable": true, "enum": [null, 0, 1],
            "x-enum-varnames": ["None", "Bad", "Good"]},
        "mark": {"type": "integer", "nullable": true, "enum": [null, 0, 1],
            "x-enum-varnames": ["Poor", "Fine"]},
        "speed": {"type": "integer", "enum": [0, 1], "x-enum-varnames": ["Slow", "Fast"],
            "x-enum-descriptions": {"0": "It waits", "1": "It runs"}},
        "state": {"type": "string", "enum": ["on", "off"], "x-enum-descriptions": ["It runs.", "It does not."]}
    }}});
    document("3.0.3", schemas, Value::Null)
        .left_out(&[])
        .code(&[
            "/// `level`. One of 0 (Low) and 1 (High).",
            "/// `grade`. One of 0 (Bad) and 1 (Good).",
            "/// `mark`. One of 0 (Poor) and 1 (Fine).",
            "/// `speed`. One of 0 (It waits) and 1 (It runs).",
            "/// It runs.",
            "/// It does not.",
        ]);
}
