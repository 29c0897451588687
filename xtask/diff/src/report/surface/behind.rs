//! Lines that differ because of a component behind a field or argument, which has no type of its own.

use std::collections::{HashMap, HashSet};

use openapi_document::{pointer, reference, reference_tokens};
use serde_json::Value;

use super::difference::{Difference, operation_key, plain};
use crate::compare::Sides;
use crate::level::Level;
use crate::read::{Document, Operation, Schema};
use crate::report::change::Change;

/// Gives the lines without a cause to the changes of plain schemas, such as a string that became an
/// integer, to which their fields and arguments refer.
pub(super) fn behind<'a>(
    (changes, sides): (&[Change], &Sides<'a>),
    all: &[Difference<'_>],
    owners: &mut [Vec<usize>],
) {
    let candidates = changes.iter().enumerate();
    let candidates: Vec<(usize, &Change)> = candidates
        .filter(|(_, change)| change.rust >= Level::Additive)
        .collect();
    let documents = [&sides.old, &sides.new].map(|document| (document, by_key(document)));
    for (difference, own) in all.iter().zip(owners) {
        if !own.is_empty() || difference.is_type() {
            continue;
        }
        let mut targets = HashSet::new();
        for (document, operations) in &documents {
            for place in places(document, operations, difference) {
                collect(document, place, &mut targets);
            }
        }
        let is_behind = |change: &Change| {
            let places = [&change.old_pointer, &change.new_pointer];
            let mut places = places.into_iter().flatten();
            places.any(|place| targets.iter().any(|target| is_part_of(place, target)))
        };
        let causes = candidates.iter().filter(|(_, change)| is_behind(change));
        own.extend(causes.map(|(number, _)| *number));
    }
}

/// True for a place in a schema that is not in one of its properties.
fn is_part_of(place: &str, schema: &str) -> bool {
    let rest = place.strip_prefix(schema);
    rest.is_some_and(|rest| {
        (rest.is_empty() || rest.starts_with('/')) && !rest.contains("/properties/")
    })
}

type Operations<'d, 'a> = HashMap<String, Vec<&'d Operation<'a>>>;

/// The operations of a document by their keys.
fn by_key<'d, 'a>(document: &'d Document<'a>) -> Operations<'d, 'a> {
    let mut operations = Operations::new();
    for operation in &document.operations {
        let key = operation_key(&operation.label());
        operations.entry(key).or_default().push(operation);
    }
    operations
}

/// The schemas of the field, the arguments or the bodies that a line is about.
fn places<'a>(
    document: &Document<'a>,
    operations: &Operations<'_, 'a>,
    difference: &Difference<'_>,
) -> Vec<&'a Value> {
    let is_meant = |name: &str| {
        let name = plain(name);
        name == difference.member || difference.arguments.contains(&name)
    };
    let mut places = Vec::new();
    if let Some(component) = difference.component.and_then(|name| document.schema(name)) {
        properties(document, component, &is_meant, &mut places);
    }
    let keys = difference.operations.iter();
    for operation in keys.filter_map(|key| operations.get(key)).flatten() {
        for owner in [operation.value, operation.item] {
            let parameters = owner.get("parameters").and_then(Value::as_array);
            for parameter in parameters.into_iter().flatten() {
                let parameter = document.follow(parameter).target;
                let name = parameter.get("name").and_then(Value::as_str);
                if name.is_some_and(is_meant) {
                    places.extend(parameter.get("schema"));
                }
            }
        }
        let responses = operation.value.get("responses").and_then(Value::as_object);
        let responses = responses
            .into_iter()
            .flatten()
            .map(|(_, response)| response);
        for body in operation
            .value
            .get("requestBody")
            .into_iter()
            .chain(responses)
        {
            let content = document.follow(body).target.get("content");
            let content = content.and_then(Value::as_object).into_iter().flatten();
            for schema in content.filter_map(|(_, media)| media.get("schema")) {
                places.push(schema);
                properties(document, schema, &is_meant, &mut places);
            }
        }
    }
    places
}

/// The properties of a schema, composed or not, whose names are meant.
fn properties<'a>(
    document: &Document<'a>,
    schema: &'a Value,
    is_meant: &dyn Fn(&str) -> bool,
    places: &mut Vec<&'a Value>,
) {
    let schema = Schema::read(document, &schema.into());
    for map in schema.maps() {
        let own = map.get("properties").and_then(Value::as_object);
        let own = own.into_iter().flatten();
        places.extend(
            own.filter(|(name, _)| is_meant(name))
                .map(|(_, place)| place),
        );
    }
}

/// The pointers of the schemas to which a value refers, through those without properties.
fn collect<'a>(document: &Document<'a>, value: &'a Value, targets: &mut HashSet<String>) {
    let mut pending = vec![value];
    while let Some(value) = pending.pop() {
        if let Some(text) = reference(value) {
            let tokens = reference_tokens(text).unwrap_or_default();
            let tokens: Vec<&str> = tokens.iter().map(String::as_str).collect();
            if let Some(target) = document.resolve(text)
                && targets.insert(pointer::join("", &tokens))
                && target.get("properties").is_none()
            {
                pending.push(target);
            }
            continue;
        }
        match value {
            Value::Object(map) => pending.extend(map.values()),
            Value::Array(entries) => pending.extend(entries),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use serde_json::{Map, Value, json};

    use super::collect;
    use crate::read::Document;

    #[test]
    fn a_long_chain_of_references_needs_no_stack() {
        let reference = |number: u32| json!({"$ref": format!("#/components/schemas/S{number}")});
        let schemas = (0..50_000).map(|number| (format!("S{number}"), reference(number + 1)));
        let schemas: Map<String, Value> = schemas.collect();
        let root = json!({"components": {"schemas": schemas}});
        let start = reference(0);
        let mut targets = HashSet::new();
        collect(&Document::new(&root), &start, &mut targets);
        assert_eq!(targets.len(), 50_000);
    }
}
