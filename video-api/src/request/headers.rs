//! Header parameters.

use reqwest::header::HeaderValue;
use serde::Serialize;
use serde_json::Value;

use super::RequestParts;

#[allow(dead_code)] // Used where the spec has header parameters.
impl RequestParts {
    /// Sets a header, replacing an earlier value. A value that a header cannot carry unchanged is an
    /// error when the request is sent.
    pub(crate) fn set_header(&mut self, name: &'static str, value: String) {
        let is_visible = value.bytes().all(|byte| (b' '..=b'~').contains(&byte));
        match HeaderValue::from_str(&value) {
            Ok(_) if value.trim() != value => self.defer(format!(
                "the header `{name}` starts or ends with a space, which HTTP would remove"
            )),
            Ok(value) if is_visible => {
                self.unset_header(name);
                self.headers.push((name, value));
            }
            _ => self.defer(format!(
                "the header `{name}` may only hold visible ASCII characters and spaces"
            )),
        }
    }

    /// Sets a header that is a list or an object; an empty one is not sent.
    pub(crate) fn set_header_styled<T: Serialize>(
        &mut self,
        name: &'static str,
        explode: bool,
        value: &T,
    ) {
        match serde_json::to_value(value).map(|value| simple(explode, &value)) {
            Ok(Some(text)) => self.set_header(name, text),
            Ok(None) => self.unset_header(name),
            Err(error) => self.defer(format!("`{name}` cannot be written: {error}")),
        }
    }

    /// Sets a header that is JSON text.
    pub(crate) fn set_header_json<T: Serialize>(&mut self, name: &'static str, value: &T) {
        match serde_json::to_string(value) {
            Ok(json) => self.set_header(name, json),
            Err(error) => self.defer(format!("`{name}` cannot be written as JSON: {error}")),
        }
    }

    fn unset_header(&mut self, name: &str) {
        self.headers
            .retain(|(set, _)| !set.eq_ignore_ascii_case(name));
    }
}

/// The style `simple` of OpenAPI: `1,2`, `color,red`, or exploded `color=red`. `null` is left out.
fn simple(explode: bool, value: &Value) -> Option<String> {
    let text = |value: &Value| match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    };
    let between = if explode { '=' } else { ',' };
    let parts: Vec<String> = match value {
        Value::Array(items) => items.iter().filter_map(text).collect(),
        Value::Object(members) => members
            .iter()
            .filter_map(|(key, value)| Some(format!("{key}{between}{}", text(value)?)))
            .collect(),
        single => text(single).into_iter().collect(),
    };
    (!parts.is_empty()).then(|| parts.join(","))
}
