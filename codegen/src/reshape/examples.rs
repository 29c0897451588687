//! A short example for every operation, which rustdoc compiles: what is required and one setter.

use std::collections::BTreeSet;

use super::request::{Argument, Example, Request, Settable};
use super::text::list;
use super::types;
use crate::model::Api;
use crate::shape::Shape;

/// Greatest depth of required values in required values.
const MAX_DEPTH: usize = 4;

/// `None` if a value is required for which no expression is known.
pub(super) fn example(api: &Api, request: &Request<'_>) -> Option<Example> {
    let mut values = Values::new(api, request);
    let arguments = request.arguments.iter().map(|argument| {
        let Argument { name, field, .. } = argument;
        let value = values.expression(&field.wire, &field.shape, 0)?;
        Some((name.clone(), value))
    });
    let arguments = arguments.collect::<Option<Vec<_>>>()?;
    let setter = values.setter(&request.settable);
    Some(Example {
        arguments,
        setter,
        types: values.types,
    })
}

struct Values<'a> {
    api: &'a Api,
    /// An `id` is that of a call.
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
            Shape::Unit | Shape::Bytes => return None,
            Shape::File => "b\"content\".to_vec()".to_owned(),
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
