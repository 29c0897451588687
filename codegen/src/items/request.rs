//! The data that everything about one operation is written from.

use std::collections::BTreeSet;

use super::docs;
use super::field::Field;
use super::inline::code;
use super::query::Sent;
use super::tasks::Task;
use super::text::list;
use crate::format::Format;
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
    /// The body's type; none where it is a form, whose fields are parameters.
    pub(crate) body: Option<Shape>,
    pub(crate) body_format: Option<Format>,
    /// The body may be left out.
    pub(crate) body_optional: bool,
    /// The body has fields that are not arguments.
    pub(crate) partial_body: bool,
    pub(crate) response: Shape,
    pub(crate) reads: Reads,
    pub(crate) paging: Option<Paging>,
    /// The background task that its response names.
    pub(crate) task: Option<Task>,
    pub(crate) example: Option<Example>,
    /// A sentence about the response, empty if there is none.
    pub(crate) response_doc: String,
}

/// The way a response is read, by the name of the format in the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reads {
    Json,
    Text,
    Raw,
    /// As one of several types: the operation's enum of responses.
    ByStatus,
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
    Sent(Sent),
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
    Sent(Sent),
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
    /// Returns true if JSON or nothing is sent and JSON is read.
    pub(crate) fn is_json(&self) -> bool {
        matches!(self.body_format, None | Some(Format::Json)) && self.reads == Reads::Json
    }

    /// Writes the statements that leave the encoded body in `body`, taking `parts` and, where it is
    /// one, the typed body from these expressions.
    pub(crate) fn encode_body(&self, parts: &str, body: &str) -> String {
        let optional = self.body_optional;
        match self.body_format {
            None => "let body = None;".to_owned(),
            Some(Format::Json) if optional => format!(
                "let body = match &{body} {{
                    Some(body) => Some({parts}.encode_body(body)?),
                    None => None,
                }};"
            ),
            Some(Format::Json) => format!("let body = Some({parts}.encode_body(&{body})?);"),
            Some(Format::Form | Format::Multipart) => {
                format!("let body = {parts}.encode_form({optional})?;")
            }
            Some(_) if optional => format!("let body = {body}.map(Into::into);"),
            Some(_) => format!("let body = Some({body}.into());"),
        }
    }

    /// The format that the response is read in, as a type of the client.
    pub(crate) fn format(&self) -> String {
        format!("crate::format::{:?}", self.reads)
    }

    pub(crate) fn constant(&self) -> String {
        naming::static_name(&self.operation.id)
    }

    pub(crate) fn summary(&self) -> String {
        if self.operation.summary.is_empty() {
            format!("Performs the operation {}.", code(&self.operation.id))
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
    pub(super) shown: Shown,
    /// The types in the expressions.
    pub(super) types: BTreeSet<String>,
}

/// The part of a response that an example prints.
#[derive(Debug)]
pub(crate) enum Shown {
    /// An expression that is printed as text.
    Text(String),
    /// An expression that is printed as `Debug` has it.
    Whole(String),
    /// The response says nothing.
    Nothing,
}

impl Shown {
    fn line(&self) -> Option<String> {
        match self {
            Self::Text(value) => Some(format!("println!(\"{{}}\", {value});")),
            Self::Whole(value) => Some(format!("println!(\"{{{value}:?}}\");")),
            Self::Nothing => None,
        }
    }
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
        match self.shown.line() {
            Some(line) if has_items => {
                lines.push(format!("let mut items = {request}.items();"));
                lines.push("while let Some(item) = items.try_next().await? {".to_owned());
                lines.push(format!("    {line}"));
                lines.push("}".to_owned());
            }
            Some(line) => {
                lines.push(format!("let response = {request}.send().await?;"));
                lines.push(line);
            }
            None => lines.push(format!("{request}.send().await?;")),
        }
        lines.extend(["# Ok(())", "# }", "```"].map(str::to_owned));
        lines.join("\n")
    }
}
