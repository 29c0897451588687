//! What progenitor decided, read out of the Rust it wrote.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Map, Value};
use syn::{Item, ReturnType, Type};

use super::{Base, simplify};
use crate::error::Error;
use crate::model::Api;
use crate::pointer;

/// Reads all decisions; one that is missing is an error.
pub(super) fn read(file: &syn::File, api: &Api) -> Result<Base, Error> {
    let names: HashMap<String, &String> = api
        .operations
        .iter()
        .enumerate()
        .map(|(index, operation)| (simplify::operation_name(index), &operation.id))
        .collect();
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
            Item::Impl(block) => responses(block, &names, &mut base),
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
        if api.is_struct(name) && !base.structs.contains_key(name) {
            let at = pointer::join(pointer::SCHEMAS, &[&schema.wire_name]);
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

fn responses(block: &syn::ItemImpl, names: &HashMap<String, &String>, base: &mut Base) {
    for item in &block.items {
        if let syn::ImplItem::Fn(method) = item
            && let Some(id) = names.get(&method.sig.ident.to_string())
            && let Some(ty) = answer(&method.sig.output)
        {
            base.responses.insert((*id).clone(), ty);
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
fn first_argument(ty: &Type, outer: &str) -> Option<Type> {
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

/// A timestamp that progenitor does not see as one would silently become a string.
pub(super) fn check_timestamps(base: &Base, schemas: &Map<String, Value>) -> Result<(), Error> {
    for (name, schema) in schemas {
        let Some(fields) = base.structs.get(name) else {
            continue;
        };
        let expected = timestamps(schema);
        let found: usize = fields
            .iter()
            .map(|(_, ty)| {
                quote::quote!(#ty)
                    .to_string()
                    .matches("chrono :: DateTime")
                    .count()
            })
            .sum();
        if found != expected {
            let message = format!("{expected} timestamps are documented, {found} were generated");
            return Err(Error::new(pointer::join(pointer::SCHEMAS, &[name]), message).about(name));
        }
    }
    Ok(())
}

fn timestamps(node: &Value) -> usize {
    match node {
        Value::Object(map) => {
            let own = map.get("format").and_then(Value::as_str) == Some("date-time");
            usize::from(own) + map.values().map(timestamps).sum::<usize>()
        }
        Value::Array(items) => items.iter().map(timestamps).sum(),
        _ => 0,
    }
}
