//! What kind of Rust type a value has, and how it is taken, read and written.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;

use crate::pointer;
use crate::reshape::ident;

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
                let items = schema.get("items").map_or(Self::Json, Self::of_schema);
                Self::List(Box::new(items))
            }
            (Some("object"), _) => match schema.get("additionalProperties") {
                Some(Value::Object(values)) if !values.is_empty() => {
                    let values = Self::of_schema(&Value::Object(values.clone()));
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

    /// How many timestamps are in it.
    pub(crate) fn timestamps(&self) -> usize {
        match self {
            Self::Timestamp => 1,
            Self::List(inner) | Self::Map(inner) | Self::Boxed(inner) => inner.timestamps(),
            _ => 0,
        }
    }

    /// The type as written in the `types` module, or elsewhere with `types::` in front.
    pub(crate) fn rust(&self, outside: bool) -> TokenStream {
        match self {
            Self::Unit => quote!(()),
            Self::Bool => quote!(bool),
            Self::Int(name) | Self::Float(name) => {
                let name = format_ident!("{name}");
                quote!(#name)
            }
            Self::Text => quote!(String),
            Self::Timestamp => quote!(Timestamp),
            Self::Object => quote!(JsonObject),
            Self::Json => quote!(Value),
            Self::List(inner) => {
                let inner = inner.rust(outside);
                quote!(Vec<#inner>)
            }
            Self::Map(inner) => {
                let inner = inner.rust(outside);
                quote!(BTreeMap<String, #inner>)
            }
            Self::Boxed(inner) => {
                let inner = inner.rust(outside);
                quote!(Box<#inner>)
            }
            Self::Named(name) => {
                let name = ident(name);
                if outside {
                    quote!(types::#name)
                } else {
                    quote!(#name)
                }
            }
        }
    }

    /// The type of an argument that is turned into this, as lenient as it can be.
    pub(crate) fn argument(&self, outside: bool) -> TokenStream {
        let own = self.rust(outside);
        match self {
            Self::Unit | Self::Bool | Self::Int(_) | Self::Float(_) => own,
            Self::Object => quote!(impl IntoJsonObject),
            Self::List(inner) => {
                let item = inner.element(outside);
                quote!(impl IntoIterator<Item = #item>)
            }
            Self::Map(inner) => {
                let item = inner.element(outside);
                quote!(impl IntoIterator<Item = (impl Into<String>, #item)>)
            }
            Self::Boxed(inner) => inner.argument(outside),
            _ => quote!(impl Into<#own>),
        }
    }

    fn element(&self, outside: bool) -> TokenStream {
        let own = self.rust(outside);
        if self.converts_into() {
            quote!(impl Into<#own>)
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
    pub(crate) fn conversion(&self, argument: &TokenStream) -> TokenStream {
        match self {
            Self::Unit | Self::Bool | Self::Int(_) | Self::Float(_) => argument.clone(),
            Self::Object => quote!(#argument.into_json_object()),
            Self::List(inner) if inner.converts_into() => {
                quote!(#argument.into_iter().map(Into::into).collect())
            }
            Self::List(_) => quote!(#argument.into_iter().collect()),
            Self::Map(inner) if inner.converts_into() => {
                quote!(#argument.into_iter().map(|(key, value)| (key.into(), value.into())).collect())
            }
            Self::Map(_) => {
                quote!(#argument.into_iter().map(|(key, value)| (key.into(), value)).collect())
            }
            Self::Boxed(inner) => {
                let inner = inner.conversion(argument);
                quote!(Box::new(#inner))
            }
            _ => quote!(#argument.into()),
        }
    }
}
