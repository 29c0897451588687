//! From the arrival of a request to its response.

mod cors;
mod earlier;
mod exchange;
mod listen;
mod pace;
mod response;

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::routing::{MethodFilter, get, on};
use serde_json::json;

use crate::local;
use crate::shared::Shared;
use crate::spec::Operation;
use earlier::{EARLIER_PATHS, Implied};

pub(crate) use listen::{Listeners, Timeouts};

/// The API's operations at their paths, `/health`, and the local routes.
pub(crate) fn router(shared: Arc<Shared>) -> Router {
    let mut router = Router::new().without_v07_checks();
    for route in routes(&shared) {
        let Some(filter) = method_filter(route.operation.method()) else {
            continue;
        };
        let (index, implied) = (route.index, route.implied);
        let handler = move |State(shared), values, request| {
            exchange::operation(shared, index, implied, values, request)
        };
        router = router.route(route.path, on(filter, handler));
    }
    router
        .route(
            "/health",
            get(async || axum::Json(json!({ "status": "ok" }))),
        )
        .nest(local::PREFIX, local::router(&shared))
        .fallback(exchange::unknown_path)
        .method_not_allowed_fallback(exchange::wrong_method)
        .layer(axum::middleware::from_fn(cors::respond_to_browsers))
        .with_state(shared)
}

/// A path with the operation behind it.
struct Route<'a> {
    path: &'a str,
    index: usize,
    operation: &'a Operation,
    implied: Implied,
}

/// Returns true if two templates differ in the names of their parameters at most.
fn is_same_template(one: &str, other: &str) -> bool {
    fn parts(path: &str) -> impl Iterator<Item = &str> {
        let parts = path.split('/');
        parts.map(|part| if part.starts_with('{') { "{}" } else { part })
    }
    parts(one).eq(parts(other))
}

/// The paths of the spec, and earlier ones that it does not use otherwise.
fn routes(shared: &Shared) -> Vec<Route<'_>> {
    let operations = shared.api.operations();
    let mut routes: Vec<Route<'_>> = operations
        .iter()
        .enumerate()
        .map(|(index, operation)| Route {
            path: operation.path(),
            index,
            operation,
            implied: &[],
        })
        .collect();
    for earlier in EARLIER_PATHS.iter().filter(|_| !shared.strict) {
        let is_taken = routes
            .iter()
            .any(|route| is_same_template(route.path, earlier.path));
        let mut entries = operations.iter().enumerate();
        let successor = entries.find(|(_, operation)| operation.id() == earlier.operation);
        if let Some((index, operation)) = successor.filter(|_| !is_taken) {
            routes.push(Route {
                path: earlier.path,
                index,
                operation,
                implied: earlier.values,
            });
        }
    }
    routes
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
