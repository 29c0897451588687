//! The life of one call.

use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::members::new_members;
use super::{Answered, Call, Store, object, path_cid, text};
use crate::auth::Caller;
use crate::error::ApiError;
use crate::time;
use crate::validate::Input;

/// Members in an answer when the request does not say.
const DEFAULT_MEMBERS: usize = 25;
/// Creator of a call when neither request nor token names one.
const STAND_IN_CREATOR: &str = "server";

impl Store {
    pub(super) fn get_or_create_call(&mut self, input: &Input, caller: &Caller) -> Answered {
        let cid = path_cid(input);
        let body = object(Some(&input.body));
        let created = !self.calls.contains_key(&cid);
        if created {
            let call = self.new_call(input, &object(body.get("data")), caller)?;
            self.calls.insert(cid.clone(), call);
        }
        let limit = members_limit(&body)?;
        let mut fields = self.render_state(self.call(&cid)?, limit);
        fields.insert("created".into(), created.into());
        Ok(Value::Object(fields))
    }

    fn new_call(
        &mut self,
        input: &Input,
        data: &Map<String, Value>,
        caller: &Caller,
    ) -> Result<Call, ApiError> {
        let members = new_members(data.get("members"))?;
        let named = data.get("created_by");
        let created_by = match named.and_then(|user| self.keep_user_from(user)) {
            Some(id) => id,
            None => {
                let named = text(data, "created_by_id").or(caller.user.as_deref());
                let id = named.unwrap_or(STAND_IN_CREATOR).to_owned();
                self.keep_user(&id);
                id
            }
        };
        let now = self.tick();
        let owned = |name| text(data, name).map(str::to_owned);
        let mut call = Call {
            kind: text(&input.path, "type").unwrap_or_default().to_owned(),
            id: text(&input.path, "id").unwrap_or_default().to_owned(),
            created_by,
            created_at: now,
            updated_at: now,
            starts_at: text(data, "starts_at").and_then(time::parse_utc),
            ended_at: None,
            team: owned("team"),
            channel_cid: owned("channel_cid"),
            custom: object(data.get("custom")),
            settings_override: object(data.get("settings_override")),
            blocked_user_ids: Vec::new(),
            members: Vec::new(),
        };
        for member in members {
            self.put_member(&mut call, member);
        }
        Ok(call)
    }

    pub(super) fn get_call(&self, input: &Input) -> Answered {
        let limit = members_limit(&input.query)?;
        let call = self.call(&path_cid(input))?;
        Ok(Value::Object(self.render_state(call, limit)))
    }

    pub(super) fn update_call(&mut self, input: &Input) -> Answered {
        let cid = path_cid(input);
        let now = self.tick();
        let body = object(Some(&input.body));
        let call = self.call_mut(&cid)?;
        call.updated_at = now;
        if let Some(custom) = body.get("custom") {
            call.custom = object(Some(custom));
        }
        if let Some(starts_at) = text(&body, "starts_at") {
            call.starts_at = time::parse_utc(starts_at);
        }
        deep_merge(
            &mut call.settings_override,
            &object(body.get("settings_override")),
        );
        let fields = self.render_state(self.call(&cid)?, DEFAULT_MEMBERS);
        Ok(Value::Object(fields))
    }

    pub(super) fn end_call(&mut self, input: &Input) -> Answered {
        let now = self.tick();
        let call = self.call_mut(&path_cid(input))?;
        call.ended_at.get_or_insert(now);
        call.updated_at = now;
        Ok(json!({}))
    }

    pub(super) fn delete_call(&mut self, input: &Input) -> Answered {
        let cid = path_cid(input);
        let call = self
            .calls
            .remove(&cid)
            .ok_or_else(|| super::missing(&cid))?;
        let mut fields = Map::new();
        fields.insert("call".into(), self.render_call(&call));
        if input.body.get("hard") == Some(&Value::Bool(true)) {
            fields.insert("task_id".into(), Uuid::new_v4().to_string().into());
        }
        Ok(Value::Object(fields))
    }

    pub(super) fn block_user(&mut self, input: &Input) -> Answered {
        let user = body_user(input)?;
        let now = self.tick();
        let call = self.call_mut(&path_cid(input))?;
        if !call.blocked_user_ids.contains(&user) {
            call.blocked_user_ids.push(user);
            call.updated_at = now;
        }
        Ok(json!({}))
    }

    pub(super) fn unblock_user(&mut self, input: &Input) -> Answered {
        let user = body_user(input)?;
        let now = self.tick();
        let call = self.call_mut(&path_cid(input))?;
        if call.blocked_user_ids.contains(&user) {
            call.blocked_user_ids.retain(|blocked| *blocked != user);
            call.updated_at = now;
        }
        Ok(json!({}))
    }
}

fn body_user(input: &Input) -> Result<String, ApiError> {
    let user = input.body.get("user_id").and_then(Value::as_str);
    user.filter(|user| !user.is_empty())
        .map(str::to_owned)
        .ok_or_else(|| ApiError::input("user_id must name a user"))
}

/// Zero and absent mean the default, as elsewhere in this API.
fn members_limit(fields: &Map<String, Value>) -> Result<usize, ApiError> {
    match fields.get("members_limit").and_then(Value::as_i64) {
        None | Some(0) => Ok(DEFAULT_MEMBERS),
        Some(limit) => usize::try_from(limit)
            .map_err(|_| ApiError::input("members_limit must not be negative")),
    }
}

fn deep_merge(base: &mut Map<String, Value>, overlay: &Map<String, Value>) {
    for (name, value) in overlay {
        match (base.get_mut(name), value) {
            (Some(Value::Object(known)), Value::Object(new)) => deep_merge(known, new),
            _ => {
                base.insert(name.clone(), value.clone());
            }
        }
    }
}
