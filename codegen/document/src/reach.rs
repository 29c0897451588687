//! Components that something leads to.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::reference::{mapping, reference, reference_tokens};
use crate::walk::{Kind, visit_except, visit_kind};

/// Section and name of a component, such as `schemas` and `CallResponse`.
pub type Component = (String, String);

/// The components that the rest of the document leads to, and those that `keep` leads to.
///
/// A reference into a component reaches it, a discriminator reaches the schemas it maps to, and
/// a schema with a discriminator reaches those that extend it by `allOf`.
pub fn reached_components(
    document: &Value,
    keep: impl IntoIterator<Item = Component>,
) -> BTreeSet<Component> {
    let mut pending: Vec<Component> = keep.into_iter().collect();
    let mut extended = Vec::new();
    // Components only count when they are reached.
    visit_except(document, "components", &mut |_, node, _| {
        collect_one(node, &mut pending);
    });
    if let Some(Value::Object(schemas)) = document.pointer("/components/schemas") {
        for (name, schema) in schemas {
            let bases = schema.get("allOf").and_then(Value::as_array);
            let bases = bases.into_iter().flatten().filter_map(reference);
            extended.extend(bases.filter_map(component).map(|base| (base, name.clone())));
        }
    }
    let mut seen = BTreeSet::new();
    while let Some(component) = pending.pop() {
        if seen.contains(&component) {
            continue;
        }
        let (section, name) = &component;
        let found = document
            .get("components")
            .and_then(|all| all.get(section)?.get(name));
        if let (Some(value), Some(kind)) = (found, Kind::of_section(section)) {
            collect(kind, value, &mut pending);
            if value.get("discriminator").is_some() {
                let children = extended.iter().filter(|(base, _)| *base == component);
                pending.extend(children.map(|(_, name)| ("schemas".to_owned(), name.clone())));
            }
        }
        if found.is_some() {
            seen.insert(component);
        }
    }
    seen
}

fn collect(kind: Kind, value: &Value, found: &mut Vec<Component>) {
    visit_kind(kind, value, &mut |_, node, _| collect_one(node, found));
}

fn collect_one(node: &Value, found: &mut Vec<Component>) {
    found.extend(reference(node).and_then(component));
    for target in mapping(node)
        .into_iter()
        .flat_map(Map::values)
        .filter_map(Value::as_str)
    {
        // A mapping may hold the bare name of a schema.
        let bare = || ("schemas".to_owned(), target.to_owned());
        found.push(component(target).unwrap_or_else(bare));
    }
}

/// The component that a reference names or leads into.
fn component(reference: &str) -> Option<Component> {
    let mut tokens = reference_tokens(reference)?.into_iter();
    let is_component = tokens.next()? == "components";
    Some((tokens.next()?, tokens.next()?)).filter(|_| is_component)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn references_mappings_and_extensions_reach() {
        let document = json!({
            "paths": {"/a": {"get": {"responses": {"200": {"$ref": "#/components/responses/R"}}}}},
            "components": {
                "responses": {"R": {"content": {"a/b": {"schema": {"$ref": "#/components/schemas/Base/properties/x"}}}}},
                "schemas": {
                    "Base": {"discriminator": {"propertyName": "k", "mapping": {"m": "Mapped"}},
                        "properties": {"k": {}, "x": {}},
                        "example": {"$ref": "#/components/schemas/Unreached"}},
                    "Child": {"allOf": [{"$ref": "#/components/schemas/Base"}]},
                    "Mapped": {"items": {"$ref": "#/components/schemas/a~1b"}},
                    "a/b": {},
                    "Unreached": {},
                    "Kept": {}
                }
            }
        });
        let reached = reached_components(&document, [("schemas".to_owned(), "Kept".to_owned())]);
        let names: Vec<&str> = reached.iter().map(|(_, name)| name.as_str()).collect();
        assert_eq!(names, ["R", "Base", "Child", "Kept", "Mapped", "a/b"]);
    }
}
