//! One side of a comparison: the document, its references, the names of its schemas.

use std::collections::HashMap;

use serde_json::{Map, Value};

/// Identity of a node: where it lives in memory, which no move changes while the document is borrowed.
pub(crate) type Address = usize;

pub(crate) fn address(value: &Value) -> Address {
    std::ptr::from_ref(value).addr()
}

/// More hops than any sane chain of references has; ends cycles.
const HOPS: usize = 32;

/// An OpenAPI document and what is looked up in it all the time.
pub(crate) struct Document<'a> {
    pub(crate) root: &'a Value,
    schemas: Option<&'a Map<String, Value>>,
    names: HashMap<Address, &'a str>,
}

/// A `$ref` and where it leads.
#[derive(Clone, Copy)]
pub(crate) struct Reference<'a> {
    pub(crate) text: &'a str,
    pub(crate) target: Option<&'a Value>,
}

/// A schema without what merely wraps it.
pub(crate) struct Peeled<'a> {
    /// One-entry `allOf`s and references with siblings on the way in.
    pub(crate) wrappers: Vec<&'a Value>,
    /// The first reference on the way in.
    pub(crate) reference: Option<Reference<'a>>,
    pub(crate) target: &'a Value,
}

impl<'a> Document<'a> {
    pub(crate) fn new(root: &'a Value) -> Self {
        let schemas = root.pointer("/components/schemas");
        let schemas = schemas.and_then(Value::as_object);
        let names = schemas
            .into_iter()
            .flatten()
            .map(|(name, schema)| (address(schema), name.as_str()))
            .collect();
        Self {
            root,
            schemas,
            names,
        }
    }

    /// The component schema of this name.
    pub(crate) fn schema(&self, name: &str) -> Option<&'a Value> {
        self.schemas?.get(name)
    }

    /// The name under which a schema is a component.
    pub(crate) fn schema_name(&self, schema: &Value) -> Option<&'a str> {
        self.names.get(&address(schema)).copied()
    }

    /// The target of a reference into this document.
    pub(crate) fn resolve(&self, reference: &str) -> Option<&'a Value> {
        if let Some(name) = reference.strip_prefix("#/components/schemas/")
            && !name.contains(['/', '~', '%'])
        {
            return self.schema(name);
        }
        let pointer = reference.strip_prefix('#')?;
        if pointer.contains('%') {
            self.root.pointer(&percent_decoded(pointer)?)
        } else {
            self.root.pointer(pointer)
        }
    }

    /// Follows references of anything that is not a schema.
    pub(crate) fn follow(&self, site: &'a Value) -> Peeled<'a> {
        let mut peeled = Peeled {
            wrappers: Vec::new(),
            reference: None,
            target: site,
        };
        for _ in 0..HOPS {
            let Some(text) = reference_text(peeled.target) else {
                break;
            };
            if !self.step(&mut peeled, text) {
                break;
            }
        }
        peeled
    }

    /// Unwraps a schema up to and including its first reference.
    pub(crate) fn peel(&self, site: &'a Value) -> Peeled<'a> {
        self.unwrap(site, false)
    }

    /// Unwraps a schema through all references.
    pub(crate) fn peel_through(&self, site: &'a Value) -> Peeled<'a> {
        self.unwrap(site, true)
    }

    fn unwrap(&self, site: &'a Value, through: bool) -> Peeled<'a> {
        let mut peeled = Peeled {
            wrappers: Vec::new(),
            reference: None,
            target: site,
        };
        for _ in 0..HOPS {
            if let Some(text) = reference_text(peeled.target) {
                let wraps = peeled.target.as_object().is_some_and(|map| map.len() > 1);
                if wraps {
                    peeled.wrappers.push(peeled.target);
                }
                if !self.step(&mut peeled, text) || !through {
                    break;
                }
            } else if let Some(entry) = single_entry(peeled.target) {
                peeled.wrappers.push(peeled.target);
                peeled.target = entry;
            } else {
                break;
            }
        }
        peeled
    }

    /// Takes one reference; false when it leads nowhere.
    fn step(&self, peeled: &mut Peeled<'a>, text: &'a str) -> bool {
        let target = self.resolve(text);
        if peeled.reference.is_none() {
            peeled.reference = Some(Reference { text, target });
        }
        if let Some(target) = target {
            peeled.target = target;
        }
        target.is_some()
    }
}

/// The text of a `$ref`.
pub(crate) fn reference_text(value: &Value) -> Option<&str> {
    value.as_object()?.get("$ref")?.as_str()
}

/// The only entry of a composition that says nothing else about values.
fn single_entry(value: &Value) -> Option<&Value> {
    let map = value.as_object()?;
    let (key, entries) = ["allOf", "oneOf", "anyOf"]
        .into_iter()
        .find_map(|key| Some((key, map.get(key)?.as_array()?)))?;
    let [entry] = entries.as_slice() else {
        return None;
    };
    map.keys()
        .all(|other| other == key || is_annotation(other))
        .then_some(entry)
}

/// Keywords that say something about the place of a schema rather than about its values.
pub(crate) fn is_annotation(key: &str) -> bool {
    is_prose(key)
        || matches!(
            key,
            "nullable" | "default" | "deprecated" | "readOnly" | "writeOnly" | "xml"
        )
        || key.starts_with("x-")
}

/// Keywords that are only read by people.
pub(crate) fn is_prose(key: &str) -> bool {
    matches!(
        key,
        "title" | "summary" | "description" | "example" | "examples" | "externalDocs"
    )
}

fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next()?, rest.next()?];
            let digits = std::str::from_utf8(&digits).ok()?;
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

/// `/` and `~` are special in JSON pointers.
pub(crate) fn escape_token(token: &str) -> std::borrow::Cow<'_, str> {
    if token.contains(['~', '/']) {
        token.replace('~', "~0").replace('/', "~1").into()
    } else {
        token.into()
    }
}

pub(crate) fn unescape_token(token: &str) -> std::borrow::Cow<'_, str> {
    if token.contains('~') {
        token.replace("~1", "/").replace("~0", "~").into()
    } else {
        token.into()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Document;

    #[test]
    fn references_chains_cycles_and_escapes_resolve() {
        let root = json!({
            "components": {"schemas": {
                "A": {"$ref": "#/components/schemas/B"},
                "B": {"allOf": [{"$ref": "#/components/schemas/C"}], "description": "b"},
                "C": {"type": "string"},
                "Loop": {"$ref": "#/components/schemas/Loop"},
                "a/b c": {"type": "integer"},
            }}
        });
        let document = Document::new(&root);
        let site = json!({"$ref": "#/components/schemas/A"});
        let peeled = document.peel_through(&site);
        assert_eq!(document.schema_name(peeled.target), Some("C"));
        assert_eq!(peeled.wrappers.len(), 1);
        let peeled = document.peel(&site);
        assert_eq!(document.schema_name(peeled.target), Some("A"));
        let site = json!({"$ref": "#/components/schemas/Loop"});
        assert!(document.peel_through(&site).reference.is_some());
        assert_eq!(
            document.resolve("#/components/schemas/a~1b%20c"),
            Some(&json!({"type": "integer"}))
        );
        assert_eq!(document.resolve("other.yaml#/X"), None);
    }
}
