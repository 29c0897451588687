//! The API as `items` and `emit` see it: operations and schemas with their documentation.

mod cycles;
mod read;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::Value;

use crate::error::Error;
use crate::format::Format;
use crate::items::code;
use crate::repair::Repaired;
use crate::schema::{collect_references, flag, text};
use crate::{naming, pointer};

#[derive(Debug)]
pub(crate) struct Api {
    /// Documentation is written; false where only the surface is wanted.
    pub(crate) has_prose: bool,
    pub(crate) operations: Vec<Operation>,
    /// By Rust name.
    pub(crate) schemas: BTreeMap<String, Schema>,
    pub(crate) events: Events,
    /// Parts of paths whose operations belong to the call handle.
    pub(crate) call_paths: Vec<String>,
    cycles: HashMap<String, usize>,
    /// Names of the types that are the body of a response.
    responses: BTreeSet<String>,
}

/// Webhook events; none of them where the document lists none.
#[derive(Debug)]
pub(crate) struct Events {
    /// The member of the payload that names the event.
    pub(crate) discriminator: String,
    /// Rust type by the value of the discriminator.
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
    /// Path parameters in path order, then the others in document order.
    pub(crate) parameters: Vec<Parameter>,
    /// The body's schema, a reference where it is a type; none where it is a form.
    pub(crate) body: Option<Value>,
    pub(crate) body_required: bool,
    /// Media types of the body and of the response.
    pub(crate) content_type: String,
    pub(crate) accept: String,
    /// The successes: one, or several with different bodies.
    pub(crate) responses: Vec<Response>,
    /// The one success may come without its body.
    pub(crate) response_optional: bool,
    /// Repeating it changes nothing, though its method may say otherwise (`x-only-reads`).
    pub(crate) only_reads: bool,
    pub(crate) pointer: String,
}

/// A documented success.
#[derive(Debug)]
pub(crate) struct Response {
    /// As documented: `200`, or a range such as `2XX`.
    pub(crate) status: String,
    /// Format and schema of the body, none where nothing is answered.
    pub(crate) body: Option<(Format, Value)>,
}

/// Place that a parameter is sent in. The fields of a form are parameters too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum In {
    Path,
    Query,
    Header,
    Form,
}

#[derive(Debug)]
pub(crate) struct Parameter {
    pub(crate) name: String,
    pub(crate) place: In,
    pub(crate) required: bool,
    /// Sent as JSON text, whatever its type is.
    pub(crate) json_text: bool,
    pub(crate) deprecated: bool,
    /// As OpenAPI names it; its default where the document says nothing, or empty where a field of a
    /// form is written by its media type.
    pub(crate) style: String,
    /// The media type of a field of a form, empty for the default.
    pub(crate) media: String,
    /// Repeats the parameter's name for each element.
    pub(crate) explode: bool,
    /// Repeating the request has an effect where the value is true.
    pub(crate) non_idempotent: bool,
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
    /// Only exists as the body of requests, which have setters of their own.
    pub(crate) only_a_body: bool,
}

impl Api {
    /// Takes the schemas out of the document.
    pub(crate) fn new(repaired: &mut Repaired) -> Result<Self, Error> {
        let document = &mut repaired.document;
        let mut operations = Vec::new();
        pointer::each_operation(document, &mut |operation, at| {
            operations.push(read::operation(operation, at)?);
            Ok(())
        })?;
        let events = read::events(document)?;
        let mut schemas = BTreeMap::new();
        if let Some(Value::Object(all)) = document.pointer_mut(pointer::SCHEMAS) {
            for (name, json) in std::mem::take(all) {
                let schema = Schema {
                    wire_name: text(&json, "x-wire-name"),
                    json,
                    sent: false,
                    received: false,
                    only_a_body: false,
                };
                schemas.insert(name, schema);
            }
        }
        let mut api = Self {
            has_prose: repaired.has_prose,
            cycles: cycles::groups(&schemas),
            responses: responses(&operations),
            operations,
            schemas,
            events,
            call_paths: read::call_paths(document),
        };
        api.mark_directions();
        api.mark_bodies();
        Ok(api)
    }

