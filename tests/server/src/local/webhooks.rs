//! The webhooks sent, and sending more.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::calls;
use super::error::{Body, LocalError, LocalResult};
use crate::shared::Shared;

type Server = State<Arc<Shared>>;

/// The events under way and the latest of the others, newest first, with what became of them.
pub(super) async fn list(State(server): Server) -> Json<Value> {
    let mut deliveries = server.webhooks.all();
    deliveries.reverse();
    Json(json!({ "receiver": server.webhooks.receiver(), "webhooks": deliveries }))
}

/// Forgets the events.
pub(super) async fn forget(State(server): Server) -> Json<Value> {
    server.webhooks.clear();
    Json(json!({}))
}

/// Sends an event once more.
pub(super) async fn resend(State(server): Server, Path(id): Path<String>) -> LocalResult {
    let sent = server.webhooks.resend(&id).map_err(LocalError::invalid)?;
    let unknown = || LocalError::not_found(format!("no webhook has the id {id}"));
    Ok(Json(json!(sent.ok_or_else(unknown)?)))
}

/// The event types there are.
pub(super) async fn event_types(State(server): Server) -> Json<Value> {
    Json(json!({ "events": server.webhooks.events().names() }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TriggerRequest {
    call_cid: Option<String>,
    user_id: Option<String>,
    #[serde(default)]
    fields: Map<String, Value>,
}

/// Sends an event by hand, about a call and a user that exist where they are named.
pub(super) async fn trigger(
    State(server): Server,
    Path(event): Path<String>,
    Body(request): Body<TriggerRequest>,
) -> LocalResult {
    let mut known = calls::for_event(
        &server,
        request.call_cid.as_deref(),
        request.user_id.as_deref(),
    )?;
    known.extend(request.fields);
    let example = server
        .webhooks
        .events()
        .example(&event, server.clock.now(), &known);
    let example = example.map_err(LocalError::not_found)?;
    let deliveries = server.webhooks.sign_all(&[example]);
    let sent = json!(deliveries.first());
    server.webhooks.send(deliveries);
    Ok(Json(sent))
}
