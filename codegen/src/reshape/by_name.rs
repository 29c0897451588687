//! Dispatch from an operation id to the typed request, for callers that only have JSON.

use super::request::{Place, Request, Settable, Target};
use super::text::Text;
use super::unit::{Module, Unit};

pub(crate) fn unit(requests: &[Request<'_>]) -> Unit {
    let mut text = Text::default();
    text.docs(&["Makes the typed request that the arguments name."]);
    text.line("#[cfg(feature = \"by-name\")]");
    text.line(
        "pub(crate) fn prepare(client: &Client, arguments: &BoundArguments<'_>) -> Result<Prepared, Error> {",
    );
    text.line("match arguments.operation().id {");
    for request in requests {
        arm(&mut text, request);
    }
    text.line("other => Err(BoundArguments::not_generated(other)),");
    text.line("}");
    text.line("}");
    Unit::only(Module::Root, "by_name", text)
}

fn arm(text: &mut Text, request: &Request<'_>) {
    let (name, constant) = (&request.name, request.constant());
    let response = request.response.rust(true);
    let required = request.arguments.iter().filter_map(|a| match &a.target {
        Target::Query(encoding) => Some((&a.field, encoding)),
        _ => None,
    });
    let required: Vec<_> = required.collect();
    let in_query = |s: &&Settable| matches!(s.place, Place::Query(_));
    let optional = request.settable.iter().filter(in_query);
    let optional: Vec<_> = optional.map(|settable| &settable.field).collect();
    let mutability = if required.is_empty() && optional.is_empty() {
        ""
    } else {
        "mut "
    };
    let body = match &request.body {
        Some(_) if request.body_optional => ", body: arguments.optional_body()?",
        Some(_) => ", body: arguments.body()?",
        None => "",
    };
    text.line(format_args!("{:?} => {{", request.operation.id));
    text.line(format_args!(
        "let {mutability}request = requests::{name} {{ \
         parts: arguments.parts(&client.shared, &operations::{constant})?{body} }};"
    ));
    for (field, encoding) in required {
        let (wire, ty) = (&field.wire, field.shape.rust(true));
        text.line(format_args!(
            "let value: {ty} = arguments.required_query({wire:?})?;"
        ));
        encoding.set(text, field, "request.parts", "value");
    }
    for field in optional {
        let (wire, ty) = (&field.wire, field.shape.rust(true));
        text.line(format_args!(
            "if let Some(value) = arguments.query::<{ty}>({wire:?})? {{"
        ));
        text.line(format_args!("request = request.{}(value);", field.setter));
        text.line("}");
    }
    if request.body_optional {
        text.line(format_args!(
            "match &request.body {{
                Some(body) => Prepared::json::<_, {response}>(request.parts, body),
                None => Ok(Prepared::empty::<{response}>(request.parts)),
            }}"
        ));
    } else if request.body.is_some() {
        text.line(format_args!(
            "Prepared::json::<_, {response}>(request.parts, &request.body)"
        ));
    } else {
        text.line(format_args!(
            "arguments.no_body().map(|()| Prepared::empty::<{response}>(request.parts))"
        ));
    }
    text.line("}");
}
