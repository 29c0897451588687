//! One open enum over all webhook events.

use std::collections::BTreeSet;

use quote::quote;

use super::{Module, Unit, docs, ident};
use crate::error::Error;
use crate::model::Api;
use crate::naming;

pub(crate) fn units(api: &Api) -> Result<Vec<Unit>, Error> {
    let events = &api.events;
    let mut taken = BTreeSet::from(["unknown".to_owned()]);
    let named: Vec<(syn::Ident, &String, syn::Ident, String)> = events
        .types
        .iter()
        .map(|(event, ty)| {
            let variant = ident(&naming::unique(naming::variant_name(event), &mut taken));
            let description = api.schemas.get(ty).map(|s| docs::description(&s.json));
            let doc = match description.filter(|text| !text.is_empty()) {
                Some(text) => docs::prose(&text),
                None => format!("`{event}`."),
            };
            (variant, event, ident(ty), doc)
        })
        .collect();
    let variants = named.iter().map(|(variant, _, ty, doc)| {
        let doc = format!(" {doc}");
        quote!(#[doc = #doc] #variant(Box<types::#ty>),)
    });
    let names = named
        .iter()
        .map(|(variant, event, _, _)| quote!(Self::#variant(_) => #event,));
    let readers = named.iter().map(|(variant, event, _, _)| {
        quote!(#event => serde_json::from_str(json).map(|event| Self::#variant(Box::new(event))),)
    });
    let known = named.iter().map(|(_, event, _, _)| event);
    let discriminator = &events.discriminator;
    let tokens = quote! {
        /// A webhook event. Events this version does not know arrive as [`Event::Unknown`].
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum Event {
            #(#variants)*
            /// An event this version does not know, with its whole payload.
            Unknown(UnknownEvent),
        }
        impl Event {
            /// The member of the payload that names the event.
            pub const DISCRIMINATOR: &'static str = #discriminator;
            /// The types this version knows.
            pub const KNOWN_TYPES: &'static [&'static str] = &[#(#known),*];
            /// The event type as the server writes it, such as `call.created`.
            pub fn event_type(&self) -> &str {
                match self {
                    #(#names)*
                    Self::Unknown(event) => event.event_type(),
                }
            }
            #[inline]
            pub(crate) fn read(event_type: &str, json: &str) -> Result<Self, serde_json::Error> {
                match event_type {
                    #(#readers)*
                    _ => UnknownEvent::read(event_type, json).map(Self::Unknown),
                }
            }
        }
    };
    Ok(vec![Unit::items(
        Module::Root,
        vec!["Event".to_owned()],
        tokens,
    )?])
}
