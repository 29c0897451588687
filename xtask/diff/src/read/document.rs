//! A document, with its references and indices.

use openapi_document::{METHODS, component_name, reference};
use rustc_hash::FxHashMap;
use serde_json::{Map, Value};

use super::operations::Operation;

/// Identity of a node: its address, which stays the same while the document is borrowed.
pub(crate) type Address = usize;

pub(crate) fn address(value: &Value) -> Address {
    std::ptr::from_ref(value).addr()
}

/// Longest chain of references that is followed; ends cycles.
const MAX_STEPS: usize = 32;

/// An OpenAPI document and its indices.
pub(crate) struct Document<'a> {
    pub(crate) root: &'a Value,
    /// Every operation under `paths`.
    pub(crate) operations: Vec<Operation<'a>>,
    pub(super) schemas: Option<&'a Map<String, Value>>,
    /// Component schemas by name.
    by_name: FxHashMap<&'a str, &'a Value>,
    names: FxHashMap<Address, &'a str>,
    /// Names of the components that extend a polymorphic component, directly or through others, by
    /// the address of the extended one.
    children: FxHashMap<Address, Vec<&'a str>>,
    /// The polymorphic components that a component extends, by its name.
    parents: FxHashMap<&'a str, Vec<&'a Value>>,
}

/// A `$ref` and its target.
#[derive(Clone, Copy)]
pub(crate) struct Reference<'a> {
    pub(crate) text: &'a str,
    pub(crate) target: Option<&'a Value>,
}

