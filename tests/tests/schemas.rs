//! The JSON schemas that the generated types derive say what the specification says.
#![allow(clippy::unwrap_used, clippy::panic)] // Helpers of tests.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;

use serde_json::{Map, Value};
use video_api_server::embedded_spec;

/// The rules of a schema for a value, in words that both notations share.
fn kind(schema: &Value, names: &BTreeMap<String, String>) -> String {
    let schema = match schema
        .get("allOf")
        .and_then(Value::as_array)
        .map(Vec::as_slice)
    {
        Some([only]) => only,
        _ => schema,
    };
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        let name = reference.rsplit('/').next().unwrap();
        return names.get(name).cloned().unwrap_or_else(|| name.to_owned());
    }
    // What may be absent derives as "this or null".
    if let Some(choices) = schema.get("anyOf").and_then(Value::as_array) {
        let some = choices
            .iter()
            .find(|c| c.get("type").and_then(Value::as_str) != Some("null"));
        return kind(some.unwrap(), names);
    }
    let format = schema.get("format").and_then(Value::as_str);
    if format == Some("date-time") {
        return "timestamp".to_owned();
    }
    let ty = match schema.get("type") {
        Some(Value::String(ty)) => ty.clone(),
        Some(Value::Array(all)) => all
            .iter()
            .filter_map(Value::as_str)
            .find(|ty| *ty != "null")
            .unwrap()
            .to_owned(),
        _ => return "anything".to_owned(),
    };
    match ty.as_str() {
        "array" => format!("list of {}", kind(&schema["items"], names)),
        "object" => match schema.get("additionalProperties") {
            Some(values @ Value::Object(_)) => match kind(values, names).as_str() {
                // A map of anything is an object of any members.
                "anything" => "object".to_owned(),
                values => format!("map of {values}"),
            },
            _ => "object".to_owned(),
        },
        "string" if schema.get("enum").is_some() => "enum".to_owned(),
        // An integer without a size is 64 bits wide.
        "integer" => format!("integer {}", format.unwrap_or("int64")),
        other => other.to_owned(),
    }
}

fn required(schema: &Value) -> BTreeSet<String> {
    let list = schema.get("required").and_then(Value::as_array);
    // What is required and may be null is an option in Rust.
    let is_nullable = |name: &str| {
        let property = schema.get("properties").and_then(|all| all.get(name));
        property.is_some_and(|schema| schema.get("nullable") == Some(&true.into()))
    };
    list.into_iter()
        .flatten()
        .filter_map(|name| name.as_str())
        .filter(|name| !is_nullable(name))
        .map(str::to_owned)
        .collect()
}

fn enum_values(schema: &Value) -> BTreeSet<String> {
    let list = schema.get("enum").and_then(Value::as_array);
    list.into_iter()
        .flatten()
        .filter_map(|value| value.as_str().map(str::to_owned))
        .collect()
}

/// Rust names of the specification's types, as the generated code has them.
fn rust_names(derived: &Map<String, Value>, spec: &Value) -> BTreeMap<String, String> {
    let spec = codegen::Spec::from_value(spec.clone()).unwrap();
    let mut names = codegen::generate(&spec).unwrap().types;
    names.retain(|_, rust| derived.contains_key(rust));
    names
}

#[test]
fn derived_schemas_have_the_fields_types_and_requiredness_of_the_specification() {
    let spec = embedded_spec();
    let documented = spec["components"]["schemas"].as_object().unwrap();
    let derived = video_api::types::json_schemas();
    let names = rust_names(&derived, &spec);
    let derived_types = derived.clone();
    let (mut types, mut fields) = (0, 0);
    let mut problems = Vec::new();
    for (name, rust) in &names {
        // What was written in place has a name in Rust only.
        let Some(want) = documented.get(name) else {
            continue;
        };
        let have = &derived[rust];
        if want.get("enum").is_some() {
            if enum_values(want) != enum_values(have) {
                problems.push(format!("{name}: other values"));
            }
            continue;
        }
        let Some(wanted) = want["properties"].as_object() else {
            continue;
        };
        types += 1;
        let had = have["properties"].as_object().cloned().unwrap_or_default();
        if required(want) != required(have) {
            problems.push(format!(
                "{name}: requires {:?}, derived {:?}",
                required(want),
                required(have)
            ));
        }
        for (field, schema) in wanted {
            fields += 1;
            let Some(derived) = had.get(field) else {
                problems.push(format!("{name}.{field} is missing"));
                continue;
            };
            let want = kind(schema, &names);
            let mut have = kind(derived, &names);
            // An enum written in place has a name of its own in Rust.
            if let Some(named) = json_enum(&have, &derived_types)
                && want.contains("enum")
            {
                have = have.replace(&named, "enum");
            }
            if want != have {
                problems.push(format!("{name}.{field}: {want} derived as {have}"));
            }
        }
        if let Some(extra) = had.keys().find(|field| !wanted.contains_key(*field)) {
            problems.push(format!("{name}.{extra} is invented"));
        }
    }
    let _ = writeln!(std::io::stdout(), "{types} types, {fields} fields compared");
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    assert!(
        video_api_server::is_adopted() || (types > 200 && fields > 1000),
        "{types} types and {fields} fields are too few"
    );
}

/// The name of a derived enum inside a kind.
fn json_enum(kind: &str, derived: &Map<String, Value>) -> Option<String> {
    let name = kind.rsplit(' ').next()?;
    derived.get(name)?.get("enum").map(|_| name.to_owned())
}
