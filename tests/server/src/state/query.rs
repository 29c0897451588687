//! QueryCalls and QueryCallMembers: filter, sort, page.

use serde_json::{Map, Value, json};

use super::filter::{Filter, Kind};
use super::paging::{self, Sort};
use super::{Answered, Call, Member, Store, object, text};
use crate::auth::Caller;
use crate::validate::Input;

/// Members with each call of QueryCalls.
const MEMBERS_PER_CALL: usize = 25;

impl Store {
    pub(super) fn query_calls(&self, input: &Input, caller: &Caller) -> Answered {
        let body = object(Some(&input.body));
        let filter = Filter::read(&object(body.get("filter_conditions")), &call_field_kind)?;
        let sort = Sort::read(body.get("sort"), &call_field_kind, ("created_at", -1))?;
        let found: Vec<&Call> = self
            .calls
            .values()
            .filter(|call| caller.reaches(&call.cid()))
            .filter(|call| filter.matches(&|field| call_field(call, field)))
            .collect();
        let sorted = sort.apply(found, call_field, |call| call.cid());
        let page = paging::page(&sorted, "QueryCalls", &body)?;
        let calls: Vec<Value> = page
            .items
            .iter()
            .map(|call| Value::Object(self.render_state(call, MEMBERS_PER_CALL)))
            .collect();
        Ok(page.into_body("calls", calls))
    }

    pub(super) fn query_call_members(&self, input: &Input) -> Answered {
        let body = object(Some(&input.body));
        let part = |name| text(&body, name).unwrap_or_default();
        let call = self.call(&format!("{}:{}", part("type"), part("id")))?;
        let filter = Filter::read(&object(body.get("filter_conditions")), &member_field_kind)?;
        let sort = Sort::read(body.get("sort"), &member_field_kind, ("created_at", 1))?;
        let found: Vec<&Member> = call
            .members
            .iter()
            .filter(|member| filter.matches(&|field| member_field(member, field)))
            .collect();
        let sorted = sort.apply(found, member_field, |member| member.user_id.clone());
        let page = paging::page(&sorted, "QueryCallMembers", &body)?;
        let members: Vec<Value> = page
            .items
            .iter()
            .map(|member| self.render_member(member))
            .collect();
        Ok(page.into_body("members", members))
    }
}

fn call_field_kind(field: &str) -> Option<Kind> {
    Some(match field {
        "id" | "type" | "cid" | "team" | "created_by_user_id" => Kind::Plain,
        "created_at" | "updated_at" | "starts_at" | "ended_at" => Kind::Time,
        "members" | "blocked_user_ids" => Kind::List,
        _ if field.starts_with("custom.") => Kind::Plain,
        _ => return None,
    })
}

fn call_field(call: &Call, field: &str) -> Value {
    match field {
        "id" => json!(call.id),
        "type" => json!(call.kind),
        "cid" => json!(call.cid()),
        "team" => json!(call.team),
        "created_by_user_id" => json!(call.created_by),
        "created_at" => json!(call.created_at),
        "updated_at" => json!(call.updated_at),
        "starts_at" => json!(call.starts_at),
        "ended_at" => json!(call.ended_at),
        "blocked_user_ids" => json!(call.blocked_user_ids),
        "members" => call
            .members
            .iter()
            .map(|member| json!(member.user_id))
            .collect(),
        _ => custom_field(&call.custom, field),
    }
}

fn member_field_kind(field: &str) -> Option<Kind> {
    Some(match field {
        "user_id" | "role" => Kind::Plain,
        "created_at" | "updated_at" => Kind::Time,
        _ if field.starts_with("custom.") => Kind::Plain,
        _ => return None,
    })
}

fn member_field(member: &Member, field: &str) -> Value {
    match field {
        "user_id" => json!(member.user_id),
        "role" => json!(member.role),
        "created_at" => json!(member.created_at),
        "updated_at" => json!(member.updated_at),
        _ => custom_field(&member.custom, field),
    }
}

/// `custom.a.b` looks for `a`, then `b` inside it.
fn custom_field(custom: &Map<String, Value>, field: &str) -> Value {
    let mut steps = field.split('.').skip(1);
    let first = steps.next().and_then(|step| custom.get(step));
    steps
        .fold(first, |value, step| value?.get(step))
        .cloned()
        .unwrap_or_default()
}
