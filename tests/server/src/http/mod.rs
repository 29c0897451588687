//! From the arrival of a request to its answer.

mod answer;
mod cors;
mod exchange;
mod listen;

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::routing::{MethodFilter, get, on};
use serde_json::json;

use crate::local;
use crate::shared::Shared;

pub(crate) use listen::{Listeners, Timeouts};

/// The API's operations at their paths, `/health`, and the local routes.
pub(crate) fn router(shared: Arc<Shared>) -> Router {
    let mut router = Router::new().without_v07_checks();
    for (index, operation) in shared.api.operations().iter().enumerate() {
        let Some(filter) = method_filter(operation.method()) else {
            continue;
        };
        let handler = move |State(shared), values, request| {
            exchange::operation(shared, index, values, request)
        };
        router = router.route(operation.path(), on(filter, handler));
    }
    router
        .route(
            "/health",
            get(async || axum::Json(json!({ "status": "ok" }))),
        )
        .nest(local::PREFIX, local::router(&shared))
        .fallback(exchange::unknown_path)
        .method_not_allowed_fallback(exchange::wrong_method)
        .layer(axum::middleware::from_fn(cors::answer_browsers))
        .with_state(shared)
}

fn method_filter(method: &str) -> Option<MethodFilter> {
    Some(match method {
        "GET" => MethodFilter::GET,
        "POST" => MethodFilter::POST,
        "PUT" => MethodFilter::PUT,
        "PATCH" => MethodFilter::PATCH,
        "DELETE" => MethodFilter::DELETE,
        _ => return None,
    })
}
