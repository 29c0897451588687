//! SIP: trunks, routing rules, and where a caller is led.

use std::net::IpAddr;

use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Answered, Context, calls, render};
use crate::error::{ApiError, code};
use crate::input::{Fields, Input, ReadFields};
use crate::state::{RoutingRule, Trunk};

/// For how long a resolved caller may join, in seconds.
const TOKEN_LIFETIME: i64 = 3600;

/// Adds a trunk.
pub(super) fn create_trunk(context: &mut Context<'_>, input: &Input) -> Answered {
    check_trunk(context, &input.body, None)?;
    let now = context.moment();
    let id = Uuid::new_v4().to_string();
    let trunk = Trunk {
        name: input.body.owned("name").unwrap_or_default(),
        numbers: input.body.texts("numbers"),
        allowed_ips: input.body.texts("allowed_ips"),
        username: format!("trunk-{}", short(&id)),
        password: password(input.body.owned("password")),
        created_at: now,
        updated_at: now,
        id: id.clone(),
    };
    let shown = show_trunk(context, &trunk);
    context.state_mut().trunks.put(&id, trunk);
    Ok(json!({ "sip_trunk": shown }).into())
}

/// Answers every trunk, the oldest first.
pub(super) fn list_trunks(context: &mut Context<'_>, _: &Input) -> Answered {
    let mut trunks: Vec<&Trunk> = context.state().trunks.values().collect();
    trunks.sort_by_key(|trunk| trunk.created_at);
    let trunks: Vec<Value> = trunks
        .into_iter()
        .map(|one| show_trunk(context, one))
        .collect();
    Ok(json!({ "sip_trunks": trunks }).into())
}

/// Replaces what is known about a trunk.
pub(super) fn update_trunk(context: &mut Context<'_>, input: &Input) -> Answered {
    let mut trunk = trunk(context, input.segment("id"))?.clone();
    check_trunk(context, &input.body, Some(&trunk.id))?;
    trunk.name = input.body.owned("name").unwrap_or_default();
    trunk.numbers = input.body.texts("numbers");
    trunk.allowed_ips = input.body.texts("allowed_ips");
    if let Some(password) = input.body.owned("password").filter(|text| !text.is_empty()) {
        trunk.password = password;
    }
    trunk.updated_at = context.moment();
    let shown = show_trunk(context, &trunk);
    let id = trunk.id.clone();
    context.state_mut().trunks.put(&id, trunk);
    Ok(json!({ "sip_trunk": shown }).into())
}

/// Removes a trunk that no rule uses.
pub(super) fn delete_trunk(context: &mut Context<'_>, input: &Input) -> Answered {
    let id = trunk(context, input.segment("id"))?.id.clone();
    let uses = |rule: &&RoutingRule| rule.trunk_ids.contains(&id);
    let used_by = context.state().routing_rules.values().find(uses);
    if let Some(rule) = used_by {
        let message = format!("the routing rule {} uses the SIP trunk {id}", rule.id);
        return Err(ApiError::input(message));
    }
    context.state_mut().trunks.remove(&id);
    Ok(json!({}).into())
}

fn short(id: &str) -> &str {
    id.split('-').next().unwrap_or(id)
}

fn password(given: Option<String>) -> String {
    let given = given.filter(|password| !password.is_empty());
    given.unwrap_or_else(|| Uuid::new_v4().simple().to_string())
}

fn trunk<'a>(context: &'a Context<'_>, id: &str) -> Result<&'a Trunk, ApiError> {
    let trunk = context.state().trunks.get(id);
    trunk.ok_or_else(|| ApiError::not_found(format!("Can't find SIP trunk with id {id}")))
}

/// Refuses a trunk without numbers, with addresses that are none, or with numbers of another.
fn check_trunk(context: &Context<'_>, body: &Fields, id: Option<&str>) -> Result<(), ApiError> {
    let numbers = body.texts("numbers");
    if numbers.is_empty() {
        return Err(ApiError::input("numbers must name at least one number"));
    }
    for allowed in body.texts("allowed_ips") {
        if Range::read(&allowed).is_none() {
            let message =
                format!("allowed_ips: {allowed} is neither an IP address nor a CIDR block");
            return Err(ApiError::input(message));
        }
    }
    let others = context
        .state()
        .trunks
        .values()
        .filter(|one| Some(one.id.as_str()) != id);
    for other in others {
        if let Some(number) = numbers.iter().find(|number| other.numbers.contains(number)) {
            let message = format!("the number {number} belongs to the SIP trunk {}", other.id);
            return Err(ApiError::input(message));
        }
    }
    Ok(())
}

