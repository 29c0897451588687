//! The texts of all items in one file, in a fixed order of modules.

use crate::reshape::{Module, Unit};

/// The whole generated file.
pub(crate) fn render(units: &[Unit]) -> String {
    let mut text =
        String::from("// Generated from the API's specification. Not edited by hand.\n\n");
    text.push_str(ROOT_USES);
    text.push_str(&module(units, Module::Root, 0));
    for (which, head) in [
        (Module::Types, TYPES_HEAD),
        (Module::Requests, REQUESTS_HEAD),
        (Module::Operations, OPERATIONS_HEAD),
    ] {
        text.push('\n');
        text.push_str(head);
        if which == Module::Types && has_unions(units) {
            text.push_str("    use crate::union::tagged_union;\n\n");
        }
        text.push_str(&module(units, which, 1));
        text.push_str("}\n");
    }
    text
}

const ROOT_USES: &str = "\
#[cfg(feature = \"by-name\")]
use crate::by_name::{Named, Prepared};
use crate::json_object::IntoJsonObject;
use crate::request::Parts;
use crate::webhook::UnknownEvent;
use crate::{Call, Client, Error, JsonObject, Timestamp};
use serde_json::Value;
use std::collections::BTreeMap;

";

const TYPES_HEAD: &str = "\
/// The API's data types.
pub mod types {
    use crate::json_object::IntoJsonObject;
    use crate::open_enum::open_enum;
    use crate::record::record;
    use crate::{JsonObject, Timestamp};
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
    use crate::request::{Parts, request_options};
    use crate::{Client, Error, JsonObject, Response, Timestamp};
    use serde_json::Value;
    use std::collections::BTreeMap;

";

const OPERATIONS_HEAD: &str = "\
/// What the client knows about each operation, as data.
pub mod operations {
    use crate::operation::{BodyKind, Method, Operation};

";

fn has_unions(units: &[Unit]) -> bool {
    units
        .iter()
        .any(|unit| unit.code.starts_with("tagged_union!"))
}

fn module(units: &[Unit], which: Module, depth: usize) -> String {
    let indent = "    ".repeat(depth);
    let mut text = String::new();
    for shown in units.iter().filter(|unit| unit.module == which) {
        for line in shown.code.lines() {
            if !line.is_empty() {
                text.push_str(&indent);
                text.push_str(line);
            }
            text.push('\n');
        }
    }
    text
}
