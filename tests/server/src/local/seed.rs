//! Users, call types and calls from a JSON document, and back into one.
//!
//! ```json
//! {
//!   "users": [{ "id": "ana", "name": "Ana" }],
//!   "call_types": [{ "name": "webinar", "settings": { "backstage": { "enabled": true } } }],
//!   "calls": [{ "type": "default", "id": "standup", "data": { "created_by_id": "ana" } }]
//! }
//! ```
//!
//! Each entry is what the API's own operation takes: UpdateUsers, CreateCallType, GetOrCreateCall.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::error::ApiError;
use crate::input::{Fields, Input, ReadFields};
use crate::operations::{self, Context};
use crate::schema;
use crate::shared::Shared;
use crate::state::{Call, CallType, State, User};
use crate::time;

/// A seed that cannot be applied; nothing of it was.
#[derive(Debug, thiserror::Error)]
#[error("{place}: {reason}")]
pub struct SeedError {
    place: String,
    reason: String,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Seed {
    users: Vec<Fields>,
    call_types: Vec<Fields>,
    calls: Vec<SeedCall>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SeedCall {
    r#type: String,
    id: String,
    #[serde(default)]
    data: Fields,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    ended: bool,
}

/// A request that a seed means, and where in the seed.
struct Step {
    place: String,
    operation: &'static str,
    input: Input,
}

/// Adds what a seed holds, all of it or nothing. No events are sent.
pub(crate) async fn apply(server: &Shared, seed: &Value) -> Result<(), SeedError> {
    let seed: Seed = Seed::deserialize(seed).map_err(|error| SeedError {
        place: "the seed".into(),
        reason: error.to_string(),
    })?;
    let known = server.model.snapshot();
    let steps = steps(&seed, &known)?;
    for step in &steps {
        check(server, step)?;
    }
    let mut failed = None;
    let changed = server.change(|context| {
        for step in &steps {
            if let Err(error) = perform(context, step) {
                failed = Some(step.place.clone());
                return Err(error);
            }
        }
        context.forget_events();
        Ok(())
    });
    changed.await.map_err(|error| SeedError {
        place: failed.unwrap_or_else(|| "the seed".into()),
        reason: error.message,
    })
}

fn perform(context: &mut Context<'_>, step: &Step) -> Result<(), ApiError> {
    let handler = operations::find(step.operation);
    let handler = handler.ok_or_else(|| ApiError::input("this operation is not modelled"))?;
    handler.run(context, &step.input).map(drop)
}

/// Users first, because calls need them; call types before calls, too.
fn steps(seed: &Seed, known: &State) -> Result<Vec<Step>, SeedError> {
    let mut steps = Vec::new();
    for (index, user) in seed.users.iter().enumerate() {
        let place = format!("users/{index}");
        let id = required(user, "id", &place)?;
        let body = json!({ "users": { id: user } });
        steps.push(step(place, "UpdateUsers", &[], body));
    }
    for (index, call_type) in seed.call_types.iter().enumerate() {
        let place = format!("call_types/{index}");
        let name = required(call_type, "name", &place)?;
        let mut body = call_type.clone();
        if known.call_types.contains(&name) {
            body.remove("name");
            let path = [("name", name)];
            steps.push(step(place, "UpdateCallType", &path, body.into()));
        } else {
            steps.push(step(place, "CreateCallType", &[], body.into()));
        }
    }
    for (index, call) in seed.calls.iter().enumerate() {
        let place = format!("calls/{index}");
        let path = [("type", call.r#type.clone()), ("id", call.id.clone())];
        let body = json!({ "data": call.data });
        steps.push(step(place.clone(), "GetOrCreateCall", &path, body));
        if call.ended {
            steps.push(step(place, "EndCall", &path, json!({})));
        }
    }
    Ok(steps)
}

fn step(place: String, operation: &'static str, path: &[(&str, String)], body: Value) -> Step {
    let path = path.iter();
    let body = match body {
        Value::Object(fields) => fields,
        _ => Map::new(),
    };
    Step {
        place,
        operation,
        input: Input {
            path: path
                .map(|(name, value)| ((*name).to_owned(), value.clone().into()))
                .collect(),
            body,
            ..Input::default()
        },
    }
}

fn required(fields: &Fields, name: &str, place: &str) -> Result<String, SeedError> {
    fields.owned(name).ok_or_else(|| SeedError {
        place: place.to_owned(),
        reason: format!("the text `{name}` is required"),
    })
}

/// Holds a step against the schema of its operation, as a request would be.
fn check(server: &Shared, step: &Step) -> Result<(), SeedError> {
    let operation = server.api.operation(step.operation);
    let Some(checker) = operation.and_then(|operation| operation.body.as_ref()) else {
        return Ok(());
    };
    let body = json!(step.input.body);
    match checker.check(server.api.document(), &body).first() {
        None => Ok(()),
        Some(problem) => Err(SeedError {
            place: format!(
                "{}, in the body of {}{}",
                step.place, step.operation, problem.pointer
            ),
            reason: problem.message.clone(),
        }),
    }
}

/// The users, call types and calls there are.
pub(crate) fn export(server: &Shared) -> Value {
    let state = server.model.snapshot();
    let usual = State::default();
    let is_there = |user: &&User| user.deleted_at.is_none();
    let users = state.users.values().filter(is_there);
    let calls = state.calls.values();
    let calls: Vec<&Call> = calls.filter(|call| call.deleted_at.is_none()).collect();
    // A seed needs everybody whom its calls name, those who were deleted too.
    let named: BTreeSet<&str> = calls.iter().flat_map(|call| named(call)).collect();
    let gone = named.into_iter().filter(|id| {
        let known = state.users.get(id);
        known.is_none_or(|user| user.deleted_at.is_some())
    });
    let call_types = state.call_types.values().filter(|one| {
        let usual = usual.call_types.get(&one.name);
        usual.is_none_or(|usual| usual.updated_at != one.updated_at)
    });
    let seed = Seed {
        users: users.map(user).chain(gone.map(only_id)).collect(),
        call_types: call_types.map(|one| call_type(server, one)).collect(),
        calls: calls.into_iter().map(call).collect(),
    };
    json!(seed)
}

/// The users whom a call needs: its creator and members.
fn named(call: &Call) -> impl Iterator<Item = &str> {
    let members = call.members.iter().map(|member| member.user_id.as_str());
    members.chain([call.created_by.as_str()])
}

fn only_id(id: &str) -> Fields {
    let mut fields = Fields::new();
    fields.insert("id".into(), id.into());
    fields
}

fn user(user: &User) -> Fields {
    let mut fields = Fields::new();
    fields.insert("id".into(), user.id.clone().into());
    fields.insert("role".into(), user.role.clone().into());
    let mut put = |name: &str, value: Value, is_set: bool| {
        if is_set {
            fields.insert(name.to_owned(), value);
        }
    };
    put("name", json!(user.name), user.name.is_some());
    put("image", json!(user.image), user.image.is_some());
    put("language", json!(user.language), !user.language.is_empty());
    put("invisible", true.into(), user.invisible);
    put("teams", json!(user.teams), !user.teams.is_empty());
    put(
        "teams_role",
        json!(user.teams_role),
        !user.teams_role.is_empty(),
    );
    put("custom", json!(user.custom), !user.custom.is_empty());
    fields
}

/// Only what a request may say: settings of responses have more.
fn call_type(server: &Shared, call_type: &CallType) -> Fields {
    let mut all = json!({
        "name": call_type.name,
        "settings": call_type.settings,
        "grants": call_type.grants,
        "notification_settings": call_type.notification_settings,
    });
    let operation = server.api.operation("CreateCallType");
    if let Some(schema) = operation.and_then(|operation| operation.body_schema()) {
        keep_known(server.api.document(), schema, &mut all);
    }
    match all {
        Value::Object(fields) => fields,
        _ => Fields::new(),
    }
}

/// Drops the fields that a schema does not have, at any depth, and values that are null.
fn keep_known(document: &Value, schema: &Value, value: &mut Value) {
    let Ok(schema) = schema::resolve(document, schema) else {
        return;
    };
    match value {
        Value::Array(items) => {
            let schema = schema.get("items").unwrap_or(&Value::Null);
            items
                .iter_mut()
                .for_each(|item| keep_known(document, schema, item));
        }
        Value::Object(fields) => {
            let Some(properties) = schema.get("properties").and_then(Value::as_object) else {
                return;
            };
            fields.retain(|name, value| properties.contains_key(name) && !value.is_null());
            for (name, field) in fields {
                if let Some(schema) = properties.get(name) {
                    keep_known(document, schema, field);
                }
            }
        }
        _ => {}
    }
}

fn call(call: &Call) -> SeedCall {
    let members = call.members.iter().map(|member| {
        let mut fields = Fields::new();
        fields.insert("user_id".into(), member.user_id.clone().into());
        if let Some(role) = &member.role {
            fields.insert("role".into(), role.clone().into());
        }
        if !member.custom.is_empty() {
            fields.insert("custom".into(), member.custom.clone().into());
        }
        fields
    });
    let members: Vec<Fields> = members.collect();
    let mut data = Fields::new();
    data.insert("created_by_id".into(), call.created_by.clone().into());
    let mut put = |name: &str, value: Value, is_set: bool| {
        if is_set {
            data.insert(name.to_owned(), value);
        }
    };
    put("members", json!(members), !members.is_empty());
    put("custom", json!(call.custom), !call.custom.is_empty());
    let overrides = &call.settings_override;
    put("settings_override", json!(overrides), !overrides.is_empty());
    let starts_at = call.starts_at.map(time::format_utc);
    put("starts_at", json!(starts_at), starts_at.is_some());
    put("team", json!(call.team), call.team.is_some());
    put(
        "channel_cid",
        json!(call.channel_cid),
        call.channel_cid.is_some(),
    );
    SeedCall {
        r#type: call.kind.clone(),
        id: call.id.clone(),
        data,
        ended: call.ended_at.is_some(),
    }
}
