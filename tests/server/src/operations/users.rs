//! Users: make, change, look up, deactivate, delete.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{Answered, Context, calls, permissions, render, tasks};
use crate::error::ApiError;
use crate::input::{Fields, Input, ReadFields};
use crate::query::{Column, Columns, Field, Request};
use crate::state::User;

static USERS: Columns<User> = Columns {
    fields: &[
        Column::plain("id", |user| Field::Text(&user.id)),
        Column::plain("name", |user| Field::optional_text(user.name.as_ref())),
        Column::plain("role", |user| Field::Text(&user.role)),
        Column::plain("language", |user| Field::Text(&user.language)),
        Column::plain("teams", |user| Field::texts(&user.teams)),
        Column::plain("banned", |_| Field::Bool(false)),
        Column::plain("shadow_banned", |_| Field::Bool(false)),
        Column::plain("invisible", |user| Field::Bool(user.invisible)),
        Column::time("created_at", |user| Field::Integer(user.created_at)),
        Column::time("updated_at", |user| Field::Integer(user.updated_at)),
        Column::time("last_active", |user| {
            Field::optional_integer(user.last_active)
        }),
        Column::time("deactivated_at", |user| {
            Field::optional_integer(user.deactivated_at)
        }),
    ],
    custom: Some(|user| &user.custom),
    key: |user| user.id.clone(),
    order: ("created_at", -1),
};

/// Creates or replaces users. A user token may do that for its own user only.
pub(super) fn update(context: &mut Context<'_>, input: &Input) -> Answered {
    let none = Fields::new();
    let users = input.body.object("users").unwrap_or(&none);
    let mut shown = Map::new();
    for (key, request) in users {
        let Some(request) = request.as_object() else {
            return Err(ApiError::input(format!("users.{key} must be an object")));
        };
        if request.text("id") != Some(key) {
            let message = format!("users.{key}: the id must be the same as the key");
            return Err(ApiError::input(message));
        }
        require_own(context, key, "UpdateUser")?;
        let id = upsert(context, request)?;
        shown.insert(key.clone(), full(context, &id)?);
    }
    Ok(json!({ "users": shown, "membership_deletion_task_id": "" }).into())
}

/// Creates or replaces one user; answers the id.
pub(super) fn upsert(context: &mut Context<'_>, request: &Fields) -> Result<String, ApiError> {
    let id = request.owned("id").filter(|id| !id.is_empty());
    let id = id.ok_or_else(|| ApiError::input("a user needs an id"))?;
    check_id(&id)?;
    let now = context.moment();
    let known = context.state().users.get(&id);
    if known.is_some_and(|user| user.deleted_at.is_some()) {
        return Err(ApiError::input(format!("user with id {id} was deleted")));
    }
    let role = known.map_or_else(|| "user".to_owned(), |user| user.role.clone());
    let user = User {
        name: request.owned("name"),
        image: request.owned("image"),
        role: request
            .owned("role")
            .filter(|role| !role.is_empty())
            .unwrap_or(role),
        language: request.owned("language").unwrap_or_default(),
        invisible: request.flag("invisible"),
        teams: request.texts("teams"),
        teams_role: texts_by_name(request.object("teams_role")),
        privacy_settings: request.get("privacy_settings").cloned(),
        custom: request.object("custom").cloned().unwrap_or_default(),
        created_at: known.map_or(now, |user| user.created_at),
        updated_at: now,
        last_active: known.and_then(|user| user.last_active),
        deactivated_at: known.and_then(|user| user.deactivated_at),
        deleted_at: None,
        id: id.clone(),
    };
    context.state_mut().users.put(&id, user);
    Ok(id)
}

fn texts_by_name(fields: Option<&Fields>) -> BTreeMap<String, String> {
    let fields = fields.into_iter().flatten();
    fields
        .filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())))
        .collect()
}

fn check_id(id: &str) -> Result<(), ApiError> {
    const LONGEST: usize = 255;
    if id.chars().count() > LONGEST {
        let message = format!("a user id has at most {LONGEST} characters");
        return Err(ApiError::input(message));
    }
    Ok(())
}

fn require_own(context: &Context<'_>, id: &str, action: &str) -> Result<(), ApiError> {
    match context.caller.user.as_deref() {
        Some(user) if user != id => Err(permissions::forbidden(context, action, None)),
        _ => Ok(()),
    }
}

fn existing<'a>(context: &'a Context<'_>, id: &str) -> Result<&'a User, ApiError> {
    let user = context.user(id);
    user.ok_or_else(|| ApiError::not_found(format!("Can't find user with id {id}")))
}

fn full(context: &Context<'_>, id: &str) -> Result<Value, ApiError> {
    existing(context, id).map(render::full_user)
}

