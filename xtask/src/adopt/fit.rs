//! Keeps the changes of an amendment that still apply to another document: a three-way merge.
//!
//! The amendment was written against a base. A change fits where the document still says what the
//! base says. Where it says something else by itself, the document is right. Texts of our own
//! always replace those of the vendor.

use openapi_document::pointer::join;
use serde_json::{Map, Value};

/// Texts and groups, where ours replace those of any document.
const PROSE: [&str; 3] = ["description", "summary", "tags"];

/// A change that no longer applies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Dropped {
    pub(super) pointer: String,
    pub(super) why: Why,
}

/// Reason that a change no longer applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Why {
    /// The document already says it.
    Already,
    /// The document says something else by itself.
    Otherwise,
    /// The changed place does not exist in the document.
    Gone,
}

impl Why {
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Already => "the document says so itself",
            Self::Otherwise => "the document says otherwise",
            Self::Gone => "not in the document",
        }
    }
}

/// The part of `patch`, written for `base`, that fits `document`.
pub(super) fn fit(
    base: &Value,
    document: &Value,
    patch: &Value,
    dropped: &mut Vec<Dropped>,
) -> Value {
    let mut fitter = Fitter { dropped };
    let place = Place {
        base: Some(base),
        document,
        at: String::new(),
    };
    Value::Object(fitter.object(&place, patch))
}

struct Fitter<'a> {
    dropped: &'a mut Vec<Dropped>,
}

/// An object that is in the document, and perhaps in the base.
struct Place<'a> {
    base: Option<&'a Value>,
    document: &'a Value,
    at: String,
}

impl Place<'_> {
    /// Returns true if both are of the same type, so that a fact about one applies to the other.
    fn is_same_kind(&self) -> bool {
        self.base.is_some_and(|base| {
            ["type", "$ref"]
                .iter()
                .all(|key| base.get(key) == self.document.get(key))
        })
    }
}

impl Fitter<'_> {
    fn object(&mut self, place: &Place<'_>, patch: &Value) -> Map<String, Value> {
        let mut kept = Map::new();
        for (key, change) in patch.as_object().into_iter().flatten() {
            if let Some(change) = self.member(place, key, change) {
                kept.insert(key.clone(), change);
            }
        }
        kept
    }

    fn member(&mut self, place: &Place<'_>, key: &str, change: &Value) -> Option<Value> {
        let at = join(&place.at, &[key]);
        let base = place.base.and_then(|base| base.get(key));
        let now = place.document.get(key);
        if let (Some(document @ Value::Object(_)), Value::Object(_)) = (now, change) {
            let kept = self.object(&Place { base, document, at }, change);
            return (!kept.is_empty()).then_some(Value::Object(kept));
        }
        let why = match now {
            Some(now) if same(key, now, change) => Why::Already,
            // Nothing to remove any more.
            None if change.is_null() => Why::Already,
            _ if PROSE.contains(&key) && (change.is_string() || change.is_array()) => {
                return Some(change.clone());
            }
            // A section may be missing as a whole, and still get new entries.
            None if base.is_some() && kind(&at) != Kind::Container => Why::Gone,
            None => match change {
                // Something new as a whole.
                Value::Object(_) => return self.created(change, at),
                _ if place.is_same_kind() => return Some(change.clone()),
                _ => Why::Otherwise,
            },
            Some(now) => match base {
                Some(base) if same(key, now, base) => return Some(change.clone()),
                _ => Why::Otherwise,
            },
        };
        self.dropped.push(Dropped { pointer: at, why });
        None
    }

    /// An addition must be complete: a piece of something that is gone is useless.
    fn created(&mut self, change: &Value, at: String) -> Option<Value> {
        let has = |keys: &[&str]| keys.iter().any(|key| change.get(key).is_some());
        let is_whole = match kind(&at) {
            Kind::Container => {
                let document = Value::Object(Map::new());
                let place = Place {
                    base: None,
                    document: &document,
                    at,
                };
                let kept = self.object(&place, change);
                return (!kept.is_empty()).then_some(Value::Object(kept));
            }
            Kind::Schema => {
                change.as_object().is_some_and(Map::is_empty)
                    || has(&["type", "$ref", "allOf", "anyOf", "oneOf"])
            }
            Kind::Operation => has(&["responses"]) && has(&["operationId"]),
            Kind::Parameter => has(&["name", "$ref"]),
            Kind::Body => has(&["content", "$ref"]),
            Kind::Response => has(&["description", "$ref"]),
            Kind::Other => true,
        };
        if is_whole {
            return Some(without_nulls(change));
        }
        self.dropped.push(Dropped {
            pointer: at,
            why: Why::Gone,
        });
        None
    }
}

/// Equal, and for lists that are sets equal in any order.
fn same(key: &str, a: &Value, b: &Value) -> bool {
    if let (true, Value::Array(a), Value::Array(b)) = (matches!(key, "required" | "enum"), a, b) {
        return a.len() == b.len() && a.iter().all(|value| b.contains(value));
    }
    a == b
}

fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let kept = map.iter().filter(|(_, value)| !value.is_null());
            Value::Object(
                kept.map(|(key, value)| (key.clone(), without_nulls(value)))
                    .collect(),
            )
        }
        other => other.clone(),
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Kind {
    Container,
    Schema,
    Operation,
    Parameter,
    Body,
    Response,
    Other,
}

