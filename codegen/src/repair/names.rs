//! Names: every type that users see is a component, every component has a Rust name.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::context::{Context, operation_name};
use super::responses::ONLY_SUCCESS;
use crate::error::Error;
use crate::naming::Claim;
use crate::{naming, pointer};

/// Operation ids that are missing, or that become the same Rust name.
pub(crate) fn operation_ids(context: &mut Context) -> Result<usize, Error> {
    // Methods, request types and statics all come from the id, in three spellings.
    let fold = |id: &str| naming::value_name(id).replace('_', "").to_lowercase();
    let mut seen = BTreeSet::new();
    let mut are_names = true;
    pointer::each_operation(&mut context.document, &mut |operation, _| {
        let given = operation.get("operationId").and_then(Value::as_str);
        let given = given.filter(|id| id.chars().any(char::is_alphanumeric));
        are_names &= given.is_some_and(|id| seen.insert(fold(id)));
        Ok(())
    })?;
    if are_names {
        return Ok(0);
    }
    let mut claims = Vec::new();
    pointer::each_operation(&mut context.document, &mut |operation, at| {
        let given = operation.get("operationId").and_then(Value::as_str);
        claims.push(match given {
            // An id that several operations have says less than their paths.
            Some(id) if id.chars().any(char::is_alphanumeric) => Claim {
                names: [
                    vec![id.to_owned()],
                    Claim::of(id, naming::type_name).names,
                    unnamed_operation(at).names,
                ]
                .concat(),
                exact: naming::type_name(id) == id,
            },
            _ => unnamed_operation(at),
        });
        Ok(())
    })?;
    let mut ids = naming::settle(&claims, fold, &mut BTreeSet::new()).into_iter();
    let mut count = 0;
    pointer::each_operation(&mut context.document, &mut |operation, _| {
        let given = operation.get("operationId").and_then(Value::as_str);
        if let Some(id) = ids.next().filter(|id| given != Some(id)) {
            count += 1;
            operation.insert("operationId".to_owned(), Value::String(id));
        }
        Ok(())
    })?;
    Ok(count)
}

/// `/paths/~1calls~1{id}/get` reads GetCallsId, or GetCallsById where `/calls/id` is a path too.
fn unnamed_operation(at: &str) -> Claim {
    let mut tokens = at.trim_start_matches("/paths/").split('/');
    let path = tokens.next().unwrap_or_default().replace("~1", " ");
    let method = tokens.next().unwrap_or_default();
    let words = |path: &str| naming::type_name(&format!("{method} {path}"));
    let parts = path.split(' ').filter(|part| !part.is_empty());
    let spelled: Vec<String> = parts.map(naming::spelled).collect();
    let slashes = spelled.join(" slash ");
    let case = match naming::letter_case(&path) {
        "" => "lower",
        case => case,
    };
    Claim {
        exact: path
            .chars()
            .all(|c| c == ' ' || c.is_ascii_lowercase() || c.is_ascii_digit()),
        names: vec![
            words(&path),
            words(&spelled.join(" ")),
            words(&slashes),
            words(&format!("{slashes} {case}")),
        ],
    }
}

/// Objects, enums and unions written inside another schema become components of their own.
pub(crate) fn name_nested_types(context: &mut Context) -> Result<usize, Error> {
    lift_types(context, &|schema| {
        let has = |key| schema.get(key).is_some();
        has("properties") || has("enum") || has(pointer::UNION)
    })
}

/// Moves nested schemas for which `is_type` holds into components, named by the way to them.
pub(crate) fn lift_types(
    context: &mut Context,
    is_type: &dyn Fn(&Value) -> bool,
) -> Result<usize, Error> {
    let names = context
        .document
        .pointer(pointer::SCHEMAS)
        .and_then(Value::as_object)
        .into_iter()
        .flat_map(Map::keys);
    let mut lifter = Lifter {
        components: names.cloned().collect(),
        taken: BTreeSet::new(),
        lifted: Vec::new(),
        is_type,
    };
    if let Some(Value::Object(schemas)) = context.document.pointer_mut(pointer::SCHEMAS) {
        for (name, schema) in schemas {
            lifter.inside(schema, &Way::from(name));
        }
    }
    pointer::each_operation(&mut context.document, &mut |operation, _| {
        let id = operation_name(operation, "", "");
        for parameter in operation
            .get_mut("parameters")
            .and_then(Value::as_array_mut)
            .into_iter()
            .flatten()
        {
            let word = parameter.get("name").and_then(Value::as_str).unwrap_or("");
            let name = format!("{id} {word}");
            if let Some(schema) = parameter.get_mut("schema") {
                lifter.lift(schema, &Way::from(&name));
            }
        }
        if let Some(schema) = super::bodies::body_schema(operation) {
            let title = schema.get("title").and_then(Value::as_str);
            let name = title.map_or_else(|| format!("{id} Request"), str::to_owned);
            lifter.lift(schema, &Way::from(&name));
        }
        let responses = operation.get_mut("responses");
        let responses = responses.and_then(Value::as_object_mut);
        for (status, response) in responses.into_iter().flatten() {
            // One of several is named after its status too.
            let name = match status.as_str() {
                ONLY_SUCCESS => format!("{id} Response"),
                status => format!("{id} {status} Response"),
            };
            if let Some(schema) = super::responses::schema_mut(response) {
                lifter.lift(schema, &Way::from(&name));
            }
        }
        Ok(())
    })?;
    let count = lifter.lifted.len();
    super::components::add(context, lifter.lifted)?;
    Ok(count)
}

