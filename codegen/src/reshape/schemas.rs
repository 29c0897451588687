//! The JSON schemas that the generated types derive, collected for tools and tests.

use std::collections::BTreeSet;

use quote::quote;

use super::{Module, Unit, ident};
use crate::error::Error;
use crate::model::Api;

pub(crate) fn units(api: &Api) -> Result<Vec<Unit>, Error> {
    let bodies = api.operations.iter().filter_map(|o| o.body.as_ref());
    let responses = api.operations.iter().filter_map(|o| o.response.as_ref());
    let events = api.events.iter().flat_map(|events| events.types.values());
    // What these use comes along.
    let roots: BTreeSet<&String> = bodies.chain(responses).chain(events).collect();
    let roots = roots.into_iter().map(|name| ident(name));
    let tokens = quote! {
        /// The JSON schema of every type as it is encoded, by type name.
        #[cfg(feature = "schemars")]
        pub fn json_schemas() -> serde_json::Map<String, Value> {
            let settings = schemars::generate::SchemaSettings::draft2020_12().for_serialize();
            let mut schemas = settings.into_generator();
            #(schemas.subschema_for::<#roots>();)*
            schemas.take_definitions(true)
        }
    };
    Ok(vec![Unit::items(Module::Types, vec!["json_schemas".to_owned()], tokens)?])
}
