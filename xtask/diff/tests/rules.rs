//! One file per rule in `tests/rules`: old, new, what is expected, and what in the other direction.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::{Map, Value, json};
use spec_diff::{GeneratedApi, Options, rule};

#[derive(Deserialize)]
struct Golden {
    cases: Vec<Case>,
}

/// Whole documents, or operations at `POST /things`, or schemas that are used `in` its request
/// and response under the name `Thing`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    #[serde(rename = "in")]
    direction: Option<String>,
    old: Option<Value>,
    new: Option<Value>,
    old_operation: Option<Value>,
    new_operation: Option<Value>,
    old_document: Option<Value>,
    new_document: Option<Value>,
    #[serde(default)]
    components: Map<String, Value>,
    #[serde(default)]
    old_components: Map<String, Value>,
    #[serde(default)]
    new_components: Map<String, Value>,
    /// Levels for Rust code come from the generated APIs.
    #[serde(default)]
    generate: bool,
    operations: Option<Vec<String>>,
    /// `rule wire rust property`.
    expected: Vec<String>,
    /// The same from new to old.
    reverse: Vec<String>,
}

impl Case {
    fn documents(&self) -> (Value, Value) {
        let sides = [
            (
                &self.old_document,
                &self.old_operation,
                &self.old,
                &self.old_components,
            ),
            (
                &self.new_document,
                &self.new_operation,
                &self.new,
                &self.new_components,
            ),
        ];
        let [old, new] = sides.map(|(document, operation, schema, components)| {
            if let Some(document) = document {
                return document.clone();
            }
            let mut schemas = self.components.clone();
            schemas.extend(components.clone());
            let operation = operation.clone().unwrap_or_else(|| {
                let schema = schema.clone().expect("a schema, operation or document");
                schemas.insert("Thing".to_owned(), schema);
                self.operation()
            });
            let mut document = json!({
                "openapi": "3.0.3",
                "info": {"title": "Things", "version": "1"},
                "paths": {"/things": {"post": operation}},
            });
            if !schemas.is_empty() {
                document["components"] = json!({"schemas": schemas});
            }
            document
        });
        (old, new)
    }

    fn operation(&self) -> Value {
        let content = json!({"application/json": {
            "schema": {"$ref": "#/components/schemas/Thing"},
        }});
        let mut operation = json!({"responses": {"200": {"description": ""}}});
        let direction = self.direction.as_deref().expect("a direction");
        if direction != "response" {
            operation["requestBody"] = json!({"content": content, "required": true});
        }
        if direction != "request" {
            operation["responses"]["200"]["content"] = content;
        }
        operation
    }
}

fn goldens() -> BTreeMap<String, Golden> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/rules");
    std::fs::read_dir(folder)
        .expect("the folder of goldens")
        .map(|entry| {
            let path = entry.expect("an entry").path();
            let text = std::fs::read_to_string(&path).expect("a golden");
            let name = path.file_stem().expect("a name").to_string_lossy();
            let golden = serde_json::from_str(&text);
            let golden = golden.unwrap_or_else(|error| panic!("{name}: {error}"));
            (name.into_owned(), golden)
        })
        .collect()
}

fn found(old: &Value, new: &Value, apis: Option<(&GeneratedApi, &GeneratedApi)>) -> Vec<String> {
    let report = spec_diff::compare_with(old, new, || apis, &Options::on("2025-06-01"));
    let mut lines: Vec<String> = report
        .changes
        .iter()
        .map(|change| {
            let property = change.property.as_deref().unwrap_or("-");
            format!("{} {} {} {property}", change.id, change.wire, change.rust)
        })
        .collect();
    lines.sort();
    lines
}

fn sorted(lines: &[String]) -> Vec<String> {
    let mut lines = lines.to_vec();
    lines.sort();
    lines
}

#[test]
fn every_golden_holds_in_both_directions() {
    let mut wrong = Vec::new();
    for (id, golden) in goldens() {
        for case in &golden.cases {
            let (old, new) = case.documents();
            let api = |document: &Value| {
                GeneratedApi::of(&codegen::Spec::from_value(document.clone()).expect("a spec"))
                    .expect("an API")
            };
            let apis = case.generate.then(|| (api(&old), api(&new)));
            let pair = apis.as_ref().map(|(old, new)| (old, new));
            let back = apis.as_ref().map(|(old, new)| (new, old));
            let name = format!("{id}: {}", case.name);
            let mut check = |what: &str, found: Vec<String>, expected: &[String]| {
                if found != sorted(expected) {
                    wrong.push(format!(
                        "{name}, {what}: {found:#?} instead of {expected:#?}"
                    ));
                }
            };
            check("forth", found(&old, &new, pair), &case.expected);
            check("back", found(&new, &old, back), &case.reverse);
            check("identity", found(&old, &old, None), &[]);
            if let Some(operations) = &case.operations {
                let report = spec_diff::compare(&old, &new, None);
                assert_eq!(*report.changes[0].operations, **operations, "{name}");
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_rule_has_a_golden_and_every_direction_is_shown() {
    let goldens = goldens();
    let files: BTreeSet<&str> = goldens.keys().map(String::as_str).collect();
    let ids: BTreeSet<&str> = rule::all().map(|rule| rule.id).collect();
    assert_eq!(files, ids);
    for rule in rule::all() {
        let cases = &goldens[rule.id].cases;
        let shows = |case: &&Case| {
            let lines = case.expected.iter();
            lines
                .clone()
                .any(|line| line.split(' ').next() == Some(rule.id))
        };
        assert!(
            cases.iter().any(|case| shows(&case)),
            "{} is not shown",
            rule.id
        );
        if rule.wire.request != rule.wire.response {
            for direction in ["request", "response"] {
                let mut cases = cases.iter().filter(shows);
                let shown = cases.any(|case| case.direction.as_deref() == Some(direction));
                assert!(shown, "{} is not shown in a {direction}", rule.id);
            }
        }
    }
}
