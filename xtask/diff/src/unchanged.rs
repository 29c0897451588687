//! What need not be looked at: components that are equal in both documents.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

const PREFIX: &str = "#/components/schemas/";

/// Component schemas that are equal in both documents.
#[derive(Default)]
pub(crate) struct Unchanged<'a> {
    /// Their names.
    equal: HashSet<&'a str>,
    /// Those that reach nothing that is different.
    settled: HashSet<&'a str>,
    /// For the others the components that they refer to; not for compositions, whose parts
    /// have to be looked at together.
    references: HashMap<&'a str, Vec<&'a str>>,
}

impl<'a> Unchanged<'a> {
    pub(crate) fn of(old: &'a Value, new: &'a Value) -> Self {
        let map = |root: &'a Value| root.pointer("/components/schemas")?.as_object();
        let (Some(old), Some(new)) = (map(old), map(new)) else {
            return Self::default();
        };
        let equal: HashSet<&str> = old
            .iter()
            .filter(|(name, schema)| new.get(name.as_str()) == Some(schema))
            .map(|(name, _)| name.as_str())
            .collect();
        let mut unchanged = Self {
            settled: equal.clone(),
            equal,
            references: HashMap::new(),
        };
        if unchanged.equal.len() < old.len().max(new.len()) {
            unchanged.spread(old, new);
        }
        unchanged
    }

    /// The schema of this name is the same text on both sides.
    pub(crate) fn is_equal(&self, name: &str) -> bool {
        self.equal.contains(name)
    }

    /// Nothing that can be reached from the schema of this name is different.
    pub(crate) fn is_settled(&self, name: &str) -> bool {
        self.settled.contains(name)
    }

    /// All that can make a difference for an equal schema.
    pub(crate) fn references(&self, name: &str) -> Option<&[&'a str]> {
        self.references.get(name).map(Vec::as_slice)
    }

    /// Takes out of the settled ones what refers to something that is different.
    fn spread(&mut self, old: &'a Map<String, Value>, new: &Map<String, Value>) {
        let mut users: HashMap<&str, Vec<&'a str>> = HashMap::new();
        let mut queue: Vec<&'a str> = Vec::new();
        for (name, schema) in old {
            if !self.equal.contains(name.as_str()) {
                continue;
            }
            let mut found = Vec::new();
            let plain = collect(schema, &mut found);
            let names: Option<Vec<&str>> = found
                .iter()
                .map(|reference| reference.strip_prefix(PREFIX))
                .collect();
            let exist = |name: &&str| old.contains_key(*name) && new.contains_key(*name);
            match names {
                Some(names) if names.iter().all(exist) => {
                    for target in &names {
                        users.entry(target).or_default().push(name);
                        if !self.equal.contains(target) {
                            queue.push(name);
                        }
                    }
                    if plain {
                        self.references.insert(name, names);
                    }
                }
                // Written in a way that is not followed here, or without a target.
                _ => queue.push(name),
            }
        }
        while let Some(name) = queue.pop() {
            if self.settled.remove(name) {
                queue.extend(users.remove(name).unwrap_or_default());
            }
        }
    }
}

/// Collects references; false when the schema is composed of several.
fn collect<'a>(value: &'a Value, into: &mut Vec<&'a str>) -> bool {
    match value {
        Value::Object(map) => {
            let mut plain = true;
            for (key, value) in map {
                match (key.as_str(), value) {
                    ("$ref", Value::String(text)) => into.push(text),
                    ("allOf", _) => {
                        plain = false;
                        collect(value, into);
                    }
                    (_, value) => plain &= collect(value, into),
                }
            }
            plain
        }
        Value::Array(entries) => {
            let mut plain = true;
            for entry in entries {
                plain &= collect(entry, into);
            }
            plain
        }
        _ => true,
    }
}

/// Equal, and without anything inside that could differ on its own.
pub(crate) fn is_same_leaf(old: &Value, new: &Value) -> bool {
    let (Value::Object(left), Value::Object(right)) = (old, new) else {
        return false;
    };
    let flat = |value: &Value| match value {
        Value::Object(map) => map.is_empty(),
        Value::Array(entries) => !entries
            .iter()
            .any(|entry| entry.is_object() || entry.is_array()),
        _ => true,
    };
    left.len() == right.len()
        && left.iter().all(|(key, value)| {
            key != "$ref" && flat(value) && right.get(key.as_str()) == Some(value)
        })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Unchanged, is_same_leaf};

    #[test]
    fn a_difference_spreads_to_all_users() {
        let reference = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
        let document = |leaf: &str| {
            json!({"components": {"schemas": {
                "Leaf": {"type": leaf},
                "User": {"properties": {"a": reference("Leaf")}},
                "Cycle": {"items": reference("Ring")},
                "Ring": {"anyOf": [reference("Cycle"), reference("User")]},
                "Alone": {"items": reference("Alone")},
                "Odd": {"$ref": "other.json#/X"},
            }}})
        };
        let (old, new) = (document("string"), document("integer"));
        let unchanged = Unchanged::of(&old, &new);
        assert!(unchanged.is_settled("Alone") && unchanged.is_equal("User"));
        for name in ["Leaf", "User", "Cycle", "Ring", "Odd"] {
            assert!(!unchanged.is_settled(name), "{name}");
        }
        assert_eq!(unchanged.references("User"), Some(&["Leaf"][..]));
        assert_eq!(unchanged.references("Odd"), None);
        let same = old.clone();
        assert!(Unchanged::of(&old, &same).is_settled("Leaf"));
    }

    #[test]
    fn leaves_have_no_references() {
        let leaf = json!({"type": "string", "enum": ["a"], "default": {}});
        assert!(is_same_leaf(&leaf, &leaf.clone()));
        for other in [
            json!({"$ref": "#/x"}),
            json!({"items": {"$ref": "#/x"}}),
            json!({"allOf": [{"$ref": "#/x"}]}),
            json!("text"),
        ] {
            assert!(!is_same_leaf(&other, &other.clone()), "{other}");
        }
    }
}
