//! Call types.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::context::Context;
use super::context::missing_call_type;
use super::handler::HandlerResult;
use super::render;
use crate::error::ApiError;
use crate::input::{Fields, Input, ReadFields};
use crate::state::{CallType, merge_settings};

/// Types that cannot be deleted.
const BUILT_IN: [&str; 4] = ["audio_room", "default", "development", "livestream"];

/// Responds with every call type by its name.
pub(super) fn list(context: &mut Context<'_>, _: &Input) -> HandlerResult {
    let types = context.state().call_types.values();
    let types: Map<String, Value> = types
        .map(|one| (one.name.clone(), render::call_type(one).into()))
        .collect();
    Ok(json!({ "call_types": types }).into())
}

/// Adds a call type.
pub(super) fn create(context: &mut Context<'_>, input: &Input) -> HandlerResult {
    let name = input.body.owned("name").unwrap_or_default();
    check_name(&name)?;
    if context.state().call_types.contains(&name) {
        let message = format!("call type with name {name} already exists");
        return Err(ApiError::input(message));
    }
    let now = context.moment();
    let mut call_type = CallType::new(&name, now)
        .ok_or_else(|| ApiError::input("this server has no default settings"))?;
    apply(context, &mut call_type, &input.body)?;
    let shown = render::call_type(&call_type);
    context.state_mut().call_types.put(&name, call_type);
    Ok(shown.into())
}

/// Call ids start with the type, so it must not contain what separates the two.
fn check_name(name: &str) -> Result<(), ApiError> {
    const LONGEST: usize = 64;
    let is_fine = |letter: char| letter.is_ascii_alphanumeric() || "-_".contains(letter);
    if name.is_empty() || name.len() > LONGEST || !name.chars().all(is_fine) {
        return Err(ApiError::input(format!(
            "the name of a call type has 1 to {LONGEST} letters, digits, - and _, unlike {name:?}"
        )));
    }
    Ok(())
}

/// Responds with a call type.
pub(super) fn get(context: &mut Context<'_>, input: &Input) -> HandlerResult {
    Ok(render::call_type(context.call_type(input.segment("name"))?).into())
}

/// Changes what the request names of a call type.
pub(super) fn update(context: &mut Context<'_>, input: &Input) -> HandlerResult {
    let mut call_type = context.call_type(input.segment("name"))?.clone();
    apply(context, &mut call_type, &input.body)?;
    call_type.updated_at = context.moment();
    let shown = render::call_type(&call_type);
    let name = call_type.name.clone();
    context.state_mut().call_types.put(&name, call_type);
    Ok(shown.into())
}

/// Removes a call type that calls no longer use.
pub(super) fn delete(context: &mut Context<'_>, input: &Input) -> HandlerResult {
    let name = input.segment("name");
    context.call_type(name)?;
    if BUILT_IN.contains(&name) {
        let message = format!("the call type {name} is built in and cannot be deleted");
        return Err(ApiError::input(message));
    }
    let removed = context.state_mut().call_types.remove(name);
    removed.ok_or_else(|| missing_call_type(name))?;
    Ok(json!({}).into())
}

fn apply(context: &Context<'_>, call_type: &mut CallType, body: &Fields) -> Result<(), ApiError> {
    if let Some(settings) = body.object("settings") {
        merge_settings(&mut call_type.settings, settings);
    }
    if let Some(settings) = body.object("notification_settings") {
        merge_settings(&mut call_type.notification_settings, settings);
    }
    if let Some(grants) = body.object("grants") {
        let grants: BTreeMap<String, Vec<String>> = grants
            .keys()
            .map(|role| (role.clone(), grants.texts(role)))
            .collect();
        call_type.grants.extend(grants);
    }
    if let Some(storage) = body.owned("external_storage") {
        if !storage.is_empty() && !context.state().storages.contains(&storage) {
            let message = format!("the external storage {storage} does not exist");
            return Err(ApiError::input(message));
        }
        call_type.external_storage = Some(storage).filter(|storage| !storage.is_empty());
    }
    Ok(())
}
