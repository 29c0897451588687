//! SIP trunks.

use serde_json::{Value, json};
use uuid::Uuid;

use super::range::Range;
use crate::error::ApiError;
use crate::input::{Fields, Input, ReadFields};
use crate::operations::context::Context;
use crate::operations::handler::Answered;
use crate::state::{RoutingRule, Trunk};

/// Adds a trunk.
pub(crate) fn create(context: &mut Context<'_>, input: &Input) -> Answered {
    check(context, &input.body, None)?;
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
    let shown = show(context, &trunk);
    context.state_mut().trunks.put(&id, trunk);
    Ok(json!({ "sip_trunk": shown }).into())
}

/// Answers every trunk, the oldest first.
pub(crate) fn list(context: &mut Context<'_>, _: &Input) -> Answered {
    let mut trunks: Vec<&Trunk> = context.state().trunks.values().collect();
    trunks.sort_by_key(|trunk| trunk.created_at);
    let trunks: Vec<Value> = trunks.into_iter().map(|one| show(context, one)).collect();
    Ok(json!({ "sip_trunks": trunks }).into())
}

/// Replaces what is known about a trunk.
pub(crate) fn update(context: &mut Context<'_>, input: &Input) -> Answered {
    let mut trunk = trunk(context, input.segment("id"))?.clone();
    check(context, &input.body, Some(&trunk.id))?;
    trunk.name = input.body.owned("name").unwrap_or_default();
    trunk.numbers = input.body.texts("numbers");
    trunk.allowed_ips = input.body.texts("allowed_ips");
    if let Some(password) = input.body.owned("password").filter(|text| !text.is_empty()) {
        trunk.password = password;
    }
    trunk.updated_at = context.moment();
    let shown = show(context, &trunk);
    let id = trunk.id.clone();
    context.state_mut().trunks.put(&id, trunk);
    Ok(json!({ "sip_trunk": shown }).into())
}

/// Removes a trunk that no rule uses.
pub(crate) fn delete(context: &mut Context<'_>, input: &Input) -> Answered {
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

pub(crate) fn trunk<'a>(context: &'a Context<'_>, id: &str) -> Result<&'a Trunk, ApiError> {
    let trunk = context.state().trunks.get(id);
    trunk.ok_or_else(|| ApiError::not_found(format!("Can't find SIP trunk with id {id}")))
}

/// Refuses a trunk without numbers, with addresses that are none, or with numbers of another.
fn check(context: &Context<'_>, body: &Fields, id: Option<&str>) -> Result<(), ApiError> {
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
