//! Components that are equal in both documents, whose comparison can be skipped.

use openapi_document::component_name;
use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::{Map, Value};

use super::document::Document;

/// Component schemas that are equal in both documents.
#[derive(Default)]
pub(crate) struct Unchanged<'a> {
    /// Their names.
    equal: FxHashSet<&'a str>,
    /// Those that reach nothing that is different.
    deeply_equal: FxHashSet<&'a str>,
    /// For the others the components that they refer to; not for compositions, whose parts
    /// have to be compared together, and not where a direction hides a property.
    references: FxHashMap<&'a str, Vec<&'a str>>,
}

impl<'a> Unchanged<'a> {
    pub(crate) fn of(old: &Document<'a>, new: &Document<'a>) -> Self {
        let (Some(left), Some(right)) = (old.schemas, new.schemas) else {
            return Self::default();
        };
        let equal: FxHashSet<&str> = left
            .iter()
            .filter(|(name, schema)| right.get(name.as_str()) == Some(schema))
            .map(|(name, _)| name.as_str())
            .collect();
        let mut unchanged = Self {
            deeply_equal: equal.clone(),
            equal,
            references: FxHashMap::default(),
        };
        if unchanged.equal.len() < left.len().max(right.len()) {
            unchanged.spread((old, left), (new, right));
        }
        unchanged
    }

    /// True when the schema of this name is written the same on both sides.
    pub(crate) fn is_equal(&self, name: &str) -> bool {
        self.equal.contains(name)
    }

    /// True when nothing that the schema of this name reaches is different.
    pub(crate) fn is_deeply_equal(&self, name: &str) -> bool {
        self.deeply_equal.contains(name)
    }

    /// The components that can make a difference for an equal schema.
    pub(crate) fn references(&self, name: &str) -> Option<&[&'a str]> {
        self.references.get(name).map(Vec::as_slice)
    }

    /// Removes from the deeply equal components those that refer to something different.
    fn spread(
        &mut self,
        (old, left): (&Document<'a>, &'a Map<String, Value>),
        (new, right): (&Document<'a>, &'a Map<String, Value>),
    ) {
        let one_way: FxHashSet<&str> = left
            .iter()
            .filter(|(_, schema)| is_one_way(schema))
            .map(|(name, _)| name.as_str())
            .collect();
        let mut users: FxHashMap<&str, Vec<&'a str>> = FxHashMap::default();
        let mut queue: Vec<&'a str> = Vec::new();
        for (name, schema) in left {
            if !self.equal.contains(name.as_str()) {
                continue;
            }
            let mut found = Found {
                names: Vec::new(),
                plain: true,
                complete: true,
            };
            found.collect(schema);
            let extended = |document: &Document<'a>| {
                let schema = document.schema(name);
                schema.map_or(Vec::new(), |schema| document.children(schema).to_vec())
            };
            found.names.extend(extended(old));
            found.names.extend(extended(new));
            let exist = |name: &&str| left.contains_key(*name) && right.contains_key(*name);
            if !(found.complete && found.names.iter().all(exist)) {
                queue.push(name);
                continue;
            }
            for target in &found.names {
                users.entry(target).or_default().push(name);
                if !self.equal.contains(target) {
                    queue.push(name);
                }
            }
            if found.plain && !found.names.iter().any(|name| one_way.contains(name)) {
                self.references.insert(name, found.names);
            }
        }
        while let Some(name) = queue.pop() {
            if self.deeply_equal.remove(name) {
                queue.extend(users.remove(name).unwrap_or_default());
            }
        }
    }
}

fn is_one_way(schema: &Value) -> bool {
    let says = |key: &str| schema.get(key) == Some(&Value::Bool(true));
    says("readOnly") || says("writeOnly")
}

/// The components that a schema refers to.
struct Found<'a> {
    names: Vec<&'a str>,
    /// Neither composed nor with a property that goes one way only.
    plain: bool,
    /// Every reference names a component.
    complete: bool,
}

impl<'a> Found<'a> {
    fn add(&mut self, text: &'a str) {
        match component_name(text, "schemas") {
            Some(std::borrow::Cow::Borrowed(name)) => self.names.push(name),
            _ => self.complete = false,
        }
    }

    fn collect(&mut self, value: &'a Value) {
        match value {
            Value::Object(map) => {
                let composed = map.contains_key("allOf") || map.contains_key("anyOf");
                self.plain &= !composed && !is_one_way(value);
                for (key, value) in map {
                    match (key.as_str(), value) {
                        ("$ref", Value::String(text)) => self.add(text),
                        ("mapping", Value::Object(targets)) => {
                            for target in targets.values().filter_map(Value::as_str) {
                                if target.contains(['/', '#', '.']) {
                                    self.add(target);
                                } else {
                                    self.names.push(target);
                                }
                            }
                        }
                        (_, value) => self.collect(value),
                    }
                }
            }
            Value::Array(entries) => entries.iter().for_each(|entry| self.collect(entry)),
            _ => {}
        }
    }
}

/// True when two schemas are equal and hold nothing that could differ on its own.
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
    use crate::read::Document;

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
        let unchanged = Unchanged::of(&Document::new(&old), &Document::new(&new));
        assert!(unchanged.is_deeply_equal("Alone") && unchanged.is_equal("User"));
        for name in ["Leaf", "User", "Cycle", "Ring", "Odd"] {
            assert!(!unchanged.is_deeply_equal(name), "{name}");
        }
        assert_eq!(unchanged.references("User"), Some(&["Leaf"][..]));
        assert_eq!(unchanged.references("Odd"), None);
        let same = old.clone();
        assert!(Unchanged::of(&Document::new(&old), &Document::new(&same)).is_deeply_equal("Leaf"));
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
