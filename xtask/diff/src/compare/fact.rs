//! One difference: a rule, the two places, the values before and after.

use serde_json::Value;

use super::direction::{Direction, NodeId, Via};
use crate::rules::Rule;

/// One observed change, before it is known who reaches it.
pub(crate) struct Fact<'a> {
    pub(crate) rule: &'static Rule,
    /// The pairs at which it was observed; the same change may show in several.
    pub(crate) nodes: Vec<NodeId>,
    /// The place in the old document, none for additions.
    pub(crate) old: Option<&'a Value>,
    /// The place in the new document, none for removals.
    pub(crate) new: Option<&'a Value>,
    /// The container on the other side.
    pub(crate) near: Option<&'a Value>,
    /// Tells several changes of one rule at one place apart: a keyword, an enum value.
    pub(crate) subject: String,
    pub(crate) before: Value,
    pub(crate) after: Value,
    pub(crate) text: String,
    /// Set when the change cannot be seen in the other direction.
    pub(crate) only: Option<Direction>,
    /// The way from the pair to what changes, for a request or response of an operation.
    pub(super) via: Via,
}

impl<'a> Fact<'a> {
    fn new(rule: &'static Rule, text: impl Into<String>) -> Self {
        Self {
            rule,
            nodes: Vec::new(),
            old: None,
            new: None,
            near: None,
            subject: String::new(),
            before: Value::Null,
            after: Value::Null,
            text: text.into(),
            only: None,
            via: Via::Both,
        }
    }

    /// Something that is only in the new document; `near` is its container in the old one.
    pub(crate) fn added(
        rule: &'static Rule,
        new: &'a Value,
        near: &'a Value,
        text: impl Into<String>,
    ) -> Self {
        Self {
            new: Some(new),
            near: Some(near),
            after: new.clone(),
            ..Self::new(rule, text)
        }
    }

    /// Something that is only in the old document; `near` is its container in the new one.
    pub(crate) fn removed(
        rule: &'static Rule,
        old: &'a Value,
        near: &'a Value,
        text: impl Into<String>,
    ) -> Self {
        Self {
            old: Some(old),
            near: Some(near),
            before: old.clone(),
            ..Self::new(rule, text)
        }
    }

    /// Something that is in both documents and different.
    pub(crate) fn changed(
        rule: &'static Rule,
        old: &'a Value,
        new: &'a Value,
        text: impl Into<String>,
    ) -> Self {
        Self {
            old: Some(old),
            new: Some(new),
            ..Self::new(rule, text)
        }
    }

    /// A keyword that differs between two objects; the places are its values where they exist.
    pub(crate) fn keyword(
        rule: &'static Rule,
        key: &str,
        old: &'a Value,
        new: &'a Value,
        text: impl Into<String>,
    ) -> Self {
        Self::keyword_values(rule, key, (old, old.get(key)), (new, new.get(key)), text)
    }

    /// The same for a keyword whose values were found in some other way.
    pub(crate) fn keyword_values(
        rule: &'static Rule,
        key: &str,
        (old, before): (&'a Value, Option<&'a Value>),
        (new, after): (&'a Value, Option<&'a Value>),
        text: impl Into<String>,
    ) -> Self {
        let fact = match (before, after) {
            (Some(before), Some(after)) => Self::changed(rule, before, after, text),
            (Some(before), None) => Self::removed(rule, before, new, text),
            (None, Some(after)) => Self::added(rule, after, old, text),
            (None, None) => Self::changed(rule, old, new, text),
        };
        fact.about(key).values(
            before.cloned().unwrap_or_default(),
            after.cloned().unwrap_or_default(),
        )
    }

    #[must_use]
    pub(crate) fn about(mut self, subject: impl Into<String>) -> Self {
        self.subject = subject.into();
        self
    }

    #[must_use]
    pub(crate) fn values(mut self, before: impl Into<Value>, after: impl Into<Value>) -> Self {
        self.before = before.into();
        self.after = after.into();
        self
    }

    #[must_use]
    pub(crate) fn only(mut self, direction: Option<Direction>) -> Self {
        self.only = direction;
        self
    }
}

/// As [`brief`], with quotes around text that reads like a value of another type.
pub(crate) fn quoted(value: &Value) -> String {
    let other = value.as_str().map(serde_json::from_str::<Value>);
    match other {
        Some(Ok(Value::Null | Value::Bool(_) | Value::Number(_))) => value.to_string(),
        _ => brief(value),
    }
}

/// A short form of a value for messages.
pub(crate) fn brief(value: &Value) -> String {
    const MOST: usize = 60;
    let text = match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    if text.chars().count() <= MOST {
        return text;
    }
    let mut short: String = text.chars().take(MOST - 1).collect();
    short.push('…');
    short
}
