//! The layout of documented.json, in which merge patches reach everything: parameters, bodies and
//! responses are components named after their operation.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use openapi_document::{METHODS, component_name, placeholders, reference, resolved};
use serde_json::{Map, Value, json};

use super::state::text;

/// Keywords that an operation keeps besides the parts that move.
const KEPT: [&str; 5] = [
    "deprecated",
    "description",
    "operationId",
    "summary",
    "tags",
];

/// The findings of laying out.
pub(super) struct LaidOut {
    /// Parts that were invented or dropped.
    pub(super) notes: Vec<String>,
    /// Names of bodies that are not called after their operation, by component.
    titles: Vec<(String, String)>,
}

impl LaidOut {
    /// Names the bodies; codegen takes the name of a body written in place from its title.
    pub(super) fn name_bodies(&self, document: &mut Value) {
        for (component, title) in &self.titles {
            let at =
                format!("/components/requestBodies/{component}/content/application~1json/schema");
            if let Some(Value::Object(schema)) = document.pointer_mut(&at) {
                schema.insert("title".to_owned(), Value::String(title.clone()));
            }
        }
    }
}

/// Lays all operations out anew.
pub(super) fn lay_out(document: &mut Value) -> LaidOut {
    let whole = document.clone();
    let mut parts = Parts {
        once: bodies_used_once(&whole),
        whole: &whole,
        moved: BTreeSet::new(),
        parameters: Map::new(),
        bodies: Map::new(),
        responses: Map::new(),
        found: LaidOut {
            notes: Vec::new(),
            titles: Vec::new(),
        },
    };
    let mut paths = Map::new();
    for (path, item) in entries(whole.get("paths")) {
        let item = resolved(&whole, item);
        let mut operations = Map::new();
        for method in METHODS {
            if let Some(operation) = item.get(method) {
                operations.insert(method.to_owned(), parts.operation(path, item, operation));
            }
        }
        paths.insert(path.clone(), Value::Object(operations));
    }
    let mut schemas: Map<String, Value> = entries(whole.pointer("/components/schemas"))
        .map(|(name, schema)| (name.clone(), schema.clone()))
        .collect();
    schemas.retain(|name, _| !parts.moved.contains(name));
    let mut components = Map::new();
    if let Some(schemes) = whole.pointer("/components/securitySchemes") {
        components.insert("securitySchemes".to_owned(), schemes.clone());
    }
    for (section, entries) in [
        ("parameters", parts.parameters),
        ("requestBodies", parts.bodies),
        ("responses", parts.responses),
        ("schemas", schemas),
    ] {
        components.insert(section.to_owned(), Value::Object(entries));
    }
    if let Value::Object(root) = document {
        root.insert("paths".to_owned(), Value::Object(paths));
        root.insert("components".to_owned(), Value::Object(components));
    }
    parts.found
}

fn entries(value: Option<&Value>) -> impl Iterator<Item = (&String, &Value)> {
    value.and_then(Value::as_object).into_iter().flatten()
}

/// Schemas that are the body of one operation and nothing else.
fn bodies_used_once(document: &Value) -> BTreeSet<String> {
    let mut uses: BTreeMap<&str, usize> = BTreeMap::new();
    openapi_document::visit(document, &mut |_, value, _| {
        if let Some(target) = reference(value) {
            *uses.entry(target).or_default() += 1;
        }
    });
    let mut once = BTreeSet::new();
    for (_, item) in entries(document.get("paths")) {
        for operation in METHODS.iter().filter_map(|method| item.get(*method)) {
            let body = operation.get("requestBody");
            let body = body.map(|body| resolved(document, body));
            let schema = body.and_then(|body| body.pointer("/content/application~1json/schema"));
            let target = schema.and_then(reference);
            if let Some(target) = target.filter(|target| uses.get(*target) == Some(&1)) {
                once.extend(component_name(target, "schemas").map(Cow::into_owned));
            }
        }
    }
    once
}

struct Parts<'a> {
    whole: &'a Value,
    /// Body schemas that can move into their body.
    once: BTreeSet<String>,
    /// Those that have.
    moved: BTreeSet<String>,
    parameters: Map<String, Value>,
    bodies: Map<String, Value>,
    responses: Map<String, Value>,
    found: LaidOut,
}

