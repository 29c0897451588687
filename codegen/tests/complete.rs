//! Every construct the generator reads is generated or listed as left out: no third way.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // Helpers of tests.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::fs;
use std::path::Path;

use codegen::surface::{Kind, Line, Place, Wire};
use codegen::{Generated, Part, Spec};
use openapi_document::{
    METHODS, Operation, operations, reached_components, resolved, visit_schemas_mut,
};
use serde_json::{Map, Value};

/// A document and what became of it.
struct Case {
    name: String,
    document: Value,
    generated: Generated,
}

fn cases() -> Vec<Case> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    let fixtures = fs::read_dir(own.join("tests/fixtures")).unwrap();
    let mut paths: Vec<_> = fixtures
        .map(|entry| entry.unwrap().path().join("spec.json"))
        .collect();
    paths.push(own.join("../spec/video-api.json"));
    paths.sort();
    let case = |path: &Path| {
        let name = path.display().to_string();
        let spec = Spec::from_slice(&fs::read(path).unwrap()).unwrap();
        let generated = codegen::generate(&spec).unwrap_or_else(|error| panic!("{name}: {error}"));
        let document = spec.document().clone();
        Case {
            name,
            document,
            generated,
        }
    };
    paths.iter().map(|path| case(path)).collect()
}

impl Case {
    fn lines(&self) -> &[Line] {
        self.generated.surface.lines()
    }

    /// The client's function for an operation.
    fn function(&self, operation: &Operation<'_>) -> Option<&Line> {
        self.lines().iter().find(|line| {
            let Wire::Operation { method, path, .. } = &line.wire else {
                return false;
            };
            let is_it = method.eq_ignore_ascii_case(operation.method) && path == operation.path;
            line.owner == "Client" && line.kind == Kind::Function && is_it
        })
    }

    /// Returns true if an argument or a setter of the request takes the value.
    fn takes(&self, function: &Line, place: Place, name: &str) -> bool {
        let Wire::Operation { arguments, .. } = &function.wire else {
            return false;
        };
        let (_, request) = function.signature.rsplit_once("-> ").unwrap();
        let setter = Wire::Value(place, name.to_owned());
        arguments
            .iter()
            .any(|it| it.place == place && it.wire == name)
            || self
                .lines()
                .iter()
                .any(|line| line.owner == request && line.wire == setter)
    }

    fn left_out(&self, pointer: &str, test: impl Fn(&Part) -> bool) -> bool {
        let mut all = self.generated.left_out.iter();
        all.any(|it| it.pointer == pointer && test(&it.part))
    }

    /// Operations that are generated, with their functions.
    fn generated(&self) -> impl Iterator<Item = (Operation<'_>, &Line)> {
        operations(&self.document).filter_map(|it| Some((it, self.function(&it)?)))
    }
}

fn word<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

#[test]
fn every_operation_is_generated_or_left_out() {
    for case in cases() {
        for operation in operations(&case.document) {
            let at = operation.pointer();
            let item = openapi_document::pointer::join("/paths", &[operation.path]);
            let whole = |pointer: &str| case.left_out(pointer, |part| *part == Part::Whole);
            let is_generated = case.function(&operation).is_some();
            assert!(
                is_generated != (whole(&at) || whole(&item)),
                "{}: {at}",
                case.name
            );
        }
    }
}

#[test]
fn every_parameter_is_generated_or_left_out() {
    let mut count = 0;
    for case in cases() {
        for (operation, function) in case.generated() {
            for parameter in operation.parameters(&case.document).unwrap() {
                let (name, place) = (word(parameter, "name"), word(parameter, "in"));
                if place == "header" && openapi_document::is_ignored_header(name) {
                    continue;
                }
                let is_taken = match place {
                    "path" => case.takes(function, Place::Path, name),
                    "query" => case.takes(function, Place::Query, name),
                    "header" => case.takes(function, Place::Header, name),
                    _ => false,
                };
                let at = operation.pointer();
                let is_left_out = case.left_out(&at, |part| {
                    let part = match part {
                        Part::Parameter { name, place } => (name.as_str(), place.as_str()),
                        _ => return false,
                    };
                    part == (name, place)
                });
                assert!(
                    is_taken != is_left_out,
                    "{}: {at}: {place} {name}",
                    case.name
                );
                count += 1;
            }
        }
    }
    assert!(count > 100, "{count} parameters prove nothing");
}

