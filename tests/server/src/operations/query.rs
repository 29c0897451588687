//! QueryCalls, QueryCallMembers, QueryCallParticipants.

use std::collections::HashMap;
use std::ops::Deref;

use serde_json::{Value, json};

use super::context::Context;
use super::handler::Answered;
use super::permissions;
use super::render::{self, DEFAULT_MEMBERS};
use crate::error::ApiError;
use crate::input::{Fields, Input, ReadFields};
use crate::query::{Column, Columns, Field, Filter, Request};
use crate::state::{ByTime, Call, Member, Participation, Session, State};

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
    let (calls, are_sorted) = candidates(context.state(), &request);
    let calls = read_ahead(calls).filter(|call| readable.allows(context, call));
    let page = request.page(calls, are_sorted);
    let rendered = page.records.iter();
    let rendered = rendered.map(|call| render::call_state(context, call, DEFAULT_MEMBERS).into());
    let rendered: Vec<Value> = rendered.collect();
    Ok(page.into_body("calls", rendered).into())
}

/// The calls among which those that fit are, and whether they come in the order of the page.
fn candidates<'a>(
    state: &'a State,
    request: &Request<Call>,
) -> (Box<dyn Iterator<Item = &'a Call> + 'a>, bool) {
    let index = &state.call_index;
    let total = state.calls.len();
    let (field, is_rising) = request.leading();
    let by_time = index.by_time(field);
    // A value that every eighth call holds does not narrow the search.
    let cover = request.filter().cover(&|span| {
        let limit = total / 8 + 1;
        let count = index.count(span, limit);
        count.filter(|count| *count < limit)
    });
    let in_order = request.filter().span_in(field);
    let in_order = in_order.and_then(|span| index.in_order(span));
    if let Some(cover) = cover {
        // By time, a page is full after `limit / (count / total)` calls if they are spread evenly.
        let is_shorter = cover.count * cover.count <= request.limit().saturating_mul(total);
        let has_order = by_time.is_some() || in_order.is_some();
        if is_shorter || !has_order || field == "created_at" {
            let calls = index.with_values(&cover.spans).into_iter();
            return in_direction(calls, is_rising, field == "created_at");
        }
    }
    if let Some(by_time) = by_time {
        return (in_time(state, by_time, request), true);
    }
    if let Some(calls) = in_order {
        return in_direction(calls, is_rising, true);
    }
    if field == "cid" {
        return in_direction(state.calls.values(), is_rising, true);
    }
    let all = index.by_creation().values().map(Deref::deref);
    (Box::new(all), false)
}

/// Touches calls in groups before they are looked at one after the other. They lie scattered in
/// memory, and a processor waits for several at once only if it is asked for them together.
fn read_ahead<'a>(mut calls: impl Iterator<Item = &'a Call>) -> impl Iterator<Item = &'a Call> {
    const GROUP: usize = 32;
    let groups = std::iter::from_fn(move || {
        let group: Vec<&Call> = calls.by_ref().take(GROUP).collect();
        let heads = group.iter().filter(|call| call.deleted_at.is_some());
        std::hint::black_box(heads.count());
        let ids = group.iter().filter(|call| call.id.starts_with('-'));
        std::hint::black_box(ids.count());
        let custom = group.iter().filter_map(|call| call.custom.keys().next());
        std::hint::black_box(custom.filter(|name| name.starts_with('-')).count());
        (!group.is_empty()).then_some(group)
    });
    groups.flatten()
}

fn in_direction<'a>(
    calls: impl DoubleEndedIterator<Item = &'a Call> + 'a,
    is_rising: bool,
    are_sorted: bool,
) -> (Box<dyn Iterator<Item = &'a Call> + 'a>, bool) {
    if is_rising {
        (Box::new(calls), are_sorted)
    } else {
        (Box::new(calls.rev()), are_sorted)
    }
}

/// Every call, in the order of a time and the direction of the page.
fn in_time<'a>(
    state: &'a State,
    index: &'a ByTime,
    request: &Request<Call>,
) -> Box<dyn Iterator<Item = &'a Call> + 'a> {
    let (field, is_rising) = request.leading();
    // Calls without such a time come after the others, whichever way the order goes.
    let lacks: fn(&Call) -> bool = match field {
        "starts_at" => |call| call.starts_at.is_none(),
        "ended_at" => |call| call.ended_at.is_none(),
        _ => |_| false,
    };
    // Looking for them means looking at every call, which is left out where each has the time.
    let everyone_has = index.len() == state.calls.len();
    let all = state.call_index.by_creation().values().map(Deref::deref);
    let without = all.filter(move |call| lacks(call));
    let without = without.take(if everyone_has { 0 } else { usize::MAX });
    let with = index.values().map(Deref::deref);
    let with: Box<dyn Iterator<Item = &'a Call> + 'a> = if is_rising {
        Box::new(with)
    } else {
        Box::new(with.rev())
    };
    if request.is_forward() {
        Box::new(with.chain(without))
    } else {
        Box::new(without.chain(with))
    }
}

/// Which calls the caller may read.
struct Readable {
    user: Option<String>,
    /// By call type: everyone with the caller's role may read its calls.
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