impl Parts<'_> {
    fn operation(&mut self, path: &str, item: &Value, operation: &Value) -> Value {
        let id = text(operation, "operationId").to_owned();
        let mut laid_out: Map<String, Value> = KEPT
            .iter()
            .filter_map(|key| Some(((*key).to_owned(), operation.get(key)?.clone())))
            .collect();
        if operation.get("callbacks").is_some() {
            self.found
                .notes
                .push(format!("{id}: its callbacks are not part of the spec"));
        }
        for (key, value) in entries(Some(operation)).filter(|(key, _)| key.starts_with("x-")) {
            laid_out.insert(key.clone(), value.clone());
        }
        let parameters = self.parameters(&id, path, item, operation);
        if !parameters.is_empty() {
            laid_out.insert("parameters".to_owned(), parameters.into());
        }
        if let Some(body) = operation.get("requestBody") {
            let body = self.body(&id, resolved(self.whole, body));
            self.bodies.insert(component_key(&id), body);
            laid_out.insert(
                "requestBody".to_owned(),
                component_reference("requestBodies", &id),
            );
        }
        let mut responses = Map::new();
        let mut is_first = true;
        for (status, response) in entries(operation.get("responses")) {
            let response = resolved(self.whole, response);
            let mut kept = json!({"description": text(response, "description")});
            if let (Value::Object(kept), Some(content)) = (&mut kept, response.get("content")) {
                kept.insert("content".to_owned(), content.clone());
            }
            if !status.starts_with('2') {
                responses.insert(status.clone(), kept);
                continue;
            }
            // The first success has the operation's name.
            let name = if is_first {
                id.clone()
            } else {
                format!("{id}.{status}")
            };
            is_first = false;
            responses.insert(status.clone(), component_reference("responses", &name));
            self.responses.insert(component_key(&name), kept);
        }
        laid_out.insert("responses".to_owned(), Value::Object(responses));
        Value::Object(laid_out)
    }

    /// References to the parameters: those of the path in its order, then the others.
    fn parameters(&mut self, id: &str, path: &str, item: &Value, operation: &Value) -> Vec<Value> {
        let mut all: Vec<Value> = Vec::new();
        for list in [item.get("parameters"), operation.get("parameters")] {
            for parameter in list.and_then(Value::as_array).into_iter().flatten() {
                let parameter = resolved(self.whole, parameter).clone();
                let key = |p: &Value| (text(p, "in").to_owned(), text(p, "name").to_owned());
                all.retain(|known| key(known) != key(&parameter));
                all.push(parameter);
            }
        }
        let placeholders: Vec<&str> = placeholders(path).collect();
        let place = |p: &Value| {
            let name = text(p, "name");
            placeholders.iter().position(|known| *known == name)
        };
        let in_path = |p: &Value| text(p, "in") == "path";
        for name in &placeholders {
            if !all.iter().any(|p| in_path(p) && text(p, "name") == *name) {
                self.found.notes.push(format!(
                    "{id}: path parameter {name} is declared nowhere, so it is text"
                ));
                all.push(json!({"name": name, "in": "path", "schema": {"type": "string"}}));
            }
        }
        all.retain(|p| {
            let stray = in_path(p) && place(p).is_none();
            if stray {
                let name = text(p, "name");
                self.found
                    .notes
                    .push(format!("{id}: path parameter {name} is not in the path"));
            }
            !stray
        });
        all.sort_by_key(|p| (!in_path(p), place(p).filter(|_| in_path(p))));
        all.into_iter()
            .map(|parameter| self.parameter(id, parameter))
            .collect()
    }

    fn parameter(&mut self, id: &str, mut parameter: Value) -> Value {
        let mut name = format!("{id}.{}", text(&parameter, "name"));
        if self.parameters.contains_key(&component_key(&name)) {
            name = format!("{name}.{}", text(&parameter, "in"));
        }
        let in_path = text(&parameter, "in") == "path";
        if let Value::Object(map) = &mut parameter {
            for key in ["example", "examples", "allowEmptyValue"] {
                map.remove(key);
            }
            map.insert(
                "required".to_owned(),
                Value::Bool(in_path || map.get("required") == Some(&Value::Bool(true))),
            );
            // A description belongs to the parameter, wherever it stands.
            let inner = map
                .get_mut("schema")
                .and_then(Value::as_object_mut)
                .and_then(|schema| schema.remove("description"));
            if let Some(inner) = inner {
                map.entry("description").or_insert(inner);
            }
        }
        self.parameters.insert(component_key(&name), parameter);
        component_reference("parameters", &name)
    }

    fn body(&mut self, id: &str, body: &Value) -> Value {
        let mut body = body.clone();
        if let Value::Object(map) = &mut body {
            map.remove("description");
        }
        let Some(schema) = body.pointer_mut("/content/application~1json/schema") else {
            return body;
        };
        let name = reference(schema).and_then(|target| component_name(target, "schemas"));
        let Some(name) = name
            .map(Cow::into_owned)
            .filter(|name| self.once.contains(name))
        else {
            return body;
        };
        let found = self
            .whole
            .pointer("/components/schemas")
            .and_then(|all| all.get(&name));
        let Some(Value::Object(found)) = found else {
            return body;
        };
        *schema = Value::Object(found.clone());
        if name != format!("{id}Request") {
            self.found.titles.push((component_key(id), name.clone()));
        }
        self.moved.insert(name);
        body
    }
}

/// Replaces the characters that the name of a component may not have.
fn component_key(name: &str) -> String {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    name.chars()
        .map(|c| if allowed(c) { c } else { '_' })
        .collect()
}

fn component_reference(section: &str, name: &str) -> Value {
    json!({"$ref": format!("#/components/{section}/{}", component_key(name))})
}
