//! One request per operation: what is required is an argument, what is optional a setter.

use std::collections::BTreeMap;

use super::query::Sent;
use super::request::{Argument, Place, Request, Settable, Target};
use super::text::{Text, list};
use super::unit::{Module, Unit};
use super::{docs, pages, query, tasks, types};
use crate::format::Format;
use crate::model::In;
use crate::surface::{self, Kind, Wire};

/// The request struct.
pub(crate) fn unit(request: &Request<'_>) -> Unit {
    let name = &request.name;
    let operation = request.operation;
    let method = operation.method_name();
    let mut text = Text::of(format!("requests::{name}"));
    text.declares(Kind::Struct, "", wire(request, Vec::new()));
    let maker = method.trim_start_matches("r#");
    text.docs(&[
        &request.summary(),
        &format!("Made by [`Client::{maker}`]; {}.", operation.http()),
    ]);
    text.line("#[derive(Clone, Debug)]");
    text.line("#[must_use = \"a request does nothing until it is sent\"]");
    text.line(format_args!("pub struct {name} {{"));
    text.line("pub(crate) parts: RequestParts,");
    if let Some(body) = &request.body {
        let body = body.rust(true);
        text.line(match request.body_optional {
            true => format!("pub(crate) body: Option<{body}>,"),
            false => format!("pub(crate) body: {body},"),
        });
    }
    text.line("}");
    text.line(format_args!("impl {name} {{"));
    for settable in &request.settable {
        setter(&mut text, settable);
    }
    text.docs(&[&format!(
        "Sends the request; success is any 2xx, documented is {}. Fails as described at [`Error`].",
        operation.success
    )]);
    let response = request.response.rust(true);
    let signature = format!("(self) -> Result<Response<{response}>, Error>");
    text.line(format_args!("pub async fn send{signature} {{"));
    text.record(Kind::Function, "send", &signature, false, Wire::None);
    text.line(match &request.body {
        _ if !request.is_json() => send_encoded(request),
        Some(_) if request.body_optional => "match &self.body {
                Some(body) => self.parts.send_json(body).await,
                None => self.parts.send_empty().await,
            } }"
        .to_owned(),
        Some(_) => "self.parts.send_json(&self.body).await }".to_owned(),
        None => "self.parts.send().await }".to_owned(),
    });
    if let Some(task) = request.task {
        tasks::method(&mut text, task);
    }
    if request.paging.is_some() {
        pages::methods(&mut text);
    }
    text.line("}");
    if let Some(paging) = &request.paging {
        pages::implementation(&mut text, request, paging);
    }
    let names = vec![operation.id.clone(), name.clone(), method];
    Unit {
        macros: format!("request_options!({name});\n"),
        ..Unit::new(Module::Requests, names, text)
    }
}

/// Sends what is not JSON, or reads it.
fn send_encoded(request: &Request<'_>) -> String {
    let is_form = matches!(request.body_format, Some(Format::Form | Format::Multipart));
    let (parts, make) = match is_form {
        true => ("parts", "let mut parts = self.parts;"),
        false => ("self.parts", ""),
    };
    let encode = request.encode_body(parts, "self.body");
    let (format, response) = (request.format(), request.response.rust(true));
    format!("{make} {encode} {parts}.send_as::<{format}, {response}>(body).await }}")
}

fn setter(text: &mut Text, settable: &Settable) {
    let field = &settable.field;
    match &settable.place {
        Place::Body => types::setter(text, field, "self.body", true),
        Place::WholeBody => {
            types::open_setter(text, field, surface::Place::WholeBody);
            let value = field.shape.conversion(&field.name);
            text.line(format_args!("self.body = Some({value});"));
            types::close_setter(text);
        }
        Place::Sent(sent) => {
            types::open_setter(text, field, sent.on_surface());
            sent.set(text, field, "self.parts", &field.name);
            types::close_setter(text);
        }
    }
}

