//! The values of a discriminator and their types.

use std::collections::BTreeMap;

use openapi_document::reference;
use serde_json::Value;

use crate::read::{Document, Schema};

pub(super) const KEY: &str = "discriminator";

/// A value of the discriminating property and its type.
pub(super) struct Mapped<'a> {
    /// The type, when it exists.
    pub(super) schema: Option<&'a Value>,
    /// The name of the type, or what is written in the mapping.
    pub(super) name: &'a str,
    /// The entry of the mapping, if there is one.
    pub(super) place: Option<&'a Value>,
}

/// The values of a discriminator: those of the mapping, and the names of the alternatives and
/// children that it does not mention.
pub(super) fn values<'a>(
    document: &Document<'a>,
    schema: &Schema<'a>,
) -> BTreeMap<&'a str, Mapped<'a>> {
    let mut values: BTreeMap<&'a str, Mapped<'a>> = BTreeMap::new();
    let mapping = schema
        .get(KEY)
        .and_then(|discriminator| discriminator.get("mapping"));
    for (value, place) in mapping.and_then(Value::as_object).into_iter().flatten() {
        let text = place.as_str().unwrap_or_default();
        let target = document.mapped(text);
        let name = target.and_then(|target| document.schema_name(target));
        values.insert(
            value,
            Mapped {
                schema: target,
                name: name.or_else(|| text.rsplit('/').next()).unwrap_or(text),
                place: Some(place),
            },
        );
    }
    let alternatives = ["oneOf", "anyOf"]
        .into_iter()
        .flat_map(|key| schema.all(key));
    let alternatives = alternatives.filter_map(Value::as_array).flatten();
    let named = alternatives
        .filter_map(|variant| document.schema_name(document.resolve(reference(variant)?)?));
    let children = schema
        .own()
        .flat_map(|own| document.children(own).iter().copied());
    let implied: Vec<&str> = named.chain(children).collect();
    for name in implied {
        if values.values().any(|mapped| mapped.name == name) {
            continue;
        }
        values.entry(name).or_insert_with(|| Mapped {
            schema: document.schema(name),
            name,
            place: None,
        });
    }
    values
}
