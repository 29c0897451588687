//! A short example for every operation, which rustdoc compiles: what is required and one setter.

use std::collections::BTreeSet;

use super::request::{Argument, Request, Settable};
use super::text::list;
use super::types;
use crate::model::Api;
use crate::shape::Shape;

/// How deep a required value of a required value may be.
const MAX_DEPTH: usize = 4;

/// Expressions for the arguments and one setter of an operation.
#[derive(Debug)]
pub(crate) struct Example {
    /// Expressions by the name of the argument.
    arguments: Vec<(String, String)>,
    setter: Option<String>,
    /// The types in the expressions.
    types: BTreeSet<String>,
}

impl Example {
    /// `None` if a value is required for which no expression is known.
    pub(crate) fn of(api: &Api, request: &Request<'_>) -> Option<Self> {
        let mut values = Values::new(api, request);
        let arguments = request.arguments.iter().map(|argument| {
            let Argument { name, field, .. } = argument;
            let value = values.expression(&field.wire, &field.shape, 0)?;
            Some((name.clone(), value))
        });
        let arguments = arguments.collect::<Option<Vec<_>>>()?;
        let setter = values.setter(&request.settable);
        Some(Self {
            arguments,
            setter,
            types: values.types,
        })
    }

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

struct Values<'a> {
    api: &'a Api,
    /// Whether an `id` is that of a call.
    is_about_a_call: bool,
    types: BTreeSet<String>,
}

impl<'a> Values<'a> {
    fn new(api: &'a Api, request: &Request<'_>) -> Self {
        let mut wires = request.arguments.iter().map(|a| a.field.wire.as_str());
        Self {
            api,
            is_about_a_call: wires.any(|wire| wire == "type"),
            types: BTreeSet::new(),
        }
    }

    /// A call of the setter that shows most with least: a limit, then any plain value.
    fn setter(&mut self, all: &[Settable]) -> Option<String> {
        let usable = all
            .iter()
            .filter(|s| !s.field.deprecated && !matches!(s.field.wire.as_str(), "next" | "prev"));
        let mut usable: Vec<&Settable> = usable.collect();
        usable.sort_by_key(|s| match (&s.field.wire[..], &s.field.shape) {
            ("limit", _) => 0,
            (_, Shape::Text | Shape::Bool | Shape::Timestamp | Shape::List(_)) => 1,
            _ => 2,
        });
        usable.into_iter().find_map(|s| {
            let value = self.expression(&s.field.wire, &s.field.shape, 0)?;
            Some(format!(".{}({value})", s.field.setter))
        })
    }

    /// An expression that the argument of this shape takes.
    fn expression(&mut self, wire: &str, shape: &Shape, depth: usize) -> Option<String> {
        Some(match shape {
            Shape::Unit => return None,
            Shape::Bool => "true".to_owned(),
            Shape::Int(_) if wire == "limit" => "25".to_owned(),
            Shape::Int(_) => "1".to_owned(),
            Shape::Float(_) => "1.0".to_owned(),
            Shape::Text => format!("{:?}", self.text(wire)),
            Shape::Timestamp => "video_api::Timestamp::now()".to_owned(),
            Shape::Object => "serde_json::json!({\"topic\": \"release\"})".to_owned(),
            Shape::Json => "serde_json::json!(\"value\")".to_owned(),
            Shape::List(inner) => format!("[{}]", self.element(wire, inner, depth)?),
            Shape::Map(inner) => format!("[(\"key\", {})]", self.element(wire, inner, depth)?),
            Shape::Boxed(inner) => self.expression(wire, inner, depth)?,
            Shape::Named(name) => self.named(name, depth)?,
            Shape::Nullable(inner) => match &**inner {
                plain @ (Shape::Bool | Shape::Int(_) | Shape::Float(_) | Shape::Text) => {
                    self.expression(wire, plain, depth)?
                }
                _ => return None,
            },
            Shape::Optional(inner) => format!("Some({})", self.expression(wire, inner, depth)?),
        })
    }

    fn element(&mut self, wire: &str, shape: &Shape, depth: usize) -> Option<String> {
        match shape {
            // Elements of elements would need their exact type.
            Shape::List(_)
            | Shape::Map(_)
            | Shape::Object
            | Shape::Boxed(_)
            | Shape::Optional(_) => None,
            shape => self.expression(wire.trim_end_matches('s'), shape, depth),
        }
    }

    fn named(&mut self, name: &str, depth: usize) -> Option<String> {
        let schema = self.api.schemas.get(name)?;
        if self.api.is_enum(name) {
            let values = schema.json.get("enum")?.as_array()?;
            return Some(format!("{:?}", values.first()?.as_str()?));
        }
        let has_constructor = self.api.is_struct(name) && schema.sent && !schema.only_a_body;
        if !has_constructor || depth == MAX_DEPTH {
            return None;
        }
        let fields = types::fields(self.api, name).ok()?;
        let required = fields.iter().filter(|field| field.is_argument());
        let values = required.map(|f| self.expression(&f.wire, &f.shape, depth + 1));
        let values = values.collect::<Option<Vec<_>>>()?;
        self.types.insert(name.to_owned());
        Some(format!("{name}::new({})", list(values)))
    }

    /// A value that reads well, or the name of the field.
    fn text(&self, wire: &str) -> String {
        match wire {
            "type" | "call_type" => "default".to_owned(),
            "id" if self.is_about_a_call => "standup".to_owned(),
            "call_id" => "standup".to_owned(),
            "user" | "user_id" | "created_by_id" => "ana".to_owned(),
            _ => wire.replace('_', "-"),
        }
    }
}
