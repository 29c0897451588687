//! Callers by telephone: how they prove themselves, and the call they are led to.

use std::net::IpAddr;

use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::json;

use super::digest::{self, Refusal};
use super::range::Range;
use super::rules::with_duration;
use super::trunks::trunk;
use super::{rules, trunks};
use crate::error::{ApiError, code};
use crate::input::{Fields, Input, ReadFields};
use crate::operations::calls;
use crate::operations::context::Context;
use crate::operations::handler::HandlerResult;
use crate::state::{RoutingRule, Trunk};
use crate::time::SECOND;

/// For how long a resolved caller may join, in seconds.
const TOKEN_LIFETIME: i64 = 3600;

/// Responds with how a caller proves that the trunk may be used: by address, or by password.
pub(crate) fn authenticate(context: &mut Context<'_>, input: &Input) -> HandlerResult {
    let body = &input.body;
    let number = body.text("sip_trunk_number").unwrap_or_default();
    let trunks = context.state().trunks.values();
    let mut by_number = trunks.filter(|trunk| trunk.numbers.iter().any(|one| one == number));
    let Some(trunk) = by_number.next() else {
        return Ok(json!({ "auth_result": "no_trunk_found" }).into());
    };
    let source: Option<IpAddr> = body.text("source_ip").and_then(|text| text.parse().ok());
    let is_allowed = source.is_some_and(|source| {
        let ranges = trunk
            .allowed_ips
            .iter()
            .filter_map(|text| Range::read(text));
        ranges.into_iter().any(|range| range.contains(source))
    });
    let response = if is_allowed {
        json!({ "auth_result": "accept", "trunk_id": trunk.id })
    } else {
        json!({
            "auth_result": "password",
            "trunk_id": trunk.id,
            "username": trunk.username,
            "password": trunk.password,
        })
    };
    Ok(response.into())
}

/// Leads a caller into a call: the one that the rule names, or the one that the number dialled
/// or the pin belongs to.
pub(crate) fn resolve(context: &mut Context<'_>, input: &Input) -> HandlerResult {
    let body = &input.body;
    let trunk = resolved_trunk(context, body)?.clone();
    let rule = resolved_rule(context, &trunk, body)?.clone();
    let (kind, id) = resolved_call(context, &rule, body)?;
    let caller_number = body.text("sip_caller_number").unwrap_or_default();
    let user_id = fill(
        rule.caller.text("id").unwrap_or("{{caller_number}}"),
        body,
        caller_number,
    );
    let custom = rule
        .caller
        .object("custom_data")
        .cloned()
        .unwrap_or_default();
    if context.user(&user_id).is_none() {
        context.create_user(&user_id, None);
        if let Some(user) = context.state_mut().users.get_mut(&user_id) {
            user.custom = custom.clone();
        }
    }
    let call_custom = rule
        .call
        .as_ref()
        .and_then(|call| call.object("custom_data"));
    let call_custom = call_custom.cloned().unwrap_or_default();
    calls::ensure(context, &kind, &id, &user_id, &call_custom)?;
    let token = sign_call_token(context, &user_id, &format!("{kind}:{id}"))?;
    Ok(json!({
        "credentials": {
            "api_key": context.settings.key,
            "token": token,
            "user_id": user_id,
            "user_custom_data": custom,
            "call_type": kind,
            "call_id": id,
            "call_custom_data": call_custom,
        },
        "sip_trunk": trunks::show(context, &trunk),
        "sip_routing_rule": with_duration(rules::show(&rule)),
    })
    .into())
}

fn resolved_trunk<'a>(context: &'a Context<'_>, body: &Fields) -> Result<&'a Trunk, ApiError> {
    if let Some(id) = body.text("trunk_id").filter(|id| !id.is_empty()) {
        return trunk(context, id);
    }
    let number = body.text("sip_trunk_number").unwrap_or_default();
    let mut trunks = context.state().trunks.values();
    let found = trunks.find(|trunk| trunk.numbers.iter().any(|one| one == number));
    let trunk = found
        .ok_or_else(|| ApiError::not_found(format!("Can't find SIP trunk with number {number}")))?;
    if let Some(challenge) = body.object("challenge") {
        let checked = digest::check(challenge, &trunk.username, &trunk.password);
        checked.map_err(|refusal| match refusal {
            Refusal::Malformed(reason) => ApiError::input(reason),
            Refusal::Wrong(reason) => ApiError::new(403, code::NOT_ALLOWED, reason),
        })?;
    }
    Ok(trunk)
}

