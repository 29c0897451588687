//! The data that everything about one operation is written from.

use std::collections::BTreeSet;

use super::docs;
use super::field::Field;
use super::query::Encoding;
use super::tasks::Task;
use super::text::list;
use crate::model::Operation;
use crate::naming;
use crate::shape::Shape;

/// Everything the texts of one operation are made from.
#[derive(Debug)]
pub(crate) struct Request<'a> {
    pub(crate) operation: &'a Operation,
    /// Name of the request struct.
    pub(crate) name: String,
    /// Arguments of the method: path, then required query and body values by name.
    pub(crate) arguments: Vec<Argument>,
    /// Optional values, query and body alike.
    pub(crate) settable: Vec<Settable>,
    /// The body's type.
    pub(crate) body: Option<Shape>,
    /// The body may be left out.
    pub(crate) body_optional: bool,
    /// The body has fields that are not arguments.
    pub(crate) partial_body: bool,
    pub(crate) response: Shape,
    pub(crate) paging: Option<Paging>,
    /// The background task that its response names.
    pub(crate) task: Option<Task>,
    pub(crate) example: Option<Example>,
    /// A sentence about the response, empty if there is none.
    pub(crate) response_doc: String,
}

/// A required value.
#[derive(Debug, Clone)]
pub(crate) struct Argument {
    pub(crate) name: String,
    pub(crate) field: Field,
    pub(crate) target: Target,
}

/// Target of a required value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    Path,
    Query(Encoding),
    Body,
    /// A whole body that is not a struct.
    WholeBody,
}

/// An optional value.
#[derive(Debug, Clone)]
pub(crate) struct Settable {
    pub(crate) field: Field,
    pub(crate) place: Place,
}

/// Place of an optional value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    Query(Encoding),
    Body,
    /// The body as a whole, which may be left out.
    WholeBody,
}

/// Paging of an operation.
#[derive(Debug, Clone)]
pub(crate) struct Paging {
    /// Place of the cursor of the next page.
    pub(crate) next: Place,
    /// Place of the cursor of the previous page, if it pages backwards too.
    pub(crate) prev: Option<Place>,
    /// The field of the response that holds the items.
    pub(crate) items: Field,
}

impl Request<'_> {
    pub(crate) fn constant(&self) -> String {
        naming::static_name(&self.operation.id)
    }

    pub(crate) fn summary(&self) -> String {
        if self.operation.summary.is_empty() {
            format!("Performs the operation `{}`.", self.operation.id)
        } else {
            docs::prose(&self.operation.summary)
        }
    }
}

/// Expressions for the arguments and one setter of an operation.
#[derive(Debug)]
pub(crate) struct Example {
    /// Expressions by the name of the argument.
    pub(super) arguments: Vec<(String, String)>,
    pub(super) setter: Option<String>,
    /// The types in the expressions.
    pub(super) types: BTreeSet<String>,
}

impl Example {
    /// The lines of the example for a method of the client, or of the call handle where it has
    /// arguments that are `given` there.
    pub(crate) fn lines(&self, method: &str, given: &[(&str, &str)], has_items: bool) -> String {
        let mut lines = vec![
            "```no_run".to_owned(),
            "# async fn example(client: video_api::Client) -> Result<(), video_api::Error> {"
                .to_owned(),
        ];
        if !self.types.is_empty() {
            let types = list(&self.types);
            lines.push(match self.types.len() {
                1 => format!("use video_api::types::{types};"),
                _ => format!("use video_api::types::{{{types}}};"),
            });
        }
        let is_given = |name: &str| given.iter().any(|(given, _)| *given == name);
        let values = |is_in: bool| {
            let chosen = self
                .arguments
                .iter()
                .filter(|(name, _)| is_given(name) == is_in);
            list(chosen.map(|(_, value)| value))
        };
        let receiver = if given.is_empty() {
            "client"
        } else {
            lines.push(format!("let call = client.call({});", values(true)));
            "call"
        };
        let setter = self.setter.as_deref().unwrap_or_default();
        let request = format!("{receiver}.{method}({}){setter}", values(false));
        if has_items {
            lines.push(format!("let mut items = {request}.items();"));
            lines.push("while let Some(item) = items.try_next().await? {".to_owned());
            lines.push("    println!(\"{item:?}\");".to_owned());
            lines.push("}".to_owned());
        } else {
            lines.push(format!("let response = {request}.send().await?;"));
            lines.push("println!(\"{response:?}\");".to_owned());
        }
        lines.extend(["# Ok(())", "# }", "```"].map(str::to_owned));
        lines.join("\n")
    }
}
