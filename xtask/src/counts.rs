//! Counts the facts of each kind in the spec, as the table in spec/README.md.

use std::borrow::Cow;
use std::collections::BTreeSet;

use openapi_document::{Kind, component_name, operations, reference, visit};
use serde_json::Value;

/// One amendment file as the counts need it.
#[derive(Debug, Clone)]
pub(crate) struct Amendment {
    /// File name, such as `10-formats.json`.
    pub(crate) name: String,
    /// The one sentence that says why.
    pub(crate) reason: String,
    /// The JSON Merge Patch.
    pub(crate) patch: Value,
}

/// Marks an operation that an amendment adds.
const BESIDE_THE_PAGE: &str = "x-beside-the-page";

const LIMITS: [&str; 8] = [
    "minimum",
    "maximum",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "minProperties",
    "maxProperties",
];

/// The markdown that stands between the markers of spec/README.md.
pub(crate) fn table(documented: &Value, amendments: &[Amendment], composed: &Value) -> String {
    let mut out = String::from("| facts | on the page | composed |\n| --- | ---: | ---: |\n");
    for ((label, before), (_, after)) in counts(documented).into_iter().zip(counts(composed)) {
        out.push_str(&format!("| {label} | {before} | {after} |\n"));
    }
    out.push_str("\n| amendment | changes | reason |\n| --- | ---: | --- |\n");
    for Amendment {
        name,
        reason,
        patch,
    } in amendments
    {
        let reason = reason.replace('|', "\\|").replace('<', "&lt;");
        out.push_str(&format!(
            "| [`{name}`](amendments/{name}) | {} | {reason} |\n",
            leaves(patch)
        ));
    }
    let changes: usize = amendments.iter().map(|a| leaves(&a.patch)).sum();
    out.push_str(&format!("| {} files | {changes} | |\n", amendments.len()));
    out
}

/// Everything that is counted, in the order of the table.
fn counts(document: &Value) -> Vec<(&'static str, usize)> {
    let parameters = |place: &str| {
        children(document, "/components/parameters")
            .filter(|(_, parameter)| text(parameter, "in") == Some(place))
            .count()
    };
    let schemas = schemas(document);
    let with = |test: &dyn Fn(&Value) -> bool| schemas.iter().filter(|s| test(s)).count();
    let keyed = |key: &'static str| with(&|schema| schema.get(key).is_some());
    let typed = |kind: &'static str| with(&|schema| text(schema, "type") == Some(kind));
    let format = |name: &'static str| with(&|schema| text(schema, "format") == Some(name));
    let types: Vec<_> = children(document, "/components/schemas").collect();
    let bodies = body_schemas(document);
    let fields = |schemas: &mut dyn Iterator<Item = &Value>| -> usize {
        schemas.map(|schema| length(schema.get("properties"))).sum()
    };
    let required = |schemas: &mut dyn Iterator<Item = &Value>| -> usize {
        schemas.map(|schema| length(schema.get("required"))).sum()
    };
    vec![
        ("operations", operations(document).count()),
        (
            "… beside the page",
            operations(document)
                .filter(|it| it.operation.get(BESIDE_THE_PAGE) == Some(&Value::Bool(true)))
                .count(),
        ),
        ("path parameters", parameters("path")),
        ("query parameters", parameters("query")),
        ("request bodies", bodies.len()),
        (
            "fields of request bodies",
            fields(&mut bodies.iter().copied()),
        ),
        ("… required", required(&mut bodies.iter().copied())),
        ("types", types.len()),
        (
            "fields of types",
            fields(&mut types.iter().map(|(_, schema)| *schema)),
        ),
        (
            "… required",
            required(&mut types.iter().map(|(_, schema)| *schema)),
        ),
        ("… whose `Required` cell is lost", keyed("x-required-lost")),
        (
            "types referred to without a definition",
            undefined(document).len(),
        ),
        ("enumerations", keyed("enum")),
        ("… that may be cut after three values", keyed("x-truncated")),
        (
            "numbers of unknown format",
            with(&|schema| {
                matches!(text(schema, "type"), Some("number" | "integer"))
                    && schema.get("format").is_none()
            }),
        ),
        ("timestamps", format("date-time")),
        ("integers of 32 bits", format("int32")),
        ("integers of 64 bits", format("int64")),
        ("floating point numbers", format("float") + format("double")),
        ("strings", typed("string")),
        ("booleans", typed("boolean")),
        ("lists", typed("array")),
        (
            "free-form objects",
            with(&|schema| schema.get("additionalProperties").is_some_and(is_empty)),
        ),
        (
            "maps to a known type",
            with(&|schema| {
                schema
                    .get("additionalProperties")
                    .is_some_and(|v| !is_empty(v))
            }),
        ),
        ("limits", LIMITS.iter().map(|limit| keyed(limit)).sum()),
        ("defaults", keyed("default")),
        (
            "webhook events",
            children(document, "/x-webhook-events/events").count(),
        ),
    ]
}

