//! Users, call types and calls from a JSON document.
//!
//! ```json
//! {
//!   "users": [{ "id": "ana", "name": "Ana" }],
//!   "call_types": [{ "name": "webinar", "settings": { "backstage": { "enabled": true } } }],
//!   "calls": [{ "type": "default", "id": "standup", "data": { "created_by_id": "ana" } }]
//! }
//! ```
//!
//! Each entry is what the API's own operation takes: UpdateUsers, CreateCallType, GetOrCreateCall, and
//! for `external_storages` CreateExternalStorage.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::error::ApiError;
use crate::input::{Fields, Input, ReadFields};
use crate::operations::{self, Context};
use crate::shared::Shared;
use crate::state::State;

/// A seed that cannot be applied; nothing of it was.
#[derive(Debug, thiserror::Error)]
#[error("{place}: {reason}")]
pub struct SeedError {
    place: String,
    reason: String,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Seed {
    pub(super) users: Vec<Fields>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) external_storages: Vec<Fields>,
    pub(super) call_types: Vec<Fields>,
    pub(super) calls: Vec<SeedCall>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SeedCall {
    pub(super) r#type: String,
    pub(super) id: String,
    #[serde(default)]
    pub(super) data: Fields,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) ended: bool,
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

/// Users first, because calls need them; storages before call types, and those before calls, too.
fn steps(seed: &Seed, known: &State) -> Result<Vec<Step>, SeedError> {
    let mut steps = Vec::new();
    for (index, user) in seed.users.iter().enumerate() {
        let place = format!("users/{index}");
        let id = required(user, "id", &place)?;
        let body = json!({ "users": { id: user } });
        steps.push(step(place, "UpdateUsers", &[], body));
    }
    for (index, storage) in seed.external_storages.iter().enumerate() {
        let place = format!("external_storages/{index}");
        let is_known = |name: &str| known.storages.contains(name);
        let operations = ["CreateExternalStorage", "UpdateExternalStorage"];
        steps.push(named(place, storage, is_known, operations)?);
    }
    for (index, call_type) in seed.call_types.iter().enumerate() {
        let place = format!("call_types/{index}");
        let is_known = |name: &str| known.call_types.contains(name);
        let operations = ["CreateCallType", "UpdateCallType"];
        steps.push(named(place, call_type, is_known, operations)?);
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

/// Creates something with a name, or updates it where it is known already.
fn named(
    place: String,
    entry: &Fields,
    is_known: impl Fn(&str) -> bool,
    [create, update]: [&'static str; 2],
) -> Result<Step, SeedError> {
    let name = required(entry, "name", &place)?;
    let mut body = entry.clone();
    if !is_known(&name) {
        return Ok(step(place, create, &[], body.into()));
    }
    body.remove("name");
    Ok(step(place, update, &[("name", name)], body.into()))
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