#[test]
fn every_success_and_every_callback_is_generated_or_left_out() {
    let mut several = 0;
    for case in cases() {
        for (operation, function) in case.generated() {
            let at = operation.pointer();
            let responses = operation
                .operation
                .get("responses")
                .and_then(Value::as_object);
            let successes = responses.into_iter().flatten().filter(|(status, _)| {
                status.starts_with('2')
                    && !case.left_out(&at, |part| *part == Part::Response((*status).clone()))
            });
            let successes: Vec<(&String, &Value)> = successes.collect();
            let content = |response: &Value| {
                let content = resolved(&case.document, response).get("content");
                content.cloned().unwrap_or_default().to_string()
            };
            let bodies = successes.iter().map(|(_, response)| content(response));
            let mut bodies: BTreeSet<String> = bodies.collect();
            // One body has one type, which some statuses may lack.
            bodies.remove("null");
            if bodies.len() > 1 {
                let (_, request) = function.signature.rsplit_once("-> ").unwrap();
                let mut lines = case.lines().iter();
                let send =
                    lines.find(|it| it.owner == request && it.member.as_deref() == Some("send"));
                let answer = &send.unwrap().signature;
                for (status, _) in &successes {
                    let wire = Wire::Literal((*status).clone());
                    let is_variant =
                        |line: &&Line| line.wire == wire && answer.contains(&line.owner);
                    let found = case.lines().iter().find(is_variant);
                    assert!(found.is_some(), "{}: {at}: {status} in {answer}", case.name);
                }
                several += 1;
            }
            let has_callbacks = operation.operation.get("callbacks").is_some();
            let said = case.left_out(&at, |part| *part == Part::Callbacks);
            assert_eq!(has_callbacks, said, "{}: {at}", case.name);
        }
    }
    assert!(several > 1, "{several} operations are no proof");
}

/// The kind of body that a media type is.
fn kind(media: &str) -> &str {
    match media.split(';').next().unwrap_or(media) {
        "application/*" | "*/*" => "json",
        it if it.ends_with("json") => "json",
        it if it.starts_with("text/") || it.ends_with("xml") => "text",
        it if it.starts_with("multipart/") || it.ends_with("urlencoded") => it,
        _ => "bytes",
    }
}

#[test]
fn every_media_type_of_a_body_is_generated_or_left_out() {
    let mut count = 0;
    for case in cases() {
        for (operation, _) in case.generated() {
            let at = operation.pointer();
            let body = operation.operation.get("requestBody");
            let body = body.map(|body| (format!("{at}/requestBody"), body));
            let responses = operation.operation.get("responses");
            let responses = responses.and_then(Value::as_object).into_iter().flatten();
            let responses = responses.filter(|(status, _)| {
                let is_gone = |part: &Part| *part == Part::Response((*status).clone());
                status.starts_with('2') && !case.left_out(&at, is_gone)
            });
            let responses =
                responses.map(|(status, response)| (format!("{at}/responses/{status}"), response));
            for (at, part) in body.into_iter().chain(responses) {
                let content = resolved(&case.document, part).get("content");
                let content = content.and_then(Value::as_object).into_iter().flatten();
                let at = format!("{at}/content");
                let kept = content.filter(|(media, _)| {
                    let at = openapi_document::pointer::join(&at, &[media]);
                    !case.left_out(&at, |part| *part == Part::Media)
                });
                // JSON is one type; text and bytes are what they are.
                let kinds = kept.map(|(media, entry)| match kind(media) {
                    "json" => format!("json {}", entry.get("schema").unwrap_or(&Value::Null)),
                    other => other.to_owned(),
                });
                let kinds: BTreeSet<String> = kinds.collect();
                assert!(kinds.len() <= 1, "{}: {at}: {kinds:?}", case.name);
                count += 1;
            }
        }
    }
    assert!(count > 100, "{count} bodies are no proof");
}

