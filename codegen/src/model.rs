//! The API as the reshaping steps see it: operations and schemas with their documentation.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::error::Error;
use crate::repair::Repaired;
use crate::{naming, pointer};

#[derive(Debug)]
pub(crate) struct Api {
    pub(crate) operations: Vec<Operation>,
    /// By Rust name.
    pub(crate) schemas: BTreeMap<String, Schema>,
    /// Webhook events: value of the discriminator, then the Rust type; and the discriminator.
    pub(crate) events: Option<Events>,
}

#[derive(Debug)]
pub(crate) struct Events {
    pub(crate) discriminator: String,
    pub(crate) types: BTreeMap<String, String>,
}

#[derive(Debug)]
pub(crate) struct Operation {
    pub(crate) id: String,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) tag: String,
    pub(crate) summary: String,
    pub(crate) description: String,
    pub(crate) deprecated: bool,
    pub(crate) success: u16,
    /// Path parameters in path order, then the query's in document order.
    pub(crate) parameters: Vec<Parameter>,
    /// Rust name of the body's schema.
    pub(crate) body: Option<String>,
    /// Rust name of the response's schema, if the response is one.
    pub(crate) response: Option<String>,
    pub(crate) pointer: String,
}

#[derive(Debug)]
pub(crate) struct Parameter {
    pub(crate) name: String,
    pub(crate) in_path: bool,
    pub(crate) required: bool,
    pub(crate) json_text: bool,
    pub(crate) schema: Value,
    pub(crate) description: String,
}

#[derive(Debug)]
pub(crate) struct Schema {
    pub(crate) wire_name: String,
    pub(crate) json: Value,
    /// Reached from a request.
    pub(crate) sent: bool,
    /// Reached from a response or an event.
    pub(crate) received: bool,
}

impl Api {
    pub(crate) fn new(repaired: &Repaired) -> Result<Self, Error> {
        let mut document = repaired.document.clone();
        let mut operations = Vec::new();
        pointer::each_operation(&mut document, &mut |operation, at| {
            operations.push(read_operation(operation, at)?);
            Ok(())
        })?;
        let mut schemas = BTreeMap::new();
        if let Some(Value::Object(all)) = document.pointer("/components/schemas") {
            for (name, json) in all {
                let schema = Schema {
                    wire_name: text(json, "x-wire-name"),
                    json: json.clone(),
                    sent: false,
                    received: false,
                };
                schemas.insert(name.clone(), schema);
            }
        }
        let events = read_events(&document);
        let mut api = Self {
            operations,
            schemas,
            events,
        };
        api.mark_directions();
        Ok(api)
    }

    fn mark_directions(&mut self) {
        let mut sent = Vec::new();
        let mut received: Vec<String> = Vec::new();
        for operation in &self.operations {
            sent.extend(operation.body.clone());
            for parameter in &operation.parameters {
                crate::repair::collect_references(&parameter.schema, &mut sent);
            }
            received.extend(operation.response.clone());
        }
        if let Some(events) = &self.events {
            received.extend(events.types.values().cloned());
        }
        for name in self.reach(sent) {
            if let Some(schema) = self.schemas.get_mut(&name) {
                schema.sent = true;
            }
        }
        for name in self.reach(received) {
            if let Some(schema) = self.schemas.get_mut(&name) {
                schema.received = true;
            }
        }
    }

    fn reach(&self, mut pending: Vec<String>) -> BTreeSet<String> {
        let mut seen = BTreeSet::new();
        while let Some(name) = pending.pop() {
            if let (Some(schema), true) = (self.schemas.get(&name), seen.insert(name)) {
                crate::repair::collect_references(&schema.json, &mut pending);
            }
        }
        seen
    }

    /// Whether the schema only exists as the body of requests, which have setters of their own.
    pub(crate) fn is_only_a_body(&self, name: &str) -> bool {
        let is_body = self
            .operations
            .iter()
            .any(|o| o.body.as_deref() == Some(name));
        let mut used = Vec::new();
        for schema in self.schemas.values() {
            crate::repair::collect_references(&schema.json, &mut used);
        }
        is_body && !used.iter().any(|other| other == name)
    }
}

impl Schema {
    /// The schema of a field.
    pub(crate) fn property(&self, name: &str) -> Option<&Value> {
        self.json.get("properties")?.get(name)
    }

