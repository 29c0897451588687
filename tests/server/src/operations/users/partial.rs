//! Single fields of users, set and unset.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::upsert::{existing, full, require_own, require_same_rights};
use crate::error::ApiError;
use crate::input::{Fields, Input, ReadFields};
use crate::operations::context::Context;
use crate::operations::handler::HandlerResult;
use crate::state::{User, merge_settings};

/// Sets and unsets single fields of users.
pub(crate) fn update_partially(context: &mut Context<'_>, input: &Input) -> HandlerResult {
    let mut shown = Map::new();
    for request in input.body.list("users").iter().filter_map(Value::as_object) {
        let id = request.owned("id").unwrap_or_default();
        require_own(context, &id, "UpdateUser")?;
        let mut user = existing(context, &id)?.clone();
        for (name, value) in request.object("set").into_iter().flatten() {
            set(&mut user, name, value)?;
        }
        for name in request.texts("unset") {
            unset(&mut user, &name)?;
        }
        require_same_rights(context, context.user(&id), &user)?;
        user.updated_at = context.moment();
        context.state_mut().users.put(&id, user);
        shown.insert(id.clone(), full(context, &id)?);
    }
    Ok(json!({ "users": shown, "membership_deletion_task_id": "" }).into())
}

fn set(user: &mut User, name: &str, value: &Value) -> Result<(), ApiError> {
    let text = || {
        let text = value.as_str().map(str::to_owned);
        text.ok_or_else(|| ApiError::input(format!("set.{name} must be text")))
    };
    match name {
        "id" | "created_at" | "updated_at" | "deleted_at" | "deactivated_at" => {
            return Err(ApiError::input(format!("{name} cannot be set")));
        }
        "name" => user.name = Some(text()?),
        "image" => user.image = Some(text()?),
        "role" => user.role = text()?,
        "language" => user.language = text()?,
        "invisible" => user.invisible = value == &Value::Bool(true),
        "privacy_settings" => set_privacy(user, value)?,
        "teams" => {
            let teams = value.as_array().into_iter().flatten();
            user.teams = teams.filter_map(Value::as_str).map(str::to_owned).collect();
        }
        "teams_role" => user.teams_role = texts_by_name(value.as_object()),
        "custom" => user.custom = value.as_object().cloned().unwrap_or_default(),
        // As with the vendor's users, every other name is custom data; dots lead deeper.
        other => {
            let path = other.strip_prefix("custom.").unwrap_or(other);
            set_at(&mut user.custom, path, value);
        }
    }
    Ok(())
}

/// Settings that the request does not name stay as they are.
fn set_privacy(user: &mut User, value: &Value) -> Result<(), ApiError> {
    let change = value.as_object();
    let change = change.ok_or_else(|| ApiError::input("set.privacy_settings must be an object"))?;
    let known = user.privacy_settings.take();
    let mut known = match known {
        Some(Value::Object(known)) => known,
        _ => Map::new(),
    };
    merge_settings(&mut known, change);
    user.privacy_settings = Some(known.into());
    Ok(())
}

fn set_at(fields: &mut Fields, path: &str, value: &Value) {
    match path.split_once('.') {
        None => {
            fields.insert(path.to_owned(), value.clone());
        }
        Some((first, rest)) => {
            let inner = fields.entry(first).or_insert_with(|| json!({}));
            if !inner.is_object() {
                *inner = json!({});
            }
            if let Some(inner) = inner.as_object_mut() {
                set_at(inner, rest, value);
            }
        }
    }
}

fn unset(user: &mut User, name: &str) -> Result<(), ApiError> {
    match name {
        "id" | "role" | "created_at" | "updated_at" => {
            return Err(ApiError::input(format!("{name} cannot be unset")));
        }
        "name" => user.name = None,
        "image" => user.image = None,
        "language" => user.language = String::new(),
        "invisible" => user.invisible = false,
        "privacy_settings" => user.privacy_settings = None,
        "teams" => user.teams.clear(),
        "teams_role" => user.teams_role.clear(),
        "custom" => user.custom.clear(),
        other => {
            let path = other.strip_prefix("custom.").unwrap_or(other);
            unset_at(&mut user.custom, path);
        }
    }
    Ok(())
}

fn unset_at(fields: &mut Fields, path: &str) {
    match path.split_once('.') {
        None => {
            fields.remove(path);
        }
        Some((first, rest)) => {
            if let Some(inner) = fields.get_mut(first).and_then(Value::as_object_mut) {
                unset_at(inner, rest);
            }
        }
    }
}

fn texts_by_name(fields: Option<&Fields>) -> BTreeMap<String, String> {
    let fields = fields.into_iter().flatten();
    fields
        .filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())))
        .collect()
}
