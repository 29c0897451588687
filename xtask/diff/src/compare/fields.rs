//! Fields of objects that are not schemas: flags, prose, extensions, the unknown.

use serde_json::{Map, Value};

use super::context::Findings;
use super::fact::Fact;
use crate::read::is_prose;
use crate::rules;

impl<'a> Findings<'a> {
    /// Reads a boolean field of both sides; another value is reported and counts as unchanged.
    pub(super) fn flag(
        &mut self,
        (old, new): (&'a Value, &'a Value),
        key: &str,
        default: bool,
    ) -> (bool, bool) {
        let (before, after) = (old.get(key), new.get(key));
        if before == after {
            let value = before.and_then(Value::as_bool).unwrap_or(default);
            return (value, value);
        }
        let valid = |value: Option<&Value>| value.is_none_or(Value::is_boolean);
        if !valid(before) || !valid(after) {
            let text = format!("{key} is not a boolean");
            self.report(Fact::keyword(&rules::UNCLASSIFIED, key, old, new, text));
            return (default, default);
        }
        let read = |value: Option<&Value>| value.and_then(Value::as_bool).unwrap_or(default);
        let (before, after) = (read(before), read(after));
        if before == after {
            let text = format!("{key} states its default");
            self.report(Fact::keyword(&rules::RESTATED, key, old, new, text));
        }
        (before, after)
    }

    /// Reports `deprecated` going on or off.
    pub(super) fn deprecation(&mut self, pair: (&'a Value, &'a Value)) {
        let (before, after) = self.flag(pair, "deprecated", false);
        let (rule, text) = match (before, after) {
            (false, true) => (&rules::DEPRECATED, "is deprecated"),
            (true, false) => (&rules::UNDEPRECATED, "is no longer deprecated"),
            _ => return,
        };
        self.report(Fact::keyword(rule, "deprecated", pair.0, pair.1, text));
    }

    /// Reports every differing field that `handled` does not name.
    pub(super) fn remaining(&mut self, (old, new): (&'a Value, &'a Value), handled: &[&str]) {
        let (Some(left), Some(right)) = (old.as_object(), new.as_object()) else {
            if old != new {
                let text = "is not an object on one side";
                let fact = Fact::changed(&rules::UNCLASSIFIED, old, new, text);
                self.report(fact.values(old.clone(), new.clone()));
            }
            return;
        };
        for key in union(left, right) {
            if handled.contains(&key) || left.get(key) == right.get(key) {
                continue;
            }
            let fact = other_field(key, (old, left.get(key)), (new, right.get(key)));
            self.report(fact);
        }
    }
}

/// A differing field that has no rule of its own.
pub(super) fn other_field<'a>(
    key: &str,
    old: (&'a Value, Option<&'a Value>),
    new: (&'a Value, Option<&'a Value>),
) -> Fact<'a> {
    let (rule, text) = if is_prose(key) {
        (&rules::PROSE_CHANGED, format!("{key} reads differently"))
    } else if key.starts_with("x-") {
        (&rules::EXTENSION_CHANGED, format!("{key} is different"))
    } else {
        let text = format!("{key} is different, and no rule knows it");
        (&rules::UNCLASSIFIED, text)
    };
    Fact::keyword_values(rule, key, old, new, text)
}

/// The keys of both maps, each once.
pub(super) fn union<'a>(
    old: &'a Map<String, Value>,
    new: &'a Map<String, Value>,
) -> impl Iterator<Item = &'a str> {
    old.keys()
        .chain(new.keys().filter(|key| !old.contains_key(key.as_str())))
        .map(String::as_str)
}

/// The members of an object field; none when it is missing or not an object.
pub(super) fn members<'a>(
    value: &'a Value,
    key: &str,
) -> impl Iterator<Item = (&'a str, &'a Value)> + use<'a> {
    value
        .get(key)
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .map(|(name, value)| (name.as_str(), value))
}

/// The entries of an array field; none when it is missing or not an array.
pub(super) fn entries<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value
        .get(key)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

/// A field that is missing or has the wanted type on both sides.
pub(super) fn well_typed(old: &Value, new: &Value, key: &str, is: fn(&Value) -> bool) -> bool {
    old.get(key).is_none_or(is) && new.get(key).is_none_or(is)
}

/// The same entries, however often and in whatever order.
pub(super) fn same_set(old: &[Value], new: &[Value]) -> bool {
    old.iter().all(|entry| new.contains(entry)) && new.iter().all(|entry| old.contains(entry))
}
