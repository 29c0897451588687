//! How long the server says it worked on a request, read from the typed responses.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::text::Text;
use super::{Module, Unit};
use crate::model::Api;
use crate::pointer;
use crate::shape::Shape;

/// The field of a response that says so.
const FIELD: &str = "duration";

/// Implements `ServerDuration` for every type that an operation responds with.
pub(crate) fn unit(api: &Api) -> Unit {
    let responses = api.operations.iter().filter_map(|o| o.response.as_ref());
    let types: BTreeSet<&str> = responses.filter_map(pointer::referenced).collect();
    let mut call = String::from("server_durations! {\n");
    for ty in types {
        let field = api.schemas.get(ty).and_then(|schema| {
            let field = schema.json.get("properties")?.get(FIELD)?;
            let is_text = Shape::of_schema(field) == Shape::Text;
            is_text.then(|| schema.is_required(FIELD))
        });
        let value = match field {
            Some(true) => "Some(duration)",
            Some(false) => "duration",
            None => "None",
        };
        let _ = writeln!(call, "    types::{ty} => {value},");
    }
    call.push_str("}\n");
    Unit {
        macros: call,
        ..Unit::only(Module::Root, "ServerDuration", Text::default())
    }
}
