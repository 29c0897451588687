//! One request from arrival to answer: route, key and token, path, query, body, answer.

use std::sync::{Arc, PoisonError};
use std::time::Instant;

use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::response::Response;
use bytes::Bytes;
use serde_json::{Map, Value};

use crate::answer::{self, Answer};
use crate::auth::{self, Caller};
use crate::error::{ApiError, code};
use crate::generate_body::{SampleMode, sample};
use crate::percent;
use crate::recorder::RecordedRequest;
use crate::router::Match;
use crate::schema::Direction;
use crate::scripted::Scripted;
use crate::server::{BodyMode, Shared};
use crate::spec::Operation;
use crate::validate::{self, Input, Raw};

/// Larger bodies than any operation needs.
const MAX_BODY: usize = 16 * 1024 * 1024;

pub(crate) async fn handle(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let started = Instant::now();
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, MAX_BODY).await;
    let exchange = Exchange {
        shared: &shared,
        parts: &parts,
        started,
    };
    let (result, operation) = match &body {
        Ok(body) => exchange.serve(body),
        Err(_) => {
            let message = "the body is too large or ended early";
            (Err(ApiError::new(413, code::TOO_LARGE, message)), None)
        }
    };
    let operation = operation.map(|operation| operation.id().to_owned());
    let (mut answer, delay, problems) = match result {
        Ok((answer, delay)) => (answer, delay, Vec::new()),
        Err(error) => {
            let answer = Answer::failure(&error, operation.as_deref(), started);
            (answer, None, problems_of(&error))
        }
    };
    answer.finish(&shared, &parts.headers);
    if shared.gzip {
        answer.compress_for(&parts.headers);
    }
    if shared.recording {
        shared.recorder.push(RecordedRequest {
            method: parts.method.to_string(),
            path: parts.uri.path().to_owned(),
            query: parts.uri.query().unwrap_or_default().to_owned(),
            headers: parts.headers,
            body: body.unwrap_or_default(),
            operation_id: operation,
            problems,
            status: answer.status,
        });
    }
    if let Some(delay) = delay {
        tokio::time::sleep(delay).await;
    }
    answer.into_response()
}

type PathValues = Vec<(String, String)>;
type Served = Result<(Answer, Option<std::time::Duration>), ApiError>;

struct Exchange<'a> {
    shared: &'a Shared,
    parts: &'a Parts,
    started: Instant,
}

impl<'a> Exchange<'a> {
    /// The result, and the operation as soon as it is known.
    fn serve(&self, body: &Bytes) -> (Served, Option<&'a Operation>) {
        match self.route() {
            Ok((operation, values)) => (
                self.serve_operation(operation, &values, body),
                Some(operation),
            ),
            Err(error) => (Err(error), None),
        }
    }

    fn route(&self) -> Result<(&'a Operation, PathValues), ApiError> {
        let method = self.parts.method.as_str();
        let path = self.parts.uri.path();
        match self.shared.api.find(method, path) {
            Match::Found { operation, values } => {
                let operation = self.shared.api.by_index(operation);
                operation
                    .map(|operation| (operation, values))
                    .ok_or_else(|| ApiError::new(500, code::INTERNAL, "the route has no operation"))
            }
            Match::WrongMethod(allowed) => {
                let message = format!("{method} is not possible here, only {}", allowed.join(", "));
                Err(ApiError::new(405, code::INPUT, message))
            }
            Match::NotFound => Err(ApiError::not_found(format!(
                "no operation has the path {path}"
            ))),
            Match::Malformed(reason) => Err(ApiError::input(format!("the path: {reason}"))),
        }
    }