/// Sets and unsets single fields of users.
pub(super) fn update_partially(context: &mut Context<'_>, input: &Input) -> Answered {
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
        "privacy_settings" => user.privacy_settings = Some(value.clone()),
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

/// Answers the users that fit.
pub(super) fn query(context: &mut Context<'_>, input: &Input) -> Answered {
    let none = Fields::new();
    let payload = input.query.object("payload").unwrap_or(&none);
    let offset = payload.integer("offset").unwrap_or(0);
    let offset =
        usize::try_from(offset).map_err(|_| ApiError::input("offset must not be negative"))?;
    let limit = payload
        .integer("limit")
        .filter(|limit| *limit != 0)
        .unwrap_or(30);
    let limit =
        usize::try_from(limit).map_err(|_| ApiError::input("limit must not be negative"))?;
    let mut wanted = payload.clone();
    wanted.insert("limit".into(), json!(offset + limit));
    let request = Request::read("QueryUsers", &wanted, &USERS)?;
    let with_deactivated = payload.flag("include_deactivated_users");
    let users = context.state().users.values().filter(|user| {
        user.deleted_at.is_none() && (with_deactivated || user.deactivated_at.is_none())
    });
    let page = request.page(users, false);
    let users = page
        .records
        .iter()
        .skip(offset)
        .map(|user| render::full_user(user));
    Ok(json!({ "users": users.collect::<Vec<_>>() }).into())
}

/// Deletes users: softly, or with all their data. Their calls go too if asked.
pub(super) fn delete(context: &mut Context<'_>, input: &Input) -> Answered {
    let body = &input.body;
    let ids = named_users(context, body)?;
    let is_hard = matches!(body.text("user"), Some("hard" | "pruning"));
    if let Some(owner) = body.text("new_call_owner_id") {
        context.require_users("delete users operation", [owner])?;
    }
    let mut result = Fields::new();
    for id in ids {
        let owned: Vec<String> = {
            let calls = context.state().calls.values();
            let owned = calls.filter(|call| call.created_by == id);
            owned.map(crate::state::Call::cid).collect()
        };
        for cid in owned {
            match (body.text("calls"), body.text("new_call_owner_id")) {
                (_, Some(owner)) => {
                    if let Some(call) = context.state_mut().calls.get_mut(&cid) {
                        call.created_by = owner.to_owned();
                    }
                }
                (Some("hard"), None) => calls::remove_with_data(context, &cid),
                (Some("soft"), None) if context.call(&cid).is_ok() => {
                    let call = context.change_call(&cid)?;
                    call.deleted_at = Some(call.updated_at);
                }
                _ => {}
            }
        }
        if is_hard {
            context.state_mut().users.remove(&id);
        } else {
            let now = context.moment();
            if let Some(user) = context.state_mut().users.get_mut(&id) {
                user.deleted_at = Some(now);
            }
        }
        result.insert(id, json!({ "status": "ok" }));
    }
    Ok(json!({ "task_id": tasks::done(context, result) }).into())
}

fn named_users(context: &Context<'_>, body: &Fields) -> Result<Vec<String>, ApiError> {
    let ids = body.texts("user_ids");
    for id in &ids {
        existing(context, id)?;
    }
    Ok(ids)
}

/// Deactivates the user of the path.
pub(super) fn deactivate(context: &mut Context<'_>, input: &Input) -> Answered {
    let id = input.segment("user_id").to_owned();
    if existing(context, &id)?.deactivated_at.is_some() {
        return Err(ApiError::input(format!("user {id} is already deactivated")));
    }
    set_deactivated(context, &id, true);
    Ok(json!({ "user": render::user(context.state(), &id) }).into())
}

/// Deactivates many users, as a task.
pub(super) fn deactivate_many(context: &mut Context<'_>, input: &Input) -> Answered {
    change_many(context, input, true)
}

/// Reactivates the user of the path, under another name if asked.
pub(super) fn reactivate(context: &mut Context<'_>, input: &Input) -> Answered {
    let id = input.segment("user_id").to_owned();
    if existing(context, &id)?.deactivated_at.is_none() {
        return Err(ApiError::input(format!("user {id} is not deactivated")));
    }
    set_deactivated(context, &id, false);
    if let (Some(name), Some(user)) = (
        input.body.owned("name"),
        context.state_mut().users.get_mut(&id),
    ) {
        user.name = Some(name);
    }
    Ok(json!({ "user": render::user(context.state(), &id) }).into())
}

/// Reactivates many users, as a task.
pub(super) fn reactivate_many(context: &mut Context<'_>, input: &Input) -> Answered {
    change_many(context, input, false)
}

fn change_many(context: &mut Context<'_>, input: &Input, deactivated: bool) -> Answered {
    let mut result = Fields::new();
    for id in named_users(context, &input.body)? {
        set_deactivated(context, &id, deactivated);
        result.insert(id, json!({ "status": "ok" }));
    }
    Ok(json!({ "task_id": tasks::done(context, result) }).into())
}

fn set_deactivated(context: &mut Context<'_>, id: &str, deactivated: bool) {
    let now = context.moment();
    if let Some(user) = context.state_mut().users.get_mut(id) {
        user.deactivated_at = deactivated.then_some(now);
        user.updated_at = now;
    }
}
