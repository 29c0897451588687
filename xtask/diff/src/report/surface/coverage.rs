//! Parts of the documents that the generator leaves out.

use std::collections::HashSet;

use codegen::Part;

use super::api::GeneratedApi;
use super::difference::{Index, operation_key};
use crate::report::change::Change;

/// The generated operations and the parts that the generator leaves out.
pub(super) struct Coverage<'g> {
    operations: HashSet<String>,
    left_out: Vec<&'g codegen::LeftOut>,
}

impl<'g> Coverage<'g> {
    pub(super) fn new(
        indices: &(Index<'_>, Index<'_>),
        (old, new): (&'g GeneratedApi, &'g GeneratedApi),
    ) -> Self {
        let operations = [&indices.0, &indices.1].into_iter();
        let operations = operations.flat_map(|index| index.operations.values().cloned());
        Self {
            operations: operations.collect(),
            left_out: new.left_out.iter().chain(&old.left_out).collect(),
        }
    }

    /// Why the generated code has nothing to do with a change; none when it has.
    pub(super) fn missing(&self, change: &Change) -> Option<String> {
        let pointers = [&change.new_pointer, &change.old_pointer]
            .into_iter()
            .flatten();
        let left_out = |pointer: &String| {
            let mut all = self.left_out.iter();
            all.find(|part| {
                let rest = pointer.strip_prefix(part.pointer.as_str());
                let rest = rest.filter(|rest| rest.is_empty() || rest.starts_with('/'));
                !part.pointer.is_empty() && rest.is_some_and(|rest| is_about(part, change, rest))
            })
        };
        if let Some(part) = pointers.clone().find_map(left_out) {
            return Some(format!(
                "the generator leaves out {}: {}",
                part.subject, part.reason
            ));
        }
        if pointers
            .into_iter()
            .any(|pointer| pointer.contains("/callbacks/") || pointer.starts_with("/x-webhooks/"))
        {
            return Some("callbacks and webhooks of OpenAPI 3.1 are not generated".to_owned());
        }
        let generated = |label: &String| {
            label.starts_with("WEBHOOK ") || self.operations.contains(&operation_key(label))
        };
        if change.operations.is_empty() || change.operations.iter().any(generated) {
            return None;
        }
        let of_operation = |part: &&&codegen::LeftOut| {
            change
                .operations
                .iter()
                .any(|label| label == &part.subject || part.subject.contains(label.as_str()))
        };
        Some(match self.left_out.iter().find(of_operation) {
            Some(part) => format!("the generator leaves out {}: {}", part.subject, part.reason),
            None => "the generator leaves out every operation that it reaches".to_owned(),
        })
    }
}

/// True when a change inside of an operation or a schema is about the part of it that is left out;
/// `rest` is the way from the one to the other.
fn is_about(part: &codegen::LeftOut, change: &Change, rest: &str) -> bool {
    match &part.part {
        Part::Parameter { name, .. } => {
            let is_inside = rest.starts_with("/parameters/");
            change.subject == *name || (is_inside && change.message.contains(name.as_str()))
        }
        Part::Response(status) => rest.starts_with(&format!("/responses/{status}")),
        Part::Callbacks => rest.starts_with("/callbacks"),
        Part::Detail => false,
        _ => true,
    }
}
