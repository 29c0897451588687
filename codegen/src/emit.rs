//! The only room that knows progenitor.
//!
//! progenitor decides the Rust type of every field, parameter and response; what it would make of
//! requests, errors and transport is not used. Its positional interface is the smallest carrier of
//! those decisions.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use progenitor::{GenerationSettings, Generator, InterfaceStyle, TypePatch};
use serde_json::{Map, Value, json};
use syn::{Item, ReturnType, Type};

use crate::error::Error;
use crate::model::Api;
use crate::repair::Repaired;
use crate::{naming, pointer};

/// What progenitor decided.
#[derive(Debug)]
pub(crate) struct Base {
    /// Fields of every struct, by Rust type name: wire name and type, in declaration order.
    pub(crate) structs: BTreeMap<String, Vec<(String, Type)>>,
    /// What an operation answers with, by operation id.
    pub(crate) responses: BTreeMap<String, Type>,
}

/// Runs progenitor over a copy of the document from which all that it mistakes is removed.
pub(crate) fn emit(repaired: &Repaired, api: &Api) -> Result<Base, Error> {
    let mut document = repaired.document.clone();
    simplify(&mut document)?;
    let timestamps = count_timestamps(&document);
    let file = run(document)?;
    let base = read(&file, api)?;
    check_timestamps(&base, timestamps)?;
    Ok(base)
}

fn run(document: Value) -> Result<syn::File, Error> {
    let spec: openapiv3::OpenAPI = serde_json::from_value(document)
        .map_err(|error| Error::new("", format!("is not valid OpenAPI 3.0: {error}")))?;
    let mut settings = GenerationSettings::new();
    settings.with_interface(InterfaceStyle::Positional);
    settings.with_patch("Never", &TypePatch::default());
    // A panic of the generator is a defect of the document that no repair knows yet.
    let tokens = catch_unwind(AssertUnwindSafe(|| {
        Generator::new(&settings).generate_tokens(&spec)
    }))
    .map_err(|_| Error::new("", "the generator panicked on this document"))?
    .map_err(|error| Error::new("", format!("cannot be generated: {error}")))?;
    syn::parse2(tokens).map_err(|error| Error::new("", format!("became invalid Rust: {error}")))
}

/// Removes what progenitor would turn into types of its own, or refuse: texts, limits, defaults.
fn simplify(document: &mut Value) -> Result<(), Error> {
    pointer::visit_schemas(document, &mut |schema, _| {
        simplify_schema(schema);
        Ok(())
    })?;
    pointer::each_operation(document, &mut |operation, _| {
        operation.retain(|key, _| {
            matches!(
                key.as_str(),
                "operationId" | "parameters" | "requestBody" | "responses"
            )
        });
        for parameter in operation
            .get_mut("parameters")
            .and_then(Value::as_array_mut)
            .into_iter()
            .flatten()
        {
            simplify_parameter(parameter);
        }
        if let Some(response) = operation
            .get_mut("responses")
            .and_then(|responses| responses.get_mut("2XX"))
            .and_then(Value::as_object_mut)
        {
            response.retain(|key, _| key == "content");
            response.insert("description".to_owned(), json!(""));
        }
        Ok(())
    })?;
    if let Some(root) = document.as_object_mut() {
        root.retain(|key, _| matches!(key.as_str(), "openapi" | "info" | "paths" | "components"));
        root.insert(
            "info".to_owned(),
            json!({"title": "api", "version": "0.0.0"}),
        );
        if let Some(Value::Object(components)) = root.get_mut("components") {
            components.retain(|key, _| key == "schemas");
        }
    }
    Ok(())
}

fn simplify_schema(schema: &mut Value) {
    let Value::Object(map) = schema else { return };
    if let Some(reference) = map.remove("$ref") {
        *map = Map::from_iter([("$ref".to_owned(), reference)]);
        return;
    }
    if map.get("format").and_then(Value::as_str) == Some("date-time") {
        *schema = json!({"type": "string", "format": "date-time"});
        return;
    }
    let has_properties = map.contains_key("properties");
    let numeric = matches!(
        map.get("type").and_then(Value::as_str),
        Some("integer" | "number")
    );
    map.retain(|key, value| match key.as_str() {
        "type" | "enum" | "properties" | "required" | "items" => true,
        "additionalProperties" => !has_properties && value.is_object(),
        "format" => {
            numeric && matches!(value.as_str(), Some("int32" | "int64" | "float" | "double"))
        }
        _ => false,
    });
    if map.get("type").and_then(Value::as_str) == Some("array") {
        map.entry("items").or_insert_with(|| json!({}));
    }
}

