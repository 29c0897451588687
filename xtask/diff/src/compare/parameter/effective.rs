//! The parameters that an operation has: its own and those of its path.

use openapi_document::{is_ignored_header, placeholders, reference};
use serde_json::Value;

use crate::compare::fields::entries;
use crate::read::{Document, Operation};

/// A parameter as an operation sees it.
pub(super) struct Parameter<'a> {
    /// The entry in the list: a reference or the parameter itself.
    pub(super) site: &'a Value,
    pub(super) value: &'a Value,
    /// Identity: its place and its name, or its position in the path.
    pub(super) key: String,
    pub(super) name: &'a str,
    pub(super) of_path: bool,
}

impl Parameter<'_> {
    /// True for a header that OpenAPI says to ignore among parameters.
    pub(super) fn is_ignored(&self) -> bool {
        self.value.get("in").and_then(Value::as_str) == Some("header")
            && is_ignored_header(self.name)
    }

    pub(super) fn required(&self) -> bool {
        self.value.get("required") == Some(&Value::Bool(true))
            || self.value.get("in").and_then(Value::as_str) == Some("path")
    }
}

/// The parameters of an operation: its own ones, then those of its path that it does not override.
pub(super) fn effective<'a>(
    document: &Document<'a>,
    operation: &Operation<'a>,
) -> Vec<Parameter<'a>> {
    let mut all: Vec<Parameter<'a>> = Vec::new();
    for (of_path, owner) in [(false, operation.value), (true, operation.item)] {
        for site in entries(owner, "parameters") {
            let parameter = read(document, operation.path, site, of_path);
            let overridden = of_path && all.iter().any(|other| other.key == parameter.key);
            if !overridden {
                all.push(parameter);
            }
        }
    }
    all
}

fn read<'a>(document: &Document<'a>, path: &str, site: &'a Value, of_path: bool) -> Parameter<'a> {
    let value = document.follow(site).target;
    let text = |key: &str| value.get(key).and_then(Value::as_str);
    let lost = reference(value);
    let name = text("name").or(lost).unwrap_or_default();
    let place = text("in").unwrap_or_default();
    let key = match place {
        "path" => match position(path, name) {
            Some(position) => format!("path {position}"),
            None => format!("path {name}"),
        },
        "header" => format!("header {}", name.to_ascii_lowercase()),
        _ => format!("{place} {name}"),
    };
    Parameter {
        site,
        value,
        key,
        name,
        of_path,
    }
}

/// The number of the placeholder of this name.
fn position(path: &str, name: &str) -> Option<usize> {
    placeholders(path).position(|placeholder| placeholder == name)
}

/// The parameters of a path item that every one of its operations overrides.
pub(crate) fn unused<'a>(
    document: &Document<'a>,
    item: &'a Value,
    operations: &[Operation<'a>],
) -> Vec<&'a Value> {
    let used: Vec<Parameter<'a>> = operations
        .iter()
        .flat_map(|operation| effective(document, operation))
        .filter(|parameter| parameter.of_path)
        .collect();
    let is_used = |site: &&Value| used.iter().any(|other| std::ptr::eq(other.site, *site));
    entries(item, "parameters")
        .iter()
        .filter(|site| !is_used(site))
        .collect()
}