    fn mark_directions(&mut self) {
        let mut sent = Vec::new();
        let mut received = Vec::new();
        for operation in &self.operations {
            if let Some(body) = &operation.body {
                collect_references(body, &mut sent);
            }
            for parameter in &operation.parameters {
                collect_references(&parameter.schema, &mut sent);
            }
            for (_, schema) in operation.responses.iter().filter_map(|it| it.body.as_ref()) {
                collect_references(schema, &mut received);
            }
        }
        received.extend(self.events.types.values().map(String::as_str));
        let (sent, received) = (self.reach(sent), self.reach(received));
        for name in sent {
            if let Some(schema) = self.schemas.get_mut(&name) {
                schema.sent = true;
            }
        }
        for name in received {
            if let Some(schema) = self.schemas.get_mut(&name) {
                schema.received = true;
            }
        }
    }

    fn reach<'a>(&'a self, mut pending: Vec<&'a str>) -> BTreeSet<String> {
        let mut seen = BTreeSet::new();
        while let Some(name) = pending.pop() {
            if seen.contains(name) {
                continue;
            }
            seen.insert(name.to_owned());
            if let Some(schema) = self.schemas.get(name) {
                collect_references(&schema.json, &mut pending);
            }
        }
        seen
    }

    fn mark_bodies(&mut self) {
        let mut used = Vec::new();
        for schema in self.schemas.values() {
            collect_references(&schema.json, &mut used);
        }
        let used: BTreeSet<String> = used.into_iter().map(str::to_owned).collect();
        for operation in &self.operations {
            let name = operation.body.as_ref().and_then(pointer::referenced);
            // A body that may be left out is given as a whole.
            let Some(name) = name.filter(|_| operation.body_required) else {
                continue;
            };
            if let Some(schema) = self.schemas.get_mut(name) {
                schema.only_a_body = !used.contains(name);
            }
        }
    }

    /// Returns true if a field of `owner` of the type `target` closes a cycle of types.
    pub(crate) fn is_cyclic(&self, owner: &str, target: &str) -> bool {
        self.is_struct(target) && self.cycles.get(owner) == self.cycles.get(target)
    }

    /// Returns true for a type with fields.
    pub(crate) fn is_struct(&self, name: &str) -> bool {
        let schema = self.schemas.get(name);
        schema.is_some_and(|schema| schema.json.get("properties").is_some())
    }

    /// Returns true for the body of a response.
    pub(crate) fn is_response(&self, name: &str) -> bool {
        self.responses.contains(name)
    }

    /// Returns true for an enum of strings.
    pub(crate) fn is_enum(&self, name: &str) -> bool {
        let schema = self.schemas.get(name);
        schema.is_some_and(|schema| schema.json.get("enum").is_some())
    }
}

fn responses(operations: &[Operation]) -> BTreeSet<String> {
    let responses = operations.iter().flat_map(|it| &it.responses);
    let schemas = responses.filter_map(|response| Some(&response.body.as_ref()?.1));
    let names = schemas.filter_map(pointer::referenced);
    names.map(str::to_owned).collect()
}

impl Schema {
    /// Returns true for a property listed as required; it may still be null.
    pub(crate) fn is_required(&self, name: &str) -> bool {
        self.json
            .get("required")
            .and_then(Value::as_array)
            .is_some_and(|required| required.iter().any(|r| r.as_str() == Some(name)))
    }

    /// Returns true for a required property that is never null.
    pub(crate) fn is_certain(&self, name: &str) -> bool {
        let property = self.json.get("properties").and_then(|all| all.get(name));
        self.is_required(name) && !property.is_some_and(|p| flag(p, "nullable"))
    }

    /// The schema of members beside the properties, where the document allows them by name.
    pub(crate) fn additional(&self) -> Option<Value> {
        self.json
            .get("properties")?
            .as_object()
            .filter(|all| !all.is_empty())?;
        match self.json.get("additionalProperties")? {
            Value::Bool(true) => Some(serde_json::json!({})),
            schema @ Value::Object(_) => Some(schema.clone()),
            _ => None,
        }
    }
}

impl Operation {
    /// The parameters that are sent in a place.
    pub(crate) fn parameters_in(&self, place: In) -> impl Iterator<Item = &Parameter> {
        self.parameters.iter().filter(move |p| p.place == place)
    }

    /// The format of the body, if the operation takes one.
    pub(crate) fn body_format(&self) -> Option<Format> {
        (!self.content_type.is_empty()).then(|| Format::of(&self.content_type))
    }
}

impl Operation {
    pub(crate) fn method_name(&self) -> String {
        naming::method_name(&self.id)
    }

    /// Method and path, for documentation.
    pub(crate) fn http(&self) -> String {
        code(&format!("{} {}", self.method.to_uppercase(), self.path))
    }

    pub(crate) fn request_name(&self) -> String {
        naming::request_name(&self.id)
    }
}
