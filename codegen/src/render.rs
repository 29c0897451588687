//! Formats each item with prettyplease, and puts all of them into one file, module by module.

use crate::emit::Structs;
use crate::error::Error;
use crate::items::{Module, Unit};

/// The text of one item.
pub(crate) fn item(unit: &Unit, structs: &Structs) -> Result<String, Error> {
    let mut file = syn::parse_file(&unit.code).map_err(|error| {
        let name = unit.names.first().map_or("", String::as_str);
        let message = format!("{name} becomes invalid Rust, a defect of the generator: {error}");
        Error::new("", message).about(name)
    })?;
    if let Some(structure) = &unit.structure {
        let declared = structs.declare(structure)?;
        file.items.insert(0, syn::Item::Struct(declared));
    }
    let mut text = prettyplease::unparse(&file);
    text.push_str(&unit.macros);
    Ok(text)
}

/// The whole generated file.
pub(crate) fn file(items: &[(Module, String)]) -> String {
    let mut text =
        String::from("// Generated from the API's specification. Not edited by hand.\n\n");
    text.push_str(ROOT_USES);
    module(&mut text, items, Module::Root, 0);
    for (which, head) in [
        (Module::Types, TYPES_HEAD),
        (Module::Requests, REQUESTS_HEAD),
        (Module::Operations, OPERATIONS_HEAD),
    ] {
        text.push('\n');
        text.push_str(head);
        if which == Module::Types && has_unions(items) {
            text.push_str("    use crate::union::tagged_union;\n\n");
        }
        module(&mut text, items, which, 1);
        text.push_str("}\n");
    }
    text
}

const ROOT_USES: &str = "\
#[cfg(feature = \"by-name\")]
use crate::by_name::{BoundArguments, Prepared};
use crate::decode::{self, Mismatch};
use crate::json_object::IntoJsonObject;
use crate::query::QueryStyle;
use crate::request::RequestParts;
use crate::unknown_event::UnknownEvent;
use crate::{Call, Client, Error, JsonObject, Nullable, Timestamp};
use serde_json::Value;
use std::collections::BTreeMap;

";

const TYPES_HEAD: &str = "\
/// The API's data types.
pub mod types {
    use crate::json_object::IntoJsonObject;
    use crate::open_enum::open_enum;
    use crate::record::record;
    use crate::{JsonObject, Nullable, Timestamp};
    use serde_json::Value;
    use std::collections::BTreeMap;

";

const REQUESTS_HEAD: &str = "\
/// One request per operation.
pub mod requests {
    use super::{operations, types};
    use crate::json_object::IntoJsonObject;
    use crate::operation::Operation;
    use crate::page::{Cursor, Direction, Items, Pages, Paginated};
    use crate::query::QueryStyle;
    use crate::request::{RequestParts, request_options};
    use crate::{Client, Error, JsonObject, Nullable, Response, Timestamp};
    use serde_json::Value;
    use std::collections::BTreeMap;

";

const OPERATIONS_HEAD: &str = "\
/// Facts about each operation, as data.
pub mod operations {
    use crate::operation::{BodyKind, Method, Operation};

";

fn has_unions(items: &[(Module, String)]) -> bool {
    items
        .iter()
        .any(|(_, text)| text.starts_with("tagged_union!"))
}

fn module(text: &mut String, items: &[(Module, String)], which: Module, depth: usize) {
    let indent = "    ".repeat(depth);
    for (_, item) in items.iter().filter(|(module, _)| *module == which) {
        for line in item.lines() {
            if !line.is_empty() {
                text.push_str(&indent);
                text.push_str(line);
            }
            text.push('\n');
        }
    }
}
