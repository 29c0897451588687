//! Successes with different bodies: an enum of an operation's responses, by status.

use std::collections::BTreeSet;

use super::request::{Reads, Request};
use super::text::Text;
use super::unit::{Module, Unit};
use crate::format::Format;
use crate::model::Operation;
use crate::naming;
use crate::shape::Shape;
use crate::surface::{Kind, Wire};

/// The name that the enum should have.
pub(crate) fn name(operation: &Operation) -> String {
    format!("{}Response", naming::type_name(&operation.id))
}

pub(crate) fn units(requests: &[Request<'_>]) -> Vec<Unit> {
    let several = requests.iter().filter(|it| it.reads == Reads::ByStatus);
    several.filter_map(unit).collect()
}

/// A variant: its name, its status, the pattern of statuses it is for, and format and type of its body.
struct Variant<'a> {
    name: String,
    status: &'a str,
    pattern: String,
    format: &'static str,
    ty: Option<String>,
}

fn unit(request: &Request<'_>) -> Option<Unit> {
    let Shape::Named(name) = &request.response else {
        return None;
    };
    let operation = request.operation;
    let mut taken = BTreeSet::from(["other".to_owned()]);
    let variants = operation.responses.iter().map(|response| {
        let (format, ty) = match &response.body {
            None => ("Nothing", None),
            Some((Format::Text, _)) => ("Text", Some("String".to_owned())),
            Some((Format::Bytes, _)) => ("Raw", Some("crate::Bytes".to_owned())),
            Some((_, schema)) => ("Json", Some(Shape::of_schema(schema).rust(false))),
        };
        Variant {
            name: naming::unique(variant_name(&response.status), &mut taken),
            status: &response.status,
            pattern: match response.status.parse::<u16>() {
                Ok(status) => format!("{status}u16"),
                Err(_) => "200u16..=299".to_owned(),
            },
            format,
            ty,
        }
    });
    let variants: Vec<Variant<'_>> = variants.collect();
    let mut text = Text::of(format!("types::{name}"));
    text.declares(
        Kind::Enum,
        " (by status)",
        Wire::Operation {
            method: operation.method.to_uppercase(),
            path: operation.path.clone(),
            arguments: Vec::new(),
        },
    );
    text.docs(&[&format!(
        "The responses to {}, by their status; [`Response::status`](crate::Response::status) has it too.",
        operation.http()
    )]);
    text.line("#[derive(Clone, Debug, PartialEq)]");
    text.line("#[non_exhaustive]");
    text.line(format_args!("pub enum {name} {{"));
    for variant in &variants {
        let payload = variant
            .ty
            .as_ref()
            .map(|ty| format!("({ty})"))
            .unwrap_or_default();
        text.docs(&[&format!("Status {}.", variant.status)]);
        text.line(format_args!("{}{payload},", variant.name));
        let wire = Wire::Literal(variant.status.to_owned());
        text.record(Kind::Enum, &variant.name, &payload, false, wire);
    }
    text.docs(&["A success with a status that is not documented, with its body as it came."]);
    text.line("Other(crate::Bytes), }");
    text.record(Kind::Enum, "Other", "(crate::Bytes)", false, Wire::None);
    implementation(&mut text, name, &variants);
    Some(Unit::only(Module::Types, name, text))
}

/// Writes how the enum is read.
fn implementation(text: &mut Text, name: &str, variants: &[Variant<'_>]) {
    let ty = |variant: &Variant<'_>| variant.ty.clone().unwrap_or_else(|| "()".to_owned());
    text.line(format_args!(
        "impl crate::format::BodyByStatus for {name} {{"
    ));
    text.line("fn expects(status: u16) -> crate::format::Expects { match status {");
    for variant in variants {
        let (pattern, format, ty) = (&variant.pattern, variant.format, ty(variant));
        text.line(format_args!(
            "{pattern} => <crate::format::{format} as crate::format::Format<{ty}>>::EXPECTS,"
        ));
    }
    text.line("_ => crate::format::Expects::Anything, } }");
    text.line(
        "fn read(status: u16, body: crate::Bytes) \
         -> Result<crate::decode::Decoded<Self>, crate::decode::Mismatch> { match status {",
    );
    for variant in variants {
        let (pattern, format, name) = (&variant.pattern, variant.format, &variant.name);
        let (ty, make) = match &variant.ty {
            Some(ty) => (ty.as_str(), format!("Self::{name}")),
            None => ("()", format!("|()| Self::{name}")),
        };
        text.line(format_args!(
            "{pattern} => crate::format::variant::<crate::format::{format}, {ty}, Self>(status, body, {make}),"
        ));
    }
    text.line(
        "_ => crate::format::variant::<crate::format::Raw, crate::Bytes, Self>(status, body, Self::Other), } }",
    );
    text.line("fn to_json(&self) -> Option<serde_json::Result<String>> { match self {");
    for variant in variants {
        let (name, format) = (&variant.name, variant.format);
        match &variant.ty {
            Some(ty) => text.line(format_args!(
                "Self::{name}(value) => <crate::format::{format} as crate::format::Format<{ty}>>::to_json(value),"
            )),
            None => text.line(format_args!("Self::{name} => Some(Ok(\"null\".to_owned())),")),
        }
    }
    text.line("Self::Other(_) => None, } } }");
}

/// The name that HTTP has for a status.
fn variant_name(status: &str) -> String {
    match status {
        "200" => "Ok".to_owned(),
        "201" => "Created".to_owned(),
        "202" => "Accepted".to_owned(),
        "203" => "NonAuthoritativeInformation".to_owned(),
        "204" => "NoContent".to_owned(),
        "205" => "ResetContent".to_owned(),
        "206" => "PartialContent".to_owned(),
        "207" => "MultiStatus".to_owned(),
        "208" => "AlreadyReported".to_owned(),
        "226" => "ImUsed".to_owned(),
        "2XX" | "2xx" => "Success".to_owned(),
        other => naming::variant_name(&format!("Status {other}")),
    }
}
