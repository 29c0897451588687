//! `oneOf` and `anyOf`.
//!
//! A union whose discriminator tells its choices apart becomes a type of its own, noted as
//! `x-union: {property, tags, variants}`. Everything else has no Rust counterpart and stays JSON.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::iter::successors;

use openapi_document::resolved;
use serde_json::{Map, Value, json};

use super::alternatives::alternative_fields;
use super::context::Context;
use crate::error::Error;
use crate::extensions::{MEANINGS, VALUES};
use crate::{pointer, snapshot};

/// Unions with a discriminator.
pub(crate) fn tagged_unions(context: &mut Context) -> Result<usize, Error> {
    let Some(whole) = snapshot::components(&context.document, &["anyOf", "oneOf"]) else {
        return Ok(0);
    };
    let mut count = 0;
    let mut lost = Vec::new();
    pointer::visit_schemas(&mut context.document, &mut |schema, at| {
        let Value::Object(map) = schema else {
            return Ok(());
        };
        let mut tags = Vec::new();
        let Some(union) = tagged(map, &whole, &mut tags) else {
            return Ok(());
        };
        lost.extend(tags.into_iter().map(|tag| (at.to_owned(), tag)));
        map.retain(|key, _| {
            matches!(
                key.as_str(),
                "description" | "nullable" | "default" | "deprecated" | "title"
            )
        });
        map.insert(pointer::UNION.to_owned(), union);
        count += 1;
        Ok(())
    })?;
    let details = lost.into_iter().map(|(at, tag)| {
        let reason =
            format!("its alternative {tag} is not listed with fields, so it is not a variant");
        (at, reason)
    });
    context.leave_out_details(details.collect());
    Ok(count)
}

/// The union that a schema is; `lost` gets the tags that no type with fields belongs to.
fn tagged(map: &Map<String, Value>, document: &Value, lost: &mut Vec<Value>) -> Option<Value> {
    // Fields of its own would be lost in an enum.
    if map.contains_key("properties") {
        return None;
    }
    let entries = map.get("oneOf").or_else(|| map.get("anyOf"))?.as_array()?;
    // A text among the choices could not be read any more.
    if !entries
        .iter()
        .all(|entry| is_object(resolved(document, entry)))
    {
        return None;
    }
    let discriminator = map.get("discriminator");
    let named = discriminator.and_then(|d| d.get("propertyName")?.as_str());
    let property = match named {
        Some(property) => property,
        None => implicit_tag(entries, document)?,
    };
    let mut seen = BTreeSet::new();
    let mut choices: Vec<(Value, Value)> = Vec::new();
    for (tag, choice) in tagged_choices(map, entries, property, document) {
        let schema = resolved(document, &choice);
        let tag = typed(tag, schema, property, document);
        if schema.get("properties").is_none() {
            lost.push(tag);
        } else if seen.insert(tag.to_string()) {
            choices.push((tag, choice));
        }
    }
    lost.retain(|tag| !seen.contains(&tag.to_string()));
    let (tags, variants): (Vec<Value>, Vec<Value>) = choices.into_iter().unzip();
    (!tags.is_empty()).then(|| json!({"property": property, "tags": tags, "variants": variants}))
}

/// The choices of a union by their tags: those that a mapping names first. The choices of unions
/// among them, by the same property, are its own.
fn tagged_choices<'a>(
    map: &'a Map<String, Value>,
    entries: &'a [Value],
    property: &str,
    document: &'a Value,
) -> Vec<(Value, Value)> {
    let mut found: Vec<(Value, Value)> = Vec::new();
    let mut seen = BTreeSet::new();
    let mut pending = VecDeque::from([(map, entries)]);
    while let Some((map, entries)) = pending.pop_front() {
        let names: BTreeSet<&str> = entries.iter().filter_map(pointer::referenced).collect();
        let mapping = map
            .get("discriminator")
            .and_then(|it| it.get("mapping")?.as_object());
        let mut mapped = BTreeSet::new();
        for (tag, target) in mapping.into_iter().flatten() {
            let Some(target) = target.as_str() else {
                continue;
            };
            let name = mapped_name(target, &names);
            found.push((Value::from(tag.as_str()), pointer::reference_to(name)));
            mapped.insert(name);
        }
        for entry in entries {
            let name = pointer::referenced(entry);
            let schema = resolved(document, entry);
            if let (Some(inner), Some(schema)) = (nested(schema, property), schema.as_object()) {
                if name.is_none_or(|name| seen.insert(name)) {
                    pending.push_back((schema, inner));
                }
                continue;
            }
            if name.is_some_and(|name| mapped.contains(name)) {
                continue;
            }
            // Without a mapping a tag is what the choice itself says, or the name of its schema.
            let mut own = own_tags(schema, property, document);
            if own.is_empty() {
                own.extend(name.map(Value::from));
            }
            found.extend(own.into_iter().map(|tag| (tag, entry.clone())));
        }
    }
    found
}

