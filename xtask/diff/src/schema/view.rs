//! A schema with its `allOf` laid flat: all objects that say something about the same value.

use serde_json::{Map, Value};

use crate::document::{Document, is_annotation, reference_text};
use crate::fact::Fact;
use crate::rules::Rule;

/// Deeper nesting of `allOf` than any sane document has; ends cycles.
const DEPTH: usize = 16;

/// A schema and what it is composed of.
pub(crate) struct View<'a> {
    pub(crate) schema: &'a Value,
    /// Where it is used, for reports.
    pub(crate) place: &'a Value,
    /// The entries of `allOf`, and theirs. Empty for nearly every schema.
    rest: Vec<Member<'a>>,
}

#[derive(Clone, Copy)]
struct Member<'a> {
    schema: &'a Value,
    /// Where it came from, if not in place.
    reference: Option<&'a str>,
}

impl<'a> View<'a> {
    pub(crate) fn new(document: &Document<'a>, schema: &'a Value, place: &'a Value) -> Self {
        let mut rest = Vec::new();
        flatten(document, schema, DEPTH, &mut rest);
        Self {
            schema,
            place,
            rest,
        }
    }

    fn maps(&self) -> impl Iterator<Item = &'a Map<String, Value>> {
        let rest = self.rest.iter().map(|member| member.schema);
        std::iter::once(self.schema)
            .chain(rest)
            .filter_map(Value::as_object)
    }

    /// The entries of `allOf` that are no references.
    pub(crate) fn in_place(&self) -> impl Iterator<Item = &'a Value> {
        let places = self.rest.iter().filter(|member| member.reference.is_none());
        places.map(|member| member.schema)
    }

    /// Every value of a keyword.
    pub(crate) fn all(&self, key: &str) -> impl Iterator<Item = &'a Value> {
        self.maps().filter_map(move |map| map.get(key))
    }

    /// The first value of a keyword.
    pub(crate) fn get(&self, key: &str) -> Option<&'a Value> {
        self.all(key).next()
    }

    /// All properties in the order of the documents; a name can come more than once.
    pub(crate) fn properties(&self) -> impl Iterator<Item = (&'a str, &'a Value)> {
        self.all("properties")
            .filter_map(Value::as_object)
            .flatten()
            .map(|(name, schema)| (name.as_str(), schema))
    }

    /// A property, if it is declared.
    pub(crate) fn property(&self, name: &str) -> Option<&'a Value> {
        let mut all = self.all("properties").filter_map(Value::as_object);
        all.find_map(|map| map.get(name))
    }

    /// Whether a name is in a list of required ones.
    pub(crate) fn requires(&self, name: &str) -> bool {
        self.required().any(|required| required == name)
    }

    /// The names of all lists of required ones.
    pub(crate) fn required(&self) -> impl Iterator<Item = &'a str> {
        self.all("required")
            .filter_map(Value::as_array)
            .flatten()
            .filter_map(Value::as_str)
    }
}

fn flatten<'a>(
    document: &Document<'a>,
    schema: &'a Value,
    depth: usize,
    rest: &mut Vec<Member<'a>>,
) {
    let Some(entries) = schema.get("allOf").and_then(Value::as_array) else {
        return;
    };
    for entry in entries {
        let peeled = document.peel_through(entry);
        let target = peeled.target;
        let known = std::ptr::eq(target, schema)
            || rest.iter().any(|other| std::ptr::eq(other.schema, target));
        if known || depth == 0 {
            continue;
        }
        for wrapper in peeled.wrappers {
            rest.push(Member {
                schema: wrapper,
                reference: None,
            });
        }
        rest.push(Member {
            schema: target,
            reference: peeled.reference.map(|reference| reference.text),
        });
        flatten(document, target, depth - 1, rest);
    }
}

/// What to do with a keyword.
enum Take {
    Never,
    WhenDifferent,
    /// It holds schemas, which are compared on their own and may refer to something that changed.
    Always,
}

/// Keywords about values.
fn classify(key: &str) -> Take {
    match key {
        "properties" | "items" | "additionalProperties" | "allOf" | "oneOf" | "anyOf" => {
            Take::Always
        }
        "$ref" => Take::Never,
        key if is_annotation(key) => Take::Never,
        _ => Take::WhenDifferent,
    }
}

/// The keywords that deserve a look.
pub(crate) fn differing<'a>(old: &View<'a>, new: &View<'a>) -> Vec<&'a str> {
    let mut keys: Vec<&'a str> = Vec::new();
    let plain = old.rest.is_empty() && new.rest.is_empty();
    for map in old.maps().chain(new.maps()) {
        for (key, value) in map {
            let key = key.as_str();
            let wanted = match classify(key) {
                Take::Never => false,
                Take::Always => true,
                Take::WhenDifferent if plain => {
                    let other = |view: &View<'a>| view.schema.get(key);
                    other(old) != Some(value) || other(new) != Some(value)
                }
                Take::WhenDifferent => !old.all(key).eq(new.all(key)),
            };
            if wanted && !keys.contains(&key) {
                keys.push(key);
            }
        }
    }
    keys
}

/// A fact about a keyword, wherever it is said.
pub(crate) fn fact<'a>(
    rule: &'static Rule,
    key: &str,
    old: &View<'a>,
    new: &View<'a>,
    text: impl Into<String>,
) -> Fact<'a> {
    Fact::keyword_values(
        rule,
        key,
        (old.place, old.get(key)),
        (new.place, new.get(key)),
        text,
    )
}

/// The parts are others, or say other things.
pub(crate) fn restructured(old: &View<'_>, new: &View<'_>) -> bool {
    let references = |view: &View<'_>| {
        let mut all: Vec<Option<String>> = view
            .rest
            .iter()
            .map(|member| member.reference.map(str::to_owned))
            .collect();
        all.sort();
        all
    };
    if references(old) != references(new) {
        return true;
    }
    let own = |view: &View<'_>| -> Vec<Vec<String>> {
        let places = std::iter::once(view.schema).chain(view.in_place());
        let mut all: Vec<Vec<String>> = places.map(shallow).collect();
        all.sort();
        all
    };
    own(old) != own(new)
}

/// What a schema says without what its parts say.
fn shallow(schema: &Value) -> Vec<String> {
    let mut said = Vec::new();
    for (key, value) in schema.as_object().into_iter().flatten() {
        if is_annotation(key) {
            continue;
        }
        said.push(key.clone());
        match (key.as_str(), value) {
            ("properties", Value::Object(map)) => said.extend(map.keys().cloned()),
            ("allOf", Value::Array(entries)) => {
                let mut names: Vec<_> = entries.iter().filter_map(reference_text).collect();
                names.sort_unstable();
                said.extend(names.into_iter().map(str::to_owned));
                said.push(entries.len().to_string());
            }
            ("required", Value::Array(names)) => {
                let mut names: Vec<_> = names.iter().map(Value::to_string).collect();
                names.sort();
                said.extend(names);
            }
            _ => {}
        }
    }
    said
}
