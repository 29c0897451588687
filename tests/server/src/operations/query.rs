//! QueryCalls, QueryCallMembers, QueryCallParticipants.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::context::Context;
use super::handler::HandlerResult;
use super::permissions;
use super::render::{self, DEFAULT_MEMBERS};
use crate::error::ApiError;
use crate::input::{Fields, Input, ReadFields};
use crate::query::{Column, Columns, Field, Filter, Request};
use crate::state::{
    Call, Calls, Cover, Member, Participation, Session, State, directed, read_ahead,
};

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
        Column::plain("recording", |call| Field::Bool(call.egress.records())),
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

/// Responds with the calls that fit, as far as the caller may read them.
pub(super) fn calls(context: &mut Context<'_>, input: &Input) -> HandlerResult {
    let request = Request::read("QueryCalls", &input.body, &CALLS)?;
    let readable = Readable::new(context);
    let (calls, are_sorted) = candidates(context.state(), &request);
    let parts: [fn(&&Call) -> bool; 3] = [
        |call| call.deleted_at.is_some(),
        |call| call.id.starts_with('-'),
        |call| {
            call.custom
                .keys()
                .next()
                .is_some_and(|name| name.starts_with('-'))
        },
    ];
    let calls = read_ahead(calls, parts).filter(|call| readable.allows(context, call));
    let page = request.page(calls, are_sorted);
    let rendered = page.records.iter();
    let rendered = rendered.map(|call| render::call_state(context, call, DEFAULT_MEMBERS).into());
    let rendered: Vec<Value> = rendered.collect();
    Ok(page.into_body("calls", rendered).into())
}

