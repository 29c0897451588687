//! Reset, seed, clock, faults, tokens.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::error::{Body, LocalError, LocalResult};
use super::{export, seed};
use crate::faults::Fault;
use crate::shared::Shared;
use crate::time;

type Server = State<Arc<Shared>>;

/// Forgets everything: state, requests, webhooks, faults, a moved clock.
pub(super) async fn reset(State(server): Server) -> LocalResult {
    server.reset().await?;
    Ok(Json(json!({})))
}

/// Adds users, call types and calls.
pub(super) async fn seed(State(server): Server, Body(seed): Body<Value>) -> LocalResult {
    let seeded = seed::apply(&server, &seed).await;
    seeded.map_err(|error| LocalError::invalid(error.to_string()))?;
    Ok(Json(json!({})))
}

/// The users, call types and calls there are, as a seed.
pub(super) async fn export(State(server): Server) -> Json<Value> {
    Json(export::export(&server))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TokenRequest {
    user_id: Option<String>,
    #[serde(default)]
    call_cids: Vec<String>,
}

/// A token for trying things by hand: of a user, or of a backend.
pub(super) async fn token(State(server): Server, Body(request): Body<TokenRequest>) -> LocalResult {
    let mut claims = Map::new();
    match request.user_id {
        Some(user) => {
            claims.insert("user_id".into(), user.into());
            claims.insert(
                "iat".into(),
                server.clock.seconds().saturating_sub(5).into(),
            );
        }
        None => {
            claims.insert("server".into(), true.into());
        }
    }
    if !request.call_cids.is_empty() {
        claims.insert("call_cids".into(), request.call_cids.into());
    }
    let key = EncodingKey::from_secret(server.secret.as_bytes());
    let token = jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &key);
    let token = token.map_err(|error| LocalError::invalid(error.to_string()))?;
    Ok(Json(json!({ "token": token })))
}

/// The time, and how far it was moved.
pub(super) async fn clock(State(server): Server) -> Json<Value> {
    Json(shown(&server))
}

fn shown(server: &Shared) -> Value {
    let offset = Duration::from_nanos(server.clock.offset().unsigned_abs()).as_secs_f64();
    json!({
        "now": time::format_utc(server.clock.now()),
        "ahead_seconds": if server.clock.offset() < 0 { -offset } else { offset },
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MoveRequest {
    now: Option<String>,
    advance_seconds: Option<f64>,
}

/// Moves the clock to a moment or ahead.
pub(super) async fn move_clock(
    State(server): Server,
    Body(request): Body<MoveRequest>,
) -> LocalResult {
    match (request.now, request.advance_seconds) {
        (Some(now), None) => {
            let moment = time::parse(&now).filter(|moment| server.clock.reaches(*moment));
            let moment = moment.ok_or_else(|| LocalError::invalid(beyond(&now)))?;
            server.clock.set(moment);
        }
        (None, Some(seconds)) => {
            let by = Duration::try_from_secs_f64(seconds)
                .map_err(|error| LocalError::invalid(format!("advance_seconds: {error}")))?;
            let nanoseconds = i64::try_from(by.as_nanos()).ok();
            let reached = nanoseconds.and_then(|by| server.clock.now().checked_add(by));
            reached.ok_or_else(|| {
                let last = time::format_utc(i64::MAX);
                LocalError::invalid(format!(
                    "advance_seconds: the range of the clock ends at {last}"
                ))
            })?;
            server.clock.advance(by);
        }
        _ => {
            return Err(LocalError::invalid(
                "either now or advance_seconds, and not both",
            ));
        }
    }
    server.catch_up();
    Ok(Json(shown(&server)))
}

/// Says why the clock cannot be moved to a moment.
fn beyond(moment: &str) -> String {
    match time::parse(moment) {
        Some(_) => format!("{moment} is too long ago for this clock"),
        None => time::why_unread(moment),
    }
}

/// Back to the system's time.
pub(super) async fn reset_clock(State(server): Server) -> Json<Value> {
    server.clock.reset();
    Json(shown(&server))
}

/// The faults that are left.
pub(super) async fn faults(State(server): Server) -> Json<Value> {
    Json(json!({ "faults": server.faults.all() }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FaultsRequest {
    #[serde(default)]
    seed: u64,
    faults: Vec<Fault>,
}

/// Replaces all faults.
pub(super) async fn set_faults(
    State(server): Server,
    Body(request): Body<FaultsRequest>,
) -> LocalResult {
    let set = server.set_faults(request.seed, request.faults);
    set.map_err(LocalError::invalid)?;
    Ok(faults(State(server)).await)
}

/// Ends all faults.
pub(super) async fn end_faults(State(server): Server) -> Json<Value> {
    server.faults.set(0, Vec::new());
    faults(State(server)).await
}
