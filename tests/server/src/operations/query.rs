//! QueryCalls, QueryCallMembers, QueryCallParticipants.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use serde_json::{Value, json};

use super::context::Context;
use super::handler::Answered;
use super::permissions;
use super::render::{self, DEFAULT_MEMBERS};
use crate::error::ApiError;
use crate::input::{Fields, Input, ReadFields};
use crate::query::{Column, Columns, Field, Filter, Request};
use crate::state::{Call, Member, Participation, Session, State};

static CALLS: Columns<Call> = Columns {
    fields: &[
        Column::plain("id", |call| Field::Text(&call.id)),
        Column::plain("type", |call| Field::Text(&call.kind)),
        Column::plain("cid", |call| Field::Made(call.cid())),
        Column::plain("team", |call| Field::optional_text(call.team.as_ref())),
        Column::plain("channel_cid", |call| {
            Field::optional_text(call.channel_cid.as_ref())
        }),
        Column::plain("created_by_user_id", |call| Field::Text(&call.created_by)),
        Column::plain("created_by", |call| Field::Text(&call.created_by)),
        Column::plain("routing_number", |call| Field::Text(&call.routing_number)),
        Column::time("created_at", |call| Field::Integer(call.created_at)),
        Column::time("updated_at", |call| Field::Integer(call.updated_at)),
        Column::time("starts_at", |call| Field::optional_integer(call.starts_at)),
        Column::time("ended_at", |call| Field::optional_integer(call.ended_at)),
        Column::plain("backstage", |call| Field::Bool(call.backstage)),
        Column::plain("ongoing", |call| Field::Bool(call.ongoing)),
        Column::plain("members", |call| {
            Field::Texts(
                call.members
                    .iter()
                    .map(|one| one.user_id.as_str())
                    .collect(),
            )
        }),
        Column::plain("blocked_user_ids", |call| {
            Field::texts(&call.blocked_user_ids)
        }),
        Column::plain("current_session_id", |call| {
            Field::optional_text(call.current_session.as_ref())
        }),
        Column::plain("recording", |call| {
            Field::Bool(!call.egress.recordings.keys().all(|kind| kind == "frame"))
        }),
        Column::plain("transcribing", |call| {
            Field::Bool(call.egress.transcription.is_some())
        }),
    ],
    custom: Some(|call| &call.custom),
    key: Call::cid,
    order: ("created_at", -1),
};

static MEMBERS: Columns<Member> = Columns {
    fields: &[
        Column::plain("user_id", |member| Field::Text(&member.user_id)),
        Column::plain("id", |member| Field::Text(&member.user_id)),
        Column::plain("role", |member| Field::optional_text(member.role.as_ref())),
        Column::time("created_at", |member| Field::Integer(member.created_at)),
        Column::time("updated_at", |member| Field::Integer(member.updated_at)),
    ],
    custom: Some(|member| &member.custom),
    key: |member| member.user_id.clone(),
    order: ("created_at", -1),
};

static PARTICIPANTS: Columns<Participation> = Columns {
    fields: &[
        Column::plain("user_id", |one| Field::Text(&one.user_id)),
        Column::plain("user_session_id", |one| Field::Text(&one.user_session_id)),
        Column::plain("role", |one| Field::Text(&one.role)),
        Column::time("joined_at", |one| Field::Integer(one.joined_at)),
        Column::plain("published_tracks", |one| {
            Field::Texts(one.tracks.names().collect())
        }),
    ],
    custom: None,
    key: |one| one.user_session_id.clone(),
    order: ("joined_at", 1),
};

/// Answers the calls that fit, as far as the caller may read them.
pub(super) fn calls(context: &mut Context<'_>, input: &Input) -> Answered {
    let request = Request::read("QueryCalls", &input.body, &CALLS)?;
    let readable = Readable::new(context);
    let (calls, are_sorted) = candidates(context.state(), &input.body, &request);
    let calls = calls.filter(|call| readable.allows(context, call));
    let page = request.page(calls, are_sorted);
    let rendered = page.records.iter();
    let rendered = rendered.map(|call| render::call_state(context, call, DEFAULT_MEMBERS).into());
    let rendered: Vec<Value> = rendered.collect();
    Ok(page.into_body("calls", rendered).into())
}

