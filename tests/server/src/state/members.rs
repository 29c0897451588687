//! Members of a call.

use serde_json::{Map, Value};

use super::{Answered, Call, Member, Store, object, path_cid, text};
use crate::error::ApiError;
use crate::validate::Input;

/// A member as a request names it.
pub(super) struct NewMember {
    user_id: String,
    role: Option<String>,
    custom: Option<Map<String, Value>>,
}

/// Reads a list of members; naming one twice is an error.
pub(super) fn new_members(list: Option<&Value>) -> Result<Vec<NewMember>, ApiError> {
    let mut members: Vec<NewMember> = Vec::new();
    for entry in list.and_then(Value::as_array).into_iter().flatten() {
        let fields = object(Some(entry));
        let user_id = text(&fields, "user_id").unwrap_or_default().to_owned();
        if members.iter().any(|member| member.user_id == user_id) {
            return Err(ApiError::input(format!(
                "the member {user_id} is named twice"
            )));
        }
        members.push(NewMember {
            user_id,
            role: text(&fields, "role").map(str::to_owned),
            custom: fields.get("custom").map(|custom| object(Some(custom))),
        });
    }
    Ok(members)
}

impl Store {
    /// Adds a member, or changes what the request says about a known one.
    pub(super) fn put_member(&mut self, call: &mut Call, new: NewMember) {
        self.keep_user(&new.user_id);
        let now = self.tick();
        let known = call.members.iter_mut();
        match known.into_iter().find(|known| known.user_id == new.user_id) {
            Some(known) => {
                known.updated_at = now;
                known.role = new.role.or(known.role.take());
                if let Some(custom) = new.custom {
                    known.custom = custom;
                }
            }
            None => call.members.push(Member {
                user_id: new.user_id,
                role: new.role,
                custom: new.custom.unwrap_or_default(),
                created_at: now,
                updated_at: now,
            }),
        }
    }

    /// Answers the members that were added or changed.
    pub(super) fn update_call_members(&mut self, input: &Input) -> Answered {
        let cid = path_cid(input);
        let updates = new_members(input.body.get("update_members"))?;
        let removals: Vec<&str> = input
            .body
            .get("remove_members")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let both = updates
            .iter()
            .find(|member| removals.contains(&member.user_id.as_str()));
        if let Some(member) = both {
            let message = format!("the member {} is both updated and removed", member.user_id);
            return Err(ApiError::input(message));
        }
        let mut call = self.call(&cid)?.clone();
        call.members
            .retain(|member| !removals.contains(&member.user_id.as_str()));
        let changed: Vec<String> = updates
            .iter()
            .map(|member| member.user_id.clone())
            .collect();
        for member in updates {
            self.put_member(&mut call, member);
        }
        call.updated_at = self.tick();
        let members: Vec<Value> = call
            .members
            .iter()
            .filter(|member| changed.contains(&member.user_id))
            .map(|member| self.render_member(member))
            .collect();
        self.calls.insert(cid, call);
        let mut fields = Map::new();
        fields.insert("members".into(), members.into());
        Ok(Value::Object(fields))
    }
}
