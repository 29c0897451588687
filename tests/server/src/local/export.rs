//! The users, storages, call types and calls there are, as a seed.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::seed::{Seed, SeedCall};
use crate::input::Fields;
use crate::schema;
use crate::shared::Shared;
use crate::state::{Call, CallType, ExternalStorage, State, User};
use crate::time;

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
        external_storages: state.storages.values().map(storage).collect(),
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

fn storage(storage: &ExternalStorage) -> Fields {
    let fields = [
        ("name", &storage.name),
        ("bucket", &storage.bucket),
        ("path", &storage.path),
        ("storage_type", &storage.kind),
    ];
    let fields = fields.into_iter();
    fields
        .map(|(name, value)| (name.to_owned(), value.clone().into()))
        .collect()
}

/// Only what a request may say: settings of responses have more.
fn call_type(server: &Shared, call_type: &CallType) -> Fields {
    let mut all = json!({
        "name": call_type.name,
        "settings": call_type.settings,
        "grants": call_type.grants,
        "notification_settings": call_type.notification_settings,
        "external_storage": call_type.external_storage,
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