/// The calls among which those that fit are, and whether they come in the order of the page.
fn candidates<'a>(state: &'a State, request: &Request<Call>) -> (Calls<'a>, bool) {
    let index = &state.call_index;
    let total = state.calls.len();
    let (field, is_rising) = request.leading();
    let bound = request.filter().bound();
    // Conditions that every eighth call meets do not narrow the search.
    let mut cover = index.cover(&bound, total / 8 + 1);
    let by_cover = |cover| {
        let calls = index.covered(cover).into_iter();
        (directed(calls, is_rising), field == "created_at")
    };
    // In the order of the page, it is full after `limit / (count / total)` calls if they are spread
    // evenly.
    let is_shorter = |cover: &Cover<'_>| {
        let is_few = cover.count * cover.count <= request.limit().saturating_mul(total);
        is_few || field == "created_at"
    };
    if let Some(cover) = cover.take_if(|cover| is_shorter(cover)) {
        return by_cover(cover);
    }
    if field == "cid" {
        return (directed(state.calls.values(), is_rising), true);
    }
    let values = bound.values_of(field);
    let narrow = values.and_then(|values| index.in_order_of(field, values, is_rising));
    let nulls_first = !request.is_forward();
    let in_order = narrow.or_else(|| index.in_order(field, is_rising, nulls_first));
    match (in_order, cover) {
        (Some(calls), _) => (calls, true),
        (None, Some(cover)) => by_cover(cover),
        (None, None) => (Box::new(index.by_creation()), false),
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

/// Responds with the members of a call that fit.
pub(super) fn call_members(context: &mut Context<'_>, input: &Input) -> HandlerResult {
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

/// Responds with who is in a call.
pub(super) fn participants(context: &mut Context<'_>, input: &Input) -> HandlerResult {
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

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::sync::Arc;

    use serde_json::{Value, json};

    use super::{CALLS, candidates};
    use crate::auth::Caller;
    use crate::input::{Fields, Input};
    use crate::model::Model;
    use crate::operations::Settings;
    use crate::query::Request;
    use crate::state::State;

    const COUNT: usize = 800;

    fn fields(value: Value) -> Fields {
        match value {
            Value::Object(fields) => fields,
            _ => Fields::new(),
        }
    }

    /// Calls of which all but a few share a state, and no two a title.
    fn state() -> Arc<State> {
        let settings = Settings {
            key: "key".into(),
            secret: "secret".into(),
            base_url: "http://127.0.0.1:1".into(),
            create_users: true,
        };
        let model = Model::new(settings, State::default(), None);
        for number in 0..COUNT {
            let state = match number {
                7 | 407 => json!("closed"),
                8 | 408 => json!(null),
                _ => json!("open"),
            };
            let path = json!({ "type": "default", "id": format!("call-{number}") });
            let body = json!({ "data": {
                "created_by_id": format!("user-{}", number % 100),
                "members": [{ "user_id": format!("user-{}", number % 99) }],
                "starts_at": format!("2030-01-{:02}T00:00:00Z", number % 28 + 1),
                "team": (number != 9).then_some("red"),
                "settings_override": { "backstage": { "enabled": number % 400 != 10 } },
                "custom": { "state": state, "title": format!("Meeting {number}"),
                    "topic": format!("topic-{}", number % 50), "priority": number % 97 },
            } });
            let input = Input {
                path: fields(path),
                body: fields(body),
                ..Input::default()
            };
            let now = 1_760_000_000_000_000_000 + i64::try_from(number).unwrap();
            let created = model.perform("GetOrCreateCall", &input, &Caller::server(), || now);
            created.unwrap().unwrap();
        }
        model.snapshot()
    }

    /// How many calls are looked at for a page of five.
    fn looked_at(state: &State, filter: Value, field: &str, direction: i64) -> usize {
        let sort = json!([{ "field": field, "direction": direction }]);
        let body = json!({ "limit": 5, "filter_conditions": filter, "sort": sort });
        let request = Request::read("QueryCalls", &fields(body), &CALLS).unwrap();
        let (calls, are_sorted) = candidates(state, &request);
        let count = Cell::new(0);
        request.page(calls.inspect(|_| count.set(count.get() + 1)), are_sorted);
        count.get()
    }

    #[test]
    fn a_page_looks_at_few_calls_whatever_it_asks_for() {
        let state = state();
        for filter in [
            json!({}),
            json!({ "ended_at": null }),
            json!({ "members": { "$in": ["user-7"] } }),
            json!({ "created_by_user_id": "user-7" }),
            json!({ "custom.topic": "topic-7" }),
            json!({ "custom.priority": { "$gt": 90 } }),
            json!({ "custom.priority": { "$gt": 500 } }),
            json!({ "custom.state": { "$ne": "open" } }),
            json!({ "custom.state": { "$nin": ["open", "none"] } }),
            json!({ "custom.state": { "$exists": false } }),
            json!({ "custom.state": null }),
            json!({ "custom.state": { "$exists": true } }),
            json!({ "$nor": [{ "custom.state": "open" }, { "custom.state": "closed" }] }),
            json!({ "$or": [{ "custom.state": { "$ne": "open" } }, { "custom.topic": "topic-3" }] }),
            json!({ "custom.title": { "$contains": "g 77" } }),
            json!({ "custom.title": { "$autocomplete": "77" } }),
            json!({ "id": { "$autocomplete": "call-77" } }),
            json!({ "id": { "$gt": "call-79" } }),
            json!({ "team": { "$ne": "red" } }),
            json!({ "team": "none" }),
            json!({ "backstage": false }),
            json!({ "backstage": { "$ne": true } }),
            json!({ "recording": true }),
            json!({ "starts_at": { "$gt": "2031-01-01T00:00:00Z" } }),
            json!({ "custom.topic": ["none"] }),
            json!({ "custom.topic": { "$in": [["topic-7", 7]] } }),
            json!({ "members": ["user-7"] }),
        ] {
            for field in [
                "created_at",
                "updated_at",
                "starts_at",
                "cid",
                "id",
                "custom.priority",
                "custom.title",
            ] {
                for direction in [1, -1] {
                    let count = looked_at(&state, filter.clone(), field, direction);
                    assert!(
                        count <= COUNT / 8,
                        "{filter} by {field} {direction}: {count} calls"
                    );
                }
            }
        }
    }

    #[test]
    fn some_pages_look_at_every_call() {
        let state = state();
        for (filter, field) in [
            // They have one type, and none has ended, so that all are equal in these orders.
            (json!({}), "type"),
            (json!({}), "ended_at"),
            (json!({}), "members"),
        ] {
            assert_eq!(looked_at(&state, filter, field, 1), COUNT, "{field}");
        }
    }
}
