//! Conditions under which media may leave a call.

use crate::error::ApiError;
use crate::input::{Fields, ReadFields};
use crate::operations::context::Context;
use crate::operations::render;
use crate::operations::sessions::current;

pub(crate) fn not_running() -> ApiError {
    ApiError::input("call egress is not running")
}

pub(crate) fn already_running() -> ApiError {
    ApiError::input("call egress is already running")
}

/// Refuses to start what a setting of the call such as `recording.mode` or `broadcasting.hls` switches
/// off, and anything without a session; returns the session. It holds for every way to start
/// something, GoLive included.
pub(crate) fn require_startable(
    context: &Context<'_>,
    cid: &str,
    setting: &str,
) -> Result<String, ApiError> {
    let settings = render::settings(context.state(), context.call(cid)?);
    require_on(&settings, setting)?;
    current::require_session(context, cid)
}

/// Refuses what a setting of the call switches off.
pub(crate) fn require_on(settings: &Fields, setting: &str) -> Result<(), ApiError> {
    if is_off(settings, setting) {
        let setting = setting.strip_suffix(".mode").unwrap_or(setting);
        let message = format!("{setting} is disabled in the settings of the call");
        return Err(ApiError::input(message));
    }
    Ok(())
}

/// Returns true if a setting is `disabled`, or part of something that is not enabled.
pub(crate) fn is_off(settings: &Fields, setting: &str) -> bool {
    match setting.split_once('.') {
        None if settings.text(setting) == Some("disabled") => true,
        None => settings.object(setting).is_some_and(is_not_enabled),
        Some((name, rest)) => {
            let inner = settings.object(name);
            inner.is_some_and(|inner| is_not_enabled(inner) || is_off(inner, rest))
        }
    }
}

fn is_not_enabled(settings: &Fields) -> bool {
    settings
        .get("enabled")
        .is_some_and(|enabled| *enabled == false)
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
