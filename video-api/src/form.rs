//! Forms: `application/x-www-form-urlencoded` and `multipart/form-data`.
//!
//! A form is encoded to bytes once, so that a retry sends the same ones. The multipart form of
//! reqwest is a stream that cannot be sent twice, and needs `mime_guess` and its crates.

use std::borrow::Cow;

use bytes::Bytes;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::header::HeaderValue;
use serde_json::Value;

use crate::error::Error;
use crate::upload::Upload;

/// One field of a form, or one item of a field that is a list.
#[derive(Debug, Clone)]
pub(crate) struct FormField {
    pub(crate) name: Cow<'static, str>,
    /// The field that it is a part of; its own name where it is all of it.
    pub(crate) part_of: Cow<'static, str>,
    pub(crate) content: Content,
    /// The documented media type.
    pub(crate) media: Option<&'static str>,
}

#[derive(Debug, Clone)]
#[allow(dead_code)] // Which of these are used is up to the generated requests.
pub(crate) enum Content {
    Text(String),
    Json(String),
    File(Upload),
}

impl Content {
    /// A value as the media types of OpenAPI have it by default: objects are JSON, and `null` is
    /// left out.
    pub(crate) fn of(value: &Value) -> Option<Self> {
        match value {
            Value::Null => None,
            Value::String(text) => Some(Self::Text(text.clone())),
            Value::Bool(_) | Value::Number(_) => Some(Self::Text(value.to_string())),
            Value::Array(_) | Value::Object(_) => Some(Self::Json(value.to_string())),
        }
    }
}

/// `a=1&b=x+y`, as HTML forms are written.
pub(crate) fn urlencoded(fields: &[FormField]) -> Bytes {
    let mut text = String::new();
    for field in fields {
        if !text.is_empty() {
            text.push('&');
        }
        let value = match &field.content {
            Content::Text(text) | Content::Json(text) => Cow::Borrowed(text.as_str()),
            Content::File(file) => String::from_utf8_lossy(&file.bytes),
        };
        for (index, part) in [&*field.name, &*value].into_iter().enumerate() {
            if index == 1 {
                text.push('=');
            }
            // A space is `+`, so what is one already is written otherwise.
            for (index, word) in part.split(' ').enumerate() {
                if index > 0 {
                    text.push('+');
                }
                text.extend(utf8_percent_encode(word, FORM));
            }
        }
    }
    Bytes::from(text)
}

/// Everything but what the URL standard leaves as it is in a form.
const FORM: &percent_encoding::AsciiSet = &NON_ALPHANUMERIC
    .remove(b'*')
    .remove(b'-')
    .remove(b'.')
    .remove(b'_');

/// RFC 7578, with names escaped as browsers do.
pub(crate) fn multipart(fields: &[FormField], boundary: &str) -> Result<Bytes, Error> {
    let mut body = Vec::new();
    for field in fields {
        let mut head = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"{}\"",
            escaped(&field.name)
        );
        let (media, content) = match &field.content {
            Content::Text(text) => (field.media, text.as_bytes()),
            Content::Json(json) => (
                Some(field.media.unwrap_or("application/json")),
                json.as_bytes(),
            ),
            Content::File(file) => {
                let name = file.file_name.as_deref().unwrap_or(&field.name);
                head.push_str(&format!("; filename=\"{}\"", escaped(name)));
                let own = file.content_type.as_deref().or(field.media);
                (
                    Some(own.unwrap_or("application/octet-stream")),
                    &*file.bytes,
                )
            }
        };
        if let Some(media) = media {
            if HeaderValue::try_from(media).is_err() {
                let name = &field.name;
                let reason = format!(
                    "the media type of the field `{name}` has characters that cannot be sent"
                );
                return Err(Error::invalid(reason));
            }
            head.push_str("\r\nContent-Type: ");
            head.push_str(media);
        }
        head.push_str("\r\n\r\n");
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    Ok(Bytes::from(body))
}

/// A name between quotes, from which it cannot break out.
fn escaped(name: &str) -> String {
    name.replace('"', "%22")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}
