//! Decides arguments, setters and types of every operation before any text of it is written.

use std::collections::BTreeSet;

use super::query::Sent;
use super::request::{Argument, Place, Reads, Request, Settable, Target};
use super::types::{self, Field, Role};
use super::{docs, examples, pages, responses, tasks, text};
use crate::error::Error;
use crate::format::Format;
use crate::model::{Api, In, Operation, Parameter};
use crate::naming;
use crate::shape::Shape;

/// Reads every operation once; the other modules only write.
pub(crate) fn plan(api: &Api) -> Result<Vec<Request<'_>>, Error> {
    let mut taken = BTreeSet::new();
    let mut types = api.schemas.keys().map(|name| name.to_lowercase()).collect();
    let operations = api.operations.iter();
    let requests = operations.map(|operation| plan_one(api, operation, &mut taken, &mut types));
    requests.collect()
}

fn plan_one<'a>(
    api: &'a Api,
    operation: &'a Operation,
    taken: &mut BTreeSet<String>,
    types: &mut BTreeSet<String>,
) -> Result<Request<'a>, Error> {
    let mut required: Vec<Argument> = Vec::new();
    let mut settable = Vec::new();
    let sent = [In::Query, In::Header, In::Form].into_iter();
    for (parameter, field) in sent.flat_map(|place| parameter_fields(operation, place)) {
        let sent = Sent::of(api, parameter, &field.shape);
        if parameter.required {
            required.push(argument(field, Target::Sent(sent)));
        } else {
            let place = Place::Sent(sent);
            settable.push(Settable { field, place });
        }
    }
    let body_format = operation.body_format();
    let body = operation.body.as_ref().map(|schema| match body_format {
        Some(Format::Text) => Shape::Text,
        Some(Format::Bytes) => Shape::Bytes,
        _ => Shape::of_schema(schema),
    });
    let mut partial_body = false;
    let mut body_optional = body.is_none() && !operation.body_required;
    match &body {
        // Its required fields are required once there is a body.
        Some(whole) if may_be_left_out(api, operation, whole) => {
            body_optional = true;
            let field = whole_body(operation, whole);
            settable.push(Settable {
                field,
                place: Place::WholeBody,
            });
        }
        Some(Shape::Named(name)) if api.is_struct(name) => {
            let fields = types::fields(api, name)?;
            for field in fields.iter().filter(|f| f.is_argument()) {
                required.push(argument(field.clone(), Target::Body));
            }
            partial_body = fields.iter().any(|f| !f.is_argument());
            let optional = fields.into_iter().filter(Field::is_settable);
            settable.extend(optional.map(|field| Settable {
                field,
                place: Place::Body,
            }));
        }
        Some(whole) => required.push(argument(whole_body(operation, whole), Target::WholeBody)),
        None => {}
    }
    // By name, so that a reordered document can never swap two strings silently, but the type of a
    // call before its id, as everywhere else.
    required.sort_by_key(|argument| {
        let wire = &argument.field.wire;
        (wire != "type", wire.clone())
    });
    let path =
        parameter_fields(operation, In::Path).map(|(_, field)| argument(field, Target::Path));
    let mut arguments: Vec<Argument> = path.chain(required).collect();
    name_arguments(&mut arguments);
    name_setters(&mut settable);
    let (reads, response) = response(operation, types);
    let mut request = Request {
        operation,
        name: naming::unique(operation.request_name(), taken),
        arguments,
        settable,
        body,
        body_format,
        body_optional,
        partial_body,
        paging: None,
        task: None,
        example: None,
        response_doc: String::new(),
        response,
        reads,
    };
    if let Shape::Named(name) = &request.response
        && api.is_struct(name)
    {
        let fields = types::fields(api, name)?;
        let is_address = |wire: &str| {
            let next = api
                .schemas
                .get(name)
                .and_then(|s| s.json.get("properties")?.get(wire));
            let format = next.and_then(|next| next.get("format")?.as_str());
            matches!(format, Some("uri" | "url"))
        };
        // An address of the next page is not a cursor.
        if !is_address("next") {
            request.paging = pages::paging(&request, &fields);
        }
        request.task = tasks::task(api, operation, &fields);
    }
    if api.has_prose {
        request.response_doc = response_doc(api, &request.response);
        request.example = examples::example(api, &request);
    }
    Ok(request)
}

fn place_word(sent: &Sent) -> &'static str {
    match sent.place {
        In::Path => "path",
        In::Query => "query",
        In::Header => "header",
        In::Form => "body",
    }
}

/// The way the response is read, and its type.
fn response(operation: &Operation, types: &mut BTreeSet<String>) -> (Reads, Shape) {
    let response = match operation.responses.as_slice() {
        [one] => one.body.as_ref(),
        [] => None,
        _ => {
            let name = naming::unique(responses::name(operation), types);
            return (Reads::ByStatus, Shape::Named(name));
        }
    };
    let (reads, shape) = match response {
        None => return (Reads::Json, Shape::Unit),
        Some((Format::Text, _)) => return (Reads::Text, Shape::Text),
        Some((Format::Bytes, _)) => return (Reads::Raw, Shape::Bytes),
        Some((_, schema)) => (Reads::Json, Shape::of_schema(schema)),
    };
    match operation.response_optional {
        true => (reads, Shape::Optional(Box::new(shape))),
        false => (reads, shape),
    }
}

