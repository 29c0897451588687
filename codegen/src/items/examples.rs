//! A short example for every operation, which rustdoc compiles: what is required, one setter, and
//! what the response is about.

use std::collections::BTreeSet;

use super::field::Field;
use super::request::{Argument, Example, Request, Settable, Shown};
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
    let shown = match &request.paging {
        Some(paging) => match &paging.items.shape {
            Shape::List(item) => shown(api, item, "item", 0),
            _ => Shown::Whole("item".to_owned()),
        },
        None => shown(api, &request.response, "response", 0),
    };
    Some(Example {
        arguments,
        setter,
        shown,
        types: values.types,
    })
}

/// Finds the part of a value to print: its id, the id of a part, or a number of items.
fn shown(api: &Api, shape: &Shape, value: &str, depth: usize) -> Shown {
    let whole = Shown::Whole(value.to_owned());
    let name = match shape {
        Shape::Named(name) => name,
        Shape::Boxed(inner) => return shown(api, inner, value, depth),
        _ => return whole,
    };
    let Ok(fields) = types::fields(api, name) else {
        return whole;
    };
    let is_told = |f: &&Field| f.wire != "duration" && !f.deprecated && !f.secret;
    let told: Vec<&Field> = fields.iter().filter(is_told).collect();
    if told.is_empty() && depth == 0 {
        return Shown::Nothing;
    }
    let always: Vec<&Field> = told.into_iter().filter(|f| !f.optional).collect();
    let path = |field: &Field| format!("{value}.{}", field.name);
    let id = IDS.iter().find_map(|id| {
        let mut fields = always.iter();
        fields.find(|f| f.wire == *id && f.shape == Shape::Text)
    });
    if let Some(id) = id {
        return Shown::Text(path(id));
    }
    let inner = always.iter().find_map(|field| {
        let is_part = matches!(field.shape, Shape::Named(_) | Shape::Boxed(_)) && depth < 2;
        let inner = is_part.then(|| shown(api, &field.shape, &path(field), depth + 1))?;
        matches!(inner, Shown::Text(_)).then_some(inner)
    });
    if let Some(inner) = inner {
        return inner;
    }
    let mut lists = always
        .iter()
        .filter(|f| matches!(f.shape, Shape::List(_) | Shape::Map(_)));
    match lists.next().filter(|_| depth == 0) {
        Some(list) => Shown::Text(format!("{}.len()", path(list))),
        None => whole,
    }
}

/// Fields that tell a value from others of its kind, the best first.
const IDS: [&str; 6] = ["cid", "call_cid", "task_id", "id", "user_id", "name"];

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
        // A copied example must not ring or notify anybody.
        let is_left_out = |wire: &str| matches!(wire, "next" | "prev" | "ring" | "notify");
        let usable = all
            .iter()
            .filter(|s| !s.field.deprecated && !is_left_out(&s.field.wire));
        let mut usable: Vec<&Settable> = usable.collect();
        usable.sort_by_key(|s| match (&s.field.wire[..], &s.field.shape) {
            ("limit", _) => 0,
            (wire, _) if wire.ends_with("_limit") => 1,
            (_, Shape::Bool) => 2,
            (_, Shape::Text | Shape::Timestamp) => 3,
            (_, Shape::List(_)) => 4,
            _ => 5,
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
            Shape::Int(_) if wire.ends_with("limit") => "25".to_owned(),
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
