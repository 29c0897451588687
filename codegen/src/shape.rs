//! The Rust type of a value, and how it is taken, read and written.

use serde_json::Value;

use crate::extensions::FILE;
use crate::pointer;
use crate::schema::flag;

/// The Rust side of a JSON value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Shape {
    Unit,
    Bool,
    Int(String),
    Float(String),
    Text,
    Timestamp,
    /// A file in a form.
    File,
    /// A body that is neither JSON nor text.
    Bytes,
    /// A free-form JSON object.
    Object,
    /// Any JSON.
    Json,
    List(Box<Shape>),
    Map(Box<Shape>),
    Boxed(Box<Shape>),
    /// An item of a list or map that may be null.
    Optional(Box<Shape>),
    /// A value of a request that may be null, and is then sent as null.
    Nullable(Box<Shape>),
    /// A generated type.
    Named(String),
}

impl Shape {
    /// Reads the schema of a parameter or body, which progenitor does not see.
    pub(crate) fn of_schema(schema: &Value) -> Self {
        if let Some(name) = pointer::referenced(schema) {
            return Self::Named(name.to_owned());
        }
        let word = |key: &str| schema.get(key).and_then(Value::as_str);
        match (word("type"), word("format")) {
            (_, Some("date-time")) => Self::Timestamp,
            (Some("string"), Some(FILE)) => Self::File,
            (Some("string"), _) => Self::Text,
            (Some("boolean"), _) => Self::Bool,
            (Some("integer"), format) => Self::Int(integer(format).to_owned()),
            (Some("number"), Some("float")) => Self::Float("f32".to_owned()),
            (Some("number"), _) => Self::Float("f64".to_owned()),
            (Some("array"), _) => {
                let items = schema.get("items").map_or(Self::Json, Self::of_item);
                Self::List(Box::new(items))
            }
            (Some("object"), _) => match schema.get("additionalProperties") {
                Some(Value::Object(values)) if !values.is_empty() => {
                    let values = Self::of_item(&Value::Object(values.clone()));
                    if values == Self::Json {
                        Self::Object
                    } else {
                        Self::Map(Box::new(values))
                    }
                }
                _ => Self::Object,
            },
            _ => Self::Json,
        }
    }

    /// Reads the schema of an item of a list or map.
    pub(crate) fn of_item(schema: &Value) -> Self {
        match Self::of_schema(schema) {
            // Any JSON can be null by itself.
            Self::Json => Self::Json,
            shape if flag(schema, "nullable") => Self::Optional(Box::new(shape)),
            shape => shape,
        }
    }

    /// The type as written in the `types` module, or elsewhere with `types::` in front.
    pub(crate) fn rust(&self, outside: bool) -> String {
        match self {
            Self::Unit => "()".to_owned(),
            Self::Bool => "bool".to_owned(),
            Self::Int(name) | Self::Float(name) => name.clone(),
            Self::Text => "String".to_owned(),
            Self::Timestamp => "Timestamp".to_owned(),
            // Written out, because hardly any document has them.
            Self::File => "crate::Upload".to_owned(),
            Self::Bytes => "crate::Bytes".to_owned(),
            Self::Object => "JsonObject".to_owned(),
            Self::Json => "Value".to_owned(),
            Self::List(inner) => format!("Vec<{}>", inner.rust(outside)),
            Self::Map(inner) => format!("BTreeMap<String, {}>", inner.rust(outside)),
            Self::Boxed(inner) => format!("Box<{}>", inner.rust(outside)),
            Self::Optional(inner) => format!("Option<{}>", inner.rust(outside)),
            Self::Nullable(inner) => format!("Nullable<{}>", inner.rust(outside)),
            Self::Named(name) if outside => format!("types::{name}"),
            Self::Named(name) => name.clone(),
        }
    }

    /// The type of an argument that is turned into this, as lenient as it can be.
    pub(crate) fn argument(&self, outside: bool) -> String {
        match self {
            Self::Unit | Self::Bool | Self::Int(_) | Self::Float(_) => self.rust(outside),
            Self::Object => "impl IntoJsonObject".to_owned(),
            Self::List(inner) => {
                format!("impl IntoIterator<Item = {}>", inner.element(outside))
            }
            Self::Map(inner) => format!(
                "impl IntoIterator<Item = (impl Into<String>, {})>",
                inner.element(outside)
            ),
            Self::Boxed(inner) => inner.argument(outside),
            _ => format!("impl Into<{}>", self.rust(outside)),
        }
    }

    fn element(&self, outside: bool) -> String {
        let own = self.rust(outside);
        if self.converts_into() {
            format!("impl Into<{own}>")
        } else {
            own
        }
    }

    /// Returns true if an element is taken as `impl Into<…>`.
    fn converts_into(&self) -> bool {
        matches!(
            self,
            Self::Text | Self::Timestamp | Self::File | Self::Named(_) | Self::Json
        )
    }

    /// The expression that turns such an argument into this type.
    pub(crate) fn conversion(&self, argument: &str) -> String {
        match self {
            Self::Unit | Self::Bool | Self::Int(_) | Self::Float(_) => argument.to_owned(),
            Self::Object => format!("{argument}.into_json_object()"),
            Self::List(inner) if inner.converts_into() => {
                format!("{argument}.into_iter().map(Into::into).collect()")
            }
            Self::List(_) => format!("{argument}.into_iter().collect()"),
            Self::Map(inner) if inner.converts_into() => format!(
                "{argument}.into_iter().map(|(key, value)| (key.into(), value.into())).collect()"
            ),
            Self::Map(_) => {
                format!("{argument}.into_iter().map(|(key, value)| (key.into(), value)).collect()")
            }
            Self::Boxed(inner) => format!("Box::new({})", inner.conversion(argument)),
            _ => format!("{argument}.into()"),
        }
    }
}

/// The Rust type of an integer: what its format says, or 64 bits.
pub(crate) fn integer(format: Option<&str>) -> &'static str {
    match format {
        Some("int8") => "i8",
        Some("int16") => "i16",
        Some("int32" | "int") => "i32",
        Some("uint8") => "u8",
        Some("uint16") => "u16",
        Some("uint32" | "uint") => "u32",
        Some("uint64") => "u64",
        _ => "i64",
    }
}