    fn serve_operation(
        &self,
        operation: &Operation,
        path_values: &[(String, String)],
        body: &Bytes,
    ) -> Served {
        let shared = self.shared;
        let query = percent::parse_query(self.parts.uri.query().unwrap_or_default())
            .map_err(|reason| ApiError::input(format!("the query: {reason}")))?;
        let now = shared.clock.seconds();
        let headers = &self.parts.headers;
        let caller = auth::authenticate(&shared.key, &shared.secret, headers, &query, now)?;
        let raw = Raw {
            path_values,
            query: &query,
            headers,
            body,
            refuse_double_encoding: shared.refuse_double_encoding,
        };
        let input = validate::validate(&shared.api, operation, &raw).map_err(invalid)?;
        if let Some(cid) = named_call(&input).filter(|cid| !caller.reaches(cid)) {
            let message = format!("the token does not reach the call {cid}");
            return Err(ApiError::new(403, code::NOT_ALLOWED, message));
        }
        let script = shared.script.lock();
        let scripted = script
            .unwrap_or_else(PoisonError::into_inner)
            .next(operation.id());
        let Some(scripted) = scripted else {
            return Ok((self.regular(operation, &input, &caller)?, None));
        };
        let delay = scripted.delay;
        Ok((self.scripted(operation, &input, &caller, scripted)?, delay))
    }

    /// A dictated body means that nothing is processed; without one, the regular answer is bent.
    fn scripted(
        &self,
        operation: &Operation,
        input: &Input,
        caller: &Caller,
        scripted: Scripted,
    ) -> Result<Answer, ApiError> {
        let mut answer = match scripted.body {
            Some(_) => Answer::empty(scripted.status),
            None => self.regular(operation, input, caller)?,
        };
        answer.dictate(scripted);
        Ok(answer)
    }

    fn regular(
        &self,
        operation: &Operation,
        input: &Input,
        caller: &Caller,
    ) -> Result<Answer, ApiError> {
        let Some(schema) = operation.response_schema() else {
            return Ok(Answer::empty(operation.success()));
        };
        if self.shared.mode == BodyMode::Stateful {
            let store = self.shared.store.lock();
            let mut store = store.unwrap_or_else(PoisonError::into_inner);
            if let Some(body) = store.answer(operation.id(), input, caller) {
                let mut body = body?;
                self.set_duration(&mut body);
                return Ok(Answer::json(operation.success(), &body));
            }
        }
        let mode = match self.shared.mode {
            BodyMode::Maximal => SampleMode::Maximal,
            BodyMode::Minimal | BodyMode::Stateful => SampleMode::Minimal,
        };
        let document = self.shared.api.document();
        let body = sample(document, schema, mode, Direction::Response);
        Ok(Answer::json(operation.success(), &body))
    }

    fn set_duration(&self, body: &mut Value) {
        if let Some(body) = body.as_object_mut() {
            body.insert("duration".into(), answer::duration(self.started).into());
        }
    }
}

/// The call that a request is about, from its path or else from its body.
fn named_call(input: &Input) -> Option<String> {
    let pair = |map: &Map<String, Value>, kind: &str, id: &str| {
        let kind = map.get(kind)?.as_str()?;
        let id = map.get(id)?.as_str()?;
        Some(format!("{kind}:{id}"))
    };
    pair(&input.path, "type", "id")
        .or_else(|| pair(&input.path, "call_type", "call_id"))
        .or_else(|| pair(input.body.as_object()?, "type", "id"))
}

fn invalid(problems: validate::Problems) -> ApiError {
    let text: Vec<_> = problems
        .iter()
        .map(|(place, message)| format!("{place}: {message}"))
        .collect();
    let mut error = ApiError::input(text.join("; "));
    for (place, message) in problems {
        let known = error.fields.entry(place).or_default();
        if !known.is_empty() {
            known.push_str("; ");
        }
        known.push_str(&message);
    }
    error
}

fn problems_of(error: &ApiError) -> Vec<String> {
    if error.fields.is_empty() {
        return vec![error.message.clone()];
    }
    let fields = error.fields.iter();
    fields
        .map(|(place, message)| format!("{place}: {message}"))
        .collect()
}
