//! Repairs of defects in real specifications, and rewrites into the form the generator expects:
//! one named function each, run in a fixed order, that counts its changes.

mod aliases;
mod bodies;
mod components;
mod forms;
mod inheritance;
mod listed_values;
mod malformed;
mod names;
mod parameters;
mod paths;
mod references;
mod responses;
mod shapes;
mod shared_parts;
mod unions;
mod values;

use std::collections::BTreeMap;

use openapi_document::{Kind, Note, reached_components};
use serde_json::{Map, Value};

use crate::error::Error;
use crate::load::Spec;
use crate::pointer;

/// A document in the form the rest of the pipeline expects.
#[derive(Debug)]
pub(crate) struct Repaired {
    /// Every named type is a component with a Rust name, every operation is self-contained.
    pub(crate) document: Value,
    /// Number of changes of each repair, in the order they ran.
    pub(crate) counts: Vec<(&'static str, usize)>,
    /// The parts that are not generated, with the reasons.
    pub(crate) left_out: Vec<LeftOut>,
}

/// Something in the document that is not generated.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct LeftOut {
    /// JSON pointer in the document as it was given, as far as it is known.
    pub pointer: String,
    /// The operation or schema.
    pub subject: String,
    /// Reason.
    pub reason: String,
    /// Part that is missing.
    pub part: Part,
}

/// The part of an operation or schema that is not generated.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Part {
    /// All of it.
    Whole,
    /// A parameter, by its name and place.
    Parameter {
        /// Its name.
        name: String,
        /// Its place, such as `header`.
        place: String,
    },
    /// One of several success responses, by status: its body cannot be read.
    Response(String),
    /// A body in another media type than the generated one.
    Media,
    /// Something that a parameter or a body says beside its schema.
    Detail,
    /// Callbacks: requests that the API sends.
    Callbacks,
    /// A schema: it is any JSON instead, or loses a constraint.
    Schema,
}

/// The document under repair.
pub(crate) struct Context {
    pub(crate) document: Value,
    pub(crate) left_out: Vec<LeftOut>,
}

type Repair = fn(&mut Context) -> Result<usize, Error>;

/// Order matters: references first, names after everything that makes types.
const REPAIRS: &[(&str, Repair)] = &[
    ("drop_unread_parts", drop_unread_parts),
    ("malformed_schemas", malformed::malformed_schemas),
    ("plain_references", references::plain_references),
    ("broken_references", references::broken_references),
    (
        "inline_inner_references",
        references::inline_inner_references,
    ),
    ("inline_shared_parts", shared_parts::inline_shared_parts),
    ("path_parameters", paths::path_parameters),
    ("unsupported_methods", parameters::unsupported_methods),
    ("ignored_headers", parameters::ignored_headers),
    ("content_parameters", parameters::content_parameters),
    ("unsupported_parameters", parameters::unsupported_parameters),
    ("unsupported_bodies", bodies::unsupported_bodies),
    (
        "single_success_response",
        responses::single_success_response,
    ),
    ("drop_error_responses", responses::drop_error_responses),
    ("operation_ids", names::operation_ids),
    ("inherited_unions", inheritance::inherited_unions),
    ("unwrap_one_entry_all_of", shapes::unwrap_one_entry_all_of),
    ("merge_all_of", shapes::merge_all_of),
    ("implied_types", values::implied_types),
    ("form_fields", forms::form_fields),
    (
        "string_enums_typed_integer",
        values::string_enums_typed_integer,
    ),
    ("listed_values", listed_values::listed_values),
    ("enum_values", values::enum_values),
    ("impossible_limits", values::impossible_limits),
    ("enum_or_any_string", values::enum_or_any_string),
    ("nullable_components", values::nullable_components),
    ("tagged_unions", unions::tagged_unions),
    ("free_form_unions", unions::free_form_unions),
    ("prune_required", values::prune_required),
    ("empty_bodies", bodies::empty_bodies),
    ("name_request_bodies", bodies::name_request_bodies),
    ("inline_aliases", aliases::inline_aliases),
    ("name_nested_types", names::name_nested_types),
    ("rust_type_names", names::rust_type_names),
    ("drop_unreachable_types", references::drop_unreachable_types),
];

/// Runs every repair.
pub(crate) fn repair(spec: &Spec) -> Result<Repaired, Error> {
    let mut context = Context {
        document: spec.document().clone(),
        left_out: Vec::new(),
    };
    context.leave_out_notes(spec.notes());
    let mut counts = Vec::with_capacity(REPAIRS.len());
    for (name, run) in REPAIRS {
        counts.push((*name, run(&mut context)?));
    }
    composed_leftovers(&mut context);
    for it in &mut context.left_out {
        it.pointer = documented_status(&it.pointer, spec.document());
        it.pointer = forms::documented_field(&it.pointer, &context.document);
    }
    Ok(Repaired {
        document: context.document,
        counts,
        left_out: context.left_out,
    })
}

/// Gives operations their ids; see [`names::operation_ids`].
pub(crate) fn name_operations(document: &mut Value) -> Result<(), Error> {
    let mut context = Context {
        document: document.take(),
        left_out: Vec::new(),
    };
    let named = names::operation_ids(&mut context);
    *document = context.document;
    named.map(drop)
}

/// Makes malformed schemas any JSON; see [`malformed::malformed_schemas`].
pub(crate) fn drop_malformed(document: &mut Value) -> Result<Vec<LeftOut>, Error> {
    let mut context = Context {
        document: document.take(),
        left_out: Vec::new(),
    };
    let dropped = malformed::malformed_schemas(&mut context);
    *document = context.document;
    dropped.map(|_| context.left_out)
}