fn show_trunk(context: &Context<'_>, trunk: &Trunk) -> Value {
    json!({
        "id": trunk.id,
        "name": trunk.name,
        "numbers": trunk.numbers,
        "allowed_ips": trunk.allowed_ips,
        "username": trunk.username,
        "password": trunk.password,
        "uri": format!("sip:{}@{}:5060", trunk.username, context.settings.host()),
        "created_at": trunk.created_at,
        "updated_at": trunk.updated_at,
    })
}

/// Addresses that a trunk takes calls from.
struct Range {
    address: IpAddr,
    prefix: u32,
}

impl Range {
    fn read(text: &str) -> Option<Self> {
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address.parse().ok()?, Some(prefix.parse().ok()?)),
            None => (text.parse().ok()?, None),
        };
        let longest = if matches!(address, IpAddr::V4(_)) {
            32
        } else {
            128
        };
        let prefix = prefix.unwrap_or(longest);
        (prefix <= longest).then_some(Self { address, prefix })
    }

    fn contains(&self, other: IpAddr) -> bool {
        let (left, right, longest) = match (self.address, other) {
            (IpAddr::V4(left), IpAddr::V4(right)) => {
                (u128::from(left.to_bits()), u128::from(right.to_bits()), 32)
            }
            (IpAddr::V6(left), IpAddr::V6(right)) => (left.to_bits(), right.to_bits(), 128),
            _ => return false,
        };
        let dropped = longest - self.prefix;
        left.checked_shr(dropped).unwrap_or(0) == right.checked_shr(dropped).unwrap_or(0)
    }
}

/// Adds a routing rule.
pub(super) fn create_rule(context: &mut Context<'_>, input: &Input) -> Answered {
    let now = context.moment();
    let rule = read_rule(context, &input.body, Uuid::new_v4().to_string(), now)?;
    let shown = show_rule(&rule);
    let id = rule.id.clone();
    context.state_mut().routing_rules.put(&id, rule);
    Ok(shown.into())
}

/// Answers every routing rule, the oldest first.
pub(super) fn list_rules(context: &mut Context<'_>, _: &Input) -> Answered {
    let mut rules: Vec<&RoutingRule> = context.state().routing_rules.values().collect();
    rules.sort_by_key(|rule| rule.created_at);
    let rules: Vec<Value> = rules
        .into_iter()
        .map(|rule| with_duration(show_rule(rule)))
        .collect();
    Ok(json!({ "sip_inbound_routing_rules": rules }).into())
}

/// Rules have a duration even inside other answers.
fn with_duration(mut rule: Fields) -> Value {
    rule.insert("duration".into(), "0.00ms".into());
    rule.into()
}

/// Replaces a routing rule.
pub(super) fn update_rule(context: &mut Context<'_>, input: &Input) -> Answered {
    let known = rule(context, input.segment("id"))?;
    let (id, created_at) = (known.id.clone(), known.created_at);
    let mut rule = read_rule(context, &input.body, id.clone(), created_at)?;
    rule.updated_at = context.moment();
    let shown = with_duration(show_rule(&rule));
    context.state_mut().routing_rules.put(&id, rule);
    Ok(json!({ "sip_inbound_routing_rule": shown }).into())
}

/// Removes a routing rule.
pub(super) fn delete_rule(context: &mut Context<'_>, input: &Input) -> Answered {
    let id = rule(context, input.segment("id"))?.id.clone();
    context.state_mut().routing_rules.remove(&id);
    Ok(json!({}).into())
}

fn rule<'a>(context: &'a Context<'_>, id: &str) -> Result<&'a RoutingRule, ApiError> {
    let rule = context.state().routing_rules.get(id);
    rule.ok_or_else(|| {
        ApiError::not_found(format!("Can't find SIP inbound routing rule with id {id}"))
    })
}

