//! A request as text, without its credentials.

use std::fmt::Write as _;

use bytes::Bytes;

use crate::error::Error;
use crate::operation::Method;
use crate::request::RequestParts;
use crate::transport;

/// A request that was not sent, without API key and token.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Preview {
    /// The HTTP method.
    pub method: Method,
    /// The full URL, without the `api_key` that every request carries.
    pub url: String,
    /// The headers, in alphabetical order; what is secret or made anew for each request is
    /// written as a word in brackets.
    pub headers: Vec<(String, String)>,
    /// The body, byte for byte; the number of bytes in brackets where it is not text.
    pub body: Option<String>,
    /// True if the body is binary, so that it cannot be shown.
    is_binary: bool,
}

impl Preview {
    pub(super) fn of(parts: &RequestParts, body: Option<&Bytes>) -> Result<Self, Error> {
        let (url, headers) = transport::preview(parts, body.is_some())?;
        let mut headers: Vec<(String, String)> = headers
            .iter()
            .filter(|(name, _)| **name != transport::REQUEST_ID)
            .map(|(name, value)| {
                let value = String::from_utf8_lossy(value.as_bytes());
                (name.as_str().to_owned(), value.into_owned())
            })
            .chain([
                ("authorization".to_owned(), "[token]".to_owned()),
                ("x-client-request-id".to_owned(), "[uuid]".to_owned()),
            ])
            .collect();
        headers.sort();
        Ok(Self {
            method: parts.operation.method,
            url: without_key(url.as_str(), &parts.shared.key_query),
            headers,
            is_binary: body.is_some_and(|body| std::str::from_utf8(body).is_err()),
            body: body.map(|body| match std::str::from_utf8(body) {
                Ok(text) => text.to_owned(),
                Err(_) => format!("[{} bytes]", body.len()),
            }),
        })
    }

    /// A curl command line for a POSIX shell that sends this request. It takes the credentials
    /// from the variables `STREAM_API_KEY` and `STREAM_TOKEN`, and a body that is not text from a
    /// `FILE`. It fails where the response is an error (curl 7.76 or newer).
    pub fn to_curl(&self) -> String {
        let (path, query) = self.url.split_once('?').unwrap_or((&self.url, ""));
        let mut command = format!(
            "curl -sS --fail-with-body -X {} {}",
            self.method,
            quoted(&format!("{path}?api_key="))
        );
        command.push_str("\"$STREAM_API_KEY\"");
        if !query.is_empty() {
            command.push_str(&quoted(&format!("&{query}")));
        }
        for (name, value) in &self.headers {
            let _ = match name.as_str() {
                // Only good for one request, and the server does not need it.
                "x-client-request-id" => Ok(()),
                "authorization" => write!(command, " \\\n  -H \"authorization: $STREAM_TOKEN\""),
                _ => write!(command, " \\\n  -H {}", quoted(&format!("{name}: {value}"))),
            };
        }
        if self.is_binary {
            command.push_str(" \\\n  --data-binary @FILE");
        } else if let Some(body) = &self.body {
            let _ = write!(command, " \\\n  --data-raw {}", quoted(body));
        }
        command
    }
}

/// The key is the first parameter.
fn without_key(url: &str, key_query: &str) -> String {
    match url.split_once(key_query) {
        None => url.to_owned(),
        Some((path, "")) => path.to_owned(),
        Some((path, rest)) => format!("{path}?{}", rest.trim_start_matches('&')),
    }
}

/// Quoted for a POSIX shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}
