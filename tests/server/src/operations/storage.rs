//! External storage: where recordings and transcriptions go.

use serde_json::{Map, Value, json};

use super::context::Context;
use super::handler::HandlerResult;
use super::render;
use crate::error::ApiError;
use crate::file_urls;
use crate::input::{Fields, Input, ReadFields};
use crate::state::{CallType, ExternalStorage};

/// Names of the storage that recordings go to when none is named.
const RESERVED: [&str; 1] = ["stream-s3"];

/// Responds with every storage by its name.
pub(super) fn list(context: &mut Context<'_>, _: &Input) -> HandlerResult {
    let storages = context.state().storages.values();
    let storages: Map<String, Value> = storages
        .map(|storage| (storage.name.clone(), shown(storage).into()))
        .collect();
    Ok(json!({ "external_storages": storages }).into())
}

fn shown(storage: &ExternalStorage) -> Fields {
    render::fields(json!({
        "name": storage.name,
        "bucket": storage.bucket,
        "path": storage.path,
        "type": storage.kind,
    }))
}

/// Adds a storage.
pub(super) fn create(context: &mut Context<'_>, input: &Input) -> HandlerResult {
    let name = input.body.owned("name").unwrap_or_default();
    if name.is_empty() {
        return Err(ApiError::input("name must not be empty"));
    }
    if RESERVED.contains(&name.as_str()) {
        let message = format!("{name} name reserved for internal use");
        return Err(ApiError::input(message));
    }
    if context.state().storages.contains(&name) {
        let message = format!("an external storage with the name {name} already exists");
        return Err(ApiError::input(message));
    }
    let storage = read(&name, &input.body);
    context.state_mut().storages.put(&name, storage);
    Ok(json!({}).into())
}

/// Replaces a storage.
pub(super) fn update(context: &mut Context<'_>, input: &Input) -> HandlerResult {
    let name = existing(context, input)?.name.clone();
    let storage = read(&name, &input.body);
    let shown = shown(&storage);
    context.state_mut().storages.put(&name, storage);
    Ok(shown.into())
}

/// Removes a storage that nothing uses.
pub(super) fn delete(context: &mut Context<'_>, input: &Input) -> HandlerResult {
    let name = existing(context, input)?.name.clone();
    let is_used = |one: &&CallType| one.external_storage.as_ref() == Some(&name);
    let used_by = context.state().call_types.values().find(is_used);
    if let Some(used_by) = used_by {
        let message = format!(
            "the call type {} uses the external storage {name}",
            used_by.name
        );
        return Err(ApiError::input(message));
    }
    context.state_mut().storages.remove(&name);
    Ok(json!({}).into())
}

/// Responds with the file that was written to try a storage.
pub(super) fn check(context: &mut Context<'_>, input: &Input) -> HandlerResult {
    let name = &existing(context, input)?.name;
    let url = file_urls::storage_check(&context.settings.base_url, name);
    Ok(json!({ "file_url": url }).into())
}

fn existing<'a>(context: &'a Context<'_>, input: &Input) -> Result<&'a ExternalStorage, ApiError> {
    let name = input.segment("name");
    let storage = context.state().storages.get(name);
    storage
        .ok_or_else(|| ApiError::not_found(format!("Can't find external storage with name {name}")))
}

/// Reads a storage. Credentials are not kept, and nothing here needs them.
fn read(name: &str, body: &Fields) -> ExternalStorage {
    ExternalStorage {
        name: name.to_owned(),
        bucket: body.owned("bucket").unwrap_or_default(),
        path: body.owned("path").unwrap_or_default(),
        kind: body.owned("storage_type").unwrap_or_default(),
    }
}