/// Lists and objects in a query are texts to progenitor; our own layer encodes them.
fn simplify_parameter(parameter: &mut Value) {
    let Value::Object(map) = parameter else {
        return;
    };
    map.retain(|key, _| matches!(key.as_str(), "name" | "in" | "required" | "schema"));
    let Some(schema) = map.get_mut("schema") else {
        return;
    };
    let scalar = matches!(
        schema.get("type").and_then(Value::as_str),
        Some("string" | "integer" | "number" | "boolean")
    );
    let path = map_is_path(map.get("in"));
    if let Some(schema) = map.get_mut("schema")
        && (path || !scalar)
    {
        *schema = json!({"type": "string"});
    }
}

fn map_is_path(location: Option<&Value>) -> bool {
    location.and_then(Value::as_str) == Some("path")
}

fn read(file: &syn::File, api: &Api) -> Result<Base, Error> {
    let mut base = Base {
        structs: BTreeMap::new(),
        responses: BTreeMap::new(),
    };
    for item in &file.items {
        match item {
            Item::Mod(module) if module.ident == "types" => {
                for item in module.content.iter().flat_map(|(_, items)| items) {
                    if let Item::Struct(item) = item {
                        base.structs.insert(item.ident.to_string(), fields(item));
                    }
                }
            }
            Item::Impl(block) => read_methods(block, api, &mut base),
            _ => {}
        }
    }
    for operation in &api.operations {
        if !base.responses.contains_key(&operation.id) {
            let message = "the generator produced no method for it";
            return Err(Error::new(&operation.pointer, message).about(&operation.id));
        }
    }
    for (name, schema) in &api.schemas {
        if schema.json.get("properties").is_some() && !base.structs.contains_key(name) {
            let at = pointer::join("/components/schemas", &[&schema.wire_name]);
            return Err(Error::new(at, format!("no type {name} was generated")).about(name));
        }
    }
    Ok(base)
}

fn fields(item: &syn::ItemStruct) -> Vec<(String, Type)> {
    let named = item.fields.iter().filter_map(|field| {
        let ident = field.ident.as_ref()?;
        Some((
            renamed(&field.attrs).unwrap_or_else(|| ident.to_string()),
            field.ty.clone(),
        ))
    });
    named.collect()
}

/// The value of `#[serde(rename = "…")]`.
fn renamed(attributes: &[syn::Attribute]) -> Option<String> {
    let mut name = None;
    for attribute in attributes.iter().filter(|a| a.path().is_ident("serde")) {
        // Other keys may have values of any form: what does not parse is not a rename.
        let _ = attribute.parse_nested_meta(|meta| {
            if meta.path.is_ident("rename") {
                name = Some(meta.value()?.parse::<syn::LitStr>()?.value());
            } else if meta.input.peek(syn::Token![=]) {
                meta.value()?.parse::<syn::Expr>()?;
            }
            Ok(())
        });
    }
    name
}

fn read_methods(block: &syn::ItemImpl, api: &Api, base: &mut Base) {
    for item in &block.items {
        let syn::ImplItem::Fn(method) = item else {
            continue;
        };
        let name = method.sig.ident.to_string();
        let name = name.trim_start_matches("r#");
        let found = api
            .operations
            .iter()
            .find(|o| naming::value_name(&o.id).trim_start_matches("r#") == name);
        if let (Some(operation), Some(ty)) = (found, answer(&method.sig.output)) {
            base.responses.insert(operation.id.clone(), ty);
        }
    }
}

/// `T` of `Result<ResponseValue<T>, _>`.
fn answer(output: &ReturnType) -> Option<Type> {
    let ReturnType::Type(_, ty) = output else {
        return None;
    };
    let value = first_argument(ty, "Result")?;
    first_argument(&value, "ResponseValue")
}

/// `T` of `Outer<T, …>`.
pub(crate) fn first_argument(ty: &Type, outer: &str) -> Option<Type> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last()?;
    if last.ident != outer {
        return None;
    }
    let syn::PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return None;
    };
    arguments.args.iter().find_map(|argument| match argument {
        syn::GenericArgument::Type(ty) => Some(ty.clone()),
        _ => None,
    })
}

fn count_timestamps(document: &Value) -> usize {
    fn count(node: &Value) -> usize {
        match node {
            Value::Object(map) => {
                let own =
                    usize::from(map.get("format").and_then(Value::as_str) == Some("date-time"));
                own + map.values().map(count).sum::<usize>()
            }
            Value::Array(items) => items.iter().map(count).sum(),
            _ => 0,
        }
    }
    document.pointer("/components/schemas").map_or(0, count)
}

/// A timestamp that progenitor does not see as one would silently become a string.
fn check_timestamps(base: &Base, expected: usize) -> Result<(), Error> {
    let found: usize = base
        .structs
        .values()
        .flatten()
        .map(|(_, ty)| quote::quote!(#ty).to_string().matches("DateTime").count())
        .sum();
    if found == expected {
        return Ok(());
    }
    let message = format!("{expected} timestamps are documented, {found} were generated");
    Err(Error::new("/components/schemas", message))
}
