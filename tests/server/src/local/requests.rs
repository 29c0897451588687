//! The requests seen.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State};
use serde::Deserialize;
use serde_json::{Value, json};

use super::error::{LocalError, LocalResult};
use super::redact;
use crate::recorder::{RecordedRequest, Recorder};
use crate::shared::Shared;
use crate::time;

type Server = State<Arc<Shared>>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Filter {
    operation: Option<String>,
    call_cid: Option<String>,
    status: Option<u16>,
    limit: Option<usize>,
}

impl Filter {
    fn fits(&self, request: &RecordedRequest) -> bool {
        let same =
            |wanted: &Option<String>, actual: &Option<String>| wanted.is_none() || wanted == actual;
        same(&self.operation, &request.operation_id)
            && same(&self.call_cid, &request.call_cid)
            && self.status.is_none_or(|status| status == request.status)
    }
}

/// The latest requests, newest first.
pub(super) async fn list(State(server): Server, Query(filter): Query<Filter>) -> Json<Value> {
    const DEFAULT_LIMIT: usize = 200;
    let requests = server.recorder.iter().flat_map(Recorder::all);
    let mut requests: Vec<_> = requests.filter(|one| filter.fits(one)).collect();
    requests.reverse();
    requests.truncate(filter.limit.unwrap_or(DEFAULT_LIMIT));
    let shown: Vec<Value> = requests.iter().map(|one| summary(one)).collect();
    Json(json!({ "requests": shown }))
}

/// One request with headers and bodies.
pub(super) async fn get(State(server): Server, Path(number): Path<u64>) -> LocalResult {
    let found = server
        .recorder
        .as_ref()
        .and_then(|recorder| recorder.find(number));
    let request =
        found.ok_or_else(|| LocalError::not_found(format!("request {number} is not kept")))?;
    let details = json!({
        "headers": redact::headers(&request.headers),
        "body": redact::body(&request.body),
        "response_headers": redact::headers(&request.response_headers),
        "response": redact::body(&request.response_body),
        "curl": curl(&request, &server.model.settings.base_url),
    });
    let mut shown = summary(&request);
    if let (Value::Object(shown), Value::Object(details)) = (&mut shown, details) {
        shown.extend(details);
    }
    Ok(Json(shown))
}

/// Forgets the requests.
pub(super) async fn forget(State(server): Server) -> Json<Value> {
    if let Some(recorder) = &server.recorder {
        recorder.clear();
    }
    Json(json!({}))
}

/// A request in a list.
pub(super) fn summary(request: &RecordedRequest) -> Value {
    json!({
        "number": request.number,
        "received_at": time::format_utc(request.received_at),
        "method": request.method,
        "path": request.path,
        "query": request.query,
        "operation": request.operation_id,
        "call_cid": request.call_cid,
        "status": request.status,
        "milliseconds": request.elapsed.as_secs_f64() * 1000.0,
        "problems": request.problems,
        "ignored": request.ignored,
        "faults": request.faults,
    })
}

/// The request as a command, with the token left to the environment.
fn curl(request: &RecordedRequest, base_url: &str) -> String {
    let mut url = format!("{base_url}{}", request.path);
    if !request.query.is_empty() {
        url = format!("{url}?{}", request.query);
    }
    let mut command = format!("curl -X {} {}", request.method, quote(&url));
    command.push_str(" -H \"authorization: $STREAM_TOKEN\" -H 'stream-auth-type: jwt'");
    if !request.body.is_empty() {
        let content_type = request.header("content-type").unwrap_or("application/json");
        let body = match redact::body(&request.body) {
            Value::String(text) => text,
            json => json.to_string(),
        };
        let header = quote(&format!("content-type: {content_type}"));
        command.push_str(&format!(" -H {header} --data-raw {}", quote(&body)));
    }
    command
}

/// Quotes for a POSIX shell.
fn quote(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}
