//! Whole documents: versions, references, extensions and prose.

use serde_json::{Value, json};

use super::{Outcome, document, fixture};

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
    let generated = fixture("docs_injection").left_out(&[]).code(&[
        "/// ``` ``<i>b ```. Matches ``` ``<i> ```.",
        "/// a \\`\\`\\` \\<i\\>",
        "/// ``` ``<i> ```.",
        "/// One of several types, told apart by ``` ``<i> ```.",
        "/// Tagged by ``` ``<i> ```: ``` ``<i>e ```.",
    ]);
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
            // With a backtick behind it, it is code on one line.
            fence.is_none_or(|it| it.contains('`') || ["", "text", "no_run"].contains(&it)),
            "{number}: {line}"
        );
    }
}
