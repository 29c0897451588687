//! Browsers may call the API from any page, and `OPTIONS` says what a path takes.

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::local;

const EXPOSED: HeaderValue = HeaderValue::from_static(
    "retry-after, x-client-request-id, x-local-sample, x-ratelimit-limit, \
     x-ratelimit-remaining, x-ratelimit-reset, x-request-id",
);
const METHODS: HeaderValue = HeaderValue::from_static("GET, HEAD, POST, PUT, PATCH, DELETE");
const TWO_HOURS: HeaderValue = HeaderValue::from_static("7200");
const ANY: HeaderValue = HeaderValue::from_static("*");
const YES: HeaderValue = HeaderValue::from_static("true");

const PRIVATE_NETWORK: HeaderName = HeaderName::from_static("access-control-allow-private-network");

/// Answers preflight requests and plain `OPTIONS`, and lets pages read all other responses.
///
/// The local routes are for this server's own page and say so themselves.
pub(super) async fn respond_to_browsers(request: Request, next: Next) -> Response {
    let is_options = request.method() == Method::OPTIONS;
    let asked = request.headers();
    if local::is_local(request.uri().path()) {
        return next.run(request).await;
    }
    if is_options && asked.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD) {
        return preflight(asked);
    }
    let mut response = next.run(request).await;
    if is_options && response.status() == StatusCode::METHOD_NOT_ALLOWED {
        // The path exists; `Allow` is set already.
        let allow = response.headers_mut().remove(header::ALLOW);
        response = StatusCode::NO_CONTENT.into_response();
        if let Some(allow) = allow {
            response.headers_mut().insert(header::ALLOW, allow);
        }
    }
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, ANY);
    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
    response
}

fn preflight(asked: &HeaderMap) -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, ANY);
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, METHODS);
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, TWO_HOURS);
    headers.insert(PRIVATE_NETWORK, YES);
    // `*` would leave out `authorization`.
    if let Some(wanted) = asked.get(header::ACCESS_CONTROL_REQUEST_HEADERS) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, wanted.clone());
    }
    response
}
