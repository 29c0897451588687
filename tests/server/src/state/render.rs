//! Kept things as responses show them: a minimal sample of the response type, with what
//! is known put over it, so that a spec with more required fields is still answered fully.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::{Call, Member, Store, object, text};
use crate::generate_body::{SampleMode, sample};
use crate::schema::{self, Direction};
use crate::spec::Api;

/// Samples of the types that kept things are rendered as.
pub(super) struct Templates {
    api: Arc<Api>,
    call: Map<String, Value>,
    member: Map<String, Value>,
    user: Map<String, Value>,
    own_capabilities: Value,
}

impl Templates {
    pub(super) fn new(api: &Arc<Api>) -> Option<Self> {
        let template = |name: &str| {
            let schema = api.document().pointer(&pointer(name))?;
            let value = sample(
                api.document(),
                schema,
                SampleMode::Minimal,
                Direction::Response,
            );
            value.as_object().cloned()
        };
        let capability = json!({
            "type": "array",
            "items": { "$ref": "#/components/schemas/OwnCapability" },
        });
        Some(Self {
            call: template("CallResponse")?,
            member: template("MemberResponse")?,
            user: template("UserResponse")?,
            own_capabilities: sample(
                api.document(),
                &capability,
                SampleMode::Maximal,
                Direction::Response,
            ),
            api: Arc::clone(api),
        })
    }

    /// Puts `overlay` over `base` as far as the component has such fields.
    fn overlay(&self, component: &str, base: Value, overlay: &Value) -> Value {
        match self.api.document().pointer(&pointer(component)) {
            Some(schema) => self.overlay_known(schema, base, overlay),
            None => base,
        }
    }

    fn overlay_known(&self, schema: &Value, base: Value, overlay: &Value) -> Value {
        let document = self.api.document();
        let schema = schema::resolve(document, schema).unwrap_or(schema);
        let properties = schema.get("properties").and_then(Value::as_object);
        let (Some(properties), Some(overlay_fields)) = (properties, overlay.as_object()) else {
            return self.overlay_other(schema, overlay);
        };
        let mut fields = object(Some(&base));
        for (name, value) in overlay_fields {
            if let Some(property) = properties.get(name) {
                let known = fields.remove(name).unwrap_or_else(|| {
                    sample(document, property, SampleMode::Minimal, Direction::Response)
                });
                let merged = self.overlay_known(property, known, value);
                fields.insert(name.clone(), merged);
            }
        }
        Value::Object(fields)
    }

    /// Maps entry by entry; numbers that a request writes as text become numbers.
    fn overlay_other(&self, schema: &Value, overlay: &Value) -> Value {
        let entries = schema
            .get("additionalProperties")
            .filter(|entry| entry.is_object());
        match (entries, overlay) {
            (Some(entry), Value::Object(fields)) => {
                let document = self.api.document();
                let merged = fields.iter().map(|(name, value)| {
                    let base = sample(document, entry, SampleMode::Minimal, Direction::Response);
                    (name.clone(), self.overlay_known(entry, base, value))
                });
                Value::Object(merged.collect())
            }
            (_, Value::String(text)) if schema.get("type") == Some(&json!("integer")) => text
                .parse::<i64>()
                .map_or(json!(text), |number| json!(number)),
            _ => overlay.clone(),
        }
    }
}

fn pointer(component: &str) -> String {
    format!("/components/schemas/{component}")
}

impl Store {
    pub(super) fn render_call(&self, call: &Call) -> Value {
        let Some(templates) = &self.templates else {
            return Value::Null;
        };
        let mut fields = templates.call.clone();
        let settings = fields.remove("settings").unwrap_or_default();
        let overrides = Value::Object(call.settings_override.clone());
        let settings = templates.overlay("CallSettingsResponse", settings, &overrides);
        let known = [
            ("type", json!(call.kind)),
            ("id", json!(call.id)),
            ("cid", json!(call.cid())),
            ("created_by", self.render_user(&call.created_by)),
            ("created_at", json!(call.created_at)),
            ("updated_at", json!(call.updated_at)),
            ("custom", json!(call.custom)),
            ("settings", settings),
            ("blocked_user_ids", json!(call.blocked_user_ids)),
            ("current_session_id", json!("")),
        ];
        let optional = [
            ("starts_at", call.starts_at.map(|moment| json!(moment))),
            ("ended_at", call.ended_at.map(|moment| json!(moment))),
            ("team", call.team.as_ref().map(|team| json!(team))),
            (
                "channel_cid",
                call.channel_cid.as_ref().map(|cid| json!(cid)),
            ),
        ];
        let optional = optional
            .into_iter()
            .filter_map(|(name, value)| Some((name, value?)));
        for (name, value) in known.into_iter().chain(optional) {
            fields.insert(name.into(), value);
        }
        Value::Object(fields)
    }

    /// `call`, `members` and `own_capabilities`, as several responses have them.
    pub(super) fn render_state(&self, call: &Call, members: usize) -> Map<String, Value> {
        let members = call.members.iter().take(members);
        let capabilities = self.templates.as_ref();
        let capabilities = capabilities.map(|templates| templates.own_capabilities.clone());
        let mut fields = Map::new();
        fields.insert("call".into(), self.render_call(call));
        fields.insert(
            "members".into(),
            members.map(|member| self.render_member(member)).collect(),
        );
        fields.insert("own_capabilities".into(), capabilities.unwrap_or_default());
        fields
    }

    pub(super) fn render_member(&self, member: &Member) -> Value {
        let Some(templates) = &self.templates else {
            return Value::Null;
        };
        let mut fields = templates.member.clone();
        let known = [
            ("user_id", json!(member.user_id)),
            ("user", self.render_user(&member.user_id)),
            ("custom", json!(member.custom)),
            ("created_at", json!(member.created_at)),
            ("updated_at", json!(member.updated_at)),
        ];
        for (name, value) in known {
            fields.insert(name.into(), value);
        }
        if let Some(role) = &member.role {
            fields.insert("role".into(), json!(role));
        }
        Value::Object(fields)
    }

    fn render_user(&self, id: &str) -> Value {
        self.users.get(id).cloned().unwrap_or_default()
    }

    /// Makes sure that a user exists.
    pub(super) fn keep_user(&mut self, id: &str) {
        if self.users.contains_key(id) {
            return;
        }
        let now = self.tick();
        let Some(templates) = &self.templates else {
            return;
        };
        let mut fields = templates.user.clone();
        let known = [
            ("id", json!(id)),
            ("role", json!("user")),
            ("language", json!("")),
            ("created_at", json!(now)),
            ("updated_at", json!(now)),
        ];
        for (name, value) in known {
            fields.insert(name.into(), value);
        }
        self.users.insert(id.to_owned(), Value::Object(fields));
    }

    /// Creates or updates a user from a request; answers its id.
    pub(super) fn keep_user_from(&mut self, request: &Value) -> Option<String> {
        let id = text(request.as_object()?, "id")?.to_owned();
        self.keep_user(&id);
        let known = self.users.remove(&id)?;
        let merged = self
            .templates
            .as_ref()?
            .overlay("UserResponse", known, request);
        self.users.insert(id.clone(), merged);
        Some(id)
    }
}
