//! Decides arguments, setters and types of every operation before any text of it is written.

use std::collections::BTreeSet;

use super::examples::Example;
use super::query::Encoding;
use super::request::{Argument, Place, Request, Settable, Target};
use super::types::{self, Field};
use super::{docs, pages, tasks};
use crate::error::Error;
use crate::model::{Api, Operation, Parameter};
use crate::naming;
use crate::shape::Shape;

/// Reads every operation once; the other modules only write.
pub(crate) fn plan(api: &Api) -> Result<Vec<Request<'_>>, Error> {
    let mut taken = BTreeSet::new();
    api.operations
        .iter()
        .map(|operation| plan_one(api, operation, &mut taken))
        .collect()
}

fn plan_one<'a>(
    api: &'a Api,
    operation: &'a Operation,
    taken: &mut BTreeSet<String>,
) -> Result<Request<'a>, Error> {
    let located = |message: String| Error::new(&operation.pointer, message).about(&operation.id);
    let mut required: Vec<Argument> = Vec::new();
    let mut settable = Vec::new();
    for parameter in operation.query_parameters() {
        let field = parameter_field(parameter);
        let encoding = Encoding::of(api, parameter, &field.shape);
        if parameter.required {
            required.push(argument(field, Target::Query(encoding)));
        } else {
            let place = Place::Query(encoding);
            settable.push(Settable { field, place });
        }
    }
    let body = operation.body.as_ref().map(Shape::of_schema);
    match &body {
        Some(Shape::Named(name)) if api.is_struct(name) => {
            let schema = api
                .schemas
                .get(name)
                .ok_or_else(|| located(format!("no type {name}")))?;
            let fields = types::fields(api, name)?;
            for field in fields.iter().filter(|f| schema.is_required(&f.wire)) {
                required.push(argument(field.clone(), Target::Body));
            }
            let optional = fields.into_iter().filter(|f| f.optional);
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
    let path = operation
        .path_parameters()
        .map(|p| argument(parameter_field(p), Target::Path));
    let mut arguments: Vec<Argument> = path.chain(required).collect();
    // The method has a variable of this name.
    let mut names = BTreeSet::from(["parts".to_owned()]);
    for argument in &mut arguments {
        argument.name = naming::unique(argument.name.clone(), &mut names);
    }
    let mut setters = BTreeSet::new();
    for settable in &mut settable {
        let setter = naming::setter_name(&settable.field.name);
        settable.field.setter = if setters.contains(&setter) && settable.place == Place::Body {
            naming::unique(
                format!("{}_in_body", settable.field.name.trim_end_matches('_')),
                &mut setters,
            )
        } else {
            naming::unique(setter, &mut setters)
        };
    }
    let response = operation.response.as_ref();
    let mut request = Request {
        operation,
        name: naming::unique(operation.request_name(), taken),
        arguments,
        settable,
        body,
        paging: None,
        task: None,
        example: None,
        response_doc: String::new(),
        response: response.map_or(Shape::Unit, Shape::of_schema),
    };
    if let Shape::Named(name) = &request.response
        && api.is_struct(name)
    {
        let fields = types::fields(api, name)?;
        request.paging = pages::paging(&request, &fields);
        request.task = tasks::task(api, operation, &fields);
    }
    request.response_doc = response_doc(api, &request.response);
    request.example = Example::of(api, &request);
    Ok(request)
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
            docs::continued(&text)
        ),
        None => format!("Responds with [`types::{name}`]."),
    }
}

fn argument(field: Field, target: Target) -> Argument {
    Argument {
        name: naming::argument_name(&field.wire),
        field,
        target,
    }
}

fn parameter_field(parameter: &Parameter) -> Field {
    let name = naming::value_name(&parameter.name);
    let shape = match Shape::of_schema(&parameter.schema) {
        // What has no type in the URL is text.
        Shape::Json if !parameter.json_text => Shape::Text,
        shape => shape,
    };
    Field {
        wire: parameter.name.clone(),
        setter: naming::setter_name(&name),
        name,
        shape,
        optional: !parameter.required,
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
        doc,
        deprecated: false,
        secret: false,
    }
}
