//! OpenAPI 3.1 as 3.0. Schemas of 3.1 are JSON Schema 2020-12, those of 3.0 a dialect of their own.

mod booleans;
mod kept;
mod lists;
mod schema;
#[cfg(test)]
mod tests;
mod types;
mod values;

use std::convert::Infallible;

use serde_json::{Value, json};

use crate::error::Note;
use crate::walk::{Kind, visit, visit_mut};
use crate::{anchor, identity, pointer};

/// Turns an OpenAPI 3.1 document into the same API as 3.0, and notes what 3.0 cannot express.
///
/// - `type` lists: `null` becomes `nullable`, several types an `anyOf`.
/// - `const` becomes an `enum` of one value, numeric exclusive bounds become flags.
/// - `examples` of a schema become its `example`; siblings of `$ref` an `allOf`.
/// - `contentEncoding` and `contentMediaType` become the formats `byte` and `binary`.
/// - Tuples become lists of any of their items, `patternProperties` become
///   `additionalProperties`, boolean schemas `{}` and `{"not": {}}`.
/// - References to an `$anchor` become references to its place.
/// - `webhooks` move to `x-webhooks`; `$defs` stay for the references that lead into them.
pub fn to_openapi_3_0(document: &mut Value) -> Vec<Note> {
    convert(document, Unread::Dropped)
}

/// Keywords of a schema that OpenAPI 3.0 lacks.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unread {
    Dropped,
    /// They stay under their own names, without prose, so that documents can be compared.
    Kept,
}

/// A note about `nullable`, which belongs to OpenAPI 3.0.
pub(crate) fn nullable(document: &Value) -> Option<Note> {
    let mut first = None;
    let mut count = 0;
    visit(document, &mut |kind, value, at| {
        if kind == Kind::Schema && value.get("nullable") == Some(&Value::Bool(true)) {
            first.get_or_insert_with(|| pointer::join(at, &["nullable"]));
            count += 1;
        }
    });
    let times = match count {
        1 => "once".to_owned(),
        count => format!("{count} times"),
    };
    first.map(|pointer| Note {
        pointer,
        message: format!("does not belong to OpenAPI 3.1, and is read as in 3.0 ({times})"),
    })
}

/// [`to_openapi_3_0`], with or without the keywords that 3.0 lacks.
pub(crate) fn convert(document: &mut Value, unread: Unread) -> Vec<Note> {
    // Before anchors are resolved, so that references lead to the new place.
    let webhooks = document
        .as_object_mut()
        .and_then(|root| root.remove("webhooks"));
    let has_moved = webhooks.is_some();
    if let (Value::Object(root), Some(webhooks)) = (&mut *document, webhooks) {
        root.insert("x-webhooks".to_owned(), webhooks);
    }
    anchor::resolve_references(document);
    identity::resolve_references(document);
    let mut notes = Vec::new();
    let mut note = |pointer: &str, message: String| {
        // Notes name places of the document as it was written.
        let pointer = match pointer.strip_prefix("/x-webhooks/") {
            Some(rest) if has_moved => format!("/webhooks/{rest}"),
            _ => pointer.to_owned(),
        };
        notes.push(Note { pointer, message });
    };
    let done = visit_mut::<Infallible>(document, &mut |kind, value, at| {
        let Value::Object(map) = value else {
            return Ok(());
        };
        match kind {
            Kind::Schema if unread == Unread::Kept => kept::convert(map, at),
            Kind::Schema => {
                schema::convert(map, at, &mut note);
                schema::reference_siblings(map);
            }
            Kind::Parameter | Kind::Header | Kind::MediaType => booleans::child(map, "schema"),
            Kind::Components => booleans::entries(map.get_mut("schemas")),
            Kind::Operation => {
                map.entry("responses").or_insert_with(|| json!({}));
            }
            _ => {}
        }
        Ok(())
    });
    let Ok(()) = done;
    if let Value::Object(root) = document {
        root.insert("openapi".to_owned(), "3.0.3".into());
        root.remove("jsonSchemaDialect");
        root.entry("paths").or_insert_with(|| json!({}));
        if let Some(Value::Object(info)) = root.get_mut("info") {
            info.remove("summary");
            if let Some(Value::Object(license)) = info.get_mut("license") {
                license.remove("identifier");
            }
        }
    }
    notes.sort();
    notes
}
