//! Protection of the local routes from pages of other origins.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::error::LocalError;
use crate::shared::Shared;

/// Refuses requests that another page makes, and requests for a host name whose DNS entry somebody
/// else may point at this server (DNS rebinding), which makes their page look like one of its own.
pub(super) async fn guard(
    State(server): State<Arc<Shared>>,
    request: Request,
    next: Next,
) -> Response {
    let headers = request.headers();
    let host = text(headers, header::HOST).map(name_of);
    if let Some(host) = host.filter(|host| !is_trusted(host, &server.allowed_hosts)) {
        let message = format!(
            "local routes are not served for the host {host}; --allow-host {host} allows it"
        );
        return forbidden(message).into_response();
    }
    if !is_same_origin(headers) {
        let message = "local routes take no requests from other pages";
        return forbidden(message).into_response();
    }
    next.run(request).await
}

fn forbidden(message: impl Into<String>) -> LocalError {
    LocalError::new(StatusCode::FORBIDDEN, message)
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers
        .get(name)
        .map(|value| value.to_str().unwrap_or_default())
}

/// The host without its port; empty if it is not valid.
fn name_of(authority: &str) -> String {
    let authority = authority.parse::<Authority>();
    authority.map_or_else(|_| String::new(), |valid| valid.host().to_owned())
}

/// Returns true for an address, a loopback name and a name that was allowed.
fn is_trusted(host: &str, allowed: &[String]) -> bool {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    let address = host.trim_start_matches('[').trim_end_matches(']');
    address.parse::<IpAddr>().is_ok()
        || host == "localhost"
        || host.ends_with(".localhost")
        || allowed.iter().any(|one| one.eq_ignore_ascii_case(&host))
}

/// Returns true if a request comes from a page of this server, or from a client that is not a page.
fn is_same_origin(headers: &HeaderMap) -> bool {
    let Some(origin) = text(headers, header::ORIGIN) else {
        return true;
    };
    let origin = origin.split_once("://").map(|(_, origin)| origin);
    origin == text(headers, header::HOST)
}

#[cfg(test)]
mod tests {
    use super::{is_trusted, name_of};

    #[test]
    fn addresses_loopback_names_and_allowed_names_are_trusted() {
        let allowed = ["video".to_owned()];
        for authority in [
            "127.0.0.1:8787",
            "[::1]:8787",
            "192.168.1.7",
            "localhost:8787",
            "LOCALHOST",
            "app.localhost:80",
            "localhost.",
            "video:8787",
            "Video",
        ] {
            assert!(is_trusted(&name_of(authority), &allowed), "{authority}");
        }
        for authority in [
            "evil.example:8787",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "video.evil.example",
            "",
            ":8787",
            "xlocalhost",
        ] {
            assert!(!is_trusted(&name_of(authority), &allowed), "{authority}");
        }
    }
}