/// The choices of a union by this property.
fn nested<'a>(schema: &'a Value, property: &str) -> Option<&'a [Value]> {
    let entries = schema
        .get("oneOf")
        .or_else(|| schema.get("anyOf"))?
        .as_array()?;
    let named = schema
        .get("discriminator")
        .and_then(|it| it.get("propertyName"));
    let is_same = named.is_none_or(|named| named == property);
    (is_same && schema.get("properties").is_none()).then_some(entries)
}

/// The component that a mapping leads to: by reference, by name, or by the file that one of the
/// choices was in before the document was bundled.
fn mapped_name<'a>(target: &'a str, choices: &BTreeSet<&'a str>) -> &'a str {
    let name = pointer::schema_name(target).unwrap_or(target);
    if choices.contains(name) {
        return name;
    }
    let last = name.rsplit('/').next().unwrap_or(name);
    // A name may have dots of its own, so the longest one counts.
    let mut stems = successors(Some(last), |stem| Some(stem.rsplit_once('.')?.0));
    stems.find(|stem| choices.contains(stem)).unwrap_or(name)
}

/// A tag as the property writes it: a mapping spells integers and booleans as text.
fn typed(tag: Value, schema: &Value, property: &str, document: &Value) -> Value {
    let kind = schema
        .get("properties")
        .and_then(|all| resolved(document, all.get(property)?).get("type")?.as_str());
    let text = tag.as_str().unwrap_or_default();
    match kind {
        Some("integer") => text.parse::<i64>().map_or(tag, Value::from),
        Some("boolean") => text.parse::<bool>().map_or(tag, Value::from),
        _ => tag,
    }
}

/// The property by which all choices differ: each requires it and allows only values of its own.
fn implicit_tag<'a>(entries: &'a [Value], document: &'a Value) -> Option<&'a str> {
    let schemas: Vec<&Value> = entries.iter().map(|e| resolved(document, e)).collect();
    let (first, _) = schemas.split_first().filter(|(_, rest)| !rest.is_empty())?;
    let properties = first.get("properties")?.as_object()?;
    let tells_apart = |property: &&String| {
        let mut seen = BTreeSet::new();
        schemas.iter().all(|schema| {
            let required = schema.get("required").and_then(Value::as_array);
            let mut required = required.into_iter().flatten();
            let tags = own_tags(schema, property, document);
            required.any(|name| name.as_str() == Some(property))
                && !tags.is_empty()
                && tags.iter().all(|tag| seen.insert(tag.to_string()))
        })
    };
    properties.keys().find(tells_apart).map(String::as_str)
}

fn is_object(schema: &Value) -> bool {
    let kind = schema.get("type").and_then(Value::as_str);
    kind.is_none_or(|kind| kind == "object") && schema.get("enum").is_none()
}

/// The values that a schema lists for the property; none where it allows any.
fn own_tags(schema: &Value, property: &str, document: &Value) -> Vec<Value> {
    let property = schema.get("properties").and_then(|all| all.get(property));
    let Some(property) = property.map(|property| resolved(document, property)) else {
        return Vec::new();
    };
    // Integers and booleans had their values moved by an earlier repair.
    if let Some(Value::Array(values)) = property.get(VALUES) {
        let is_tag = |value: &Value| value.is_i64() || value.is_boolean();
        return match values.iter().all(is_tag) {
            true => values.clone(),
            false => Vec::new(),
        };
    }
    match property.get("enum").and_then(Value::as_array) {
        Some(values) if values.iter().all(Value::is_string) => values.clone(),
        _ => Vec::new(),
    }
}

/// A union of things that cannot be told apart is any JSON; one with a single choice is that
/// choice; beside fields, a union adds its fields as optional ones, as do choices of one field each.
pub(crate) fn free_form_unions(context: &mut Context) -> Result<usize, Error> {
    let Some(whole) = snapshot::components(&context.document, &["anyOf", "oneOf", "not"]) else {
        return Ok(0);
    };
    let mut count = 0;
    let mut free_form = BTreeMap::new();
    let mut unchecked = Vec::new();
    pointer::visit_schemas(&mut context.document, &mut |schema, at| {
        let Value::Object(map) = schema else {
            return Ok(());
        };
        let mut changed = map.remove("not").is_some();
        if changed {
            unchecked.push((at.to_owned(), "its not is not checked".to_owned()));
        }
        for key in ["oneOf", "anyOf"] {
            if let Some(Value::Array(entries)) = map.remove(key) {
                if entries
                    .iter()
                    .any(|entry| entry.get("required").is_some() && !says_a_type(entry))
                {
                    let reason = format!("what its {key} requires is not checked");
                    unchecked.push((at.to_owned(), reason));
                }
                let mut disagreed = Vec::new();
                if !loosen(map, entries, &whole, &mut disagreed) {
                    let reason = format!("the alternatives of its {key} cannot be told apart");
                    free_form.insert(at.to_owned(), reason);
                }
                for name in disagreed {
                    let reason = format!("the alternatives of {key} give it different types");
                    free_form.insert(pointer::join(at, &["properties", &name]), reason);
                }
                changed = true;
            }
        }
        count += usize::from(changed);
        Ok(())
    })?;
    unchecked.retain(|(at, _)| !free_form.contains_key(at));
    context.leave_out_details(unchecked);
    if !free_form.is_empty() {
        context.any_json(free_form);
    }
    Ok(count)
}

