//! The static description of every operation.

use super::text::{Text, list};
use super::unit::{Module, Unit};
use crate::error::Error;
use crate::format::Format;
use crate::model::{Api, In, Operation, Parameter};
use crate::naming;

pub(crate) fn units(api: &Api) -> Result<Vec<Unit>, Error> {
    let mut units = Vec::new();
    for operation in &api.operations {
        units.push(unit(operation)?);
    }
    let all = api.operations.iter();
    let all = list(all.map(|o| format!("&{}", naming::static_name(&o.id))));
    let mut text = Text::default();
    text.docs(&["Every operation, in the order of their paths."]);
    text.line(format_args!("pub static ALL: &[&Operation] = &[{all}];"));
    units.push(Unit::only(Module::Operations, "ALL", text));
    Ok(units)
}

fn unit(operation: &Operation) -> Result<Unit, Error> {
    let Operation {
        id,
        path,
        tag,
        summary,
        success,
        ..
    } = operation;
    if !["get", "post", "put", "patch", "delete"].contains(&operation.method.as_str()) {
        let message = format!("the method {} is not supported", operation.method);
        return Err(Error::new(&operation.pointer, message).about(id));
    }
    let constant = naming::static_name(id);
    let method_name = operation.method_name();
    let name = method_name.trim_start_matches("r#");
    let method = naming::type_name(&operation.method);
    let media = operation.content_type.as_str();
    let body = match operation.body_format() {
        Some(Format::Json) if media == "application/json" => "Json".to_owned(),
        Some(Format::Json) => format!("JsonAs({media:?})"),
        Some(Format::Form) => "Form".to_owned(),
        Some(Format::Multipart) => "Multipart".to_owned(),
        Some(Format::Text | Format::Bytes) => format!("Raw({media:?})"),
        None => "None".to_owned(),
    };
    let accept = match operation.accept.as_str() {
        "" => "application/json",
        media => media,
    };
    let mut text = Text::default();
    text.docs(&[&operation.http()]);
    text.line(format_args!(
        "pub static {constant}: Operation = Operation {{"
    ));
    text.line(format_args!("id: {id:?},"));
    text.line(format_args!("name: {name:?},"));
    text.line(format_args!("method: Method::{method},"));
    text.line(format_args!("only_reads: {},", operation.only_reads));
    text.line(format_args!("path: {path:?},"));
    text.line(format_args!("tag: {tag:?},"));
    text.line(format_args!("summary: {summary:?},"));
    text.line(format_args!("success: {success}u16,"));
    let in_path = operation.parameters_in(In::Path);
    let in_query = || operation.parameters_in(In::Query);
    text.line(format_args!("path_params: &[{}],", names(in_path)));
    text.line(format_args!("query_params: &[{}],", names(in_query())));
    let again = in_query().filter(|p| p.non_idempotent);
    text.line(format_args!("non_idempotent_params: &[{}],", names(again)));
    text.line(format_args!("body: BodyKind::{body},"));
    text.line(format_args!("accept: {accept:?},"));
    text.line("};");
    Ok(Unit::only(Module::Operations, id, text))
}

fn names<'a>(parameters: impl Iterator<Item = &'a Parameter>) -> String {
    list(parameters.map(|parameter| format!("{:?}", parameter.name)))
}
