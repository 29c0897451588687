//! Unions with a discriminator, declared through a macro of the runtime crate.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::text::Text;
use super::{Module, Unit, docs};
use crate::error::Error;
use crate::model::{Api, Schema};
use crate::{naming, pointer};

pub(crate) fn units(api: &Api) -> Result<Vec<Unit>, Error> {
    let mut units = Vec::new();
    for (name, schema) in &api.schemas {
        let Some(union) = schema.json.get(pointer::UNION) else {
            continue;
        };
        let text = declaration(api, name, schema, union).ok_or_else(|| {
            let at = pointer::join(pointer::SCHEMAS, &[&schema.wire_name]);
            Error::new(at, "is a union of more than types with fields")
        })?;
        units.push(Unit {
            module: Module::Types,
            names: vec![name.clone(), schema.wire_name.clone()],
            code: text,
        });
    }
    Ok(units)
}

fn declaration(api: &Api, name: &str, schema: &Schema, union: &Value) -> Option<String> {
    let property = union.get("property")?.as_str()?;
    let tags = union.get("tags")?.as_array()?;
    let variants = union.get("variants")?.as_array()?;
    let mut description = docs::prose(&docs::description(&schema.json));
    if description.is_empty() {
        description = format!("One of several types, told apart by `{property}`.");
    }
    let mut text = Text::default();
    text.open("tagged_union! {");
    text.docs(&[&description]);
    text.open(format_args!("pub enum {name} by {property:?} {{"));
    let mut taken = BTreeSet::from(["unknown".to_owned()]);
    let mut by_type: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (tag, schema) in tags.iter().zip(variants) {
        let (tag, ty) = (tag.as_str()?, pointer::referenced(schema)?);
        if !api.is_struct(ty) {
            return None;
        }
        let variant = naming::unique(naming::variant_name(tag), &mut taken);
        text.docs(&[&format!("Where `{property}` is `{tag}`.")]);
        text.line(format_args!("{variant}({ty}) = {tag:?},"));
        by_type.entry(ty).or_default().push(variant);
    }
    text.close("}");
    // Where two tags have the same type, nothing says which one is meant.
    for (ty, variants) in by_type {
        if let [variant] = variants.as_slice() {
            text.line(format_args!("from {ty} is {variant};"));
        }
    }
    text.close("}");
    Some(text.finish())
}
