//! One request from arrival to response: rate limit, faults, key and token, path, query, body, response.

use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::path::RawPathParams;
use axum::extract::rejection::RawPathParamsRejection;
use axum::extract::{MatchedPath, Request, State};
use axum::http::request::Parts;
use axum::response::Response;

use super::earlier::{EARLIER_PATHS, Implied};
use super::listen::{Reset, Timeouts};
use super::response::{self, ApiResponse};
use crate::auth::{self, Caller};
use crate::encoding;
use crate::error::{ApiError, code};
use crate::faults::Effect;
use crate::generate_body::{SampleMode, sample};
use crate::input::Input;
use crate::operations::{self, Reply};
use crate::rate_limit::Allowance;
use crate::recorder::RecordedRequest;
use crate::schema::Direction;
use crate::shared::{BodyMode, Shared};
use crate::spec::Operation;
use crate::time;
use crate::validate::{self, Raw};

/// Larger bodies than any operation needs.
const MAX_BODY: usize = 16 * 1024 * 1024;
/// Bodies that are refused without reading up to the limit. Smaller ones are read so far, because
/// a client that is still writing may miss the response.
const HOPELESS: u64 = 64 * 1024 * 1024;

/// A request for an operation of the spec.
pub(super) async fn operation(
    shared: Arc<Shared>,
    index: usize,
    implied: Implied,
    values: Result<RawPathParams, RawPathParamsRejection>,
    request: Request,
) -> Response {
    let (mut exchange, unread) = Exchange::begin(Arc::clone(&shared), request);
    let Some(operation) = shared.api.by_index(index) else {
        return exchange.end(ApiResponse::empty(500));
    };
    exchange.operation = Some(operation.id().to_owned());
    let path = exchange.parts.uri.path();
    let values = path_values(path, values, implied);
    exchange.serve(operation, values, unread).await
}

/// A request for a path that the served spec does not have.
pub(super) async fn unknown_path(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let (mut exchange, unread) = Exchange::begin(shared, request);
    let path = exchange.parts.uri.path();
    let message = if path.starts_with(operations::WHIP) {
        "media are not modelled: nothing takes them in here, participants join by a local route"
            .to_owned()
    } else if is_of_chat(path) {
        format!("chat is not part of this server: it serves the video product, and not {path}")
    } else {
        format!(
            "no operation has the path {path}: {} {path} is not among the {} operations served here",
            exchange.parts.method,
            exchange.shared.api.operations().len(),
        )
    };
    let error = ApiError::not_found(message);
    exchange.refuse_unread(error, unread).await
}

/// Returns true for a path of the chat product, which the same SDKs call.
fn is_of_chat(path: &str) -> bool {
    let path = path.strip_prefix("/api/v2").unwrap_or(path);
    let parts = ["/chat", "/channels", "/messages", "/threads"];
    parts.iter().any(|part| {
        let rest = path.strip_prefix(part);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    })
}

/// A request for a path of the spec with a method that it does not have there.
pub(super) async fn wrong_method(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let (mut exchange, unread) = Exchange::begin(shared, request);
    let path = exchange.parts.extensions.get::<MatchedPath>();
    let path = path.map(MatchedPath::as_str).unwrap_or_default();
    let earlier = EARLIER_PATHS.iter().find(|earlier| earlier.path == path);
    let operations = exchange.shared.api.operations().iter();
    let mut allowed: Vec<&str> = operations
        .filter(|operation| {
            let is_successor = earlier.is_some_and(|one| one.operation == operation.id());
            operation.path() == path || is_successor
        })
        .map(Operation::method)
        .collect();
    allowed.sort_unstable();
    let method = &exchange.parts.method;
    let message = format!("{method} is not possible here, only {}", allowed.join(", "));
    let error = ApiError::new(405, code::INPUT, message);
    exchange.refuse_unread(error, unread).await
}

/// Values of the path, decoded, in path order.
type PathValues = Vec<(String, String)>;

struct Exchange {
    shared: Arc<Shared>,
    parts: Parts,
    body: Bytes,
    started: Instant,
    received_at: i64,
    operation: Option<String>,
    call_cid: Option<String>,
    problems: Vec<String>,
    ignored: Vec<String>,
    faults: Vec<String>,
    is_truncated: bool,
}

impl Exchange {
    fn begin(shared: Arc<Shared>, request: Request) -> (Self, Body) {
        let (parts, unread) = request.into_parts();
        let exchange = Self {
            received_at: shared.clock.now(),
            shared,
            parts,
            body: Bytes::new(),
            started: Instant::now(),
            operation: None,
            call_cid: None,
            problems: Vec::new(),
            ignored: Vec::new(),
            faults: Vec::new(),
            is_truncated: false,
        };
        (exchange, unread)
    }

