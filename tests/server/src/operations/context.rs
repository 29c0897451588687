//! The surroundings of a handler: the state, the caller, the moment, and the events it emits.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::Value;

use crate::auth::Caller;
use crate::error::ApiError;
use crate::events::Event;
use crate::input::Fields;
use crate::state::{Call, CallType, State, User};

/// Settings of the server that handlers need.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    pub(crate) key: String,
    pub(crate) secret: String,
    /// `http://HOST:PORT`.
    pub(crate) base_url: String,
    /// Users that a request names are created when they do not exist.
    pub(crate) create_users: bool,
}

impl Settings {
    /// The host of the base URL, without a port.
    pub(crate) fn host(&self) -> &str {
        let authority = self.base_url.split("//").nth(1).unwrap_or_default();
        authority
            .rsplit_once(':')
            .map_or(authority, |(host, _)| host)
    }
}

/// One request on its way through a handler.
pub(crate) struct Context<'a> {
    pub(crate) settings: &'a Settings,
    pub(crate) caller: &'a Caller,
    /// In nanoseconds since the epoch.
    pub(crate) now: i64,
    state: Arc<State>,
    events: Vec<Event>,
}

impl<'a> Context<'a> {
    pub(crate) fn new(
        settings: &'a Settings,
        caller: &'a Caller,
        now: i64,
        state: Arc<State>,
    ) -> Self {
        Self {
            settings,
            caller,
            now,
            state,
            events: Vec::new(),
        }
    }

    pub(crate) fn state(&self) -> &State {
        &self.state
    }

    /// The state to change; nobody else sees it before the handler has succeeded.
    pub(crate) fn state_mut(&mut self) -> &mut State {
        Arc::make_mut(&mut self.state)
    }

    /// Lets what was done so far go unnoticed.
    pub(crate) fn forget_events(&mut self) {
        self.events.clear();
    }

    pub(crate) fn into_parts(self) -> (Arc<State>, Vec<Event>) {
        (self.state, self.events)
    }

    /// A moment for something new, never the same twice.
    pub(crate) fn moment(&mut self) -> i64 {
        let now = self.now;
        self.state_mut().next_moment(now)
    }

    /// Emits an event about a call. `type`, `call_cid` and `created_at`
    /// are added to the payload.
    pub(crate) fn emit(&mut self, kind: &str, cid: &str, payload: Value) {
        let created_at = self.now;
        let mut fields = match payload {
            Value::Object(fields) => fields,
            _ => Fields::new(),
        };
        fields.insert("type".into(), kind.into());
        fields.insert("call_cid".into(), cid.into());
        fields.insert("created_at".into(), created_at.into());
        self.events.push(Event {
            kind: kind.to_owned(),
            cid: Some(cid.to_owned()),
            created_at,
            payload: fields,
        });
    }

    /// A call that was not deleted.
    pub(crate) fn call(&self, cid: &str) -> Result<&Call, ApiError> {
        let call = self.state.calls.get(cid);
        call.filter(|call| call.deleted_at.is_none())
            .ok_or_else(|| missing_call(cid))
    }

    /// A call to change.
    pub(crate) fn call_mut(&mut self, cid: &str) -> Result<&mut Call, ApiError> {
        self.call(cid)?;
        let call = self.state_mut().calls.get_mut(cid);
        call.ok_or_else(|| missing_call(cid))
    }

    /// A call to change, which notes that it was.
    pub(crate) fn change_call(&mut self, cid: &str) -> Result<&mut Call, ApiError> {
        self.call(cid)?;
        let now = self.moment();
        let call = self.call_mut(cid)?;
        call.updated_at = now;
        Ok(call)
    }

    pub(crate) fn call_type(&self, name: &str) -> Result<&CallType, ApiError> {
        let found = self.state.call_types.get(name);
        found.ok_or_else(|| missing_call_type(name))
    }

    /// A user that was not deleted.
    pub(crate) fn user(&self, id: &str) -> Option<&User> {
        let user = self.state.users.get(id);
        user.filter(|user| user.deleted_at.is_none())
    }

    /// Makes sure that users exist before `purpose`; an impatient server makes them up.
    pub(crate) fn require_users<'b>(
        &mut self,
        purpose: &str,
        ids: impl IntoIterator<Item = &'b str>,
    ) -> Result<(), ApiError> {
        let missing: BTreeSet<&str> = ids
            .into_iter()
            .filter(|id| self.user(id).is_none())
            .collect();
        if missing.is_empty() {
            return Ok(());
        }
        if self.settings.create_users {
            for id in missing {
                self.create_user(id, None);
            }
            return Ok(());
        }
        let names: Vec<&str> = missing.into_iter().collect();
        Err(ApiError::input(format!(
            "The following users are involved in {purpose}, but don't exist: [{}]. \
             Please create the user objects before setting up the call.",
            names.join(" ")
        )))
    }

    /// Creates a user with nothing but an id and perhaps a role.
    pub(crate) fn create_user(&mut self, id: &str, role: Option<&str>) {
        let now = self.moment();
        let mut user = User::new(id, now);
        if let Some(role) = role {
            role.clone_into(&mut user.role);
        }
        let state = self.state_mut();
        state.erased_users.remove(id);
        state.users.put(id, user);
    }
}

pub(crate) fn missing_call(cid: &str) -> ApiError {
    ApiError::not_found(format!("Can't find call with id {cid}"))
}

pub(crate) fn missing_call_type(name: &str) -> ApiError {
    ApiError::not_found(format!(
        "Can't find call type with name {name}, it does not exist"
    ))
}
