//! Conditions under which media may leave a call.

use crate::error::ApiError;
use crate::input::ReadFields;
use crate::operations::context::Context;
use crate::operations::render;

pub(crate) fn not_running() -> ApiError {
    ApiError::input("call egress is not running")
}

pub(crate) fn already_running() -> ApiError {
    ApiError::input("call egress is already running")
}

/// Refuses what the settings of the call switch off.
pub(crate) fn require_enabled(
    context: &Context<'_>,
    cid: &str,
    setting: &str,
) -> Result<(), ApiError> {
    let settings = render::settings(context.state(), context.call(cid)?);
    let mode = settings.object(setting).and_then(|one| one.text("mode"));
    if mode == Some("disabled") {
        let message = format!("{setting} is disabled in the settings of the call");
        return Err(ApiError::input(message));
    }
    Ok(())
}

/// Refuses a storage that was never made.
fn require_storage(context: &Context<'_>, storage: Option<&str>) -> Result<(), ApiError> {
    match storage {
        Some(name) if !context.state().storages.contains(name) => Err(ApiError::input(format!(
            "the external storage {name} does not exist"
        ))),
        _ => Ok(()),
    }
}

/// The storage to use: the one named, or the one of the call type.
pub(crate) fn storage_for(
    context: &Context<'_>,
    cid: &str,
    named: Option<String>,
) -> Result<Option<String>, ApiError> {
    require_storage(context, named.as_deref())?;
    let kind = &context.call(cid)?.kind;
    let of_type = context.call_type(kind)?.external_storage.clone();
    Ok(named.or(of_type))
}