/// The kind of object at a pointer.
fn kind(at: &str) -> Kind {
    let tokens: Vec<&str> = at.split('/').skip(1).collect();
    match tokens.as_slice() {
        ["components"] | ["components", _] | ["paths"] | ["paths", _] => Kind::Container,
        ["paths", _, _] => Kind::Operation,
        ["paths", _, _, "responses"] => Kind::Container,
        ["paths", _, _, "responses", _] => Kind::Response,
        ["paths", _, _, "requestBody"] => Kind::Body,
        ["components", "schemas", _] => Kind::Schema,
        ["components", "parameters", _] => Kind::Parameter,
        ["components", "requestBodies", _] => Kind::Body,
        ["components", "responses", _] => Kind::Response,
        ["components", .., "properties", _]
        | [
            "components",
            ..,
            "items" | "additionalProperties" | "schema",
        ] => Kind::Schema,
        ["components", .., "properties"] => Kind::Container,
        _ => Kind::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// The kept patch, and the pointers of what was dropped with the reason.
    fn fitted(base: Value, document: Value, patch: Value) -> (Value, Vec<(String, Why)>) {
        let mut dropped = Vec::new();
        let kept = fit(&base, &document, &patch, &mut dropped);
        let dropped = dropped.into_iter().map(|d| (d.pointer, d.why)).collect();
        (kept, dropped)
    }

    fn schema(value: Value) -> Value {
        json!({"components": {"schemas": {"A": value}}})
    }

    const AT: &str = "/components/schemas/A";

    #[test]
    fn a_fact_applies_where_the_document_says_what_the_base_says() {
        let base = schema(json!({"type": "number"}));
        let patch = schema(json!({"type": "integer", "format": "int32", "maximum": 9}));
        // Unchanged: all of it.
        assert_eq!(
            fitted(base.clone(), base.clone(), patch.clone()),
            (patch.clone(), vec![])
        );
        // Done already: none of it but what is missing.
        let done = schema(json!({"type": "integer", "format": "int32"}));
        let (kept, dropped) = fitted(base.clone(), done, patch.clone());
        assert_eq!(kept, json!({}));
        assert_eq!(
            dropped,
            [
                (format!("{AT}/format"), Why::Already),
                (format!("{AT}/maximum"), Why::Otherwise),
                (format!("{AT}/type"), Why::Already),
            ]
        );
        // Another type: what was said about a number is not about a text.
        let text = schema(json!({"type": "string"}));
        let (kept, dropped) = fitted(base.clone(), text, patch.clone());
        assert_eq!(kept, json!({}));
        assert!(
            dropped.iter().all(|(_, why)| *why == Why::Otherwise),
            "{dropped:?}"
        );
        // Gone: a piece of a schema makes none.
        let gone = json!({"components": {"schemas": {}}});
        let piece = schema(json!({"format": "int32"}));
        assert_eq!(
            fitted(base, gone, piece),
            (json!({}), vec![(AT.to_owned(), Why::Gone)])
        );
    }

    #[test]
    fn the_document_wins_over_lists_and_sets_have_no_order() {
        let base = schema(json!({"type": "string", "enum": ["a"]}));
        let patch = schema(json!({"enum": ["a", "b"]}));
        let with = |values: Value| schema(json!({"type": "string", "enum": values}));
        let outcome = |values| fitted(base.clone(), with(values), patch.clone());
        assert_eq!(outcome(json!(["a"])).0, patch);
        assert_eq!(
            outcome(json!(["b", "a"])).1,
            [(format!("{AT}/enum"), Why::Already)]
        );
        assert_eq!(
            outcome(json!(["a", "c"])).1,
            [(format!("{AT}/enum"), Why::Otherwise)]
        );
    }

    #[test]
    fn our_words_always_apply_where_there_is_something_to_describe() {
        let base = schema(json!({"type": "object"}));
        let patch = schema(json!({
            "description": "Ours.", "properties": {"x": {"description": "Ours."}}
        }));
        let document = schema(json!({"type": "string", "description": "Theirs."}));
        let (kept, dropped) = fitted(base, document, patch);
        assert_eq!(kept, schema(json!({"description": "Ours."})));
        assert_eq!(dropped, [(format!("{AT}/properties/x"), Why::Gone)]);
    }

    #[test]
    fn removals_and_whole_new_things() {
        let (kept, dropped) = fitted(
            schema(json!({"type": "string", "x-truncated": true})),
            schema(json!({"type": "string"})),
            schema(json!({"x-truncated": null})),
        );
        assert_eq!(
            (kept, dropped),
            (json!({}), vec![(format!("{AT}/x-truncated"), Why::Already)])
        );
        let nothing = json!({"paths": {}});
        let whole = json!({
            "components": {"schemas": {"B": {"type": "object", "nullable": null}, "C": {"maxLength": 1}}},
            "paths": {"/p": {"get": {"summary": "Ours."}}},
            "x-webhook-events": {"events": {"a": {}}}
        });
        let (kept, dropped) = fitted(nothing.clone(), nothing, whole);
        assert_eq!(
            kept,
            json!({"components": {"schemas": {"B": {"type": "object"}}}, "x-webhook-events": {"events": {"a": {}}}})
        );
        let pointers: Vec<&str> = dropped.iter().map(|(at, _)| at.as_str()).collect();
        assert_eq!(pointers, ["/components/schemas/C", "/paths/~1p/get"]);
    }
}