/// Leaves of a merge patch: what it sets, replaces or removes.
fn leaves(patch: &Value) -> usize {
    match patch {
        Value::Object(map) if !map.is_empty() => map.values().map(leaves).sum(),
        _ => 1,
    }
}

fn children<'a>(
    document: &'a Value,
    pointer: &str,
) -> impl Iterator<Item = (&'a String, &'a Value)> {
    document
        .pointer(pointer)
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
}

fn text<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    value.get(key).and_then(Value::as_str)
}

fn length(value: Option<&Value>) -> usize {
    match value {
        Some(Value::Array(items)) => items.len(),
        Some(Value::Object(map)) => map.len(),
        _ => 0,
    }
}

fn is_empty(value: &Value) -> bool {
    value.as_object().is_some_and(serde_json::Map::is_empty)
}

fn body_schemas(document: &Value) -> Vec<&Value> {
    children(document, "/components/requestBodies")
        .filter_map(|(_, body)| body.pointer("/content/application~1json/schema"))
        .collect()
}

/// Every schema of parameters, request bodies and types, nested ones included.
fn schemas(document: &Value) -> Vec<&Value> {
    let mut found = Vec::new();
    visit(document, &mut |kind, schema, at| {
        let counted = ["parameters", "requestBodies", "schemas"]
            .iter()
            .any(|section| {
                let inside = at
                    .strip_prefix("/components/")
                    .and_then(|at| at.strip_prefix(section));
                inside.is_some_and(|rest| rest.starts_with('/'))
            });
        if counted && kind == Kind::Schema {
            found.push(schema);
        }
    });
    found
}

/// Names of schemas that references point to and nothing defines.
fn undefined(document: &Value) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    visit(document, &mut |_, value, _| {
        let name = reference(value).and_then(|target| component_name(target, "schemas"));
        names.extend(name.map(Cow::into_owned));
    });
    let defined = document.pointer("/components/schemas");
    names.retain(|name| defined.is_none_or(|schemas| schemas.get(name).is_none()));
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn small() -> Value {
        json!({
            "paths": {"/a/{id}": {
                "summary": "an item may have more than operations",
                "get": {"operationId": "GetA"},
                "post": {"operationId": "SetA", "x-beside-the-page": true}
            }},
            "components": {
                "parameters": {
                    "GetA.id": {"in": "path", "schema": {"type": "string", "maxLength": 9}},
                    "GetA.at": {"in": "query", "schema": {"type": "number", "format": "date-time"}}
                },
                "requestBodies": {"SetA": {"content": {"application/json": {"schema": {
                    "type": "object", "required": ["n"],
                    "properties": {"n": {"type": "integer", "default": 0}}
                }}}}},
                "schemas": {"A": {
                    "type": "object", "required": ["b"],
                    "properties": {
                        "b": {"$ref": "#/components/schemas/B"},
                        "list": {"type": "array", "items": {"type": "string", "enum": ["x"], "x-truncated": true}},
                        "free": {"type": "object", "additionalProperties": {}},
                        "map": {"type": "object", "additionalProperties": {"$ref": "#/components/schemas/A"}}
                    }
                }}
            },
            "x-webhook-events": {"events": {"a.b": {}}}
        })
    }

    fn count(document: &Value, label: &str) -> usize {
        let all = counts(document);
        let mut found = all.iter().filter(|(name, _)| *name == label);
        found.next().unwrap_or_else(|| panic!("{label}")).1
    }

    #[test]
    fn each_kind_is_counted_where_it_stands() {
        let document = small();
        for (label, expected) in [
            ("operations", 2),
            ("… beside the page", 1),
            ("path parameters", 1),
            ("query parameters", 1),
            ("request bodies", 1),
            ("fields of request bodies", 1),
            ("types", 1),
            ("fields of types", 4),
            ("types referred to without a definition", 1),
            ("enumerations", 1),
            ("… that may be cut after three values", 1),
            ("numbers of unknown format", 1),
            ("timestamps", 1),
            ("free-form objects", 1),
            ("maps to a known type", 1),
            ("limits", 1),
            ("defaults", 1),
            ("webhook events", 1),
        ] {
            assert_eq!(count(&document, label), expected, "{label}");
        }
    }

    #[test]
    fn an_empty_document_counts_nothing() {
        assert!(counts(&json!({})).iter().all(|(_, count)| *count == 0));
    }

    #[test]
    fn amendments_are_listed_with_their_leaves() {
        let amendments = [Amendment {
            name: "10-x.json".to_owned(),
            reason: "One | other.".to_owned(),
            patch: json!({"a": {"b": null, "c": {}}, "d": [1, 2]}),
        }];
        let table = table(&small(), &amendments, &small());
        assert!(
            table.contains("| [`10-x.json`](amendments/10-x.json) | 3 | One \\| other. |\n"),
            "{table}"
        );
        assert!(table.ends_with("| 1 files | 3 | |\n"), "{table}");
        assert!(table.contains("| operations | 2 | 2 |\n"), "{table}");
    }
}
