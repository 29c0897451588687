//! `oneOf` and `anyOf` of texts.

use openapi_document::resolved;
use serde_json::{Map, Value};

use super::context::Context;
use super::values::count_schemas;
use crate::error::Error;
use crate::extensions::MEANINGS;
use crate::snapshot;

/// `oneOf` lists of texts, each with its own description, are one list, also where any text is
/// allowed beside them.
pub(crate) fn listed_values(context: &mut Context) -> Result<usize, Error> {
    let Some(whole) = snapshot::components(&context.document, &["anyOf", "oneOf"]) else {
        return Ok(0);
    };
    count_schemas(context, |map| {
        for key in ["oneOf", "anyOf"] {
            let mut texts = Texts::default();
            // One list beside any text is that list; see `enum_or_any_string`.
            let is_list = texts.read(map.get(key), &whole, 0)
                && !texts.values.is_empty()
                && (texts.lists > 1 || !texts.any);
            if !is_list {
                continue;
            }
            map.remove(key);
            map.insert("type".to_owned(), Value::from("string"));
            let values = texts.values.into_iter().map(Value::from);
            map.insert("enum".to_owned(), values.collect());
            if !texts.meanings.is_empty() {
                let meanings = Value::Object(texts.meanings);
                map.insert(MEANINGS.to_owned(), meanings);
            }
            return true;
        }
        false
    })
}

/// The texts that alternatives allow.
#[derive(Default)]
struct Texts {
    values: Vec<String>,
    meanings: Map<String, Value>,
    /// Number of alternatives that list values.
    lists: usize,
    /// An alternative allows any text.
    any: bool,
}

impl Texts {
    /// Returns false where an alternative is something else than a text.
    fn read(&mut self, entries: Option<&Value>, document: &Value, depth: usize) -> bool {
        let Some(Value::Array(entries)) = entries else {
            return false;
        };
        depth < 8
            && entries
                .iter()
                .all(|entry| self.entry(resolved(document, entry), document, depth))
    }

    fn entry(&mut self, entry: &Value, document: &Value, depth: usize) -> bool {
        let nested = entry.get("oneOf").or_else(|| entry.get("anyOf"));
        if nested.is_some() {
            return self.read(nested, document, depth + 1);
        }
        let kind = entry.get("type").and_then(Value::as_str);
        let Some(Value::Array(listed)) = entry.get("enum") else {
            self.any = true;
            return kind == Some("string") && entry.get("format").is_none();
        };
        self.lists += 1;
        for value in listed {
            let Some(text) = value.as_str() else {
                return false;
            };
            if let Some(meaning) = entry.get("description") {
                self.meanings.insert(text.to_owned(), meaning.clone());
            }
            if !self.values.iter().any(|known| known == text) {
                self.values.push(text.to_owned());
            }
        }
        true
    }
}
