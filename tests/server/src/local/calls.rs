//! Calls and users as the inspector shows them.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use serde_json::{Map, Value, json};

use super::error::{Body, LocalError, LocalResult};
use super::requests;
use crate::auth::Caller;
use crate::input::{Fields, Input};
use crate::model::Model;
use crate::operations::{self, Settings, simulate};
use crate::recorder::Recorder;
use crate::shared::Shared;
use crate::state::{Session, State as ApiState};
use crate::time;

type Server = State<Arc<Shared>>;

/// How many calls and users a list shows.
const SHOWN: usize = 200;

/// The calls, those that changed last first.
pub(super) async fn list(State(server): Server) -> Json<Value> {
    let state = server.model.snapshot();
    let mut calls: Vec<_> = state
        .calls
        .values()
        .filter(|call| call.deleted_at.is_none())
        .collect();
    calls.sort_by_key(|call| std::cmp::Reverse(call.updated_at));
    let total = calls.len();
    let shown = calls.into_iter().take(SHOWN).map(|call| {
        let session = call.current_session.as_ref();
        let session = session.and_then(|id| state.sessions.get(id));
        let present = session.into_iter().flat_map(Session::present);
        let participants: Vec<&str> = present.map(|one| one.user_id.as_str()).collect();
        json!({
            "cid": call.cid(),
            "type": call.kind,
            "id": call.id,
            "created_by": call.created_by,
            "created_at": time::format_utc(call.created_at),
            "updated_at": time::format_utc(call.updated_at),
            "ended_at": call.ended_at.map(time::format_utc),
            "backstage": call.backstage,
            "recording": !call.egress.recordings.is_empty(),
            "members": call.members.iter().map(|member| &member.user_id).collect::<Vec<_>>(),
            "participants": participants,
        })
    });
    let shown: Vec<Value> = shown.collect();
    Json(json!({ "calls": shown, "total": total }))
}

/// A call as GetCall returns it, and what happened to it.
pub(super) async fn get(
    State(server): Server,
    Path((kind, id)): Path<(String, String)>,
) -> LocalResult {
    let cid = format!("{kind}:{id}");
    let mut shown = call_state(&server.model, &cid, server.clock.now())?;
    let events = server.webhooks.all().into_iter();
    let mut timeline: Vec<Value> = events
        .filter(|event| event.call_cid.as_deref() == Some(&cid))
        .map(|event| json!({ "at": time::format_utc(event.created_at), "event": event.event }))
        .collect();
    let seen = server.recorder.iter().flat_map(Recorder::all);
    timeline.extend(
        seen.filter(|request| request.call_cid.as_deref() == Some(&cid))
            .map(|request| {
                json!({ "at": time::format_utc(request.received_at), "request": requests::summary(&request) })
            }),
    );
    timeline.sort_by(|one, other| one["at"].as_str().cmp(&other["at"].as_str()));
    shown.insert("timeline".into(), timeline.into());
    Ok(Json(shown.into()))
}

/// Does in a call what media and participants would.
pub(super) async fn act(
    State(server): Server,
    Path((kind, id, action)): Path<(String, String, String)>,
    Body(fields): Body<Fields>,
) -> LocalResult {
    let action = simulate::read_action(&action, &fields)?;
    let cid = format!("{kind}:{id}");
    Ok(Json(server.simulate(&cid, action).await?))
}

/// The users, in the order of their ids.
pub(super) async fn users(State(server): Server) -> Json<Value> {
    let state = server.model.snapshot();
    let users = state
        .users
        .values()
        .filter(|user| user.deleted_at.is_none());
    let shown = users.take(SHOWN).map(|user| {
        json!({
            "id": user.id,
            "name": user.name,
            "role": user.role,
            "teams": user.teams,
            "deactivated": user.deactivated_at.is_some(),
            "last_active": user.last_active.map(time::format_utc),
        })
    });
    let shown: Vec<Value> = shown.collect();
    Json(json!({ "users": shown, "total": state.users.len() }))
}

/// Returns what events say about a call and a user, or about an example if none is named.
pub(super) fn for_event(
    server: &Shared,
    cid: Option<&str>,
    user: Option<&str>,
) -> Result<Map<String, Value>, LocalError> {
    let mut known = match cid {
        Some(cid) => call_state(&server.model, cid, server.clock.now())?,
        None => example_call(server)?,
    };
    let of_call = |pointer: &str| {
        known
            .get("call")
            .and_then(|call| call.pointer(pointer))
            .cloned()
    };
    let facts = [
        ("call_cid", of_call("/cid")),
        ("session_id", of_call("/session/id")),
        ("user", of_call("/created_by")),
    ];
    let facts = facts.into_iter();
    known.extend(facts.filter_map(|(name, fact)| Some((name.to_owned(), fact?))));
    if let Some(user) = user {
        let state = server.model.snapshot();
        if !state.users.contains(user) {
            return Err(LocalError::not_found(format!("there is no user {user}")));
        }
        known.insert("user".into(), operations::render_user(&state, user));
    }
    Ok(known)
}

/// Creates an example call in a model of its own.
fn example_call(server: &Shared) -> Result<Map<String, Value>, LocalError> {
    let settings = Settings {
        create_users: true,
        ..server.model.settings.clone()
    };
    let apart = Model::new(settings, ApiState::default(), None);
    let mut input = Input::default();
    input.path.insert("type".into(), "default".into());
    input.path.insert("id".into(), "example".into());
    let data = json!({ "created_by_id": "ana", "members": [{ "user_id": "ana" }] });
    input.body.insert("data".into(), data);
    let now = server.clock.now();
    let created = apart.perform("GetOrCreateCall", &input, &Caller::server(), || now);
    created.transpose()?;
    call_state(&apart, "default:example", now)
}

fn call_state(model: &Model, cid: &str, now: i64) -> Result<Map<String, Value>, LocalError> {
    let missing = || LocalError::not_found(format!("there is no call {cid}"));
    let (kind, id) = cid.split_once(':').ok_or_else(missing)?;
    let mut input = Input::default();
    input.path.insert("type".into(), kind.into());
    input.path.insert("id".into(), id.into());
    let performed = model.perform("GetCall", &input, &Caller::server(), || now);
    match performed.ok_or_else(missing)??.value.body {
        Value::Object(fields) => Ok(fields),
        _ => Err(missing()),
    }
}