#[test]
fn every_field_of_a_form_is_an_argument_or_a_setter() {
    let mut count = 0;
    for case in cases() {
        for (operation, function) in case.generated() {
            let body = operation.operation.get("requestBody");
            let body = body.map(|body| resolved(&case.document, body));
            let content = body.and_then(|body| body.get("content")?.as_object());
            let form = ["multipart/form-data", "application/x-www-form-urlencoded"]
                .into_iter()
                .find_map(|media| content?.get(media));
            let has_json = content.is_some_and(|all| all.keys().any(|media| kind(media) == "json"));
            let Some(schema) = form
                .and_then(|form| form.get("schema"))
                .filter(|_| !has_json)
            else {
                continue;
            };
            let mut fields = Vec::new();
            collect_fields(&case.document, schema, &mut fields);
            for (name, property) in fields {
                if resolved(&case.document, property).get("readOnly") == Some(&Value::Bool(true)) {
                    continue;
                }
                let at = operation.pointer();
                let is_taken = case.takes(function, Place::Body, name);
                assert!(is_taken, "{}: {at}: {name}", case.name);
                count += 1;
            }
        }
    }
    assert!(count > 10, "{count} fields are no proof");
}

/// The properties of a schema and of the members it is composed of with `allOf`.
fn collect_fields<'a>(
    document: &'a Value,
    schema: &'a Value,
    found: &mut Vec<(&'a String, &'a Value)>,
) {
    let schema = resolved(document, schema);
    let own = schema.get("properties").and_then(Value::as_object);
    found.extend(own.into_iter().flatten());
    let members = schema.get("allOf").and_then(Value::as_array);
    for member in members.into_iter().flatten() {
        collect_fields(document, member, found);
    }
}

#[test]
fn every_field_of_a_body_is_an_argument_or_a_setter() {
    let mut count = 0;
    for case in cases() {
        for (operation, function) in case.generated() {
            let body = operation.operation.get("requestBody");
            let body = body.map(|body| resolved(&case.document, body));
            let schema = body.and_then(|body| body.pointer("/content/application~1json/schema"));
            let schema = schema.map(|schema| resolved(&case.document, schema));
            let Some(schema) = schema.filter(|schema| is_plain_object(schema)) else {
                continue;
            };
            // A body that may be left out is set as a whole; its type is held by the next test.
            if body.and_then(|body| body.get("required")) != Some(&Value::Bool(true)) {
                continue;
            }
            let sent = |name: &&String| schema["properties"][*name]["readOnly"] != true;
            for name in properties(schema).filter(sent) {
                let at = operation.pointer();
                let is_taken = case.takes(function, Place::Body, name);
                assert!(is_taken, "{}: {at}: {name}", case.name);
                count += 1;
            }
        }
    }
    assert!(count > 100, "{count} fields prove nothing");
}

/// An object with fields and no other constraint.
fn is_plain_object(schema: &Value) -> bool {
    let composed = [
        "$ref",
        "allOf",
        "anyOf",
        "oneOf",
        "additionalProperties",
        "discriminator",
    ];
    schema.get("properties").is_some()
        && composed.iter().all(|key| schema.get(key).is_none())
        && matches!(word(schema, "type"), "object" | "")
}

fn properties(schema: &Value) -> impl Iterator<Item = &String> {
    let all = schema.get("properties").and_then(Value::as_object);
    all.into_iter().flat_map(Map::keys)
}

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
        "{count:?} are no proof"
    );
}

/// The alternatives of a union that are no `null`.
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
