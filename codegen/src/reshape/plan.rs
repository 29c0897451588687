//! Decides arguments, setters and types of every operation before any text of it is written.

use std::collections::BTreeSet;

use super::examples::Example;
use super::query::Encoding;
use super::request::{Argument, Place, Request, Settable, Target};
use super::types::{self, Field, Role};
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
    let mut partial_body = false;
    let mut body_optional = false;
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
    let path = operation
        .path_parameters()
        .map(|p| argument(parameter_field(p), Target::Path));
    let mut arguments: Vec<Argument> = path.chain(required).collect();
    let mut names = BTreeSet::new();
    for argument in &mut arguments {
        if names.contains(&argument.name.to_lowercase()) {
            // The same word elsewhere: what is not in the path says where it goes.
            let place = match argument.target {
                Target::Path => "path",
                Target::Query(_) => "query",
                Target::Body | Target::WholeBody => "body",
            };
            let word = argument.name.trim_start_matches("r#");
            argument.name = format!("{}_in_{place}", word.trim_end_matches('_'));
        }
        argument.name = naming::unique(argument.name.clone(), &mut names);
    }
    let mut setters = BTreeSet::new();
    for settable in &mut settable {
        let setter = naming::setter_name(&settable.field.name);
        settable.field.setter =
            if setters.contains(&setter) && !matches!(settable.place, Place::Query(_)) {
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
        body_optional,
        partial_body,
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

/// Whether a body is optional and, once given, has to have something in it.
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
