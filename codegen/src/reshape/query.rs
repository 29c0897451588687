//! Writing values into the URL.

use super::text::Text;
use super::types::Field;
use crate::model::{Api, Parameter};
use crate::shape::Shape;

/// Encoding of a query parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// As it is displayed.
    Plain,
    /// Elements as they are displayed, with commas between them.
    Joined,
    /// As compact JSON.
    Json,
    /// Lists and objects in one of OpenAPI's styles, by the name of its variant in the client.
    Styled(&'static str),
}

impl Encoding {
    pub(crate) fn of(api: &Api, parameter: &Parameter, shape: &Shape) -> Self {
        if parameter.json_text {
            return Self::Json;
        }
        if is_plain(api, shape) {
            return Self::Plain;
        }
        let is_list = matches!(shape, Shape::List(_));
        let is_flat = match shape {
            Shape::List(inner) | Shape::Map(inner) => is_plain(api, inner),
            Shape::Object => true,
            Shape::Named(name) => api.is_struct(name),
            _ => false,
        };
        match (parameter.style.as_str(), parameter.explode) {
            ("deepObject", _) if !is_list => Self::Styled("Deep"),
            // OpenAPI does not say how lists of objects are written.
            _ if !is_flat => Self::Json,
            ("form", false) if is_list => Self::Joined,
            ("form", false) => Self::Styled("Commas"),
            ("spaceDelimited", false) => Self::Styled("Spaces"),
            ("pipeDelimited", false) => Self::Styled("Pipes"),
            _ => Self::Styled("Repeated"),
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
            (Self::Styled(style), shape) => {
                let (ty, value) = (shape.rust(true), shape.conversion(argument));
                text.line("{");
                text.line(format_args!("let value: {ty} = {value};"));
                text.line(format_args!(
                    "{parts}.set_query_styled({wire:?}, QueryStyle::{style}, &value);"
                ));
                text.line("}");
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
