//! The types that are reached, and their compositions.

use std::convert::Infallible;

use codegen::Part;
use codegen::surface::{Kind, Line, Place, Wire};
use openapi_document::{METHODS, operations, reached_components, resolved, visit_schemas_mut};
use serde_json::{Map, Value};

use super::{Case, cases, collect_fields, is_plain_object, kind, properties, word};

#[test]
fn every_field_of_a_type_that_is_reached_is_generated() {
    let mut count = 0;
    for case in cases() {
        let rest = without_the_rest(&case);
        let reached = reached_components(&rest, []);
        for (_, name) in reached.iter().filter(|(section, _)| section == "schemas") {
            let schema = &rest["components"]["schemas"][name];
            if !is_plain_object(schema) || is_only_a_body(&case, name) {
                continue;
            }
            let component = Wire::Component(name.clone());
            let mut lines = case.lines().iter();
            let ty = lines.find(|line| line.wire == component && line.kind != Kind::Conversion);
            let ty = ty.unwrap_or_else(|| panic!("{}: {name} is missing", case.name));
            for property in properties(schema) {
                let wire = Wire::Value(Place::Field, property.clone());
                let is_there = |line: &Line| line.owner == ty.owner && line.wire == wire;
                let found = ty.kind == Kind::Enum || case.lines().iter().any(is_there);
                assert!(found, "{}: {name}.{property}", case.name);
                count += 1;
            }
        }
    }
    assert!(count > 1000, "{count} fields prove nothing");
}

/// Compositions: each is a type with the fields of all its members, an enum with a variant for each
/// alternative, or left out.
#[test]
fn every_composition_that_is_reached_is_generated_or_left_out() {
    let mut count = [0; 3];
    for case in cases() {
        let rest = case.document.clone();
        let gone = without_the_rest(&case);
        let reached = reached_components(&gone, []);
        for (_, name) in reached.iter().filter(|(section, _)| section == "schemas") {
            let at = openapi_document::pointer::join("/components/schemas", &[name]);
            let schema = &rest["components"]["schemas"][name];
            let said =
                |at: &str| case.left_out(at, |part| matches!(part, Part::Schema | Part::Detail));
            if said(&at) {
                continue;
            }
            let component = Wire::Component(name.clone());
            let mut lines = case.lines().iter();
            let ty = lines.find(|line| line.wire == component && line.kind != Kind::Conversion);
            let field = |name: &str| {
                let wire = Wire::Value(Place::Field, name.to_owned());
                case.lines()
                    .iter()
                    .find(|line| Some(&line.owner) == ty.map(|ty| &ty.owner) && line.wire == wire)
            };
            if is_list(&schema["allOf"]) && ty.is_some_and(|ty| ty.kind == Kind::Struct) {
                let mut fields = Vec::new();
                collect_fields(&rest, schema, &mut fields);
                for (property, _) in fields {
                    assert!(
                        field(property).is_some(),
                        "{}: {name}.{property}",
                        case.name
                    );
                    count[0] += 1;
                }
            }
            let choices = alternatives(&rest, schema);
            // A choice among texts may be a plain text.
            let is_text = choices
                .iter()
                .all(|choice| word(choice, "type") == "string");
            let is_text = is_text && ty.is_none();
            if choices.len() > 1 && schema.get("properties").is_none() && !is_text {
                let ty = ty.unwrap_or_else(|| panic!("{}: {name} is missing", case.name));
                let of_type = case.lines().iter().filter(|line| line.owner == ty.owner);
                let variants = of_type.filter(|line| matches!(line.wire, Wire::Literal(_)));
                let variants = variants.count();
                assert!(
                    variants >= choices.len(),
                    "{}: {name} has {variants} variants for {} alternatives",
                    case.name,
                    choices.len()
                );
                count[1] += 1;
            }
            // In place: a field that is any JSON is said to be.
            for (property, inner) in schema["properties"].as_object().into_iter().flatten() {
                let at = openapi_document::pointer::join(&at, &["properties", property]);
                let (inner, at) = match inner.get("items") {
                    Some(items) => (items, format!("{at}/items")),
                    None => (inner, at),
                };
                let composed = ["allOf", "anyOf", "oneOf"]
                    .iter()
                    .any(|key| is_list(&inner[*key]));
                let Some(line) = field(property).filter(|_| composed) else {
                    continue;
                };
                let is_json = line.signature.contains("Value");
                assert!(
                    !is_json || said(&at),
                    "{}: {at}: {}",
                    case.name,
                    line.signature
                );
                count[2] += 1;
            }
        }
    }
    assert!(
        count.iter().all(|count| *count > 2),
        "{count:?} prove nothing"
    );
}

