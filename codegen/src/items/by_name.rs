//! Dispatch from an operation id to the typed request, for callers that only have JSON.

use super::query::{Encoding, Sent};
use super::request::{Place, Request, Target};
use super::text::{Text, list};
use super::unit::{Module, Unit};
use crate::format::Format;
use crate::model::In;

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
        Target::Sent(sent) => Some((&a.field, sent)),
        _ => None,
    });
    let required: Vec<_> = required.collect();
    let optional = request.settable.iter().filter_map(|s| match &s.place {
        Place::Sent(sent) => Some((&s.field, sent)),
        _ => None,
    });
    let optional: Vec<_> = optional.collect();
    let is_form = matches!(request.body_format, Some(Format::Form | Format::Multipart));
    let mutability = if required.is_empty() && optional.is_empty() && !is_form {
        ""
    } else {
        "mut "
    };
    let body = match (&request.body, request.body_format) {
        (None, _) => "",
        (Some(_), Some(Format::Text)) if request.body_optional => {
            ", body: arguments.optional_text_body()?"
        }
        (Some(_), Some(Format::Text)) => ", body: arguments.text_body()?",
        (Some(_), Some(Format::Bytes)) if request.body_optional => {
            ", body: arguments.optional_raw_body()?"
        }
        (Some(_), Some(Format::Bytes)) => ", body: arguments.raw_body()?",
        (Some(_), _) if request.body_optional => ", body: arguments.optional_body()?",
        (Some(_), _) => ", body: arguments.body()?",
    };
    let names = |wanted: &dyn Fn(&Sent) -> bool| {
        let all = required.iter().chain(&optional);
        list(
            all.filter(|(_, sent)| wanted(sent))
                .map(|(field, _)| format!("{:?}", field.wire)),
        )
    };
    let is_file = |sent: &Sent| matches!(sent.encoding, Encoding::File | Encoding::Files);
    let headers = names(&|sent| sent.place == In::Header);
    let files = names(&is_file);
    let parts = match (headers.as_str(), files.as_str()) {
        ("", "") => format!("parts(&client.shared, &operations::{constant})"),
        _ => {
            format!("parts_with(&client.shared, &operations::{constant}, &[{headers}], &[{files}])")
        }
    };
    text.line(format_args!("{:?} => {{", request.operation.id));
    if is_form {
        let fields = names(&|sent| sent.place == In::Form);
        text.line(format_args!("arguments.check_form(&[{fields}])?;"));
    }
    text.line(format_args!(
        "let {mutability}request = requests::{name} {{ \
         parts: arguments.{parts}?{body} }};"
    ));
    let read = |sent: &Sent| match (sent.place, sent.encoding) {
        (In::Header, _) => "header",
        (In::Form, Encoding::File) => "file",
        (In::Form, Encoding::Files) => "files",
        (In::Form, _) => "field",
        _ => "query",
    };
    for (field, sent) in required {
        let (wire, ty, read) = (&field.wire, field.shape.rust(true), read(sent));
        text.line(format_args!(
            "let value: {ty} = arguments.required_{read}({wire:?})?;"
        ));
        sent.set(text, field, "request.parts", "value");
    }
    for (field, sent) in optional {
        let (wire, ty, what) = (&field.wire, field.shape.rust(true), read(sent));
        let types = match is_file(sent) {
            true => String::new(),
            false => format!("::<{ty}>"),
        };
        text.line(format_args!(
            "if let Some(value) = arguments.{what}{types}({wire:?})? {{"
        ));
        text.line(format_args!("request = request.{}(value);", field.setter));
        text.line("}");
    }
    if !request.is_json() {
        if request.body_format.is_none() {
            text.line("arguments.no_body()?;");
        }
        let (encode, format) = (
            request.encode_body("request.parts", "request.body"),
            request.format(),
        );
        text.line(format_args!(
            "{encode} Ok(Prepared::of::<{format}, {response}>(request.parts, body))"
        ));
    } else if request.body_optional && request.body.is_some() {
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
