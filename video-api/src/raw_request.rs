//! Requests for operations that this version of the crate does not know.

use std::time::Duration;

use bytes::Bytes;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::client::Client;
use crate::decode::{self, Decoded, Decoder, Mismatch};
use crate::error::Error;
use crate::operation::{BodyKind, Method, Operation};
use crate::request::{RequestParts, RequestPath, url};
use crate::response::Response;
use crate::retry::RetryPolicy;
use crate::transport;

/// A request for an operation that this version of the crate does not know. Made by
/// [`Client::request`].
#[derive(Debug, Clone)]
#[must_use = "a request does nothing until it is sent"]
pub struct RawRequest {
    parts: RequestParts,
    template: String,
    path: Vec<(String, String)>,
    body: Option<Bytes>,
}

impl Client {
    /// A request for an operation that this version of the crate does not know. It is sent with the
    /// same credentials, retries, limits and errors as every other request.
    ///
    /// `path` is a template below the base URL; its placeholders are set with
    /// [`RawRequest::path`], which encodes any id safely.
    ///
    /// ```no_run
    /// use serde_json::{Value, json};
    /// use video_api::operation::Method;
    ///
    /// # async fn example(client: video_api::Client) -> Result<(), video_api::Error> {
    /// let response = client
    ///     .request(Method::Post, "/api/v2/video/call/{type}/{id}/new_feature")
    ///     .path("type", "default")
    ///     .path("id", "standup")
    ///     .json(&json!({"level": 3}))
    ///     .send::<Value>()
    ///     .await?;
    /// println!("{}", response["duration"]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn request(&self, method: Method, path: impl Into<String>) -> RawRequest {
        let path_of = RequestPath::Complete(String::new());
        RawRequest {
            parts: RequestParts::with_path(&self.shared, operation(method), path_of),
            template: path.into(),
            path: Vec::new(),
            body: None,
        }
    }
}

impl RawRequest {
    /// Sets a placeholder of the path.
    pub fn path(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.path.push((name.into(), value.into()));
        self
    }

    /// Sets a query parameter, replacing an earlier value. Lists are joined with commas, and
    /// objects written as JSON text, by the caller.
    pub fn query(mut self, name: impl Into<String>, value: impl ToString) -> Self {
        self.parts.set_query(name.into(), value.to_string());
        self
    }

    /// Sets the JSON body. Without one, no body is sent.
    pub fn json<T: Serialize + ?Sized>(mut self, body: &T) -> Self {
        match serde_json::to_vec(body) {
            Ok(body) => self.body = Some(body.into()),
            Err(error) => self
                .parts
                .defer(format!("the body cannot be written as JSON: {error}")),
        }
        self
    }

    /// Bounds the request with all its attempts; one attempt may use all of the time.
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.parts.set_timeout(timeout);
        self
    }

    /// Replaces the client's retry policy for this request.
    pub fn with_retry_policy(mut self, policy: RetryPolicy) -> Self {
        self.parts.set_retry_policy(policy);
        self
    }

    /// Sends the request and reads the response into a type of your own, or a
    /// [`serde_json::Value`]. An empty body reads as `null`, so `()` and `Option` accept one.
    pub async fn send<T: DeserializeOwned>(mut self) -> Result<Response<T>, Error> {
        let path = self.expanded_path();
        let path = path.map_err(|error| error.for_operation(self.parts.operation))?;
        self.parts.path = RequestPath::Complete(path);
        let decoder = Decoder {
            decode: decode_foreign,
            accepts_empty_body: true,
        };
        transport::send(self.parts, self.body, decoder).await
    }

    fn expanded_path(&self) -> Result<String, Error> {
        let invalid = |reason: String| Err(Error::invalid(format!("invalid path: {reason}")));
        if !self.template.starts_with('/') {
            return invalid("begin with /".to_owned());
        }
        if self.template.contains(['?', '#', '\\', '%']) {
            return invalid("set ids with `path` and parameters with `query`".to_owned());
        }
        if self
            .template
            .split('/')
            .any(|segment| segment == "." || segment == "..")
        {
            return invalid("remove the segments `.` and `..`".to_owned());
        }
        let mut ordered = Vec::new();
        let mut rest = self.template.as_str();
        while let Some((name, tail)) = rest
            .split_once('{')
            .and_then(|(_, after)| after.split_once('}'))
        {
            let value = self.path.iter().rev().find(|(set, _)| set == name);
            let Some((_, value)) = value else {
                return invalid(format!("set the placeholder `{name}`"));
            };
            ordered.push((name, value));
            rest = tail;
        }
        let unknown = self
            .path
            .iter()
            .find(|(set, _)| !ordered.iter().any(|(name, _)| name == set));
        if let Some((name, _)) = unknown {
            return invalid(format!("there is no placeholder `{name}`"));
        }
        let mut path = String::new();
        url::expand(&mut path, &self.template, &ordered)?;
        Ok(path)
    }
}

fn decode_foreign<T: DeserializeOwned>(json: &str) -> Result<Decoded<T>, Mismatch> {
    let json = if json.trim_ascii().is_empty() {
        "null"
    } else {
        json
    };
    Ok(Decoded {
        value: decode::foreign(&mut serde_json::Deserializer::from_str(json))?,
        corrected: Vec::new(),
        server_duration: None,
    })
}

/// The operation that errors, spans and observers name.
fn operation(method: Method) -> &'static Operation {
    const fn of(method: Method) -> Operation {
        Operation {
            id: "request",
            name: "request",
            method,
            path: "",
            tag: "",
            summary: "",
            success: 200,
            path_params: &[],
            query_params: &[],
            only_reads: false,
            non_idempotent_params: &[],
            body: BodyKind::None,
            accept: "application/json",
        }
    }
    static GET: Operation = of(Method::Get);
    static POST: Operation = of(Method::Post);
    static PUT: Operation = of(Method::Put);
    static PATCH: Operation = of(Method::Patch);
    static DELETE: Operation = of(Method::Delete);
    match method {
        Method::Get => &GET,
        Method::Post => &POST,
        Method::Put => &PUT,
        Method::Patch => &PATCH,
        Method::Delete => &DELETE,
    }
}
