//! Reading the parts of the specification that make up a command.

use openapi_document::{Operation, follow};
use serde_json::Value;

/// The body of a request.
pub(crate) enum Body<'a> {
    /// JSON or a form, whose fields are flags; whether it has to be there, and may have files.
    Fields {
        schema: &'a Value,
        required: bool,
        takes_files: bool,
    },
    /// Text or bytes; whether its media type is up to the caller.
    Raw { any_media: bool },
}

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

    /// The body that the library sends: JSON where there is a choice, then a form.
    pub(crate) fn body(self, operation: &Operation<'a>) -> Result<Option<Body<'a>>, String> {
        let Some(body) = operation.operation.get("requestBody") else {
            return Ok(None);
        };
        let body = self.resolve(body)?;
        let form = |media: &str| {
            media.starts_with("multipart/form-data") || media.ends_with("x-www-form-urlencoded")
        };
        let content = || entries(body.get("content"));
        let fields = content()
            .find(|(media, _)| is_json(media))
            .or_else(|| content().find(|(media, _)| media.starts_with("multipart/form-data")))
            .or_else(|| content().find(|(media, _)| form(media)));
        Ok(match (fields, content().next()) {
            (Some((media, entry)), _) => Some(Body::Fields {
                schema: entry.get("schema").unwrap_or(&Value::Null),
                // A JSON object has to be there for what it requires, as it was before.
                required: !form(media) || body.get("required") == Some(&Value::Bool(true)),
                takes_files: media.starts_with("multipart/"),
            }),
            (None, Some((media, _))) => Some(Body::Raw {
                any_media: media.contains('*') || content().count() > 1,
            }),
            (None, None) => None,
        })
    }

    /// Name, schema and whether it is required, of the fields of an object.
    pub(crate) fn fields(
        self,
        schema: &'a Value,
        found: &mut Vec<(&'a str, &'a Value, bool)>,
    ) -> Result<(), String> {
        let schema = self.resolve(schema)?;
        for (name, field) in entries(schema.get("properties")) {
            // What the server sets is not sent.
            if self.resolve(field)?.get("readOnly") == Some(&Value::Bool(true)) {
                continue;
            }
            found.push((name, field, required(schema, name)));
        }
        for member in items(schema.get("allOf")) {
            self.fields(member, found)?;
        }
        Ok(())
    }

    /// True if the response is text or bytes, which are printed as they are.
    pub(crate) fn has_raw_response(self, operation: &Operation<'a>) -> Result<bool, String> {
        let mut responses = entries(operation.operation.get("responses"));
        let Some((_, response)) = responses.find(|(status, _)| status.starts_with('2')) else {
            return Ok(false);
        };
        let content = || entries(self.resolve(response).ok().and_then(|it| it.get("content")));
        Ok(content().count() > 0 && !content().any(|(media, _)| is_json(media)))
    }

    /// The form of a value on the command line, as a variant of `Kind`, and its known values.
    pub(crate) fn kind(self, schema: &'a Value) -> Result<(&'static str, Vec<&'a str>), String> {
        let schema = self.resolve(schema)?;
        let kind = match (text(schema, "type"), text(schema, "format")) {
            ("string" | "number", "date-time") => "Time",
            ("string", "binary") => "File",
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
                    ("File", _) => ("FileList", Vec::new()),
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

/// JSON, or a range of media types that includes it.
fn is_json(media: &str) -> bool {
    let essence = media.split(';').next().unwrap_or(media).trim();
    matches!(essence, "application/json" | "application/*" | "*/*") || essence.ends_with("+json")
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

/// `GetOrCreateCall`, `ListSIPTrunks` and `X-Tenant` as `get-or-create-call`, `list-sip-trunks` and
/// `x-tenant`.
pub(crate) fn kebab(id: &str) -> String {
    let letters: Vec<char> = id.chars().collect();
    let mut out = String::new();
    for (index, letter) in letters.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|i| letters.get(i));
        let after = letters.get(index + 1);
        let starts = letter.is_uppercase()
            && before.is_some_and(|b| {
                b.is_alphanumeric()
                    && (!b.is_uppercase() || after.is_some_and(|a| a.is_lowercase()))
            });
        if starts || *letter == '_' {
            out.push('-');
        }
        if *letter != '_' {
            out.extend(letter.to_lowercase());
        }
    }
    out
}
