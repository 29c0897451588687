//! Structs: public fields, lenient decoding, and for what can be sent `new` and setters.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Code, Module, Unit, docs, ident};
use crate::emit::{Base, Decided};
use crate::error::Error;
use crate::model::{self, Api, Schema};
use crate::shape::Shape;
use crate::{naming, pointer};
use std::collections::BTreeSet;

/// A field of a generated struct.
#[derive(Debug, Clone)]
pub(crate) struct Field {
    pub(crate) wire: String,
    pub(crate) name: String,
    /// Name of the method that sets it.
    pub(crate) setter: String,
    pub(crate) shape: Shape,
    pub(crate) optional: bool,
    pub(crate) doc: String,
    pub(crate) deprecated: bool,
}

pub(crate) fn units(api: &Api, base: &Base) -> Result<Vec<Unit>, Error> {
    let mut units = Vec::new();
    for (name, schema) in &api.schemas {
        if !api.is_struct(name) {
            continue;
        }
        let fields = fields(api, base, name)?;
        let structure = structure(name, schema, &fields);
        let constructor = if schema.sent && !schema.only_a_body {
            constructor(name, &fields)
        } else {
            quote!()
        };
        let names = vec![name.clone(), schema.wire_name.clone()];
        units.push(Unit::items(
            Module::Types,
            names.clone(),
            quote!(#structure #constructor),
        )?);
        units.push(Unit {
            module: Module::Types,
            names,
            code: Code::Text(table(name, &fields)),
        });
    }
    Ok(units)
}

/// The fields of a struct in wire-name order.
pub(crate) fn fields(api: &Api, base: &Base, name: &str) -> Result<Vec<Field>, Error> {
    let missing = || {
        let at = pointer::join(pointer::SCHEMAS, &[name]);
        Error::new(at, "is no object with fields")
    };
    let schema = api.schemas.get(name).ok_or_else(missing)?;
    let at = pointer::join(pointer::SCHEMAS, &[&schema.wire_name]);
    let decided = base.structs.get(name).ok_or_else(missing)?;
    let documented = schema
        .json
        .get("properties")
        .and_then(|p| p.as_object())
        .map_or(0, |p| p.len());
    if documented != decided.len() {
        let message = format!("has {documented} fields, {} were generated", decided.len());
        return Err(Error::new(&at, message));
    }
    let mut sorted: Vec<&(String, Decided)> = decided.iter().collect();
    sorted.sort_by(|a, b| a.0.cmp(&b.0));
    let mut taken = BTreeSet::new();
    let mut setters = BTreeSet::new();
    let mut fields = Vec::with_capacity(decided.len());
    for (wire, decided) in sorted {
        let at = pointer::join(&at, &["properties", wire]);
        let property = schema
            .property(wire)
            .ok_or_else(|| Error::new(&at, "was generated but is not documented"))?;
        let shape = decided
            .shape
            .clone()
            .map_err(|message| Error::new(&at, message))?;
        let shape = boxed(api, shape, name);
        // progenitor leaves an optional list or map bare; absent and empty differ on this wire.
        // A value that needs itself could never be written, so it may be absent.
        let optional = decided.optional || !schema.is_required(wire) || needs(api, &shape, name);
        let name = naming::unique(naming::value_name(wire), &mut taken);
        fields.push(Field {
            wire: wire.clone(),
            setter: naming::unique(naming::setter_name(&name), &mut setters),
            name,
            shape,
            optional,
            doc: docs::field(wire, property, &docs::description(property)),
            deprecated: property.get("deprecated") == Some(&serde_json::Value::Bool(true)),
        });
    }
    Ok(fields)
}

/// Boxes what closes a cycle. progenitor boxes one field of each; with all of them boxed, types do
/// not nest deeper than the compiler follows, and moving a value stays cheap.
fn boxed(api: &Api, shape: Shape, owner: &str) -> Shape {
    let shape = match shape {
        Shape::Boxed(inner) => *inner,
        shape => shape,
    };
    match &shape {
        Shape::Named(name) if api.is_cyclic(owner, name) => Shape::Boxed(Box::new(shape)),
        _ => shape,
    }
}

/// Whether a boxed value cannot exist without another one of the type `owner`.
fn needs(api: &Api, shape: &Shape, owner: &str) -> bool {
    let Shape::Boxed(inner) = shape else {
        return false;
    };
    let Shape::Named(first) = &**inner else {
        return false;
    };
    let mut seen = BTreeSet::new();
    let mut pending = vec![first.as_str()];
    while let Some(name) = pending.pop() {
        if name == owner {
            return true;
        }
        let Some(schema) = api.schemas.get(name).filter(|_| seen.insert(name)) else {
            continue;
        };
        let properties = schema.json.get("properties").and_then(|p| p.as_object());
        let required = properties
            .into_iter()
            .flatten()
            .filter(|(wire, _)| schema.is_required(wire));
        pending.extend(required.filter_map(|(_, property)| pointer::referenced(property)));
    }
    false
}

fn structure(name: &str, schema: &Schema, fields: &[Field]) -> TokenStream {
    let mut text = docs::prose(&docs::description(&schema.json));
    if text.is_empty() {
        text = format!("`{}` of the API.", schema.wire_name);
    }
    let doc = docs::attributes(&[text]);
    let ident = ident(name);
    let members = fields.iter().map(member);
    quote! {
        #doc
        #[derive(Clone, Debug, Default, PartialEq)]
        #[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
        #[non_exhaustive]
        pub struct #ident { #(#members)* }
    }
}

fn member(field: &Field) -> TokenStream {
    let doc = docs::attributes(std::slice::from_ref(&field.doc));
    let name = ident(&field.name);
    let ty = field.shape.rust(false);
    let ty = if field.optional {
        quote!(Option<#ty>)
    } else {
        ty
    };
    let rename = if field.wire == field.name.trim_start_matches("r#") {
        quote!()
    } else {
        let wire = &field.wire;
        quote!(#[cfg_attr(feature = "schemars", schemars(rename = #wire))])
    };
    let deprecated = deprecation(field.deprecated);
    quote!(#doc #deprecated #rename pub #name: #ty,)
}

/// The table that reading and writing follow, as a macro call in lines of readable length.
fn table(name: &str, fields: &[Field]) -> String {
    let mut text = format!("record!({name} {{");
    let mut line = String::new();
    for (index, field) in fields.iter().enumerate() {
        // An absent list or map is an empty one.
        let may_be_absent = matches!(field.shape, Shape::List(_) | Shape::Map(_) | Shape::Object);
        let required = if field.optional || may_be_absent {
            ""
        } else {
            " required"
        };
        let entry = format!(" {index} {} {:?}{required},", field.name, field.wire);
        if line.len() + entry.len() > 90 {
            text.push_str("\n   ");
            text.push_str(&line);
            line.clear();
        }
        line.push_str(&entry);
    }
    if !line.is_empty() {
        text.push_str("\n   ");
        text.push_str(&line);
    }
    text.push_str("\n});\n");
    text
}

pub(crate) fn deprecation(deprecated: bool) -> TokenStream {
    if deprecated {
        quote!(#[deprecated])
    } else {
        quote!()
    }
}

fn constructor(name: &str, fields: &[Field]) -> TokenStream {
    let ident = ident(name);
    let required: Vec<&Field> = fields.iter().filter(|f| !f.optional).collect();
    let arguments = required.iter().map(|field| {
        let (name, ty) = (super::ident(&field.name), field.shape.argument(false));
        quote!(#name: #ty)
    });
    let values = required.iter().map(|field| {
        let name = super::ident(&field.name);
        let value = field.shape.conversion(&quote!(#name));
        if quote!(#name).to_string() == value.to_string() {
            quote!(#name)
        } else {
            quote!(#name: #value)
        }
    });
    let rest = if required.len() == fields.len() {
        quote!()
    } else {
        quote!(..Default::default())
    };
    let doc = if required.is_empty() {
        " Nothing set."
    } else {
        " Takes what is required."
    };
    let setters = fields
        .iter()
        .filter(|f| f.optional)
        .map(|field| setter(field, &quote!(self), false));
    quote! {
        impl #ident {
            #[doc = #doc]
            pub fn new(#(#arguments),*) -> Self {
                Self { #(#values,)* #rest }
            }
            #(#setters)*
        }
    }
}

/// A setter of an optional field; `place` is where the field lives (`self` or `self.body`).
pub(crate) fn setter(field: &Field, place: &TokenStream, outside: bool) -> TokenStream {
    let doc = docs::attributes(std::slice::from_ref(&field.doc));
    let name = ident(&field.name);
    let method = ident(&field.setter);
    let ty = field.shape.argument(outside);
    let value = field.shape.conversion(&quote!(#name));
    let deprecated = deprecation(field.deprecated);
    quote! {
        #doc
        #deprecated
        pub fn #method(mut self, #name: #ty) -> Self {
            #place.#name = Some(#value);
            self
        }
    }
}

/// The required fields in the order of arguments.
pub(crate) fn required_fields(schema: &Schema, fields: &[Field]) -> Vec<Field> {
    model::sorted_required(&schema.json)
        .iter()
        .filter_map(|wire| fields.iter().find(|field| field.wire == *wire).cloned())
        .collect()
}