struct Lifter<'a> {
    /// Names whose Rust names are not in `taken` yet: often nothing is lifted.
    components: Vec<String>,
    taken: BTreeSet<String>,
    lifted: Vec<(String, Value)>,
    is_type: &'a dyn Fn(&Value) -> bool,
}

/// The words on the way to a schema, which only a type needs as a name.
struct Way<'a> {
    outer: Option<&'a Way<'a>>,
    word: &'a str,
}

impl<'a> Way<'a> {
    fn from(word: &'a str) -> Self {
        Self { outer: None, word }
    }

    fn to(&'a self, word: &'a str) -> Self {
        Self {
            outer: Some(self),
            word,
        }
    }

    fn words(&self) -> String {
        match self.outer {
            Some(outer) => format!("{} {}", outer.words(), self.word),
            None => self.word.to_owned(),
        }
    }
}

impl Lifter<'_> {
    /// Lifts what is nested in a schema, not the schema itself.
    fn inside(&mut self, schema: &mut Value, way: &Way<'_>) {
        let Value::Object(map) = schema else { return };
        if let Some(Value::Object(properties)) = map.get_mut("properties") {
            for (word, property) in properties {
                self.lift(property, &way.to(word));
            }
        }
        if let Some(items) = map.get_mut("items") {
            self.lift(items, &way.to("item"));
        }
        if let Some(values) = map.get_mut("additionalProperties") {
            self.lift(values, &way.to("value"));
        }
        // A branch of `allOf` is the same type, not one of several.
        if let Some(Value::Array(entries)) = map.get_mut("allOf") {
            for entry in entries {
                self.lift(entry, way);
            }
        }
        for key in ["anyOf", "oneOf"] {
            if let Some(Value::Array(entries)) = map.get_mut(key) {
                for (index, entry) in entries.iter_mut().enumerate() {
                    self.lift(entry, &way.to(&format!("variant {index}")));
                }
            }
        }
        if let Some(Value::Object(union)) = map.get_mut(pointer::UNION) {
            let tags = union.get("tags").cloned().unwrap_or_default();
            let variants = union.get_mut("variants").and_then(Value::as_array_mut);
            let variants = variants.into_iter().flatten();
            for (tag, variant) in tags.as_array().into_iter().flatten().zip(variants) {
                let tag = tag.as_str().map_or_else(|| tag.to_string(), str::to_owned);
                self.lift(variant, &way.to(&tag));
            }
        }
    }

    fn lift(&mut self, schema: &mut Value, way: &Way<'_>) {
        // The items of `regions` are a `…Regions`, not a `…RegionsItem`.
        if let Some(items) = schema.get_mut("items") {
            self.lift(items, way);
            return;
        }
        self.inside(schema, way);
        if !(self.is_type)(schema) {
            return;
        }
        let known = self.components.drain(..);
        self.taken
            .extend(known.map(|name| naming::type_name(&name).to_lowercase()));
        let name = naming::unique(naming::type_name(&way.words()), &mut self.taken);
        let mut outer = pointer::reference_to(&name);
        if let (Some(outer), Some(inner)) = (outer.as_object_mut(), schema.as_object_mut()) {
            for key in ["nullable", "default", "deprecated"] {
                if let Some(value) = inner.remove(key) {
                    outer.insert(key.to_owned(), value);
                }
            }
            if let Some(description) = inner.get("description") {
                outer.insert("description".to_owned(), description.clone());
            }
        }
        self.lifted.push((name, std::mem::replace(schema, outer)));
    }
}

/// Gives every component its Rust name, so that names are decided here and nowhere else.
pub(crate) fn rust_type_names(context: &mut Context) -> Result<usize, Error> {
    let mut renamed: BTreeMap<String, String> = BTreeMap::new();
    if let Some(Value::Object(schemas)) = context.document.pointer_mut("/components/schemas") {
        let old = std::mem::take(schemas);
        // A component that was renamed before is named after the name it came with.
        let words = old.iter().map(|(name, schema)| {
            let given = schema.get("x-wire-name").and_then(Value::as_str);
            given.unwrap_or(name)
        });
        let words: Vec<&str> = words.collect();
        let names = naming::assign(&words, naming::type_name, &mut BTreeSet::new());
        for ((name, schema), rust) in old.into_iter().zip(names) {
            if let Value::Object(mut map) = schema {
                // A component that was renamed before keeps the name it came with.
                map.entry("x-wire-name")
                    .or_insert_with(|| Value::String(name.clone()));
                map.remove("title");
                schemas.insert(rust.clone(), Value::Object(map));
            }
            renamed.insert(name, rust);
        }
    }
    renamed.retain(|old, new| old != new);
    if !renamed.is_empty() {
        rewrite_references(&mut context.document, &renamed);
    }
    Ok(renamed.len())
}

fn rewrite_references(node: &mut Value, renamed: &BTreeMap<String, String>) {
    let new = pointer::referenced(node).and_then(|name| renamed.get(name).cloned());
    match node {
        Value::Object(map) => {
            if let Some(new) = new {
                map.insert(
                    "$ref".to_owned(),
                    Value::String(format!("#/components/schemas/{new}")),
                );
            }
            map.values_mut()
                .for_each(|value| rewrite_references(value, renamed));
        }
        Value::Array(items) => items
            .iter_mut()
            .for_each(|item| rewrite_references(item, renamed)),
        _ => {}
    }
}
