//! Permissions: roles, membership and what a user was granted make capabilities.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::context::Context;
use super::handler::Access;
use super::handler::Handler;
use crate::auth::Caller;
use crate::error::{ApiError, code};
use crate::input::{Fields, Input, ReadFields};
use crate::state::{Call, CallType};

/// The role of a member that has no other.
const MEMBER: &str = "call_member";
/// The role of the one who made the call.
const OWNER: &str = "host";

/// All there are, which is what a server may do.
const EVERY_CAPABILITY: [&str; 36] = [
    "block-users",
    "change-max-duration",
    "create-call",
    "create-reaction",
    "enable-noise-cancellation",
    "end-call",
    "join-backstage",
    "join-call",
    "join-ended-call",
    "kick-user",
    "mute-users",
    "pin-for-everyone",
    "read-call",
    "remove-call-member",
    "screenshare",
    "send-audio",
    "send-closed-captions-call",
    "send-video",
    "start-broadcast-call",
    "start-closed-captions-call",
    "start-frame-record-call",
    "start-individual-record-call",
    "start-raw-record-call",
    "start-record-call",
    "start-transcription-call",
    "stop-broadcast-call",
    "stop-closed-captions-call",
    "stop-frame-record-call",
    "stop-individual-record-call",
    "stop-raw-record-call",
    "stop-record-call",
    "stop-transcription-call",
    "update-call",
    "update-call-member",
    "update-call-permissions",
    "update-call-settings",
];

/// Settings of a call that switch off what a capability allows.
const SWITCHES: [(&str, &str); 2] = [("video", "send-video"), ("screensharing", "screenshare")];

/// Refuses a request that its token does not allow.
pub(crate) fn authorize(
    context: &Context<'_>,
    handler: &Handler,
    input: &Input,
) -> Result<(), ApiError> {
    check_reach(input, context.caller)?;
    let named = input.named_call();
    let Some(user_id) = context.caller.user.as_deref() else {
        return Ok(());
    };
    let gone = context.state().users.get(user_id).and_then(|user| {
        let deleted = user.deleted_at.map(|_| "deleted");
        deleted.or(user.deactivated_at.map(|_| "deactivated"))
    });
    if let Some(gone) = gone {
        let message = format!("the user {user_id} is {gone}");
        return Err(ApiError::new(403, code::NOT_ALLOWED, message));
    }
    if let Some(call) = named.and_then(|cid| context.call(&cid).ok().map(Call::cid)) {
        let call = context.call(&call)?;
        if call
            .blocked_user_ids
            .iter()
            .any(|blocked| blocked == user_id)
        {
            let message = format!("the user {user_id} is blocked from the call {}", call.cid());
            return Err(ApiError::new(403, code::NOT_ALLOWED, message));
        }
    }
    match handler.access {
        Access::Anyone => Ok(()),
        Access::Server => Err(forbidden(context, handler.operation, None)),
        Access::Capability(capability) => {
            let cid = input.named_call().unwrap_or_default();
            require(context, context.call(&cid)?, capability, handler.operation)
        }
    }
}

/// Refuses a call token on the way to another call.
pub(crate) fn check_reach(input: &Input, caller: &Caller) -> Result<(), ApiError> {
    match input.named_call().filter(|cid| !caller.reaches(cid)) {
        Some(cid) => {
            let message = format!("the token does not reach the call {cid}");
            Err(ApiError::new(403, code::NOT_ALLOWED, message))
        }
        None => Ok(()),
    }
}

/// Refuses a user who lacks a capability in a call.
pub(crate) fn require(
    context: &Context<'_>,
    call: &Call,
    capability: &str,
    action: &str,
) -> Result<(), ApiError> {
    let is_allowed = match context.caller.user.as_deref() {
        None => true,
        Some(user) => capabilities(context, call, user).contains(capability),
    };
    if is_allowed {
        Ok(())
    } else {
        Err(forbidden(context, action, Some(&call.kind)))
    }
}

