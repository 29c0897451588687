//! The JSON schemas that the generated types derive, collected for tools and tests.

use std::collections::BTreeSet;

use quote::quote;

use super::{Module, Unit, ident};
use crate::error::Error;
use crate::model::Api;
use crate::repair;

pub(crate) fn units(api: &Api) -> Result<Vec<Unit>, Error> {
    let mut used = Vec::new();
    for operation in &api.operations {
        for schema in operation.body.iter().chain(&operation.response) {
            repair::collect_references(schema, &mut used);
        }
    }
    let events = api.events.types.values().cloned();
    // What these use comes along.
    let roots: BTreeSet<String> = used.into_iter().chain(events).collect();
    let roots = roots.iter().map(|name| ident(name));
    let tokens = quote! {
        /// The JSON schema of every type as it is read, by type name.
        #[cfg(feature = "schemars")]
        pub fn json_schemas() -> serde_json::Map<String, Value> {
            let settings = schemars::generate::SchemaSettings::draft2020_12().for_deserialize();
            let mut schemas = settings.into_generator();
            #(schemas.subschema_for::<#roots>();)*
            schemas.take_definitions(true)
        }
    };
    Ok(vec![Unit::items(
        Module::Types,
        vec!["json_schemas".to_owned()],
        tokens,
    )?])
}
