//! What kind of Rust type a value has, and how it is taken, read and written.

use serde_json::Value;

use crate::pointer;

/// The Rust side of a JSON value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Shape {
    Unit,
    Bool,
    Int(String),
    Float(String),
    Text,
    Timestamp,
    /// A free-form JSON object.
    Object,
    /// Any JSON.
    Json,
    List(Box<Shape>),
    Map(Box<Shape>),
    Boxed(Box<Shape>),
    /// An element that may be `null`.
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
            (Some("string"), _) => Self::Text,
            (Some("boolean"), _) => Self::Bool,
            (Some("integer"), Some("int32")) => Self::Int("i32".to_owned()),
            (Some("integer"), _) => Self::Int("i64".to_owned()),
            (Some("number"), Some("float")) => Self::Float("f32".to_owned()),
            (Some("number"), _) => Self::Float("f64".to_owned()),
            (Some("array"), _) => {
                let items = schema.get("items").map_or(Self::Json, Self::of_element);
                Self::List(Box::new(items))
            }
            (Some("object"), _) => match schema.get("additionalProperties") {
                Some(Value::Object(values)) if !values.is_empty() => {
                    let values = Self::of_element(&Value::Object(values.clone()));
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

    /// The shape of the elements of a list or map, whose `null` is kept where it is documented.
    fn of_element(schema: &Value) -> Self {
        let shape = Self::of_schema(schema);
        if pointer::is_nullable_element(schema) {
            Self::Nullable(Box::new(shape))
        } else {
            shape
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
            Self::Object => "JsonObject".to_owned(),
            Self::Json => "Value".to_owned(),
            Self::List(inner) => format!("Vec<{}>", inner.rust(outside)),
            Self::Map(inner) => format!("BTreeMap<String, {}>", inner.rust(outside)),
            Self::Boxed(inner) => format!("Box<{}>", inner.rust(outside)),
            Self::Nullable(inner) => format!("Option<{}>", inner.rust(outside)),
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

    /// Whether an element is taken as `impl Into<…>`.
    fn converts_into(&self) -> bool {
        matches!(
            self,
            Self::Text | Self::Timestamp | Self::Named(_) | Self::Json
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