/// The place in the document itself: repairs put the one success response under `2XX`.
fn documented_status(at: &str, document: &Value) -> String {
    const REPAIRED: &str = "/responses/2XX/";
    let Some((operation, rest)) = at.split_once(REPAIRED) else {
        return at.to_owned();
    };
    let responses = document.pointer(&format!("{operation}/responses"));
    let statuses = responses.and_then(Value::as_object).into_iter().flatten();
    statuses
        .map(|(status, _)| format!("{operation}/responses/{status}/{rest}"))
        .find(|pointer| document.pointer(pointer).is_some())
        .unwrap_or_else(|| at.to_owned())
}

/// Removes examples, callbacks and shared headers, which the generator does not read.
fn drop_unread_parts(context: &mut Context) -> Result<usize, Error> {
    let mut callbacks = Vec::new();
    pointer::each_operation(&mut context.document, &mut |operation, at| {
        if operation.remove("callbacks").is_some() {
            callbacks.push((at.to_owned(), operation_name(operation, "", at)));
        }
        Ok(())
    })?;
    for (at, subject) in callbacks {
        let reason = "its callbacks are not generated";
        context.leave_out(&at, &subject, Part::Callbacks, reason);
    }
    let mut count = 0;
    openapi_document::visit_mut(&mut context.document, &mut |kind, value, _| {
        if let Value::Object(map) = value {
            let before = map.len();
            if kind == Kind::Response || kind == Kind::Components {
                map.remove("headers");
            }
            map.remove("example");
            map.remove("examples");
            count += before - map.len();
        }
        Ok::<(), Error>(())
    })?;
    if let Value::Object(root) = &mut context.document {
        root.remove("x-webhooks");
    }
    Ok(count)
}

/// Compositions that no repair has dealt with are any JSON.
fn composed_leftovers(context: &mut Context) {
    let mut left = BTreeMap::new();
    openapi_document::visit(&context.document, &mut |kind, schema, at| {
        let keys = ["allOf", "anyOf", "oneOf", "not"];
        let key = keys.into_iter().find(|key| schema.get(key).is_some());
        if let (Kind::Schema, Some(key)) = (kind, key) {
            left.insert(at.to_owned(), format!("its {key} is not supported"));
        }
    });
    if !left.is_empty() {
        context.any_json(left);
    }
}

impl Context {
    /// Takes the components out, to look into them while operations change; see `put_back`.
    fn set_apart(&mut self) -> Value {
        let components = self.document.get_mut("components").map(Value::take);
        let entry = components.map(|components| ("components".to_owned(), components));
        Value::Object(Map::from_iter(entry))
    }

    fn put_back(&mut self, mut apart: Value) {
        let components = apart.get_mut("components").map(Value::take);
        if let (Some(components), Some(place)) = (components, self.document.get_mut("components")) {
            *place = components;
        }
    }

    /// Constructs of OpenAPI 3.1 that were dropped from what is reached.
    fn leave_out_notes(&mut self, notes: &[Note]) {
        if notes.is_empty() {
            return;
        }
        let reached = reached_components(&self.document, []);
        for note in notes {
            let component = references::component_at(&note.pointer);
            if component.is_none_or(|component| reached.contains(&component)) {
                let subject = Error::new(&note.pointer, "");
                let subject = subject.subject().unwrap_or(&note.pointer).to_owned();
                self.leave_out(&note.pointer, &subject, Part::Schema, note.message.clone());
            }
        }
    }

    /// Something that a schema says and its type does not, where the schema is reached.
    fn leave_out_detail(&mut self, at: &str, reason: String) {
        let reached = reached_components(&self.document, []);
        if references::component_at(at).is_none_or(|component| reached.contains(&component)) {
            let subject = Error::new(at, "").subject().unwrap_or(at).to_owned();
            self.leave_out(at, &subject, Part::Detail, reason);
        }
    }

    fn leave_out(&mut self, pointer: &str, subject: &str, part: Part, reason: impl Into<String>) {
        self.left_out.push(LeftOut {
            pointer: pointer.to_owned(),
            subject: subject.to_owned(),
            reason: reason.into(),
            part,
        });
    }

    /// Removes the operations for which `reason` gives one.
    fn leave_out_operations(
        &mut self,
        mut reason: impl FnMut(&Map<String, Value>) -> Option<String>,
    ) -> usize {
        let mut removed = Vec::new();
        if let Some(Value::Object(paths)) = self.document.get_mut("paths") {
            for (path, item) in paths {
                let Value::Object(item) = item else { continue };
                for method in pointer::METHODS {
                    let Some(Value::Object(operation)) = item.get(method) else {
                        continue;
                    };
                    if let Some(reason) = reason(operation) {
                        let subject = operation_name(operation, method, path);
                        let at = pointer::join("/paths", &[path, method]);
                        removed.push((at, subject, reason));
                        item.remove(method);
                    }
                }
            }
        }
        let count = removed.len();
        for (at, subject, reason) in removed {
            self.leave_out(&at, &subject, Part::Whole, reason);
        }
        count
    }
}

/// Name of an operation in a message.
pub(crate) fn operation_name(operation: &Map<String, Value>, method: &str, path: &str) -> String {
    match operation.get("operationId").and_then(Value::as_str) {
        Some(id) => id.to_owned(),
        None => format!("{} {path}", method.to_uppercase()),
    }
}
