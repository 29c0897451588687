//! Components that are composed of others: a change of a part is a change of the whole.

use std::collections::{BTreeSet, HashMap};

use openapi_document::reference;
use serde_json::Value;

use crate::compare::Sides;
use crate::read::Document;

/// Deepest nesting of `allOf` and references that is followed; ends cycles.
const MAX_DEPTH: usize = 64;

/// The components whose `allOf` leads to a component, directly or through others.
pub(super) struct Composers<'a>(HashMap<&'a str, BTreeSet<&'a str>>);

impl<'a> Composers<'a> {
    pub(super) fn of(sides: &Sides<'a>) -> Self {
        let mut all: HashMap<&str, BTreeSet<&str>> = HashMap::new();
        for document in [&sides.old, &sides.new] {
            for (name, schema) in document.components() {
                let mut parts = Vec::new();
                collect(document, schema, &mut parts, MAX_DEPTH);
                for part in parts.into_iter().filter(|part| *part != name) {
                    all.entry(part).or_default().insert(name);
                }
            }
        }
        Self(all)
    }

    /// The components that are composed of this one.
    pub(super) fn of_part(&self, name: &str) -> impl Iterator<Item = &'a str> {
        self.0.get(name).into_iter().flatten().copied()
    }
}

/// The components of which a schema is composed.
fn collect<'a>(document: &Document<'a>, schema: &'a Value, parts: &mut Vec<&'a str>, depth: usize) {
    let Some(depth) = depth.checked_sub(1) else {
        return;
    };
    if let Some(target) = reference(schema).and_then(|text| document.resolve(text)) {
        match document.schema_name(target) {
            Some(name) if parts.contains(&name) => return,
            Some(name) => parts.push(name),
            None => {}
        }
        collect(document, target, parts, depth);
        return;
    }
    let members = schema.get("allOf").and_then(Value::as_array);
    for member in members.into_iter().flatten() {
        collect(document, member, parts, depth);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Composers;
    use crate::Options;
    use crate::compare::Sides;

    #[test]
    fn a_composer_in_both_documents_counts_once() {
        let document = json!({"components": {"schemas": {
            "Part": {"type": "object"},
            "A": {"allOf": [{"$ref": "#/components/schemas/Part"}]},
            "B": {"allOf": [{"$ref": "#/components/schemas/Part"}]},
        }}});
        let options = Options::default();
        let sides = Sides::read(&document, &document, &options);
        let composers = Composers::of(&sides);
        assert_eq!(composers.of_part("Part").collect::<Vec<_>>(), ["A", "B"]);
    }
}
