//! How values are written into the URL.

use super::text::Text;
use super::types::Field;
use crate::model::{Api, Parameter};
use crate::shape::Shape;

/// How the API reads a query parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// As it is displayed.
    Plain,
    /// Elements as they are displayed, with commas between them.
    Joined,
    /// As compact JSON.
    Json,
}

impl Encoding {
    pub(crate) fn of(api: &Api, parameter: &Parameter, shape: &Shape) -> Self {
        match shape {
            _ if parameter.json_text => Self::Json,
            shape if is_plain(api, shape) => Self::Plain,
            Shape::List(inner) if is_plain(api, inner) => Self::Joined,
            _ => Self::Json,
        }
    }

    /// Writes the statement that sets the parameter to an argument's value.
    pub(crate) fn set(self, text: &mut Text, field: &Field, parts: &str, argument: &str) {
        let (wire, shape) = (&field.wire, &field.shape);
        match (self, shape) {
            (Self::Plain, shape) => {
                let value = as_text(shape, argument);
                text.line(format_args!("{parts}.set_query({wire:?}, {value});"));
            }
            (Self::Joined, Shape::List(inner)) => {
                let value = match &**inner {
                    Shape::Text => "Into::into".to_owned(),
                    inner => format!("|item| {}", as_text(inner, "item")),
                };
                text.line(format_args!(
                    "{parts}.set_query_list({wire:?}, {argument}.into_iter().map({value}).collect());"
                ));
            }
            (Self::Json, Shape::Object) => {
                let value = shape.conversion(argument);
                text.line(format_args!("{parts}.set_query_json({wire:?}, &{value});"));
            }
            (Self::Joined | Self::Json, shape) => {
                let (ty, value) = (shape.rust(true), shape.conversion(argument));
                // A block, so that nothing here can hide an argument.
                text.line("{");
                text.line(format_args!("let value: {ty} = {value};"));
                text.line(format_args!("{parts}.set_query_json({wire:?}, &value);"));
                text.line("}");
            }
        }
    }
}

/// The expression that makes an argument's value a text.
pub(crate) fn as_text(shape: &Shape, argument: &str) -> String {
    match shape {
        Shape::Text => format!("{argument}.into()"),
        Shape::Bool | Shape::Int(_) | Shape::Float(_) => format!("{argument}.to_string()"),
        shape => format!("Into::<{}>::into({argument}).to_string()", shape.rust(true)),
    }
}

fn is_plain(api: &Api, shape: &Shape) -> bool {
    match shape {
        Shape::Text | Shape::Bool | Shape::Int(_) | Shape::Float(_) | Shape::Timestamp => true,
        Shape::Named(name) => api.is_enum(name),
        _ => false,
    }
}
