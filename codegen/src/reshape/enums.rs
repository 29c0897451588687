//! Open string enums, declared through a macro of the runtime crate.

use std::collections::BTreeSet;

use serde_json::Value;

use super::text::Text;
use super::{Module, Unit, docs};
use crate::model::{Api, Schema};
use crate::naming;

pub(crate) fn units(api: &Api) -> Vec<Unit> {
    let enums = api
        .schemas
        .iter()
        .filter(|(_, schema)| schema.json.get("enum").is_some());
    enums
        .map(|(name, schema)| Unit {
            module: Module::Types,
            names: vec![name.clone(), schema.wire_name.clone()],
            code: declaration(name, schema),
        })
        .collect()
}

fn declaration(name: &str, schema: &Schema) -> String {
    let mut taken = BTreeSet::from(["unknown".to_owned()]);
    let mut description = docs::prose(&docs::description(&schema.json));
    if description.is_empty() {
        description = "Values of a field.".to_owned();
    }
    let mut text = Text::default();
    text.open("open_enum! {");
    text.docs(&[&description]);
    text.open(format_args!("pub enum {name} {{"));
    let values = schema.json.get("enum").and_then(Value::as_array);
    for value in values.into_iter().flatten().filter_map(Value::as_str) {
        let variant = naming::unique(naming::variant_name(value), &mut taken);
        let meaning = schema
            .json
            .pointer("/x-enum-descriptions")
            .and_then(|all| all.get(value))
            .and_then(Value::as_str)
            .map_or_else(|| format!("`{value}`."), docs::prose);
        text.docs(&[&meaning]);
        text.line(format_args!("{variant} = {value:?},"));
    }
    text.close("}");
    text.close("}");
    text.finish()
}
