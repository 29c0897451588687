//! Reading the parts of the specification that make up a command.

use openapi_document::{Operation, follow};
use serde_json::Value;

/// The whole specification.
#[derive(Clone, Copy)]
pub(crate) struct Document<'a>(pub(crate) &'a Value);

impl<'a> Document<'a> {
    /// Follows references, and the `allOf` of one element that gives a reference a description.
    pub(crate) fn resolve(self, value: &'a Value) -> Result<&'a Value, String> {
        let mut value = follow(self.0, value).map_err(|error| error.to_string())?;
        while let [only] = items(value.get("allOf")) {
            value = follow(self.0, only).map_err(|error| error.to_string())?;
        }
        Ok(value)
    }

    /// The resolved schema of the first successful JSON response; `null` when there is none.
    pub(crate) fn response(self, operation: &Operation<'a>) -> Result<&'a Value, String> {
        let mut responses = entries(operation.operation.get("responses"));
        let Some((_, response)) = responses.find(|(status, _)| status.starts_with('2')) else {
            return Ok(&Value::Null);
        };
        let schema = self.resolve(response)?;
        let schema = schema.pointer("/content/application~1json/schema");
        self.resolve(schema.unwrap_or(&Value::Null))
    }

    /// The form of a value on the command line, as a variant of `Kind`, and its known values.
    pub(crate) fn kind(self, schema: &'a Value) -> Result<(&'static str, Vec<&'a str>), String> {
        let schema = self.resolve(schema)?;
        let kind = match (text(schema, "type"), text(schema, "format")) {
            ("string" | "number", "date-time") => "Time",
            ("string", _) => "Text",
            ("integer", _) => "Integer",
            ("number", _) => "Number",
            ("boolean", _) => "Boolean",
            ("array", _) => {
                let element = schema.get("items").unwrap_or(&Value::Null);
                let fields = self.resolve(element)?.get("properties");
                let has = |name| entries(fields).any(|(field, _)| field == name);
                return Ok(match self.kind(element)? {
                    ("Text", values) => ("TextList", values),
                    _ if has("field") && has("direction") => ("Sort", Vec::new()),
                    _ => ("Json", Vec::new()),
                });
            }
            _ => "Json",
        };
        let values = items(schema.get("enum")).iter().filter_map(Value::as_str);
        Ok((kind, values.collect()))
    }
}

/// Returns whether an object schema requires a property.
pub(crate) fn required(schema: &Value, name: &str) -> bool {
    items(schema.get("required"))
        .iter()
        .any(|required| required.as_str() == Some(name))
}

pub(crate) fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

pub(crate) fn items(value: Option<&Value>) -> &[Value] {
    value
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default()
}

pub(crate) fn entries(value: Option<&Value>) -> impl Iterator<Item = (&str, &Value)> {
    value
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .map(|(key, value)| (key.as_str(), value))
}

/// `GetOrCreateCall` and `ListSIPTrunks` as `get-or-create-call` and `list-sip-trunks`.
pub(crate) fn kebab(id: &str) -> String {
    let letters: Vec<char> = id.chars().collect();
    let mut out = String::new();
    for (index, letter) in letters.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|i| letters.get(i));
        let after = letters.get(index + 1);
        let starts = letter.is_uppercase()
            && before.is_some_and(|b| !b.is_uppercase() || after.is_some_and(|a| a.is_lowercase()));
        if starts || *letter == '_' {
            out.push('-');
        }
        if *letter != '_' {
            out.extend(letter.to_lowercase());
        }
    }
    out
}
