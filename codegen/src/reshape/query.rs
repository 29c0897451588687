//! How values are written into the URL.

use proc_macro2::TokenStream;
use quote::quote;

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

    /// The statement that sets the parameter to an argument's value.
    pub(crate) fn set(
        self,
        field: &Field,
        parts: &TokenStream,
        argument: &TokenStream,
    ) -> TokenStream {
        let wire = &field.wire;
        match (self, &field.shape) {
            (Self::Plain, shape) => {
                let value = text(shape, argument);
                quote!(#parts.set_query(#wire, #value);)
            }
            (Self::Joined, Shape::List(inner)) => {
                let value = match &**inner {
                    Shape::Text => quote!(Into::into),
                    inner => {
                        let value = text(inner, &quote!(item));
                        quote!(|item| #value)
                    }
                };
                quote!(#parts.set_query_list(#wire, #argument.into_iter().map(#value).collect());)
            }
            (Self::Json, Shape::Object) => {
                let value = field.shape.conversion(argument);
                quote!(#parts.set_query_json(#wire, &#value);)
            }
            (Self::Joined | Self::Json, shape) => {
                let ty = shape.rust(true);
                let value = shape.conversion(argument);
                // A block, so that nothing here can hide an argument.
                quote!({
                    let value: #ty = #value;
                    #parts.set_query_json(#wire, &value);
                })
            }
        }
    }
}

/// The expression that makes an argument's value a text.
pub(crate) fn text(shape: &Shape, argument: &TokenStream) -> TokenStream {
    match shape {
        Shape::Text => quote!(#argument.into()),
        Shape::Bool | Shape::Int(_) | Shape::Float(_) => quote!(#argument.to_string()),
        shape => {
            let ty = shape.rust(true);
            quote!(Into::<#ty>::into(#argument).to_string())
        }
    }
}

fn is_plain(api: &Api, shape: &Shape) -> bool {
    match shape {
        Shape::Text | Shape::Bool | Shape::Int(_) | Shape::Float(_) | Shape::Timestamp => true,
        Shape::Named(name) => api.is_enum(name),
        _ => false,
    }
}