/// Names the type of the response and what it is.
fn response_doc(api: &Api, response: &Shape) -> String {
    let Shape::Named(name) = response else {
        return String::new();
    };
    let schema = api.schemas.get(name);
    let description = schema.map(|schema| docs::prose(&docs::description(&schema.json)));
    match description.filter(|text| !text.is_empty()) {
        Some(text) => format!(
            "Responds with [`types::{name}`]: {}",
            text::continued(&text)
        ),
        None => format!("Responds with [`types::{name}`]."),
    }
}

/// Returns true for an optional body that has required fields once it is given.
fn may_be_left_out(api: &Api, operation: &Operation, body: &Shape) -> bool {
    let has_required = match body {
        Shape::Named(name) => match api.schemas.get(name) {
            Some(schema) if api.is_struct(name) => {
                let properties = schema.json.get("properties").and_then(|p| p.as_object());
                let mut names = properties.into_iter().flatten().map(|(name, _)| name);
                names.any(|name| schema.is_certain(name))
            }
            _ => true,
        },
        _ => true,
    };
    !operation.body_required && has_required
}

fn argument(field: Field, target: Target) -> Argument {
    Argument {
        name: naming::argument_name(&field.name),
        field,
        target,
    }
}

/// Arguments for the same word of different places: what is not in the path says where it goes.
fn name_arguments(arguments: &mut [Argument]) {
    let mut taken = BTreeSet::new();
    for argument in arguments {
        if taken.contains(&argument.name.to_lowercase()) {
            let place = match &argument.target {
                Target::Path => "path",
                Target::Sent(sent) => place_word(sent),
                Target::Body | Target::WholeBody => "body",
            };
            let word = argument.name.trim_start_matches("r#");
            argument.name = format!("{}_in_{place}", word.trim_end_matches('_'));
        }
        argument.name = naming::unique(argument.name.clone(), &mut taken);
    }
}

/// Setters for the same word of different places: what is not in the query says where it goes.
fn name_setters(settable: &mut [Settable]) {
    let mut taken = BTreeSet::new();
    for place in ["query", "header", "body"] {
        let is_there = |settable: &&mut Settable| match &settable.place {
            Place::Sent(sent) => place_word(sent) == place,
            Place::Body | Place::WholeBody => place == "body",
        };
        let there: Vec<&mut Settable> = settable.iter_mut().filter(is_there).collect();
        let fields = there.iter().map(|it| (&*it.field.wire, &*it.field.name));
        let names = naming::setters(fields, &mut BTreeSet::new());
        for (settable, name) in there.into_iter().zip(names) {
            let name = match taken.contains(&name.to_lowercase()) && place != "query" {
                true => format!("{}_in_{place}", settable.field.name.trim_end_matches('_')),
                false => name,
            };
            settable.field.setter = naming::unique(name, &mut taken);
        }
    }
}

/// The fields of the parameters of one place, which share their names.
fn parameter_fields(operation: &Operation, place: In) -> impl Iterator<Item = (&Parameter, Field)> {
    let parameters: Vec<&Parameter> = operation.parameters_in(place).collect();
    let words: Vec<&str> = parameters.iter().map(|p| p.name.as_str()).collect();
    let names = naming::assign(&words, naming::value_name, &mut BTreeSet::new());
    let fields = parameters.into_iter().zip(names);
    fields.map(|(parameter, name)| (parameter, parameter_field(parameter, name)))
}

fn parameter_field(parameter: &Parameter, name: String) -> Field {
    let shape = match Shape::of_schema(&parameter.schema) {
        // What has no type in the URL or a header is text.
        Shape::Json if !parameter.json_text && parameter.place != In::Form => Shape::Text,
        shape => shape,
    };
    Field {
        wire: parameter.name.clone(),
        setter: name.clone(),
        name,
        shape,
        optional: !parameter.required,
        role: Role::Member,
        doc: docs::field(&parameter.name, &parameter.schema, &parameter.description),
        deprecated: parameter.deprecated,
        secret: false,
    }
}

fn whole_body(operation: &Operation, shape: &Shape) -> Field {
    let schema = operation.body.clone().unwrap_or_default();
    let description = docs::description(&schema);
    let doc = match description.as_str() {
        "" => "The body of the request.".to_owned(),
        text => docs::prose(text),
    };
    Field {
        wire: "body".to_owned(),
        name: "body".to_owned(),
        setter: "body".to_owned(),
        shape: shape.clone(),
        optional: false,
        role: Role::Member,
        doc,
        deprecated: false,
        secret: false,
    }
}