/// The first rule of the trunk that fits the numbers; one that names them goes before others.
fn resolved_rule<'a>(
    context: &'a Context<'_>,
    trunk: &Trunk,
    body: &Fields,
) -> Result<&'a RoutingRule, ApiError> {
    let called = body.text("sip_trunk_number").unwrap_or_default();
    let caller = body.text("sip_caller_number").unwrap_or_default();
    let fits = |numbers: &[String], number: &str| {
        numbers.is_empty() || numbers.iter().any(|one| one == number)
    };
    let rules = context.state().routing_rules.values();
    let mut fitting: Vec<&RoutingRule> = rules
        .filter(|rule| rule.trunk_ids.contains(&trunk.id))
        .filter(|rule| fits(&rule.called_numbers, called) && fits(&rule.caller_numbers, caller))
        .collect();
    fitting.sort_by_key(|rule| {
        let is_open = (
            rule.caller_numbers.is_empty(),
            rule.called_numbers.is_empty(),
        );
        (is_open, rule.created_at)
    });
    fitting.first().copied().ok_or_else(|| {
        ApiError::not_found(format!(
            "Can't find a SIP inbound routing rule for calls from {caller} to {called}"
        ))
    })
}

/// Type and id of the call that a rule leads to.
fn resolved_call(
    context: &Context<'_>,
    rule: &RoutingRule,
    body: &Fields,
) -> Result<(String, String), ApiError> {
    let caller = body.text("sip_caller_number").unwrap_or_default();
    if let Some(direct) = &rule.direct {
        let part = |name| fill(direct.text(name).unwrap_or_default(), body, caller);
        return Ok((part("call_type"), part("call_id")));
    }
    let headers = body.object("sip_headers");
    let pin = headers.and_then(|headers| headers.text("x-pin").or(headers.text("X-Pin")));
    let protection = rule.pin_protection.as_ref();
    let default_pin = protection.and_then(|one| one.text("default_pin"));
    let number = body.text("routing_number").or(pin).or(default_pin);
    let Some(number) = number else {
        return Err(ApiError::input(
            "routing_number must be given: the rule asks callers for the pin of a call",
        ));
    };
    let index = &context.state().call_index;
    let by_number = index.holding("routing_number", number).into_iter();
    let mut calls = by_number.chain(index.holding("custom.pin", number));
    let found = calls.find(|call| {
        call.deleted_at.is_none()
            && (call.routing_number == number || call.custom.text("pin") == Some(number))
    });
    let call = found.ok_or_else(|| {
        ApiError::not_found(format!("Can't find call with routing number {number}"))
    })?;
    Ok((call.kind.clone(), call.id.clone()))
}

/// Puts what the caller sent in the place of `{{caller_number}}` and the like.
fn fill(template: &str, body: &Fields, caller: &str) -> String {
    let called = body.text("sip_trunk_number").unwrap_or_default();
    let mut filled = template.to_owned();
    let values = [
        ("caller_number", caller),
        ("sip_caller_number", caller),
        ("called_number", called),
        ("sip_trunk_number", called),
    ];
    for (name, value) in values {
        filled = filled.replace(&format!("{{{{{name}}}}}"), value);
    }
    for (name, value) in body.object("sip_headers").into_iter().flatten() {
        let value = value.as_str().unwrap_or_default();
        filled = filled.replace(&format!("{{{{{name}}}}}"), value);
    }
    filled
}

fn sign_call_token(context: &Context<'_>, user: &str, cid: &str) -> Result<String, ApiError> {
    let now = context.now / SECOND;
    let claims = json!({
        "user_id": user,
        "call_cids": [cid],
        "iat": now,
        "exp": now.saturating_add(TOKEN_LIFETIME),
    });
    let key = EncodingKey::from_secret(context.settings.secret.as_bytes());
    let token = jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &key);
    token.map_err(|error| ApiError::new(500, code::INTERNAL, error.to_string()))
}
