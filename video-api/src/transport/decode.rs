//! From bytes to the typed response.

use std::str::Utf8Error;

use bytes::Bytes;
use serde::de::DeserializeOwned;
use serde_json::error::Category;

use super::attempt::Answer;
use super::server_duration;
use crate::error::{BodyFault, Kind, scrub};
use crate::observe::Watch;
use crate::operation::Operation;
use crate::response::Meta;
use crate::{Client, Error, Response, Timestamp, json_path};

/// A success whose body is still bytes.
pub(crate) struct RawResponse {
    client: Client,
    operation: &'static Operation,
    body: Bytes,
    meta: Meta,
    watch: Watch,
}

impl RawResponse {
    pub(super) fn new(
        client: Client,
        operation: &'static Operation,
        answer: Answer,
        id: &str,
        attempts: u32,
        watch: Watch,
    ) -> Self {
        let meta = Meta {
            status: answer.status,
            headers: answer.headers,
            request_id: id.into(),
            attempts,
            server_duration: server_duration::find(&answer.body),
        };
        Self {
            client,
            operation,
            body: answer.body,
            meta,
            watch,
        }
    }

    /// Decodes the body. As little as possible is generic here.
    pub(crate) fn decode<T: DeserializeOwned>(self) -> Result<Response<T>, Error> {
        // The encoding of all of it is checked at once, which takes a fraction of what checking
        // string by string does.
        let json = match std::str::from_utf8(&self.body) {
            Ok(json) => json,
            Err(error) => return Err(self.no_text(error)),
        };
        match serde_json::from_str(json) {
            Ok(body) => {
                self.watch.succeeded(&self.meta);
                Ok(Response {
                    body,
                    meta: self.meta,
                })
            }
            Err(error) => Err(self.undecodable(&error)),
        }
    }

    #[cold]
    fn no_text(self, error: Utf8Error) -> Error {
        let (line, column) = json_path::place(&self.body, error.valid_up_to());
        let reason = format!("invalid UTF-8 at line {line} column {column}");
        self.unusable(Kind::Body(BodyFault::Syntax(reason.clone())), reason)
    }

    #[cold]
    fn undecodable(self, error: &serde_json::Error) -> Error {
        let secrets = self.client.secrets();
        // The message may quote values of the body.
        let reason = scrub::line(&scrub::secrets(&error.to_string(), &secrets));
        let kind = match error.classify() {
            Category::Data => Kind::Mismatch {
                path: scrub::secrets(&json_path::of(error, &self.body), &secrets),
                reason: reason.clone(),
            },
            Category::Syntax | Category::Eof | Category::Io => {
                Kind::Body(BodyFault::Syntax(reason.clone()))
            }
        };
        self.unusable(kind, reason)
    }

    fn unusable(self, kind: Kind, reason: String) -> Error {
        let error = Error::new(kind)
            .with_status(self.meta.status)
            .with_headers(&self.meta.headers, Timestamp::now())
            .with_excerpt(scrub::excerpt(&self.body, &self.client.secrets()))
            .with_source(reason)
            .for_operation(self.operation)
            .for_request(&self.meta.request_id, self.meta.attempts);
        self.watch.failed(&error);
        error
    }
}
