//! Repairs of defects in real specifications, and rewrites into the form the generator expects:
//! one named function each, run in a fixed order, that counts its changes.

mod aliases;
mod all_of;
mod alternatives;
mod bodies;
mod components;
mod composition;
mod context;
mod forms;
mod inheritance;
mod listed_values;
mod malformed;
mod names;
mod parameters;
mod paths;
mod references;
mod responses;
mod shared_parts;
mod unions;
mod unread;
mod values;

use serde_json::{Map, Value};

pub use context::{LeftOut, Part};

use context::Context;

use crate::error::Error;
use crate::load::Spec;
use crate::schema::without_prose;

/// A document in the form the rest of the pipeline expects.
#[derive(Debug)]
pub(crate) struct Repaired {
    /// The document has its descriptions.
    pub(crate) has_prose: bool,
    /// Every named type is a component with a Rust name, every operation is self-contained.
    pub(crate) document: Value,
    /// Number of changes of each repair, in the order they ran.
    pub(crate) counts: Vec<(&'static str, usize)>,
    /// The parts that are not generated, with the reasons.
    pub(crate) left_out: Vec<LeftOut>,
}

type Repair = fn(&mut Context) -> Result<usize, Error>;

/// Order matters: references first, names after everything that makes types.
const REPAIRS: &[(&str, Repair)] = &[
    ("drop_unread_parts", unread::drop_unread_parts),
    ("rooted_paths", paths::rooted_paths),
    ("malformed_schemas", malformed::malformed_schemas),
    ("plain_references", references::plain_references),
    ("broken_references", references::broken_references),
    (
        "inline_inner_references",
        references::inline_inner_references,
    ),
    ("inline_shared_parts", shared_parts::inline_shared_parts),
    ("links_and_servers", unread::links_and_servers),
    ("path_parameters", paths::path_parameters),
    ("unsupported_methods", parameters::unsupported_methods),
    ("ignored_headers", parameters::ignored_headers),
    ("content_parameters", parameters::content_parameters),
    ("unsupported_parameters", parameters::unsupported_parameters),
    ("any_binary", bodies::any_binary),
    ("unsupported_bodies", bodies::unsupported_bodies),
    (
        "single_success_response",
        responses::single_success_response,
    ),
    ("drop_error_responses", responses::drop_error_responses),
    ("operation_ids", names::operation_ids),
    ("inherited_unions", inheritance::inherited_unions),
    ("unwrap_one_entry_all_of", all_of::unwrap_one_entry_all_of),
    ("merge_all_of", all_of::merge_all_of),
    ("implied_types", values::implied_types),
    ("form_fields", forms::form_fields),
    ("listed_numbers", values::listed_numbers),
    ("listed_values", listed_values::listed_values),
    ("enum_values", values::enum_values),
    ("wide_integers", values::wide_integers),
    ("impossible_limits", values::impossible_limits),
    ("enum_or_any_string", values::enum_or_any_string),
    ("nullable_components", values::nullable_components),
    ("tagged_unions", unions::tagged_unions),
    ("free_form_unions", unions::free_form_unions),
    ("prune_required", values::prune_required),
    ("empty_bodies", bodies::empty_bodies),
    ("name_request_bodies", bodies::name_request_bodies),
    ("inline_aliases", aliases::inline_aliases),
    ("name_nested_types", names::name_nested_types),
    ("rust_type_names", names::rust_type_names),
    ("drop_unreachable_types", references::drop_unreachable_types),
];

/// Runs every repair, on a document with its prose.
pub(crate) fn repair(spec: &Spec) -> Result<Repaired, Error> {
    run(spec, spec.document().clone(), true)
}

/// Runs every repair without descriptions, which the surface does not have.
pub(crate) fn repair_without_prose(spec: &Spec) -> Result<Repaired, Error> {
    run(spec, without_prose(spec.document()), false)
}

fn run(spec: &Spec, document: Value, has_prose: bool) -> Result<Repaired, Error> {
    let mut context = Context {
        document,
        left_out: Vec::new(),
    };
    context.leave_out_notes(spec.notes());
    let mut counts = Vec::with_capacity(REPAIRS.len());
    for (name, run) in REPAIRS {
        counts.push((*name, run(&mut context)?));
    }
    unread::composed_leftovers(&mut context);
    for it in &mut context.left_out {
        it.pointer = documented_status(&it.pointer, spec.document());
        it.pointer = forms::documented_field(&it.pointer, &context.document);
    }
    Ok(Repaired {
        has_prose,
        document: context.document,
        counts,
        left_out: context.left_out,
    })
}

/// Gives operations their ids; see [`names::operation_ids`].
pub(crate) fn name_operations(document: &mut Value) -> Result<(), Error> {
    let mut context = Context {
        document: document.take(),
        left_out: Vec::new(),
    };
    let named = names::operation_ids(&mut context);
    *document = context.document;
    named.map(drop)
}

/// Makes malformed schemas any JSON; see [`malformed::malformed_schemas`].
pub(crate) fn loosen_malformed(document: &mut Value) -> Result<Vec<LeftOut>, Error> {
    let mut context = Context {
        document: document.take(),
        left_out: Vec::new(),
    };
    let dropped = malformed::malformed_schemas(&mut context);
    *document = context.document;
    dropped.map(|_| context.left_out)
}

/// The place in the document itself: repairs put the one success response under `2XX`.
fn documented_status(at: &str, document: &Value) -> String {
    const REPAIRED: &str = "/responses/2XX/";
    let Some((operation, rest)) = at.split_once(REPAIRED) else {
        return at.to_owned();
    };
    let responses = document.pointer(&format!("{operation}/responses"));
    let statuses = responses.and_then(Value::as_object);
    let statuses = statuses.into_iter().flat_map(Map::keys);
    // A field that a repair added is not in the document, but the schema around it is.
    let mut places = std::iter::successors(Some(rest), |rest| Some(rest.rsplit_once('/')?.0));
    let found = places.find_map(|place| {
        let is_there = |status: &&String| {
            let pointer = format!("{operation}/responses/{status}/{place}");
            document.pointer(&pointer).is_some()
        };
        statuses.clone().find(is_there)
    });
    match found {
        Some(status) => format!("{operation}/responses/{status}/{rest}"),
        None => at.to_owned(),
    }
}
