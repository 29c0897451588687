//! The result of one line.

use std::time::Duration;

use serde::Serialize;
use serde_json::{Value, json};
use video_api::by_name::Prepared;
use video_api::{Error, Response};

use crate::exit::Failure;
use crate::output::error;

/// A line of the output.
#[derive(Debug, Serialize)]
pub(super) struct Record {
    line: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    operation_id: Option<String>,
    ok: bool,
    /// The HTTP status; `null` without a response.
    status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Value>,
    /// The request of a dry run.
    #[serde(skip_serializing_if = "Option::is_none")]
    request: Option<Value>,
    /// Number of times that the request was sent.
    attempts: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    duration_ms: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<String>,
    /// Fingerprint of the line, to find changes when resuming.
    input: String,
}

impl Record {
    fn new(line: u64, input: String) -> Self {
        Self {
            line,
            operation_id: None,
            ok: false,
            status: None,
            body: None,
            error: None,
            request: None,
            attempts: 0,
            duration_ms: None,
            request_id: None,
            input,
        }
    }

    /// The result of a line that cannot be sent.
    pub(super) fn invalid(line: u64, input: String, id: Option<String>, reason: String) -> Self {
        let error = json!({"kind": "invalid", "message": reason, "retryable": false});
        Self {
            operation_id: id,
            error: Some(error),
            ..Self::new(line, input)
        }
    }

    /// The result of a line that was only checked.
    pub(super) fn request(line: u64, input: String, prepared: &Prepared) -> Result<Self, Failure> {
        let preview = prepared.preview()?;
        let body = preview.body.as_deref().map(serde_json::from_str::<Value>);
        let request = json!({
            "method": preview.method.as_str(),
            "url": preview.url,
            "body": body.and_then(Result::ok),
        });
        let id = prepared.operation().id.to_owned();
        Ok(Self {
            operation_id: Some(id),
            ok: true,
            request: Some(request),
            ..Self::new(line, input)
        })
    }

    /// The result of a line that was sent.
    pub(super) fn sent(
        line: u64,
        input: String,
        id: &str,
        result: Result<Response<Value>, Error>,
        took: Duration,
    ) -> Self {
        let mut record = Self {
            operation_id: Some(id.to_owned()),
            duration_ms: Some((took.as_secs_f64() * 1e6).round() / 1e3),
            ..Self::new(line, input)
        };
        match result {
            Ok(response) => {
                record.ok = true;
                record.status = Some(response.status().as_u16());
                record.attempts = response.attempts();
                record.request_id = Some(response.request_id().to_owned());
                record.body = Some(response.into_inner());
            }
            Err(failed) => {
                record.status = failed.status().map(|status| status.as_u16());
                record.attempts = failed.attempts();
                record.request_id = failed.request_id().map(str::to_owned);
                record.error = Some(error::of(&failed));
            }
        }
        record
    }

    pub(super) fn line(&self) -> u64 {
        self.line
    }

    pub(super) fn outcome(&self) -> Outcome {
        match (self.ok, self.status, self.attempts) {
            (true, ..) => Outcome::Ok,
            (false, Some(_), _) => Outcome::Refused,
            (false, None, 0) if self.is_invalid() => Outcome::Invalid,
            (false, None, _) => Outcome::NoResponse,
        }
    }

    /// The reason why the line failed.
    pub(super) fn reason(&self) -> Option<&str> {
        self.error.as_ref()?.get("message")?.as_str()
    }

    fn is_invalid(&self) -> bool {
        self.error
            .as_ref()
            .and_then(|error| error.get("kind"))
            .is_some_and(|kind| kind == "invalid")
    }

    /// As a line of the output.
    pub(super) fn into_bytes(self) -> Result<Vec<u8>, Failure> {
        let bytes = serde_json::to_vec(&self);
        let mut bytes = bytes.map_err(|error| Failure::from(std::io::Error::from(error)))?;
        bytes.push(b'\n');
        Ok(bytes)
    }
}

/// The outcome of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    Ok,
    /// The API, or a proxy before it, responded with an error.
    Refused,
    NoResponse,
    Invalid,
}

/// A fingerprint of a line's text (FNV-1a).
pub(super) fn fingerprint(text: &str) -> String {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in text.trim().bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    format!("{hash:016x}")
}

#[cfg(test)]
mod tests {
    use super::fingerprint;

    #[test]
    fn fingerprints_ignore_space_around_the_line_only() {
        assert_eq!(fingerprint(" a\r"), fingerprint("a"));
        assert_ne!(fingerprint("a b"), fingerprint("ab"));
        // From the authors' test suite.
        assert_eq!(fingerprint("foobar"), "85944171f73967e8");
    }
}
