//! Values that the alternatives of a union list for the property that tells them apart.

use std::collections::BTreeSet;

use openapi_document::reference;
use serde_json::Value;

use super::enums;
use super::mapped::{KEY, values};
use super::sets::Set;
use crate::read::{Document, Schema};

/// The values that a type lists for a property.
pub(super) fn of<'a>(
    document: &Document<'a>,
    schema: &'a Value,
    property: &str,
) -> Option<BTreeSet<&'a str>> {
    let object = Schema::read(document, &schema.into());
    let site = object.properties().get(property)?;
    let set = Set::of(document, &site);
    let values = enums::allowed(&set.schema)?;
    values.into_iter().map(Value::as_str).collect()
}

/// True when the alternatives list the values that the discriminator maps to them, so that with it
/// or without it the same can be told apart.
pub(super) fn say_the_same<'a>(document: &Document<'a>, schema: &Schema<'a>) -> bool {
    let discriminator = schema.get(KEY);
    let property = discriminator.and_then(|discriminator| discriminator.get("propertyName"));
    let Some(property) = property.and_then(Value::as_str) else {
        return false;
    };
    let mapped = values(document, schema);
    let lists = ["oneOf", "anyOf"]
        .into_iter()
        .flat_map(|key| schema.all(key));
    let mut alternatives = lists.filter_map(Value::as_array).flatten().peekable();
    let mut count = 0;
    let agree = alternatives.peek().is_some()
        && alternatives.all(|variant| {
            let target = reference(variant).and_then(|text| document.resolve(text));
            let Some(target) = target else { return false };
            let meant: BTreeSet<&str> = mapped
                .iter()
                .filter(|(_, mapped)| mapped.schema.is_some_and(|one| std::ptr::eq(one, target)))
                .map(|(value, _)| *value)
                .collect();
            count += meant.len();
            let required = Schema::read(document, &target.into()).required();
            required.contains(property) && of(document, target, property) == Some(meant)
        });
    agree && count == mapped.len()
}