    /// Reads the body within its limits.
    async fn read_body(&mut self, unread: Body) -> Result<(), ApiError> {
        let timeouts = self.parts.extensions.get::<Timeouts>().copied();
        let limit = timeouts.unwrap_or_default().body;
        let declared = self.parts.headers.get("content-length");
        let declared = declared.and_then(|length| length.to_str().ok()?.parse().ok());
        if declared.is_some_and(|length: u64| length > HOPELESS) {
            return Err(too_large());
        }
        match tokio::time::timeout(limit, to_bytes(unread, MAX_BODY)).await {
            Ok(Ok(body)) => self.body = body,
            Ok(Err(error)) if is_over_limit(&error) => return Err(too_large()),
            Ok(Err(_)) => return Err(ApiError::input("the body ended early or is badly chunked")),
            Err(_) => {
                let message = format!("the body did not arrive within {} s", limit.as_secs());
                return Err(ApiError::new(408, code::INPUT, message));
            }
        }
        Ok(())
    }

    /// Delays come after the operation was carried out, as with a slow network.
    async fn serve(
        mut self,
        operation: &Operation,
        values: Result<PathValues, ApiError>,
        unread: Body,
    ) -> Response {
        let mut allowance = self
            .shared
            .rate_limits
            .take(operation.id(), &self.shared.clock);
        if let Err(error) = self.read_body(unread).await {
            return self.refuse(&error, Some(allowance));
        }
        if allowance.retry_after.is_some() {
            let message = format!("Too many requests, limit {} per minute", allowance.limit);
            let error = ApiError::new(429, code::RATE_LIMITED, message);
            return self.refuse(&error, Some(allowance));
        }
        let effects = self.shared.faults.draw(operation.id());
        self.faults = effects.iter().map(|effect| format!("{effect:?}")).collect();
        let reset = self.parts.extensions.get::<Reset>().cloned();
        if let (Some(reset), true) = (reset, effects.contains(&Effect::Reset)) {
            self.record(&ApiResponse::empty(0));
            match reset.now().await {}
        }
        self.is_truncated = effects.contains(&Effect::Truncate);
        let mut delay = latency(&effects);
        let status = effects.iter().find_map(Effect::status);
        let result = match status {
            Some(status) => Err(self.fault(status, &mut allowance)),
            None => match values {
                Ok(values) => self.serve_operation(operation, &values).await,
                Err(error) => Err(error),
            },
        };
        let response = match result {
            Ok((mut response, scripted_delay)) => {
                delay += scripted_delay.unwrap_or_default();
                response.allow(allowance);
                if effects.contains(&Effect::Garbage) {
                    response.garble();
                }
                self.end(response)
            }
            Err(error) => self.refuse(&error, Some(allowance)),
        };
        if !delay.is_zero() {
            tokio::time::sleep(delay).await;
        }
        response
    }

    /// The error of a fault; a 429 uses up the allowance.
    fn fault(&self, status: u16, allowance: &mut Allowance) -> ApiError {
        if status != 429 {
            return ApiError::new(status, code::INTERNAL, "a fault that was asked for");
        }
        allowance.remaining = 0;
        allowance.retry_after =
            Some(time::elapsed(self.shared.clock.seconds(), allowance.reset).max(1));
        ApiError::new(status, code::RATE_LIMITED, "Too many requests")
    }

    async fn serve_operation(
        &mut self,
        operation: &Operation,
        path_values: &[(String, String)],
    ) -> Result<(ApiResponse, Option<Duration>), ApiError> {
        let shared = Arc::clone(&self.shared);
        self.call_cid = named_call(path_values);
        let query = encoding::parse_query(self.parts.uri.query().unwrap_or_default())
            .map_err(|reason| ApiError::input(format!("the query: {reason}")))?;
        let headers = &self.parts.headers;
        let now = shared.clock.seconds();
        let caller = auth::authenticate(
            &shared.key,
            &shared.secret,
            shared.strict,
            headers,
            &query,
            now,
        )?;
        if let Some(reason) = &operation.unserved {
            return Err(ApiError::new(501, code::INTERNAL, reason.clone()));
        }
        let raw = Raw {
            path_values,
            query: &query,
            headers,
            body: &self.body,
            strict: shared.strict,
            refuse_double_encoding: shared.refuse_double_encoding,
        };
        let input = validate::validate(&shared.api, operation, &raw).map_err(invalid)?;
        self.call_cid = input.named_call();
        self.ignored.clone_from(&input.ignored);
        operations::check_reach(&input, &caller)?;
        let script = shared.script.lock();
        let scripted = script
            .unwrap_or_else(PoisonError::into_inner)
            .next(operation.id());
        let Some(scripted) = scripted else {
            return Ok((self.regular(operation, input, caller).await?, None));
        };
        let delay = scripted.delay;
        // A dictated body means that nothing is processed; without one, the regular response is bent.
        let mut response = match scripted.body {
            Some(_) => ApiResponse::empty(scripted.status),
            None => self.regular(operation, input, caller).await?,
        };
        response.dictate(scripted);
        Ok((response, delay))
    }

