//! References: encoded, into the middle of schemas, and to nothing.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use openapi_document::pointer::tokens;
use openapi_document::{
    Kind, follow, for_each_schema, for_each_schema_mut, reached_components, reference,
    reference_tokens, replace_reference, resolve,
};
use serde_json::{Map, Value};

use super::context::{Context, Part, component_at};
use crate::error::Error;
use crate::schema::collect_references;
use crate::{naming, pointer};

/// More passes than references that lead to one another need.
const LIMIT: usize = 32;

/// References to schemas are written `#/components/schemas/Name`, without any encoding, and names
/// in which that would be ambiguous are changed.
pub(crate) fn plain_references(context: &mut Context) -> Result<usize, Error> {
    let schemas = context.document.pointer_mut(pointer::SCHEMAS);
    let Some(Value::Object(schemas)) = schemas else {
        return Ok(0);
    };
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    let mut taken: BTreeSet<String> = schemas.keys().cloned().collect();
    for name in schemas.keys() {
        let mut plain = name.replace(['/', '~', '%'], "_");
        while plain != *name && !taken.insert(plain.clone()) {
            plain.push('_');
        }
        names.insert(name.clone(), plain);
    }
    let mut count = 0;
    for (name, plain) in names.iter().filter(|(name, plain)| name != plain) {
        if let Some(mut schema) = schemas.remove(name) {
            if let Value::Object(map) = &mut schema {
                map.insert("x-wire-name".to_owned(), Value::String(name.clone()));
            }
            schemas.insert(plain.clone(), schema);
            count += 1;
        }
    }
    let rewritten = |text: &str| -> Option<String> {
        let is_plain = |name: &str| !name.contains(['/', '~', '%']);
        if pointer::schema_name(text).is_some_and(is_plain) {
            return None;
        }
        let mut way = reference_tokens(text)?;
        if let [components, schemas, name, ..] = way.as_mut_slice()
            && components == "components"
            && schemas == "schemas"
        {
            name.clone_from(names.get(name)?);
        }
        let way: Vec<&str> = way.iter().map(String::as_str).collect();
        let new = format!("#{}", pointer::join("", &way));
        (new != text).then_some(new)
    };
    for_each_schema_mut(&mut context.document, &mut |value| {
        if let (Some(new), Value::Object(map)) = (reference(value).and_then(rewritten), &mut *value)
        {
            map.insert("$ref".to_owned(), Value::String(new));
            count += 1;
        }
        let mapping = value.get_mut("discriminator");
        let mapping = mapping.and_then(|it| it.get_mut("mapping")?.as_object_mut());
        for target in mapping.into_iter().flat_map(Map::values_mut) {
            if let Some(new) = target.as_str().and_then(rewritten) {
                *target = Value::String(new);
                count += 1;
            }
        }
    });
    Ok(count)
}

/// A schema whose reference leads nowhere, in a circle or into another file is any JSON.
pub(crate) fn broken_references(context: &mut Context) -> Result<usize, Error> {
    let mut is_broken = false;
    for_each_schema(&context.document, &mut |schema| {
        is_broken |= reference(schema).is_some() && broken(&context.document, schema).is_some();
    });
    if !is_broken {
        return Ok(0);
    }
    let mut places = BTreeMap::new();
    openapi_document::visit(&context.document, &mut |kind, value, at| {
        if kind == Kind::Schema
            && reference(value).is_some()
            && let Some(reason) = broken(&context.document, value)
        {
            places.insert(at.to_owned(), reason);
        }
    });
    context.any_json(places);
    Ok(1)
}

/// The reason why a reference leads to no schema.
fn broken(document: &Value, schema: &Value) -> Option<String> {
    match follow(document, schema) {
        Err(error) => Some(error.to_string()),
        Ok(target) => std::ptr::eq(target, document)
            .then(|| "it refers to the document as a whole".to_owned()),
    }
}

/// A schema that refers into the middle of another, or of a response, gets a copy of that place.
/// Places that lead back to themselves become components.
pub(crate) fn inline_inner_references(context: &mut Context) -> Result<usize, Error> {
    let targets = inner_references(&context.document);
    if targets.is_empty() {
        return Ok(0);
    }
    let whole = context.document.clone();
    let mut count = 0;
    for _ in 0..LIMIT {
        let before = count;
        pointer::visit_schemas(&mut context.document, &mut |schema, _| {
            let target = reference(schema).filter(|target| targets.contains(*target));
            if let Some(Ok(target)) = target.map(|target| resolve(&whole, target)) {
                replace_reference(schema, target);
                count += 1;
            }
            Ok(())
        })?;
        if count == before {
            return Ok(count);
        }
        if count > 10_000 {
            break;
        }
    }
    context.document = whole;
    lift_targets(context, &targets)
}

