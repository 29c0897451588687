//! Unions with a discriminator, declared through a macro of the runtime crate.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde_json::Value;

use super::docs;
use super::inline::code;
use super::text::{Text, doc_lines};
use super::unit::{Module, Unit};
use crate::error::Error;
use crate::model::{Api, Schema};
use crate::surface::{Kind, Wire};
use crate::{naming, pointer};

pub(crate) fn units(api: &Api) -> Result<Vec<Unit>, Error> {
    let mut units = Vec::new();
    for (name, schema) in &api.schemas {
        let Some(union) = schema.json.get(pointer::UNION) else {
            continue;
        };
        units.push(unit(api, name, schema, union).ok_or_else(|| {
            let at = pointer::join(pointer::SCHEMAS, &[&schema.wire_name]);
            Error::new(at, "is a union of more than types with fields")
        })?);
    }
    Ok(units)
}

fn unit(api: &Api, name: &str, schema: &Schema, union: &Value) -> Option<Unit> {
    let property = union.get("property")?.as_str()?;
    let tags = union.get("tags")?.as_array()?;
    let variants = union.get("variants")?.as_array()?;
    let mut description = docs::prose(&docs::description(&schema.json));
    if description.is_empty() {
        description = format!("One of several types, told apart by {}.", code(property));
    }
    let mut text = Text::of(format!("types::{name}"));
    text.declares(
        Kind::Enum,
        &format!(" (by {property:?})"),
        Wire::Component(schema.wire_name.clone()),
    );
    let mut call = String::from("tagged_union! {\n");
    for line in doc_lines(&[&description]) {
        let _ = writeln!(call, "    ///{line}");
    }
    let _ = writeln!(call, "    pub enum {name} by {property:?} {{");
    let mut taken = BTreeSet::from(["unknown".to_owned()]);
    let mut by_type: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let texts: Vec<String> = tags.iter().map(tag_text).collect();
    let words: Vec<&str> = texts.iter().map(String::as_str).collect();
    let names = naming::assign(&words, naming::variant_name, &mut taken);
    for ((tag, variant), (text_of_tag, schema)) in
        tags.iter().zip(names).zip(words.iter().zip(variants))
    {
        let ty = pointer::referenced(schema)?;
        if !api.is_struct(ty) {
            return None;
        }
        let doc = format!("Tagged by {}: {}.", code(property), code(text_of_tag));
        for line in doc_lines(&[&doc]) {
            let _ = writeln!(call, "        ///{line}");
        }
        let _ = writeln!(call, "        {variant}({ty}) = {},", literal(tag));
        let wire = Wire::Literal((*text_of_tag).to_owned());
        text.record(Kind::Enum, &variant, &format!("({ty})"), false, wire);
        by_type.entry(ty).or_default().push(variant);
    }
    call.push_str("    }\n");
    // Where two tags have the same type, nothing says which one is meant.
    for (ty, variants) in by_type {
        if let [variant] = variants.as_slice() {
            let _ = writeln!(call, "    from {ty} is {variant};");
            text.declares(Kind::Conversion, ty, Wire::None);
        }
    }
    call.push_str("}\n");
    let names = vec![name.to_owned(), schema.wire_name.clone()];
    Some(Unit {
        macros: call,
        ..Unit::new(Module::Types, names, text)
    })
}

/// A tag as text, for names and words.
fn tag_text(tag: &Value) -> String {
    tag.as_str().map_or_else(|| tag.to_string(), str::to_owned)
}

/// A tag as a literal of Rust.
fn literal(tag: &Value) -> String {
    tag.as_str()
        .map_or_else(|| tag.to_string(), |text| format!("{text:?}"))
}
