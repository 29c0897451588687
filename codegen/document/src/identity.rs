//! `$id` of JSON Schema: references inside of such a schema start at it.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;

use serde_json::Value;

use crate::reference::reference;
use crate::walk::{Kind, visit, visit_mut};

/// Turns references that lead to a place of the schema with the `$id` around them into references
/// to that place of the document. Many documents refer to their components all the same, so what
/// leads nowhere in the schema stays.
pub(crate) fn resolve_references(document: &mut Value) {
    let mut bases: BTreeSet<String> = BTreeSet::new();
    visit(document, &mut |kind, value, at| {
        if kind == Kind::Schema && value.get("$id").is_some_and(Value::is_string) {
            bases.insert(at.to_owned());
        }
    });
    if bases.is_empty() {
        return;
    }
    let mut found = Vec::new();
    visit(document, &mut |_, value, at| {
        let path = reference(value).and_then(|text| text.strip_prefix('#'));
        if let (Some(path), Some(base)) = (path, base(&bases, at))
            && path.starts_with('/')
        {
            found.push((at.to_owned(), format!("{base}{path}")));
        }
    });
    found.retain(|(_, target)| document.pointer(target).is_some());
    let places: BTreeMap<String, String> = found.into_iter().collect();
    let done = visit_mut::<Infallible>(document, &mut |_, value, at| {
        if let (Some(target), Value::Object(map)) = (places.get(at), value) {
            map.insert("$ref".to_owned(), format!("#{target}").into());
        }
        Ok(())
    });
    let Ok(()) = done;
}

/// The innermost schema with an `$id` around a place, or at it.
fn base<'b>(bases: &'b BTreeSet<String>, at: &str) -> Option<&'b String> {
    let mut place = at;
    loop {
        if let Some(base) = bases.get(place) {
            return Some(base);
        }
        place = place.rsplit_once('/')?.0;
    }
}
