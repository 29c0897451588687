//! Dispatch from an operation id to the typed request, for callers that only have JSON.

use proc_macro2::TokenStream;
use quote::quote;

use super::plan::{Place, Request, Target};
use super::{Module, Unit, ident};
use crate::error::Error;

pub(crate) fn units(requests: &[Request<'_>]) -> Result<Vec<Unit>, Error> {
    let arms = requests.iter().map(arm);
    let tokens = quote! {
        /// Makes the typed request that the arguments name.
        #[cfg(feature = "by-name")]
        pub(crate) fn prepare(client: &Client, arguments: &Named<'_>) -> Result<Prepared, Error> {
            match arguments.operation().id {
                #(#arms)*
                other => Err(Named::not_generated(other)),
            }
        }
    };
    Ok(vec![Unit::items(
        Module::Root,
        vec!["by_name".to_owned()],
        tokens,
    )?])
}

fn arm(request: &Request<'_>) -> TokenStream {
    let id = &request.operation.id;
    let (name, constant) = (ident(&request.name), request.constant());
    let response = request.response.rust(true);
    let required = request.arguments.iter().filter_map(|a| {
        let Target::Query(encoding) = &a.target else {
            return None;
        };
        let (wire, ty) = (&a.field.wire, a.field.shape.rust(true));
        let set = encoding.set(&a.field, &quote!(request.parts), &quote!(value));
        Some(quote! {
            let value: #ty = arguments.required_query(#wire)?;
            #set
        })
    });
    let optional = request.settable.iter().filter_map(|s| {
        if s.place == Place::Body {
            return None;
        }
        let (wire, ty) = (&s.field.wire, s.field.shape.rust(true));
        let method = ident(&s.field.setter);
        Some(quote! {
            if let Some(value) = arguments.query::<#ty>(#wire)? {
                request = request.#method(value);
            }
        })
    });
    let changes: Vec<TokenStream> = required.chain(optional).collect();
    let mutability = if changes.is_empty() {
        quote!()
    } else {
        quote!(mut)
    };
    let parts = quote!(arguments.parts(client, &operations::#constant)?);
    let (body, finish) = if request.body.is_some() {
        (
            quote!(, body: arguments.body()?),
            quote!(Prepared::json::<_, #response>(request.parts, &request.body)),
        )
    } else {
        (
            quote!(),
            quote!(arguments.no_body().map(|()| Prepared::empty::<#response>(request.parts))),
        )
    };
    quote! {
        #id => {
            let #mutability request = requests::#name { parts: #parts #body };
            #(#changes)*
            #finish
        }
    }
}
