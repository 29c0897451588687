//! The diff of large documents: time and memory of whole processes.
#![allow(
    clippy::indexing_slicing,
    reason = "the documents are made of the specification of this workspace"
)]

use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Map, Value, json};

use super::Args;
use super::group::Group;
use super::plot::{Panel, Plot};
use super::process::{Used, folder, time};
use super::sizes;
use crate::diff::SPEC;
use crate::workspace;

/// The fastest of a few runs, since other programs can only slow one down.
const RUNS: usize = 5;
/// As many as the vendor's full document has.
const OPERATIONS: usize = 420;
/// About what lies between it and the one forty versions older.
const MUTATIONS: usize = 1_500;
/// Copies of the specification, for documents of about 1, 2, 4 and 8 MB.
const COPIES: [usize; 4] = [3, 5, 10, 20];

pub(super) fn measure(args: &Args) -> Result<Group, Box<dyn Error>> {
    let xtask = sizes::prepare(args)?;
    let folder = folder().join("differing");
    fs::create_dir_all(&folder)?;
    let root = workspace::root();
    let spec: Value = serde_json::from_str(&workspace::read(&root.join(SPEC))?)?;
    let mut rows = Vec::new();
    let mut bars = Vec::new();

    let old = like_the_vendors(&spec);
    let new = mutated(&old, MUTATIONS);
    let pair = [old, new].map(|document| document.to_string());
    let paths = write(&folder, "vendor", "json", &pair)?;
    let title = format!("{OPERATIONS} operations, {MUTATIONS} mutations");
    for (what, options) in [
        ("wire alone", &["--no-generate"][..]),
        ("with both generated APIs", &[]),
    ] {
        let used = fastest(&xtask, options, &paths)?;
        rows.push(row(&format!("{title}, {what}"), &paths, used)?);
    }
    for copies in COPIES {
        let old = grown(&spec, copies);
        let new = mutated(&old, copies * 30);
        let texts = [&old, &new].map(Value::to_string);
        let paths = write(&folder, &copies.to_string(), "json", &texts)?;
        let used = fastest(&xtask, &["--no-generate"], &paths)?;
        let megabytes = megabytes(&paths)?;
        let text = format!("{:.0} MB", used.memory);
        bars.push((format!("{megabytes:.1} MB"), used.memory, text));
        rows.push(row(&format!("{copies} copies, JSON"), &paths, used)?);
        let texts = [&old, &new].map(|document| {
            let mut text = String::new();
            yaml(document, 0, &mut text);
            text
        });
        let paths = write(&folder, &copies.to_string(), "yaml", &texts)?;
        let used = fastest(&xtask, &["--no-generate"], &paths)?;
        rows.push(row(&format!("{copies} copies, YAML"), &paths, used)?);
    }
    Ok(Group {
        name: "diff",
        headings: vec!["pair", "a document", "time", "memory"],
        rows,
        notes: vec![format!(
            "Release build, whole processes printing JSON, the fastest of {RUNS} runs. The documents are this \
             specification several times over under other names; the first pair has the size of the vendor's full \
             document, which is not public."
        )],
        plot: Plot {
            title: "Memory of the diff over the size of a document (logarithmic)",
            panels: vec![Panel {
                title: "largest resident set, JSON".to_owned(),
                bars,
                logarithmic: true,
            }],
        },
    })
}

fn row(title: &str, paths: &[PathBuf; 2], used: Used) -> Result<Vec<String>, Box<dyn Error>> {
    Ok(vec![
        title.to_owned(),
        format!("{:.1} MB", megabytes(paths)?),
        format!("{:.0} ms", used.wall * 1e3),
        format!("{:.0} MB", used.memory),
    ])
}

fn fastest(xtask: &Path, options: &[&str], paths: &[PathBuf; 2]) -> Result<Used, Box<dyn Error>> {
    let mut command = Command::new(xtask);
    command.args(["diff", "--format", "json", "--fail-on", "none"]);
    command.args(options).args(paths);
    let mut best = time(&command)?;
    for _ in 1..RUNS {
        let used = time(&command)?;
        if used.wall < best.wall {
            best = used;
        }
    }
    Ok(best)
}

fn megabytes(paths: &[PathBuf; 2]) -> Result<f64, Box<dyn Error>> {
    Ok(fs::metadata(&paths[0])?.len() as f64 / 1e6)
}

fn write(
    folder: &Path,
    name: &str,
    extension: &str,
    texts: &[String; 2],
) -> Result<[PathBuf; 2], Box<dyn Error>> {
    let paths = ["old", "new"].map(|side| folder.join(format!("{name}-{side}.{extension}")));
    for (path, text) in paths.iter().zip(texts) {
        fs::write(path, text)?;
    }
    Ok(paths)
}

/// The specification several times over; operations, paths and components of each copy have names
/// of their own.
fn grown(spec: &Value, copies: usize) -> Value {
    let mut grown = spec.clone();
    for copy in 1..copies {
        let mut text = json!([spec["paths"], spec["components"]]).to_string();
        let sections = spec["components"].as_object().into_iter().flatten();
        for (section, _) in sections.filter(|(section, _)| *section != "securitySchemes") {
            let reference = format!("#/components/{section}/");
            text = text.replace(&reference, &format!("{reference}V{copy}"));
        }
        text = text.replace("\"/api/v2/", &format!("\"/api/v2-{copy}/"));
        text = text.replace("\"operationId\":\"", &format!("\"operationId\":\"V{copy}"));
        let mut parts: Value = serde_json::from_str(&text).unwrap_or_default();
        let [paths, components] = [0, 1].map(|part| parts[part].take());
        for (path, item) in paths.as_object().into_iter().flatten() {
            grown["paths"][path] = item.clone();
        }
        for (section, entries) in components.as_object().into_iter().flatten() {
            for (name, component) in entries.as_object().into_iter().flatten() {
                if section != "securitySchemes" {
                    grown["components"][section][format!("V{copy}{name}")] = component.clone();
                }
            }
        }
    }
    grown
}