    pub(crate) fn is_required(&self, name: &str) -> bool {
        self.json
            .get("required")
            .and_then(Value::as_array)
            .is_some_and(|required| required.iter().any(|r| r.as_str() == Some(name)))
    }
}

impl Operation {
    pub(crate) fn path_parameters(&self) -> impl Iterator<Item = &Parameter> {
        self.parameters.iter().filter(|p| p.in_path)
    }

    pub(crate) fn query_parameters(&self) -> impl Iterator<Item = &Parameter> {
        self.parameters.iter().filter(|p| !p.in_path)
    }
}

fn read_operation(operation: &Map<String, Value>, at: &str) -> Result<Operation, Error> {
    let value = Value::Object(operation.clone());
    let mut tokens = at.trim_start_matches("/paths/").split('/');
    let path = tokens
        .next()
        .unwrap_or("")
        .replace("~1", "/")
        .replace("~0", "~");
    let method = tokens.next().unwrap_or("").to_owned();
    let id = text(&value, "operationId");
    let mut parameters: Vec<Parameter> = value
        .get("parameters")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .map(read_parameter)
        .collect();
    let position = |p: &Parameter| path.find(&format!("{{{}}}", p.name));
    for name in placeholders(&path) {
        if !parameters.iter().any(|p| p.in_path && p.name == name) {
            return Err(Error::new(at, format!("its path needs a parameter {name}")).about(id));
        }
    }
    if let Some(stray) = parameters
        .iter()
        .find(|p| p.in_path && position(p).is_none())
    {
        let message = format!("parameter {} is not in its path", stray.name);
        return Err(Error::new(at, message).about(id));
    }
    parameters.sort_by_key(|p| (!p.in_path, position(p)));
    let schema = |carrier: Option<&Value>| -> Option<String> {
        let content = carrier?.get("content")?.as_object()?;
        let schema = content.values().next()?.get("schema")?;
        pointer::referenced(schema).map(str::to_owned)
    };
    Ok(Operation {
        method,
        tag: value
            .pointer("/tags/0")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned(),
        summary: text(&value, "summary"),
        description: text(&value, "description"),
        deprecated: value.get("deprecated") == Some(&Value::Bool(true)),
        success: value
            .get("x-success")
            .and_then(Value::as_u64)
            .and_then(|status| u16::try_from(status).ok())
            .unwrap_or(200),
        parameters,
        body: schema(value.get("requestBody")),
        response: schema(value.pointer("/responses/2XX")),
        id,
        path,
        pointer: at.to_owned(),
    })
}

fn placeholders(path: &str) -> impl Iterator<Item = &str> {
    path.split('{')
        .skip(1)
        .filter_map(|rest| rest.split('}').next())
}

fn read_parameter(parameter: &Value) -> Parameter {
    Parameter {
        name: text(parameter, "name"),
        in_path: parameter.get("in").and_then(Value::as_str) == Some("path"),
        required: parameter.get("required") == Some(&Value::Bool(true)),
        json_text: parameter.get("x-json-text").is_some(),
        schema: parameter.get("schema").cloned().unwrap_or_default(),
        description: text(parameter, "description"),
    }
}

fn read_events(document: &Value) -> Option<Events> {
    let section = document.get("x-webhook-events")?;
    let types = section
        .get("events")?
        .as_object()?
        .iter()
        .filter_map(|(event, schema)| {
            let name = pointer::referenced(schema)?;
            Some((event.clone(), name.to_owned()))
        })
        .collect();
    Some(Events {
        discriminator: text(section, "discriminator"),
        types,
    })
}

/// A string member, empty when absent.
pub(crate) fn text(value: &Value, key: &str) -> String {
    value
        .get(key)
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned()
}

/// The wire names of an object's fields that are required, sorted.
pub(crate) fn sorted_required(schema: &Value) -> Vec<String> {
    let mut names: Vec<String> = schema
        .get("required")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|name| name.as_str().map(str::to_owned))
        .collect();
    names.sort();
    names
}

impl Operation {
    pub(crate) fn method_name(&self) -> String {
        naming::value_name(&self.id)
    }

    pub(crate) fn request_name(&self) -> String {
        naming::type_name(&self.id)
    }
}