/// The alternatives of a union, `null` left out.
fn alternatives<'a>(document: &'a Value, schema: &'a Value) -> Vec<&'a Value> {
    let entries = ["oneOf", "anyOf"]
        .iter()
        .find_map(|key| schema.get(*key)?.as_array());
    let entries = entries
        .into_iter()
        .flatten()
        .map(|entry| resolved(document, entry));
    let is_type = |entry: &&Value| entry.get("type").is_some() || entry.get("properties").is_some();
    entries.filter(is_type).collect()
}

/// The document without what is left out and without errors.
fn without_the_rest(case: &Case) -> Value {
    let mut document = case.document.clone();
    let gone: Vec<String> = operations(&case.document)
        .filter(|operation| case.function(operation).is_none())
        .map(|operation| operation.pointer())
        .collect();
    let schemas = case
        .generated
        .left_out
        .iter()
        .filter(|it| it.part == Part::Schema);
    for pointer in gone.into_iter().chain(schemas.map(|it| it.pointer.clone())) {
        if let Some(part) = document.pointer_mut(&pointer) {
            *part = Value::Null;
        }
    }
    let paths = document.get_mut("paths").and_then(Value::as_object_mut);
    for item in paths.into_iter().flat_map(Map::values_mut) {
        for method in METHODS {
            let responses = item.get_mut(method).and_then(|it| it.get_mut("responses"));
            if let Some(Value::Object(responses)) = responses {
                responses.retain(|status, _| status.starts_with('2'));
            }
        }
    }
    // Beside fields, alternatives and branches only add theirs. Members of a composition are merged
    // into it, so that a type of their own is only due where something else refers to them.
    let whole = document.clone();
    let done = visit_schemas_mut::<Infallible>(&mut document, &mut |schema, _| {
        if let Some(Value::Array(members)) = schema.get_mut("allOf").filter(|it| is_list(it)) {
            for member in members {
                *member = resolved(&whole, member).clone();
            }
        }
        if let (true, Value::Object(map)) = (schema.get("properties").is_some(), schema) {
            map.retain(|key, _| !["allOf", "anyOf", "oneOf"].contains(&key.as_str()));
        }
        Ok(())
    });
    let Ok(()) = done;
    document
}

/// A composition of one member is that member.
fn is_list(members: &Value) -> bool {
    members.as_array().is_some_and(|members| members.len() > 1)
}

/// Returns true for the body of a request, whose fields are arguments and setters.
fn is_only_a_body(case: &Case, name: &str) -> bool {
    let target = format!("#/components/schemas/{name}");
    operations(&case.document).any(|operation| {
        let body = operation.operation.get("requestBody");
        let Some(body) = body.map(|body| resolved(&case.document, body)) else {
            return false;
        };
        let content = body.get("content").and_then(Value::as_object);
        content.into_iter().flatten().any(|(media, entry)| {
            // JSON that may be left out is given as a whole; a form never is.
            let has_fields =
                kind(media) != "json" || body.get("required") == Some(&Value::Bool(true));
            let schema = entry.get("schema").and_then(openapi_document::reference);
            has_fields && schema == Some(&target)
        })
    })
}