/// A document with as many operations and about as many bytes as the vendor's.
fn like_the_vendors(spec: &Value) -> Value {
    let own = openapi_document::operations(spec).count();
    let mut document = grown(spec, OPERATIONS.div_ceil(own));
    let surplus = openapi_document::operations(&document).count() - OPERATIONS;
    let all: Vec<_> = openapi_document::operations(&document)
        .map(|operation| (operation.path.to_owned(), operation.method))
        .collect();
    for (path, method) in all.iter().rev().take(surplus) {
        if let Some(item) = document["paths"][path].as_object_mut() {
            item.remove(*method);
        }
    }
    drop_prose(&mut document, &mut 0);
    document
}

/// Takes two of three descriptions out of a document.
fn drop_prose(value: &mut Value, seen: &mut usize) {
    match value {
        Value::Object(map) => {
            if map.get("description").is_some_and(Value::is_string) {
                *seen += 1;
                // A response has to have one.
                if !seen.is_multiple_of(3)
                    && !map.contains_key("content")
                    && !map.contains_key("headers")
                {
                    map.remove("description");
                }
            }
            map.values_mut().for_each(|value| drop_prose(value, seen));
        }
        Value::Array(entries) => entries.iter_mut().for_each(|value| drop_prose(value, seen)),
        _ => {}
    }
}

/// Changes properties all over a document, in six ways in turn.
fn mutated(document: &Value, mutations: usize) -> Value {
    let mut document = document.clone();
    let Some(schemas) = document["components"]["schemas"].as_object_mut() else {
        return document;
    };
    let mut schemas: Vec<&mut Value> = schemas
        .values_mut()
        .filter(|schema| {
            schema["properties"]
                .as_object()
                .is_some_and(|map| map.len() > 2)
        })
        .collect();
    let count = schemas.len().max(1);
    for number in 0..mutations {
        // A step without a common divisor with the number of schemas reaches all of them.
        if let Some(schema) = schemas.get_mut(number * 7_919 % count) {
            mutate(schema, number);
        }
    }
    document
}

fn mutate(schema: &mut Value, number: usize) {
    let mut required: Vec<Value> = schema["required"].as_array().cloned().unwrap_or_default();
    let Some(properties) = schema["properties"].as_object_mut() else {
        return;
    };
    let Some(name) = nth_name(properties, number) else {
        return;
    };
    match number % 6 {
        0 => {
            properties.insert(format!("added_{number}"), json!({"type": "string"}));
        }
        1 if properties.len() > 2 => {
            properties.remove(&name);
            required.retain(|other| *other != name);
        }
        2 if required.iter().any(|other| *other == name) => {
            required.retain(|other| *other != name);
        }
        2 => required.push(json!(name)),
        3 => properties[&name] = json!({"type": "string", "maxLength": number}),
        4 => properties[&name] = json!({"type": "integer", "format": "int32"}),
        _ => properties[&name]["description"] = json!(format!("Reworded {number}.")),
    }
    if let Some(map) = schema.as_object_mut() {
        map.remove("required");
        if !required.is_empty() {
            map.insert("required".to_owned(), required.into());
        }
    }
}

fn nth_name(properties: &Map<String, Value>, number: usize) -> Option<String> {
    let at = number.checked_rem(properties.len())?;
    properties.keys().nth(at).cloned()
}

/// Block style; scalars as in JSON, which YAML reads as well.
fn yaml(value: &Value, depth: usize, out: &mut String) {
    let indent = "  ".repeat(depth);
    let nested = |value: &Value| match value {
        Value::Object(map) => !map.is_empty(),
        Value::Array(entries) => !entries.is_empty(),
        _ => false,
    };
    let mut entry = |start: &str, value: &Value| {
        let _ = write!(out, "{indent}{start}");
        if nested(value) {
            out.push('\n');
            yaml(value, depth + 1, out);
        } else {
            let _ = writeln!(out, " {value}");
        }
    };
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                entry(&format!("{}:", json!(key)), value);
            }
        }
        Value::Array(entries) => entries.iter().for_each(|value| entry("-", value)),
        scalar => entry("", scalar),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec() -> Value {
        let text = workspace::read(&workspace::root().join(SPEC)).unwrap();
        serde_json::from_str(&text).unwrap()
    }

    #[test]
    fn a_document_like_the_vendors_has_its_operations_and_can_be_generated() {
        let document = like_the_vendors(&spec());
        assert_eq!(openapi_document::operations(&document).count(), OPERATIONS);
        let bytes = document.to_string().len();
        assert!((1_400_000..1_800_000).contains(&bytes), "{bytes}");
        let of = |document: Value| codegen::Spec::from_value(document).unwrap();
        codegen::surface(&of(document.clone())).unwrap();
        codegen::surface(&of(mutated(&document, MUTATIONS))).unwrap();
    }

    #[test]
    fn yaml_and_json_are_the_same_document() {
        let document = spec();
        let mut text = String::new();
        yaml(&document, 0, &mut text);
        assert_eq!(openapi_document::parse(&text).unwrap(), document);
        assert_ne!(mutated(&document, 10), document);
    }
}
