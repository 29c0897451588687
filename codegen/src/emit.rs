//! Runs progenitor for its struct declarations. No other module calls it.
//!
//! Its operations are not used: they always send `api-version`, read bodies without a limit, fail
//! on empty ones, let `..` and `\` pass in paths, repeat the key of every list, can only return
//! reqwest's error and take four options in a row, for 3,400 more lines. Nor are serde's derives on
//! its types: with them rustc takes twice the CPU and cannot tell a caller which documented fields
//! were missing. `record!` takes their place.

mod adapt;
mod reduce;

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

use progenitor::{GenerationSettings, Generator};
use serde_json::{Map, Value, json};
use syn::{Item, ItemStruct};

use crate::error::Error;
use crate::items::Structure;
use crate::model::Api;
use crate::pointer;
use crate::schema::collect_references;

/// The structs that progenitor declares.
pub(crate) struct Structs {
    /// By name in lower case: progenitor spells some names differently (`AB` becomes `Ab`).
    by_name: BTreeMap<String, ItemStruct>,
    /// Our spelling of each name, by its lower case.
    spelled: BTreeMap<String, String>,
}

/// Runs progenitor over a reduced copy of the document.
pub(crate) fn emit(api: &Api) -> Result<Structs, Error> {
    let schemas = reduce::schemas(api);
    let written = |name: &&String| !api.is_struct(name);
    let written: Vec<&String> = schemas.keys().filter(written).collect();
    let declared =
        run(&schemas, &written).map_err(|message| locate(&schemas, &written, message))?;
    let spelled = api.schemas.keys();
    Ok(Structs {
        by_name: declared
            .into_iter()
            .map(|item| (item.ident.to_string().to_lowercase(), item))
            .collect(),
        spelled: spelled
            .map(|name| (name.to_lowercase(), name.clone()))
            .collect(),
    })
}

impl Structs {
    /// The declaration of a struct with our names, docs, attributes, order and boxes.
    pub(crate) fn declare(&self, structure: &Structure) -> Result<ItemStruct, Error> {
        let name = &structure.name;
        let declared = self.by_name.get(&name.to_lowercase());
        let declared = declared.ok_or_else(|| {
            let message = format!("progenitor declares no struct {name}");
            Error::new(&structure.pointer, message).about(name)
        })?;
        adapt::adapt(declared, structure, &self.spelled)
            .map_err(|message| Error::new(&structure.pointer, message).about(name))
    }
}

/// Declares the types of these schemas, except those that are `written` by this crate.
fn run(schemas: &Map<String, Value>, written: &[&String]) -> Result<Vec<ItemStruct>, String> {
    let document = json!({
        "openapi": "3.0.3",
        "info": {"title": "api", "version": "0.0.0"},
        "paths": {},
        "components": {"schemas": schemas},
    });
    let spec: openapiv3::OpenAPI = serde_json::from_value(document)
        .map_err(|error| format!("is not valid OpenAPI 3.0: {error}"))?;
    let mut settings = GenerationSettings::new();
    settings.with_map_type("BTreeMap");
    for (schema, rust) in reduce::conversions() {
        let schema = serde_json::from_value(schema)
            .map_err(|error| format!("its conversion to {rust} fails: {error}"))?;
        settings.with_conversion(schema, rust, std::iter::empty());
    }
    for name in written {
        // progenitor looks the name up in its own spelling.
        settings.with_replacement(reduce::spelled(name), name, std::iter::empty());
    }
    // A panic is a defect of the document that no repair knows yet.
    let tokens = catch_unwind(AssertUnwindSafe(|| {
        Generator::new(&settings).generate_tokens(&spec)
    }))
    .map_err(|_| "makes the generator panic".to_owned())?
    .map_err(|error| format!("cannot be generated: {error}"))?;
    let file: syn::File =
        syn::parse2(tokens).map_err(|error| format!("becomes invalid Rust: {error}"))?;
    let types = file.items.into_iter().find_map(|item| match item {
        Item::Mod(module) if module.ident == "types" => module.content,
        _ => None,
    });
    let (_, items) = types.ok_or("becomes Rust without a module `types`")?;
    let structs = items.into_iter().filter_map(|item| match item {
        Item::Struct(item) => Some(item),
        _ => None,
    });
    Ok(structs.collect())
}

/// Finds the first schema that fails alone, with those it needs; progenitor's errors have no place.
fn locate(schemas: &Map<String, Value>, written: &[&String], message: String) -> Error {
    for name in schemas.keys() {
        let mut needed = BTreeSet::new();
        let mut pending = vec![name.as_str()];
        while let Some(next) = pending.pop() {
            if let (Some(schema), true) = (schemas.get(next), needed.insert(next)) {
                collect_references(schema, &mut pending);
            }
        }
        let few: Map<String, Value> = needed
            .into_iter()
            .filter_map(|name| Some((name.to_owned(), schemas.get(name)?.clone())))
            .collect();
        if let Err(message) = run(&few, written) {
            return Error::new(pointer::join(pointer::SCHEMAS, &[name]), message).about(name);
        }
    }
    Error::new("", message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_progenitor_refuses_is_traced_to_its_schema() {
        let schemas = json!({
            "A": {"type": "object", "properties": {"fine": {"$ref": "#/components/schemas/Fine"}}},
            "B": {"type": "object", "properties": {"x": {"type": "decimal"}}},
            "Fine": {"type": "object", "properties": {"n": {"type": "integer"}}}
        });
        let schemas = schemas.as_object().cloned().unwrap_or_default();
        let message = run(&schemas, &[]).err().unwrap_or_default();
        assert_ne!(message, "");
        let error = locate(&schemas, &[], message);
        assert_eq!(error.pointer(), "/components/schemas/B");
        assert_eq!(error.subject(), Some("B"));
    }
}
