//! Open string enums, declared through a macro of the runtime crate.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde_json::Value;

use super::docs;
use super::inline::code;
use super::text::{Text, doc_lines};
use super::unit::{Module, Unit};
use crate::extensions::MEANINGS;
use crate::model::{Api, Schema};
use crate::naming;
use crate::surface::{Kind, Wire};

pub(crate) fn units(api: &Api) -> Vec<Unit> {
    let enums = api
        .schemas
        .iter()
        .filter(|(_, schema)| schema.json.get("enum").is_some());
    enums.map(|(name, schema)| unit(name, schema)).collect()
}

fn unit(name: &str, schema: &Schema) -> Unit {
    let mut taken = BTreeSet::from(["unknown".to_owned()]);
    let mut description = docs::prose(&docs::description(&schema.json));
    if description.is_empty() {
        description = "Values of a field.".to_owned();
    }
    let mut text = Text::of(format!("types::{name}"));
    text.declares(
        Kind::Enum,
        " (open)",
        Wire::Component(schema.wire_name.clone()),
    );
    let mut call = String::from("open_enum! {\n");
    for line in doc_lines(&[&description]) {
        let _ = writeln!(call, "    ///{line}");
    }
    let _ = writeln!(call, "    pub enum {name} {{");
    let values = schema.json.get("enum").and_then(Value::as_array);
    let values = values.into_iter().flatten().filter_map(Value::as_str);
    let values: Vec<&str> = values.collect();
    let variants = naming::assign(&values, naming::variant_name, &mut taken);
    for (value, variant) in values.into_iter().zip(variants) {
        let meaning = schema
            .json
            .get(MEANINGS)
            .and_then(|all| all.get(value))
            .and_then(Value::as_str)
            .map_or_else(|| format!("{}.", code(value)), docs::prose);
        for line in doc_lines(&[&meaning]) {
            let _ = writeln!(call, "        ///{line}");
        }
        let _ = writeln!(call, "        {variant} = {value:?},");
        let wire = Wire::Literal(value.to_owned());
        text.record(Kind::Enum, &variant, "", false, wire);
    }
    call.push_str("    }\n}\n");
    let names = vec![name.to_owned(), schema.wire_name.clone()];
    Unit {
        macros: call,
        ..Unit::new(Module::Types, names, text)
    }
}