    async fn regular(
        &self,
        operation: &Operation,
        input: Input,
        caller: Caller,
    ) -> Result<ApiResponse, ApiError> {
        let Some(schema) = operation.response_schema() else {
            return Ok(ApiResponse::empty(operation.success()));
        };
        if self.shared.mode == BodyMode::Stateful
            && let Some(reply) = self.shared.perform(operation.id(), input, caller).await
        {
            let Reply {
                mut body,
                is_sample,
            } = reply?;
            if let Some(body) = body.as_object_mut() {
                let duration = || response::duration(self.started).into();
                body.entry("duration").or_insert_with(duration);
            }
            let mut response = ApiResponse::json(operation.success(), &body);
            if is_sample {
                response.mark_sample();
            }
            return Ok(response);
        }
        let mode = match self.shared.mode {
            BodyMode::Maximal => SampleMode::Maximal,
            BodyMode::Minimal | BodyMode::Stateful => SampleMode::Minimal,
        };
        let document = self.shared.api.document();
        let body = sample(document, schema, mode, Direction::Response);
        let mut response = ApiResponse::json(operation.success(), &body);
        response.mark_sample();
        Ok(response)
    }

    /// Refuses a request whose body was not looked at.
    async fn refuse_unread(&mut self, error: ApiError, unread: Body) -> Response {
        let error = self.read_body(unread).await.err().unwrap_or(error);
        self.refuse(&error, None)
    }

    fn refuse(&mut self, error: &ApiError, allowance: Option<Allowance>) -> Response {
        self.problems = problems_of(error);
        let mut response = ApiResponse::failure(error, self.operation.as_deref(), self.started);
        if let Some(allowance) = allowance {
            response.allow(allowance);
        }
        self.end(response)
    }

    fn end(&mut self, mut response: ApiResponse) -> Response {
        let headers = &self.parts.headers;
        response.identify(headers);
        self.record(&response);
        if self.shared.gzip {
            response.compress_for(&self.parts.headers);
        }
        if self.is_truncated {
            return response.into_truncated();
        }
        response.into_response()
    }

    fn record(&mut self, response: &ApiResponse) {
        let Some(recorder) = &self.shared.recorder else {
            return;
        };
        recorder.push(RecordedRequest {
            number: 0,
            received_at: self.received_at,
            method: self.parts.method.to_string(),
            path: self.parts.uri.path().to_owned(),
            query: self.parts.uri.query().unwrap_or_default().to_owned(),
            headers: self.parts.headers.clone(),
            body: self.body.clone(),
            operation_id: self.operation.clone(),
            call_cid: self.call_cid.clone(),
            problems: self.problems.clone(),
            ignored: self.ignored.clone(),
            faults: self.faults.clone(),
            status: response.status,
            response_headers: response.headers.clone(),
            response_body: response.body.clone(),
            elapsed: self.started.elapsed(),
        });
    }
}

/// The call that a path names, whether or not the request is refused later.
fn named_call(path_values: &[(String, String)]) -> Option<String> {
    let value = |name: &str| {
        let mut values = path_values.iter();
        values
            .find(|(known, _)| known == name)
            .map(|(_, value)| value)
    };
    let kind = value("type").or_else(|| value("call_type"))?;
    let id = value("id").or_else(|| value("call_id"))?;
    Some(format!("{kind}:{id}"))
}

/// The path's values, as axum decoded them, and those that the path implies; what axum lets pass
/// and the API does not is refused.
fn path_values(
    path: &str,
    values: Result<RawPathParams, RawPathParamsRejection>,
    implied: Implied,
) -> Result<PathValues, ApiError> {
    let refuse = |reason: String| ApiError::input(format!("the path: {reason}"));
    encoding::check_escapes(path).map_err(refuse)?;
    let values = values.map_err(|_| refuse(format!("`{path}` does not decode to UTF-8")))?;
    if values.iter().any(|(_, value)| value.is_empty()) {
        return Err(ApiError::not_found(format!(
            "no operation has the path {path}"
        )));
    }
    let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
    let implied = implied.iter().copied();
    Ok(values.iter().chain(implied).map(owned).collect())
}

fn latency(effects: &[Effect]) -> Duration {
    let latencies = effects.iter().map(|effect| match effect {
        Effect::Latency { milliseconds } => Duration::from_millis(*milliseconds),
        _ => Duration::ZERO,
    });
    latencies.sum()
}

fn too_large() -> ApiError {
    let message = format!(
        "the body is too large: more than {} MiB",
        MAX_BODY / 1024 / 1024
    );
    ApiError::new(413, code::TOO_LARGE, message)
}

fn is_over_limit(error: &axum::Error) -> bool {
    let source = std::error::Error::source(error);
    source.is_some_and(|source| source.is::<http_body_util::LengthLimitError>())
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
