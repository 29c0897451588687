//! Calls and members, really kept.

mod calls;
mod filter;
mod members;
mod paging;
mod query;
mod render;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value};

use crate::auth::Caller;
use crate::error::ApiError;
use crate::spec::Api;
use crate::time;
use crate::validate::Input;
use render::Templates;

/// A member of a call.
#[derive(Debug, Clone)]
struct Member {
    user_id: String,
    role: Option<String>,
    custom: Map<String, Value>,
    created_at: i64,
    updated_at: i64,
}

/// A call, in the terms of requests; [`render`] turns it into those of responses.
#[derive(Debug, Clone)]
struct Call {
    kind: String,
    id: String,
    created_by: String,
    created_at: i64,
    updated_at: i64,
    starts_at: Option<i64>,
    ended_at: Option<i64>,
    team: Option<String>,
    channel_cid: Option<String>,
    custom: Map<String, Value>,
    settings_override: Map<String, Value>,
    blocked_user_ids: Vec<String>,
    /// In the order they were added.
    members: Vec<Member>,
}

impl Call {
    fn cid(&self) -> String {
        format!("{}:{}", self.kind, self.id)
    }
}

/// Everything that is kept.
pub(crate) struct Store {
    /// `None` when the spec lacks the types that calls are rendered as.
    templates: Option<Templates>,
    calls: BTreeMap<String, Call>,
    /// By id, as responses show them.
    users: BTreeMap<String, Value>,
    last_moment: i64,
}

type Answered = Result<Value, ApiError>;

impl Store {
    pub(crate) fn new(api: &Arc<Api>) -> Self {
        Self {
            templates: Templates::new(api),
            calls: BTreeMap::new(),
            users: BTreeMap::new(),
            last_moment: 0,
        }
    }

    /// The body for an operation on kept things; `None` for all others.
    pub(crate) fn answer(
        &mut self,
        operation: &str,
        input: &Input,
        caller: &Caller,
    ) -> Option<Answered> {
        self.templates.as_ref()?;
        Some(match operation {
            "GetOrCreateCall" => self.get_or_create_call(input, caller),
            "GetCall" => self.get_call(input),
            "UpdateCall" => self.update_call(input),
            "EndCall" => self.end_call(input),
            "DeleteCall" => self.delete_call(input),
            "BlockUser" => self.block_user(input),
            "UnblockUser" => self.unblock_user(input),
            "UpdateCallMembers" => self.update_call_members(input),
            "QueryCallMembers" => self.query_call_members(input),
            "QueryCalls" => self.query_calls(input, caller),
            _ => return None,
        })
    }

    /// The present; never the same moment twice, so that sorting by time is stable.
    fn tick(&mut self) -> i64 {
        self.last_moment = time::now().max(self.last_moment + 1);
        self.last_moment
    }

    fn call(&self, cid: &str) -> Result<&Call, ApiError> {
        self.calls.get(cid).ok_or_else(|| missing(cid))
    }

    fn call_mut(&mut self, cid: &str) -> Result<&mut Call, ApiError> {
        self.calls.get_mut(cid).ok_or_else(|| missing(cid))
    }
}

fn missing(cid: &str) -> ApiError {
    ApiError::not_found(format!("can't find call with id {cid}"))
}

/// `type:id` from the path.
fn path_cid(input: &Input) -> String {
    let value = |name| text(&input.path, name).unwrap_or_default();
    format!("{}:{}", value("type"), value("id"))
}

fn text<'a>(map: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    map.get(name)?.as_str()
}

fn object(value: Option<&Value>) -> Map<String, Value> {
    value
        .and_then(Value::as_object)
        .cloned()
        .unwrap_or_default()
}