/// Returns false if the schema has no type of its own without the alternatives. `disagreed` gets
/// the fields that have no common type.
fn loosen(
    map: &mut Map<String, Value>,
    entries: Vec<Value>,
    document: &Value,
    disagreed: &mut Vec<String>,
) -> bool {
    let (nothing, choices): (Vec<Value>, Vec<Value>) = entries.into_iter().partition(is_null);
    if !nothing.is_empty() {
        map.insert("nullable".to_owned(), Value::Bool(true));
    }
    // Choices that only say which fields must be there change no type.
    if choices.iter().all(|choice| !says_a_type(choice)) {
        return true;
    }
    if let Some(Value::Object(own)) = map.get_mut("properties") {
        let (fields, required) = alternative_fields(&choices, own, document, disagreed);
        own.extend(fields);
        let all = map.entry("required").or_insert_with(|| json!([]));
        if let Value::Array(all) = all {
            all.extend(required);
        }
    } else if let [Value::Object(only)] = choices.as_slice() {
        for (key, value) in only {
            map.insert(key.clone(), value.clone());
        }
    } else if let Some(scalar) = scalar(&choices, document) {
        map.insert("type".to_owned(), Value::from(scalar));
        map.extend(values_of(&choices, document).into_iter().flatten());
    } else if let Some(fields) = single_fields(&choices) {
        map.insert("type".to_owned(), Value::from("object"));
        map.insert("properties".to_owned(), Value::Object(fields));
        map.entry("description")
            .or_insert_with(|| Value::from("Exactly one of the fields is set."));
    } else {
        return false;
    }
    true
}

/// The fields of choices written in place, objects with one required field each, by which they
/// differ.
fn single_fields(choices: &[Value]) -> Option<Map<String, Value>> {
    let mut fields = Map::new();
    for choice in choices {
        let properties = choice.get("properties")?.as_object()?;
        let required = choice.get("required")?.as_array()?;
        let (Some((name, field)), 1, [only]) = (
            properties.iter().next(),
            properties.len(),
            required.as_slice(),
        ) else {
            return None;
        };
        if only.as_str() != Some(name) || fields.insert(name.clone(), field.clone()).is_some() {
            return None;
        }
    }
    Some(fields)
}

/// The values of choices that each list some, and their meanings.
fn values_of(choices: &[Value], document: &Value) -> Option<Map<String, Value>> {
    let mut values = Vec::new();
    let mut meanings = Map::new();
    for choice in choices {
        let choice = resolved(document, choice);
        let common = choice.get("description").or_else(|| choice.get("title"));
        for value in choice.get(VALUES)?.as_array()? {
            let text = value.to_string();
            let own = choice.get(MEANINGS).and_then(|all| all.get(&text));
            meanings.extend(own.or(common).map(|meaning| (text, meaning.clone())));
            values.push(value.clone());
        }
    }
    let listed = [
        (VALUES.to_owned(), Value::Array(values)),
        (MEANINGS.to_owned(), Value::Object(meanings)),
    ];
    Some(Map::from_iter(listed))
}

/// The type of choices that are all texts, or all numbers.
fn scalar(choices: &[Value], document: &Value) -> Option<&'static str> {
    let kinds: BTreeSet<&str> = choices
        .iter()
        .map(|choice| {
            let kind = resolved(document, choice).get("type");
            kind.and_then(Value::as_str).unwrap_or_default()
        })
        .collect();
    match kinds.into_iter().collect::<Vec<_>>().as_slice() {
        ["string"] => Some("string"),
        ["boolean"] => Some("boolean"),
        ["integer"] => Some("integer"),
        ["number"] | ["integer", "number"] => Some("number"),
        _ => None,
    }
}

/// `{nullable: true}` and nothing else, or a list of `null`.
fn is_null(schema: &Value) -> bool {
    let only_null = |values: &Vec<Value>| values.iter().all(Value::is_null);
    let listed = schema.get("enum").and_then(Value::as_array);
    listed.is_some_and(only_null) || (schema.get("nullable").is_some() && !says_a_type(schema))
}

fn says_a_type(schema: &Value) -> bool {
    [
        "$ref",
        "type",
        "properties",
        "items",
        "enum",
        "allOf",
        "oneOf",
        "anyOf",
        pointer::UNION,
    ]
    .iter()
    .any(|key| schema.get(key).is_some())
}