/// The refusal, in the API's words.
pub(crate) fn forbidden(context: &Context<'_>, action: &str, call_type: Option<&str>) -> ApiError {
    let user = context.caller.user.as_deref().unwrap_or_default();
    let role = application_role(context, user);
    let scope = call_type.map_or_else(|| ".app".to_owned(), |name| format!("video:{name}"));
    let message = format!(
        "User '{user}' with role '{role}' is not allowed to perform action {action} in scope '{scope}'"
    );
    ApiError::new(403, code::NOT_ALLOWED, message)
}

pub(super) fn application_role<'a>(context: &'a Context<'_>, user: &str) -> &'a str {
    let claimed = context.caller.role.as_deref();
    let is_caller = context.caller.user.as_deref() == Some(user);
    claimed
        .filter(|_| is_caller)
        .or_else(|| context.user(user).map(|user| user.role.as_str()))
        .unwrap_or("user")
}

/// The role in which a user is in a call.
pub(crate) fn role_in_call(context: &Context<'_>, call: &Call, user: &str) -> String {
    let member = call.member(user).and_then(|member| member.role.clone());
    member.unwrap_or_else(|| application_role(context, user).to_owned())
}

/// The capabilities of a user in a call.
pub(crate) fn capabilities(context: &Context<'_>, call: &Call, user: &str) -> BTreeSet<String> {
    let mut allowed = BTreeSet::new();
    let Ok(call_type) = context.call_type(&call.kind) else {
        return allowed;
    };
    let mut roles = vec![application_role(context, user)];
    if let Some(member) = call.member(user) {
        roles.push(MEMBER);
        roles.extend(member.role.as_deref());
    }
    if call.created_by == user {
        roles.push(OWNER);
    }
    for role in roles {
        allowed.extend(call_type.grants.get(role).into_iter().flatten().cloned());
    }
    if let Some(change) = call.permissions.get(user) {
        allowed.extend(change.granted.iter().cloned());
        for revoked in &change.revoked {
            allowed.remove(revoked);
        }
    }
    allowed.retain(|capability| !is_switched_off(call, Some(call_type), capability));
    allowed
}

/// Returns whether the settings of a call leave nothing that a capability could allow.
fn is_switched_off(call: &Call, call_type: Option<&CallType>, capability: &str) -> bool {
    let switch = SWITCHES
        .iter()
        .find(|(_, switched)| *switched == capability);
    let Some((setting, _)) = switch else {
        return false;
    };
    let enabled = |settings: &Fields| settings.object(setting)?.get("enabled")?.as_bool();
    let of_call = enabled(&call.settings_override);
    let of_type = || enabled(&call_type?.settings);
    of_call.or_else(of_type) == Some(false)
}

/// The capabilities of the caller in a call; a server has all that its settings leave.
pub(crate) fn own_capabilities(context: &Context<'_>, call: &Call) -> Vec<String> {
    match context.caller.user.as_deref() {
        Some(user) => capabilities(context, call, user).into_iter().collect(),
        None => {
            let call_type = context.call_type(&call.kind).ok();
            let all = EVERY_CAPABILITY.into_iter();
            let left = all.filter(|name| !is_switched_off(call, call_type, name));
            left.map(str::to_owned).collect()
        }
    }
}

/// The capabilities of each role in a call.
pub(super) fn capabilities_by_role(context: &Context<'_>, cid: &str) -> Result<Value, ApiError> {
    let call = context.call(cid)?;
    Ok(json!(context.call_type(&call.kind)?.grants))
}

#[cfg(test)]
mod tests {
    use super::EVERY_CAPABILITY;
    use crate::spec::embedded_spec;

    #[test]
    fn the_capabilities_are_those_of_the_spec() {
        let spec = embedded_spec();
        let documented = spec
            .pointer("/components/schemas/OwnCapability/enum")
            .unwrap();
        assert_eq!(documented, &serde_json::json!(EVERY_CAPABILITY.to_vec()));
    }
}