/// References to places that are not a component of their own.
fn inner_references(document: &Value) -> BTreeSet<String> {
    let components = document.pointer(pointer::SCHEMAS);
    let mut found = BTreeSet::new();
    for_each_schema(document, &mut |schema| {
        let name = |target| components?.get(pointer::schema_name(target)?);
        let target = reference(schema).filter(|target| name(target).is_none());
        found.extend(target.map(str::to_owned));
    });
    found
}

/// Makes the places that references lead to components, and refers to these.
fn lift_targets(context: &mut Context, targets: &BTreeSet<String>) -> Result<usize, Error> {
    let schemas = context.document.pointer(pointer::SCHEMAS);
    let mut taken: BTreeSet<String> = schemas
        .and_then(Value::as_object)
        .into_iter()
        .flat_map(|all| all.keys().map(|name| name.to_lowercase()))
        .collect();
    let mut names = BTreeMap::new();
    for target in targets {
        let words: Vec<String> = tokens(target)
            .skip(2)
            .filter(|token| !matches!(token.as_ref(), "properties" | "items"))
            .map(Cow::into_owned)
            .collect();
        let name = naming::unique(naming::type_name(&words.join(" ")), &mut taken);
        names.insert(target, name);
    }
    pointer::visit_schemas(&mut context.document, &mut |schema, _| {
        if let Some(name) = reference(schema).and_then(|target| names.get(&target.to_owned()))
            && let Value::Object(map) = schema
        {
            let target = format!("#{}/{name}", pointer::SCHEMAS);
            map.insert("$ref".to_owned(), Value::String(target));
        }
        Ok(())
    })?;
    let mut lifted = Vec::new();
    // The innermost first, so that an outer place takes the reference to it along.
    for (target, name) in names.iter().rev() {
        let place = target.strip_prefix('#').unwrap_or(target);
        let schema = match context.document.pointer_mut(place) {
            Some(schema) => std::mem::replace(schema, pointer::reference_to(name)),
            // Other references stand on the way to it.
            None => resolve(&context.document, target)
                .cloned()
                .unwrap_or_default(),
        };
        lifted.push((name.clone(), schema));
    }
    let count = lifted.len();
    super::components::add(context, lifted)?;
    Ok(count)
}

/// Types that no operation and no event reaches are not generated.
pub(crate) fn drop_unreachable_types(context: &mut Context) -> Result<usize, Error> {
    let mut seen = BTreeSet::new();
    let mut pending = Vec::new();
    for (key, part) in context.document.as_object().into_iter().flatten() {
        if key != "components" {
            collect_references(part, &mut pending);
        }
    }
    let schemas = context.document.pointer(pointer::SCHEMAS);
    while let Some(name) = pending.pop() {
        if seen.insert(name)
            && let Some(schema) = schemas.and_then(|all| all.get(name))
        {
            collect_references(schema, &mut pending);
        }
    }
    let seen: BTreeSet<String> = seen.into_iter().map(str::to_owned).collect();
    let Some(Value::Object(schemas)) = context.document.pointer_mut(pointer::SCHEMAS) else {
        return Ok(0);
    };
    let before = schemas.len();
    schemas.retain(|name, _| seen.contains(name));
    Ok(before - schemas.len())
}

impl Context {
    /// Makes schemas any JSON, by their JSON pointers and with the reasons.
    ///
    /// Components that nothing reaches are not generated, so they are not reported either.
    pub(super) fn any_json(&mut self, places: BTreeMap<String, String>) {
        let reached = reached_components(&self.document, []);
        for (at, reason) in places {
            if let Some(Value::Object(schema)) = self.document.pointer_mut(&at) {
                schema.retain(|key, _| {
                    matches!(key.as_str(), "description" | "deprecated" | "nullable")
                });
            }
            if component_at(&at).is_none_or(|component| reached.contains(&component)) {
                let subject = Error::new(&at, "").subject().unwrap_or(&at).to_owned();
                let reason = format!("is any JSON: {reason}");
                self.leave_out(&at, &subject, Part::Schema, reason);
            }
        }
    }
}
