//! The JSON schemas that the generated types derive, collected for tools and tests.

use std::collections::BTreeSet;

use super::text::Text;
use super::unit::{Module, Unit};
use crate::model::Api;
use crate::schema::collect_references;

pub(crate) fn unit(api: &Api) -> Unit {
    let mut used = Vec::new();
    for operation in &api.operations {
        let responses = operation.responses.iter().filter_map(|it| it.body.as_ref());
        let responses = responses.map(|(_, schema)| schema);
        for schema in operation.body.iter().chain(responses) {
            collect_references(schema, &mut used);
        }
    }
    let events = api.events.types.values().map(String::as_str);
    // What these use comes along.
    let roots: BTreeSet<&str> = used.into_iter().chain(events).collect();
    let mut text = Text::default();
    text.docs(&["The JSON schema of every type as it is read, by type name."]);
    text.line("#[cfg(feature = \"schemars\")]");
    text.line("pub fn json_schemas() -> serde_json::Map<String, Value> {");
    text.line(
        "let settings = schemars::generate::SchemaSettings::draft2020_12().for_deserialize();",
    );
    text.line("let mut schemas = settings.into_generator();");
    for root in roots {
        text.line(format_args!("schemas.subschema_for::<{root}>();"));
    }
    text.line("schemas.take_definitions(true)");
    text.line("}");
    Unit::only(Module::Types, "json_schemas", text)
}