fn read_rule(
    context: &Context<'_>,
    body: &Fields,
    id: String,
    created_at: i64,
) -> Result<RoutingRule, ApiError> {
    let trunk_ids = body.texts("trunk_ids");
    if trunk_ids.is_empty() {
        return Err(ApiError::input(
            "trunk_ids must name at least one SIP trunk",
        ));
    }
    for id in &trunk_ids {
        trunk(context, id).map_err(|error| ApiError::input(error.message))?;
    }
    let direct = body.object("direct_routing_configs").cloned();
    let pin = body.object("pin_routing_configs").cloned();
    if direct.is_some() && pin.is_some() {
        return Err(ApiError::input(
            "direct_routing_configs and pin_routing_configs are mutually exclusive",
        ));
    }
    if let Some(call_type) = direct.as_ref().and_then(|direct| direct.text("call_type")) {
        context
            .call_type(call_type)
            .map_err(|error| ApiError::input(error.message))?;
    }
    Ok(RoutingRule {
        id,
        name: body.owned("name").unwrap_or_default(),
        trunk_ids,
        called_numbers: body.texts("called_numbers"),
        caller_numbers: body.texts("caller_numbers"),
        caller: body.object("caller_configs").cloned().unwrap_or_default(),
        call: body.object("call_configs").cloned(),
        direct,
        pin,
        pin_protection: body.object("pin_protection_configs").cloned(),
        created_at,
        updated_at: created_at,
    })
}

fn show_rule(rule: &RoutingRule) -> Fields {
    let with_custom = |fields: &Fields| {
        let mut fields = fields.clone();
        fields.entry("custom_data").or_insert_with(|| json!({}));
        Value::Object(fields)
    };
    let mut shown = render::fields(json!({
        "id": rule.id,
        "name": rule.name,
        "trunk_ids": rule.trunk_ids,
        "called_numbers": rule.called_numbers,
        "caller_numbers": rule.caller_numbers,
        "caller_configs": with_custom(&rule.caller),
        "created_at": rule.created_at,
        "updated_at": rule.updated_at,
    }));
    render::put(
        &mut shown,
        "call_configs",
        rule.call.as_ref().map(with_custom),
    );
    render::put(&mut shown, "direct_routing_configs", rule.direct.clone());
    render::put(&mut shown, "pin_routing_configs", rule.pin.clone());
    let protection = rule.pin_protection.clone().map(|mut fields| {
        fields.entry("enabled").or_insert(Value::Bool(false));
        fields
    });
    render::put(&mut shown, "pin_protection_configs", protection);
    shown
}

/// Answers how a caller proves that the trunk may be used: by address, or by password.
pub(super) fn authenticate(context: &mut Context<'_>, input: &Input) -> Answered {
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
    let answer = if is_allowed {
        json!({ "auth_result": "accept", "trunk_id": trunk.id })
    } else {
        json!({
            "auth_result": "password",
            "trunk_id": trunk.id,
            "username": trunk.username,
            "password": trunk.password,
        })
    };
    Ok(answer.into())
}

/// Leads a caller into a call: the one that the rule names, or the one that the number dialled
/// or the pin belongs to.
pub(super) fn resolve(context: &mut Context<'_>, input: &Input) -> Answered {
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
        "sip_trunk": show_trunk(context, &trunk),
        "sip_routing_rule": with_duration(show_rule(&rule)),
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
        let username = challenge.text("username").filter(|name| !name.is_empty());
        if username.is_some_and(|name| name != trunk.username) {
            let message = format!(
                "the user name of the challenge is not that of the SIP trunk {}",
                trunk.id
            );
            return Err(ApiError::new(403, code::NOT_ALLOWED, message));
        }
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
    let mut calls = context
        .state()
        .calls
        .values()
        .filter(|call| call.deleted_at.is_none());
    let by_number =
        calls.find(|call| call.routing_number == number || call.custom.text("pin") == Some(number));
    let call = by_number.ok_or_else(|| {
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
    let now = context.now / 1_000_000_000;
    let claims = json!({
        "user_id": user,
        "call_cids": [cid],
        "iat": now,
        "exp": now + TOKEN_LIFETIME,
    });
    let key = EncodingKey::from_secret(context.settings.secret.as_bytes());
    let token = jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &key);
    token.map_err(|error| ApiError::new(500, code::INTERNAL, error.to_string()))
}