/// A schema without the objects that only wrap it.
pub(crate) struct Peeled<'a> {
    /// One-entry compositions and references with siblings on the way in.
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
        let by_name = schemas
            .into_iter()
            .flatten()
            .map(|(name, schema)| (name.as_str(), schema))
            .collect();
        let mut document = Self {
            by_name,
            root,
            operations: Vec::new(),
            schemas,
            names,
            children: FxHashMap::default(),
            parents: FxHashMap::default(),
        };
        if let Some(paths) = root.get("paths") {
            document.operations = document.operations_of(paths);
        }
        document.index_children();
        document
    }

    /// The operations of a map of path items: `paths` or a callback.
    pub(crate) fn operations_of(&self, paths: &'a Value) -> Vec<Operation<'a>> {
        let items = paths.as_object().into_iter().flatten();
        items
            .filter(|(path, _)| !path.starts_with("x-"))
            .flat_map(|(path, item)| {
                let item = self.follow(item).target;
                METHODS.into_iter().filter_map(move |method| {
                    let value = item.get(method).filter(|value| value.is_object())?;
                    Some(Operation {
                        path,
                        method,
                        item,
                        value,
                    })
                })
            })
            .collect()
    }

    fn index_children(&mut self) {
        for (name, schema) in self.schemas.into_iter().flatten() {
            let mut parents = Vec::new();
            self.collect_parents(schema, &mut parents, MAX_STEPS);
            for parent in parents {
                if parent.get("discriminator").is_some() {
                    let children = self.children.entry(address(parent)).or_default();
                    children.push(name);
                    self.parents.entry(name).or_default().push(parent);
                }
            }
        }
    }

    /// The components that a schema extends, directly or through others.
    fn collect_parents(&self, schema: &'a Value, parents: &mut Vec<&'a Value>, depth: usize) {
        let members = schema.get("allOf").and_then(Value::as_array);
        for text in members.into_iter().flatten().filter_map(reference) {
            if let Some(parent) = self.resolve(text)
                && depth > 0
                && !parents.iter().any(|known| std::ptr::eq(*known, parent))
            {
                parents.push(parent);
                self.collect_parents(parent, parents, depth - 1);
            }
        }
    }

    /// The polymorphic components that a component extends.
    pub(crate) fn parents(&self, name: &str) -> &[&'a Value] {
        self.parents.get(name).map_or(&[], Vec::as_slice)
    }

    /// Every component schema with its name.
    pub(crate) fn components(&self) -> impl Iterator<Item = (&'a str, &'a Value)> {
        let schemas = self.schemas.into_iter().flatten();
        schemas.map(|(name, schema)| (name.as_str(), schema))
    }

    /// The component schema of this name.
    pub(crate) fn schema(&self, name: &str) -> Option<&'a Value> {
        self.by_name.get(name).copied()
    }

    /// The name under which a schema is a component.
    pub(crate) fn schema_name(&self, schema: &Value) -> Option<&'a str> {
        self.names.get(&address(schema)).copied()
    }

    /// Components that extend a component with a discriminator.
    pub(crate) fn children(&self, schema: &Value) -> &[&'a str] {
        self.children
            .get(&address(schema))
            .map_or(&[], Vec::as_slice)
    }

    /// The component that a value of a discriminator's mapping names, by reference or by name.
    pub(crate) fn mapped(&self, text: &str) -> Option<&'a Value> {
        self.schema(text).or_else(|| self.resolve(text))
    }

    /// The target of a reference into this document.
    pub(crate) fn resolve(&self, text: &str) -> Option<&'a Value> {
        if let Some(name) = component_name(text, "schemas")
            && let Some(schema) = self.schema(&name)
        {
            return Some(schema);
        }
        openapi_document::resolve(self.root, text).ok()
    }

    /// Follows the references of anything but a schema.
    pub(crate) fn follow(&self, site: &'a Value) -> Peeled<'a> {
        let mut peeled = Peeled::of(site);
        for _ in 0..MAX_STEPS {
            let Some(text) = reference(peeled.target) else {
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
        let mut peeled = Peeled::of(site);
        for _ in 0..MAX_STEPS {
            if let Some(text) = reference(peeled.target) {
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

impl<'a> Peeled<'a> {
    fn of(site: &'a Value) -> Self {
        Self {
            wrappers: Vec::new(),
            reference: None,
            target: site,
        }
    }

    /// True when a wrapper or the schema itself sets a flag.
    pub(crate) fn says(&self, key: &str) -> bool {
        let mut all = self.wrappers.iter().chain([&self.target]);
        all.any(|value| value.get(key) == Some(&Value::Bool(true)))
    }
}

/// The only entry of a composition that says nothing else about values.
fn single_entry(value: &Value) -> Option<&Value> {
    let mut entries = None;
    for (key, value) in value.as_object()? {
        match key.as_str() {
            "allOf" | "oneOf" | "anyOf" if entries.is_none() => entries = Some(value.as_array()?),
            key if is_annotation(key) => {}
            _ => return None,
        }
    }
    match entries?.as_slice() {
        [entry] => Some(entry),
        _ => None,
    }
}

/// Keywords about the place of a schema rather than about its values.
pub(crate) fn is_annotation(key: &str) -> bool {
    is_prose(key)
        || matches!(
            key,
            "nullable" | "default" | "deprecated" | "readOnly" | "writeOnly" | "xml"
        )
        || key.starts_with("x-")
}

/// Keywords that only people read.
pub(crate) fn is_prose(key: &str) -> bool {
    matches!(
        key,
        "title" | "summary" | "description" | "example" | "examples" | "externalDocs"
    )
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

    #[test]
    fn components_that_extend_a_polymorphic_one_are_its_children() {
        let root = json!({"components": {"schemas": {
            "Pet": {"discriminator": {"propertyName": "kind"}},
            "Plain": {"type": "object"},
            "Cat": {"allOf": [{"$ref": "#/components/schemas/Pet"}, {"type": "object"}]},
            "Chair": {"allOf": [{"$ref": "#/components/schemas/Plain"}]},
        }}});
        let document = Document::new(&root);
        let schema = |name| document.schema(name).unwrap();
        assert_eq!(document.children(schema("Pet")), ["Cat"]);
        assert!(document.children(schema("Plain")).is_empty());
    }
}
