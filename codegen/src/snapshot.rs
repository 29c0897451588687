//! Copies of components, to look into while the document changes.

use serde_json::{Map, Value, json};

use crate::pointer::{SCHEMAS, referenced, schema_name};

/// Copies all components, if anything in the document has one of these keys.
pub(crate) fn all_components(document: &Value, keys: &[&str]) -> Option<Value> {
    let mut listed = Listed {
        schemas: None,
        keys,
        found: false,
        names: Vec::new(),
    };
    listed.collect(document);
    let schemas = || document.pointer(SCHEMAS).cloned().unwrap_or_default();
    listed
        .found
        .then(|| json!({"components": {"schemas": schemas()}}))
}

/// Copies the components that lists under these keys refer to, and those that give a tag its
/// values: they are looked up while the document changes. Returns none if nothing has such a key.
pub(crate) fn components(document: &Value, keys: &[&str]) -> Option<Value> {
    let all = document.pointer(SCHEMAS);
    let mut listed = Listed {
        schemas: all,
        keys,
        found: false,
        names: Vec::new(),
    };
    listed.collect(document);
    let mut schemas = Map::new();
    while let Some(name) = listed.names.pop() {
        let Some(schema) = all.and_then(|all| all.get(name)) else {
            continue;
        };
        if !schemas.contains_key(name) {
            listed.names.extend(referenced(schema));
            listed.names.extend(tags(schema, all));
            schemas.insert(name.to_owned(), schema.clone());
        }
    }
    listed
        .found
        .then(|| json!({"components": {"schemas": schemas}}))
}

/// The components without fields that properties of a schema refer to.
fn tags<'a>(schema: &'a Value, all: Option<&'a Value>) -> impl Iterator<Item = &'a str> {
    let properties = schema.get("properties").and_then(Value::as_object);
    let targets = properties
        .into_iter()
        .flat_map(Map::values)
        .filter_map(referenced);
    targets.filter(move |name| {
        let target = all.and_then(|all| all.get(*name));
        target.is_some_and(|it| it.get("properties").is_none())
    })
}

struct Listed<'a> {
    schemas: Option<&'a Value>,
    keys: &'a [&'a str],
    found: bool,
    names: Vec<&'a str>,
}

impl<'a> Listed<'a> {
    fn collect(&mut self, node: &'a Value) {
        match node {
            Value::Object(map) => {
                for (key, value) in map {
                    match value {
                        Value::Array(entries) if self.keys.contains(&key.as_str()) => {
                            self.found = true;
                            self.names.extend(entries.iter().filter_map(referenced));
                            let inline = entries.iter().flat_map(|it| tags(it, self.schemas));
                            self.names.extend(inline);
                        }
                        _ if key == "not" => self.found |= self.keys.contains(&"not"),
                        Value::Object(targets) if key == "mapping" => {
                            let targets = targets.values().filter_map(Value::as_str);
                            self.names
                                .extend(targets.map(|it| schema_name(it).unwrap_or(it)));
                        }
                        Value::Object(_) | Value::Array(_) => {}
                        _ => continue,
                    }
                    self.collect(value);
                }
            }
            Value::Array(items) => items.iter().for_each(|item| self.collect(item)),
            _ => {}
        }
    }
}
