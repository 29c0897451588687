//! Routes for whoever runs this server, beside those of the API: what happened, and making things
//! happen. `openapi.json` in this folder documents them.

mod access;
mod calls;
mod control;
mod error;
pub(crate) mod export;
mod files;
mod inspector;
mod redact;
mod requests;
pub(crate) mod seed;
mod stream;
mod webhooks;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::header;
use axum::middleware;
use axum::routing::{get, post};

use crate::shared::Shared;

pub use seed::SeedError;

/// Prefix of all local routes. No API has such a path.
pub(crate) const PREFIX: &str = "/_local";

const OPENAPI: &str = include_str!("openapi.json");

/// As large as a seed may be that comes as a request.
const MAX_BODY: usize = 64 * 1024 * 1024;

/// Returns true for the path of a local route.
pub(crate) fn is_local(path: &str) -> bool {
    let rest = path.strip_prefix(PREFIX);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The local routes, to be nested under [`PREFIX`].
pub(crate) fn router(shared: &Arc<Shared>) -> Router<Arc<Shared>> {
    let guard = middleware::from_fn_with_state(Arc::clone(shared), access::guard);
    let openapi = async || ([(header::CONTENT_TYPE, "application/json")], OPENAPI);
    Router::new()
        .route("/", get(inspector::page))
        .route("/openapi.json", get(openapi))
        .route("/live", get(stream::news))
        .route("/reset", post(control::reset))
        .route("/seed", post(control::seed))
        .route("/export", get(control::export))
        .route("/token", post(control::token))
        .route(
            "/clock",
            get(control::clock)
                .post(control::move_clock)
                .delete(control::reset_clock),
        )
        .route(
            "/faults",
            get(control::faults)
                .put(control::set_faults)
                .delete(control::end_faults),
        )
        .route("/requests", get(requests::list).delete(requests::forget))
        .route("/requests/{number}", get(requests::get))
        .route("/webhooks", get(webhooks::list).delete(webhooks::forget))
        .route("/webhooks/{id}/resend", post(webhooks::resend))
        .route("/events", get(webhooks::event_types))
        .route("/events/{event}/trigger", post(webhooks::trigger))
        .route("/users", get(calls::users))
        .route("/calls", get(calls::list))
        .route("/calls/{type}/{id}", get(calls::get))
        .route("/calls/{type}/{id}/{action}", post(calls::act))
        .route("/files/storage/{name}/check.txt", get(files::storage_check))
        .route("/files/{call}/{session}/{filename}", get(files::get))
        .fallback(error::unknown_route)
        .method_not_allowed_fallback(error::wrong_method)
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(guard)
}
