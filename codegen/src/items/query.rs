//! Writing values into the URL, into headers and into forms.

use super::text::Text;
use super::types::Field;
use crate::model::{Api, In, Parameter};
use crate::shape::Shape;

/// Encoding of a parameter.
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
    /// A list or an object in a header, exploded or not.
    Simple(bool),
    /// Each item of a list as a field of its own.
    Items,
    File,
    Files,
}

/// A value that is sent as text, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sent {
    pub(crate) place: In,
    pub(crate) encoding: Encoding,
    /// The media type of a field, empty for the default.
    pub(crate) media: String,
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
        match (parameter.place, shape) {
            (In::Header, _) => return Self::Simple(parameter.explode),
            (In::Form, Shape::File) => return Self::File,
            (In::Form, Shape::List(inner)) if **inner == Shape::File => return Self::Files,
            (In::Form, _) if !parameter.style.is_empty() => {}
            (In::Form, _) if is_list => return Self::Items,
            (In::Form, _) => return Self::Json,
            _ => {}
        }
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
}

impl Sent {
    pub(crate) fn of(api: &Api, parameter: &Parameter, shape: &Shape) -> Self {
        Self {
            place: parameter.place,
            encoding: Encoding::of(api, parameter, shape),
            media: parameter.media.clone(),
        }
    }

    /// Writes the statement that sets the parameter to an argument's value.
    pub(crate) fn set(&self, text: &mut Text, field: &Field, parts: &str, argument: &str) {
        let (wire, shape) = (&field.wire, &field.shape);
        let set = match self.place {
            In::Path | In::Query => "set_query",
            In::Header => "set_header",
            In::Form => "set_field",
        };
        // A block, so that nothing here can hide an argument.
        let typed = |text: &mut Text, statement: String| {
            let (ty, value) = (shape.rust(true), shape.conversion(argument));
            text.line("{");
            text.line(format_args!("let value: {ty} = {value};"));
            text.line(statement);
            text.line("}");
        };
        match (self.encoding, shape) {
            (Encoding::Plain, shape) => {
                let value = as_text(shape, argument);
                text.line(format_args!("{parts}.{set}({wire:?}, {value});"));
            }
            (Encoding::Joined, Shape::List(inner)) if self.place != In::Form => {
                let value = match &**inner {
                    Shape::Text => "Into::into".to_owned(),
                    inner => format!("|item| {}", as_text(inner, "item")),
                };
                text.line(format_args!(
                    "{parts}.{set}_list({wire:?}, {argument}.into_iter().map({value}).collect());"
                ));
            }
            (Encoding::Json, Shape::Object) => {
                let value = shape.conversion(argument);
                text.line(format_args!("{parts}.{set}_json({wire:?}, &{value});"));
            }
            (Encoding::Styled(style), _) => typed(
                text,
                format!("{parts}.{set}_styled({wire:?}, QueryStyle::{style}, &value);"),
            ),
            (Encoding::Joined, _) if self.place == In::Form => typed(
                text,
                format!("{parts}.{set}_styled({wire:?}, QueryStyle::Commas, &value);"),
            ),
            (Encoding::Simple(explode), _) => typed(
                text,
                format!("{parts}.{set}_styled({wire:?}, {explode}, &value);"),
            ),
            (Encoding::Items, _) => typed(text, format!("{parts}.{set}_items({wire:?}, &value);")),
            (Encoding::File, _) => typed(text, format!("{parts}.{set}_file({wire:?}, value);")),
            (Encoding::Files, _) => typed(text, format!("{parts}.{set}_files({wire:?}, value);")),
            (Encoding::Joined | Encoding::Json, _) => {
                typed(text, format!("{parts}.{set}_json({wire:?}, &value);"));
            }
        }
        if !self.media.is_empty() {
            let media = &self.media;
            text.line(format_args!(
                "{parts}.set_field_media({wire:?}, {media:?});"
            ));
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
