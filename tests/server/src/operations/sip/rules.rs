//! Routing rules of SIP trunks.

use serde_json::{Value, json};
use uuid::Uuid;

use super::trunks::trunk;
use crate::error::ApiError;
use crate::input::{Fields, Input, ReadFields};
use crate::operations::context::Context;
use crate::operations::handler::HandlerResult;
use crate::operations::render;
use crate::state::RoutingRule;

/// Adds a routing rule.
pub(crate) fn create(context: &mut Context<'_>, input: &Input) -> HandlerResult {
    let now = context.moment();
    let rule = read(context, &input.body, Uuid::new_v4().to_string(), now)?;
    let shown = show(&rule);
    let id = rule.id.clone();
    context.state_mut().routing_rules.put(&id, rule);
    Ok(shown.into())
}

/// Responds with every routing rule, the oldest first.
pub(crate) fn list(context: &mut Context<'_>, _: &Input) -> HandlerResult {
    let mut rules: Vec<&RoutingRule> = context.state().routing_rules.values().collect();
    rules.sort_by_key(|rule| rule.created_at);
    let rules: Vec<Value> = rules
        .into_iter()
        .map(|rule| with_duration(show(rule)))
        .collect();
    Ok(json!({ "sip_inbound_routing_rules": rules }).into())
}

/// Rules have a duration even inside other responses.
pub(crate) fn with_duration(mut rule: Fields) -> Value {
    rule.insert("duration".into(), "0.00ms".into());
    rule.into()
}

/// Replaces a routing rule.
pub(crate) fn update(context: &mut Context<'_>, input: &Input) -> HandlerResult {
    let known = rule(context, input.segment("id"))?;
    let (id, created_at) = (known.id.clone(), known.created_at);
    let mut rule = read(context, &input.body, id.clone(), created_at)?;
    rule.updated_at = context.moment();
    let shown = with_duration(show(&rule));
    context.state_mut().routing_rules.put(&id, rule);
    Ok(json!({ "sip_inbound_routing_rule": shown }).into())
}

/// Removes a routing rule.
pub(crate) fn delete(context: &mut Context<'_>, input: &Input) -> HandlerResult {
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

fn read(
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

pub(crate) fn show(rule: &RoutingRule) -> Fields {
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
