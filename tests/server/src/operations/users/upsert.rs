//! Users as requests name them: created, replaced, acting.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::error::{ApiError, code};
use crate::input::{self, Fields, Input, ReadFields};
use crate::operations::context::Context;
use crate::operations::handler::HandlerResult;
use crate::operations::permissions;
use crate::operations::render;
use crate::state::User;

/// Creates or replaces users. A user token may do that for its own user only.
pub(crate) fn update(context: &mut Context<'_>, input: &Input) -> HandlerResult {
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

#[derive(Default, Deserialize)]
#[serde(default)]
struct UserRequest {
    id: String,
    name: Option<String>,
    image: Option<String>,
    role: String,
    language: String,
    invisible: bool,
    teams: Vec<String>,
    teams_role: BTreeMap<String, String>,
    privacy_settings: Option<Value>,
    custom: Fields,
}

/// Creates or replaces one user; returns the id.
pub(crate) fn upsert(context: &mut Context<'_>, fields: &Fields) -> Result<String, ApiError> {
    let request: UserRequest = input::read(fields)?;
    let id = request.id;
    if id.is_empty() {
        return Err(ApiError::input("a user needs an id"));
    }
    check_id(&id)?;
    let now = context.moment();
    let known = context.state().users.get(&id);
    if known.is_some_and(|user| user.deleted_at.is_some()) {
        return Err(ApiError::input(format!("user with id {id} was deleted")));
    }
    let role = match (request.role, known) {
        (named, _) if !named.is_empty() => named,
        (_, Some(known)) => known.role.clone(),
        _ => "user".to_owned(),
    };
    // A user's own token cannot change rights, so that what it leaves out stays.
    let keeps = |name: &str| context.caller.user.is_some() && !fields.contains_key(name);
    let teams = known.filter(|_| keeps("teams"));
    let teams_role = known.filter(|_| keeps("teams_role"));
    let user = User {
        name: request.name,
        image: request.image,
        role,
        language: request.language,
        invisible: request.invisible,
        teams: teams.map_or(request.teams, |user| user.teams.clone()),
        teams_role: teams_role.map_or(request.teams_role, |user| user.teams_role.clone()),
        privacy_settings: request.privacy_settings,
        custom: request.custom,
        created_at: known.map_or(now, |user| user.created_at),
        updated_at: now,
        last_active: known.and_then(|user| user.last_active),
        deactivated_at: known.and_then(|user| user.deactivated_at),
        deleted_at: None,
        id: id.clone(),
    };
    require_same_rights(context, known, &user)?;
    let state = context.state_mut();
    state.erased_users.remove(&id);
    state.users.put(&id, user);
    Ok(id)
}

fn check_id(id: &str) -> Result<(), ApiError> {
    const LONGEST: usize = 255;
    if id.chars().count() > LONGEST {
        let message = format!("a user id has at most {LONGEST} characters");
        return Err(ApiError::input(message));
    }
    // No path can name them: clients take such a segment away.
    if matches!(id, "." | "..") {
        return Err(ApiError::input(format!("a user id must not be {id}")));
    }
    Ok(())
}

/// Refuses a user token that would change what its own user may do.
pub(super) fn require_same_rights(
    context: &Context<'_>,
    known: Option<&User>,
    new: &User,
) -> Result<(), ApiError> {
    if context.caller.user.is_none() {
        return Ok(());
    }
    let before = |user: &User| {
        (
            user.role.clone(),
            user.teams.clone(),
            user.teams_role.clone(),
        )
    };
    let none = || ("user".to_owned(), Vec::new(), BTreeMap::new());
    let (role, teams, teams_role) = known.map_or_else(none, before);
    for (field, is_same) in [
        ("role", role == new.role),
        ("teams", teams == new.teams),
        ("teams_role", teams_role == new.teams_role),
    ] {
        if !is_same {
            let message = format!("a user token cannot change {field}, only a server token can");
            return Err(ApiError::new(403, code::NOT_ALLOWED, message));
        }
    }
    Ok(())
}

pub(crate) fn require_own(context: &Context<'_>, id: &str, action: &str) -> Result<(), ApiError> {
    match context.caller.user.as_deref() {
        Some(user) if user != id => Err(permissions::forbidden(context, action, None)),
        _ => Ok(()),
    }
}

pub(crate) fn existing<'a>(context: &'a Context<'_>, id: &str) -> Result<&'a User, ApiError> {
    let user = context.user(id);
    user.ok_or_else(|| ApiError::not_found(format!("Can't find user with id {id}")))
}

pub(crate) fn full(context: &Context<'_>, id: &str) -> Result<Value, ApiError> {
    existing(context, id).map(render::full_user)
}

impl Context<'_> {
    /// The user that a request acts for: that of a user token, or the one that the fields
    /// `object` (created if need be) or `id_field` name.
    pub(crate) fn acting_user(
        &mut self,
        fields: &Fields,
        object: &str,
        id_field: &str,
    ) -> Result<Option<String>, ApiError> {
        if let Some(user) = self.caller.user.clone() {
            return Ok(Some(user));
        }
        if let Some(request) = fields.object(object) {
            return upsert(self, request).map(Some);
        }
        let Some(id) = fields.text(id_field).filter(|id| !id.is_empty()) else {
            return Ok(None);
        };
        self.require_users("the operation", [id])?;
        Ok(Some(id.to_owned()))
    }

    /// As [`Self::acting_user`], where a server token has to name somebody.
    pub(crate) fn required_acting_user(
        &mut self,
        fields: &Fields,
        object: &str,
        id_field: &str,
    ) -> Result<String, ApiError> {
        self.acting_user(fields, object, id_field)?.ok_or_else(|| {
            ApiError::input(format!(
                "either {object} or {id_field} must be provided when using server side auth."
            ))
        })
    }
}
