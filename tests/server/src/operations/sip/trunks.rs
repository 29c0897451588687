//! SIP trunks.

use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::range::Range;
use crate::error::ApiError;
use crate::input::Input;
use crate::operations::context::Context;
use crate::operations::handler::HandlerResult;
use crate::state::{RoutingRule, Trunk};

#[derive(Default, Deserialize)]
#[serde(default)]
struct TrunkRequest {
    name: String,
    numbers: Vec<String>,
    allowed_ips: Vec<String>,
    password: String,
}

/// Adds a trunk.
pub(crate) fn create(context: &mut Context<'_>, input: &Input) -> HandlerResult {
    let request: TrunkRequest = input.read()?;
    check(context, &request, None)?;
    let now = context.moment();
    let id = Uuid::new_v4().to_string();
    let trunk = Trunk {
        name: request.name,
        numbers: request.numbers,
        allowed_ips: request.allowed_ips,
        username: format!("trunk-{}", short(&id)),
        password: match request.password {
            none if none.is_empty() => Uuid::new_v4().simple().to_string(),
            given => given,
        },
        created_at: now,
        updated_at: now,
        id: id.clone(),
    };
    let shown = show(context, &trunk);
    context.state_mut().trunks.put(&id, trunk);
    Ok(json!({ "sip_trunk": shown }).into())
}

/// Responds with every trunk, the oldest first.
pub(crate) fn list(context: &mut Context<'_>, _: &Input) -> HandlerResult {
    let mut trunks: Vec<&Trunk> = context.state().trunks.values().collect();
    trunks.sort_by_key(|trunk| trunk.created_at);
    let trunks: Vec<Value> = trunks.into_iter().map(|one| show(context, one)).collect();
    Ok(json!({ "sip_trunks": trunks }).into())
}

/// Replaces what is known about a trunk.
pub(crate) fn update(context: &mut Context<'_>, input: &Input) -> HandlerResult {
    let mut trunk = trunk(context, input.segment("id"))?.clone();
    let request: TrunkRequest = input.read()?;
    check(context, &request, Some(&trunk.id))?;
    trunk.name = request.name;
    trunk.numbers = request.numbers;
    trunk.allowed_ips = request.allowed_ips;
    if !request.password.is_empty() {
        trunk.password = request.password;
    }
    trunk.updated_at = context.moment();
    let shown = show(context, &trunk);
    let id = trunk.id.clone();
    context.state_mut().trunks.put(&id, trunk);
    Ok(json!({ "sip_trunk": shown }).into())
}

/// Removes a trunk that no rule uses.
pub(crate) fn delete(context: &mut Context<'_>, input: &Input) -> HandlerResult {
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

pub(crate) fn trunk<'a>(context: &'a Context<'_>, id: &str) -> Result<&'a Trunk, ApiError> {
    let trunk = context.state().trunks.get(id);
    trunk.ok_or_else(|| ApiError::not_found(format!("Can't find SIP trunk with id {id}")))
}

/// Refuses a trunk without numbers, with invalid addresses, or with numbers of another.
fn check(context: &Context<'_>, request: &TrunkRequest, id: Option<&str>) -> Result<(), ApiError> {
    let numbers = &request.numbers;
    if numbers.is_empty() {
        return Err(ApiError::input("numbers must name at least one number"));
    }
    for allowed in &request.allowed_ips {
        if Range::read(allowed).is_none() {
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

pub(crate) fn show(context: &Context<'_>, trunk: &Trunk) -> Value {
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