/// The calls among which those that fit are, and whether they come in the order of the page: by
/// the users that the filter names, or else in the order of a time.
fn candidates<'a>(
    state: &'a State,
    body: &Fields,
    request: &Request<Call>,
) -> (Box<dyn Iterator<Item = &'a Call> + 'a>, bool) {
    if let Some(users) = named_users(body.object("filter_conditions")) {
        let index = &state.call_index;
        let cids: BTreeSet<&Arc<str>> = users.iter().flat_map(|user| index.of_user(user)).collect();
        let calls = cids.into_iter().filter_map(|cid| state.calls.get(cid));
        return (Box::new(calls), false);
    }
    let (field, is_rising) = request.leading();
    let Some(index) = state.call_index.by_time(field) else {
        return (Box::new(state.calls.values()), false);
    };
    // What has no such time comes after what has, whichever way the order goes.
    let lacks: fn(&Call) -> bool = match field {
        "starts_at" => |call| call.starts_at.is_none(),
        "ended_at" => |call| call.ended_at.is_none(),
        _ => |_| false,
    };
    let without = state.calls.values().filter(move |call| lacks(call));
    // Looking for them means looking at every call, which is left out where each has the time.
    let without = without.take(if index.len() == state.calls.len() {
        0
    } else {
        usize::MAX
    });
    let with: Box<dyn Iterator<Item = &'a Call> + 'a> = if is_rising {
        Box::new(index.values().map(AsRef::as_ref))
    } else {
        Box::new(index.values().rev().map(AsRef::as_ref))
    };
    if request.is_forward() {
        (Box::new(with.chain(without)), true)
    } else {
        (Box::new(without.chain(with)), true)
    }
}

/// The users one of whom every call that fits has as a member or creator, if the filter says so.
fn named_users(filter: Option<&Fields>) -> Option<Vec<String>> {
    for field in ["members", "created_by_user_id", "created_by"] {
        let users = match filter.and_then(|filter| filter.get(field)) {
            Some(Value::String(user)) => vec![user.clone()],
            Some(Value::Object(operators)) => {
                let one = operators.owned("$eq").or(operators.owned("$contains"));
                match one {
                    Some(user) => vec![user],
                    None if operators.contains_key("$in") => operators.texts("$in"),
                    None => continue,
                }
            }
            _ => continue,
        };
        return Some(users);
    }
    None
}

/// Which calls the caller may read.
struct Readable {
    user: Option<String>,
    /// Whether everyone with the caller's role may read calls of a type.
    by_type: HashMap<String, bool>,
}

impl Readable {
    fn new(context: &Context<'_>) -> Self {
        let user = context.caller.user.clone();
        let role = user
            .as_deref()
            .map(|user| permissions::application_role(context, user).to_owned());
        let may_read = |grants: &Vec<String>| grants.iter().any(|grant| grant == "read-call");
        let types = context.state().call_types.values();
        let by_type = types.map(|call_type| {
            let grants = role.as_ref().and_then(|role| call_type.grants.get(role));
            (call_type.name.clone(), grants.is_some_and(may_read))
        });
        Self {
            by_type: by_type.collect(),
            user,
        }
    }

    fn allows(&self, context: &Context<'_>, call: &Call) -> bool {
        if call.deleted_at.is_some() {
            return false;
        }
        let reaches = context.caller.call_cids.is_none() || context.caller.reaches(&call.cid());
        let Some(user) = &self.user else {
            return reaches;
        };
        let by_role = self.by_type.get(&call.kind).copied().unwrap_or_default();
        let is_changed = call.permissions.contains_key(user);
        reaches
            && !call.blocked_user_ids.contains(user)
            && ((by_role && !is_changed)
                || permissions::capabilities(context, call, user).contains("read-call"))
    }
}

/// Answers the members of a call that fit.
pub(super) fn call_members(context: &mut Context<'_>, input: &Input) -> Answered {
    let body = &input.body;
    let part = |name| body.text(name).unwrap_or_default();
    let call = context.call(&format!("{}:{}", part("type"), part("id")))?;
    let request = Request::read("QueryCallMembers", body, &MEMBERS)?;
    let page = request.page(call.members.iter(), false);
    let members = page.records.iter();
    let members = members
        .map(|member| render::member(context.state(), member))
        .collect();
    Ok(page.into_body("members", members).into())
}

/// Answers who is in a call.
pub(super) fn participants(context: &mut Context<'_>, input: &Input) -> Answered {
    let call = context.call(&input.cid())?;
    let filter = Filter::read(input.body.object("filter_conditions"), &PARTICIPANTS)?;
    let limit = match input.query.integer("limit") {
        None | Some(0) => DEFAULT_MEMBERS,
        Some(limit) => {
            usize::try_from(limit).map_err(|_| ApiError::input("limit must not be negative"))?
        }
    };
    let session = call.current_session.as_ref();
    let session = session.and_then(|id| context.state().sessions.get(id));
    let present = session.into_iter().flat_map(Session::present);
    let found: Vec<&Participation> = present.filter(|one| filter.matches(one)).collect();
    let shown = found.iter().take(limit);
    let shown: Value = shown
        .map(|one| render::participant(context.state(), one))
        .collect();
    let mut fields: Fields = render::call_state(context, call, DEFAULT_MEMBERS);
    fields.insert("participants".into(), shown);
    fields.insert("total_participants".into(), json!(found.len()));
    Ok(fields.into())
}
