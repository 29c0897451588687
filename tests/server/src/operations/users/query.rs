//! QueryUsers.

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::error::ApiError;
use crate::input::{Fields, Input, ReadFields};
use crate::operations::context::Context;
use crate::operations::handler::HandlerResult;
use crate::operations::render;
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

/// Puts `custom.` before the names of custom data, which clients may name without it: names of no
/// other field that some user has.
fn name_custom_fields(context: &Context<'_>, wanted: &mut Fields) {
    let users = context.state().users.values();
    let custom = users.flat_map(|user| user.custom.keys().map(String::as_str));
    let custom: HashSet<&str> = custom.collect();
    let is_custom = |name: &str| {
        let key = name.split('.').next().unwrap_or(name);
        let is_field = USERS.fields.iter().any(|column| column.name == key);
        let is_taken = is_field || key == "custom" || key.starts_with('$');
        !is_taken && custom.contains(key)
    };
    if let Some(Value::Object(conditions)) = wanted.get_mut("filter_conditions") {
        name_in_conditions(conditions, &is_custom);
    }
    let order = wanted.get_mut("sort").and_then(Value::as_array_mut);
    for field in order
        .into_iter()
        .flatten()
        .filter_map(|by| by.get_mut("field"))
    {
        let name = field.as_str().filter(|name| is_custom(name));
        if let Some(name) = name.map(|name| format!("custom.{name}")) {
            *field = name.into();
        }
    }
}

fn name_in_conditions(conditions: &mut Fields, is_custom: &dyn Fn(&str) -> bool) {
    // Conditions on a field that is named both ways.
    let mut further = Vec::new();
    for (name, mut condition) in std::mem::take(conditions) {
        if name.starts_with('$') {
            let parts = condition.as_array_mut().into_iter().flatten();
            for part in parts.filter_map(Value::as_object_mut) {
                name_in_conditions(part, is_custom);
            }
        }
        let name = if is_custom(&name) {
            format!("custom.{name}")
        } else {
            name
        };
        if conditions.contains_key(&name) {
            further.push(json!({ name: condition }));
        } else {
            conditions.insert(name, condition);
        }
    }
    if !further.is_empty() {
        let all = conditions.entry("$and").or_insert_with(|| json!([]));
        all.as_array_mut()
            .into_iter()
            .for_each(|all| all.append(&mut further));
    }
}

/// Responds with the users that fit.
pub(crate) fn query(context: &mut Context<'_>, input: &Input) -> HandlerResult {
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
    wanted.insert("limit".into(), json!(offset.saturating_add(limit)));
    name_custom_fields(context, &mut wanted);
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