/// The methods of the client.
pub(crate) fn client(requests: &[Request<'_>]) -> Unit {
    let mut text = Text::of("Client");
    text.docs(&["Operations, by topic.", &by_topic(requests)]);
    text.line("impl Client {");
    for request in requests {
        let name = request.operation.method_name();
        method(&mut text, request, &name, "&self.shared", &[]);
    }
    text.line("}");
    Unit::only(Module::Root, "Client", text)
}

/// A list of links to the operations of each topic; empty where the document has no topics.
fn by_topic(requests: &[Request<'_>]) -> String {
    let mut topics: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for request in requests.iter().filter(|r| !r.operation.tag.is_empty()) {
        let name = request.operation.method_name();
        let name = name.trim_start_matches("r#");
        let link = format!("[`{name}`](Client::{name})");
        topics.entry(&request.operation.tag).or_default().push(link);
    }
    let lines = topics
        .iter()
        .map(|(topic, links)| format!("- {}: {}\n", docs::prose(topic), list(links)));
    lines.collect()
}

/// Writes a method that makes a request; `given` are expressions for arguments that it does not
/// take, by their name.
pub(crate) fn method(
    text: &mut Text,
    request: &Request<'_>,
    name: &str,
    client: &str,
    given: &[(&str, &str)],
) {
    let operation = request.operation;
    let value_of = |argument: &Argument| {
        let found = given.iter().find(|(name, _)| *name == argument.name);
        found.map_or(argument.name.clone(), |(_, value)| (*value).to_owned())
    };
    let is_taken = |a: &&Argument| !given.iter().any(|(name, _)| *name == a.name);
    let taken: Vec<&Argument> = request.arguments.iter().filter(is_taken).collect();
    let described = taken.iter().map(|a| {
        let doc = docs::first_paragraph(&a.field.doc);
        format!("- `{}`: {doc}\n", a.name.trim_start_matches("r#"))
    });
    let example = request.example.as_ref();
    let example = example.map(|e| e.lines(name, given, request.paging.is_some()));
    text.docs(&[
        &request.summary(),
        &docs::prose(&operation.description),
        &operation.http(),
        &described.collect::<String>(),
        &request.response_doc,
        &example.unwrap_or_default(),
    ]);
    text.deprecated(operation.deprecated);
    text.line("#[inline]");
    let parameters = taken
        .iter()
        .map(|a| format!("{}: {}", a.name, a.field.shape.argument(true)));
    let parameters = list(["&self".to_owned()].into_iter().chain(parameters));
    let signature = format!("({parameters}) -> requests::{}", request.name);
    let arguments = taken.iter().map(|a| a.field.argument(&a.name, a.place()));
    let wire = wire(request, arguments.collect());
    text.function(name, &signature, operation.deprecated, wire);
    let in_path = request
        .arguments
        .iter()
        .filter(|a| a.target == Target::Path)
        .map(|a| query::as_text(&a.field.shape, &value_of(a)));
    let make = format!(
        "RequestParts::new({client}, &operations::{}, vec![{}])",
        request.constant(),
        list(in_path)
    );
    let sent = request.arguments.iter().filter_map(|a| match &a.target {
        Target::Sent(sent) => Some((a, sent)),
        _ => None,
    });
    let mut sent = sent.peekable();
    let parts = if sent.peek().is_some() {
        // No argument ends with an underscore that is not a keyword.
        text.line(format_args!("let mut parts_ = {make};"));
        "parts: parts_".to_owned()
    } else {
        format!("parts: {make}")
    };
    for (argument, it) in sent {
        it.set(text, &argument.field, "parts_", &value_of(argument));
    }
    let body = body(request, &value_of).map(|body| format!("body: {body}"));
    let fields = list([parts].into_iter().chain(body));
    text.line(format_args!("requests::{} {{ {fields} }} }}", request.name));
}

/// The operation as what a type or function stands for.
fn wire(request: &Request<'_>, arguments: Vec<surface::Argument>) -> Wire {
    Wire::Operation {
        method: request.operation.method.to_uppercase(),
        path: request.operation.path.clone(),
        arguments,
    }
}

impl Argument {
    fn place(&self) -> surface::Place {
        match self.target {
            Target::Path => surface::Place::Path,
            Target::Sent(ref sent) => sent.on_surface(),
            Target::Body => surface::Place::Body,
            Target::WholeBody => surface::Place::WholeBody,
        }
    }
}

impl Sent {
    fn on_surface(&self) -> surface::Place {
        match self.place {
            In::Path => surface::Place::Path,
            In::Query => surface::Place::Query,
            In::Header => surface::Place::Header,
            In::Form => surface::Place::Body,
        }
    }
}

/// The expression for the body.
fn body(request: &Request<'_>, value_of: &dyn Fn(&Argument) -> String) -> Option<String> {
    let body = request.body.as_ref()?;
    if request.body_optional {
        return Some("None".to_owned());
    }
    let mut arguments = request.arguments.iter();
    if let Some(whole) = arguments.find(|a| a.target == Target::WholeBody) {
        return Some(whole.field.shape.conversion(&value_of(whole)));
    }
    let required = request
        .arguments
        .iter()
        .filter(|a| a.target == Target::Body);
    let mut fields: Vec<String> = required
        .map(|a| {
            let value = a.field.shape.conversion(&value_of(a));
            format!("{}: {value}", a.field.name)
        })
        .collect();
    if fields.is_empty() {
        return Some("Default::default()".to_owned());
    }
    if request.partial_body {
        fields.push("..Default::default()".to_owned());
    }
    Some(format!("{} {{ {} }}", body.rust(true), list(fields)))
}
