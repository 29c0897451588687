//! One request per operation: what is required is an argument, what is optional a setter.

use proc_macro2::TokenStream;
use quote::quote;

use super::pages::Paging;
use super::plan::{Argument, Place, Request, Settable, Target};
use super::query;
use super::{Module, Unit, docs, ident, types};
use crate::error::Error;

/// The request structs.
pub(crate) fn units(requests: &[Request<'_>]) -> Result<Vec<Unit>, Error> {
    requests.iter().map(unit).collect()
}

fn unit(request: &Request<'_>) -> Result<Unit, Error> {
    let name = ident(&request.name);
    let method = request.operation.method_name();
    let doc = docs::attributes(&[
        request.summary(),
        format!(
            "Made by [`Client::{}`]; {}.",
            method.trim_start_matches("r#"),
            request.http()
        ),
    ]);
    let setters = request.settable.iter().map(setter);
    let response = request.response.rust(true);
    let (body, send) = match &request.body {
        Some(body) => {
            let body = body.rust(true);
            (
                quote!(pub(crate) body: #body,),
                quote!(self.parts.send_json(&self.body).await),
            )
        }
        None => (quote!(), quote!(self.parts.send().await)),
    };
    let pages = request.paging.as_ref().map(Paging::methods);
    let paginated = request
        .paging
        .as_ref()
        .map(|paging| paging.implementation(request));
    let send_doc = format!(
        " Sends the request; success is any 2xx, documented is {}. Fails as described at [`Error`].",
        request.operation.success
    );
    let tokens = quote! {
        #doc
        #[derive(Clone, Debug)]
        #[must_use = "a request does nothing until it is sent"]
        pub struct #name {
            pub(crate) parts: Parts,
            #body
        }
        impl #name {
            #(#setters)*
            #[doc = #send_doc]
            pub async fn send(self) -> Result<Response<#response>, Error> {
                #send
            }
            #pages
        }
        #paginated
    };
    let mut unit = Unit::items(Module::Requests, names_of(request), tokens)?;
    if let super::Code::Items(file) = &mut unit.code {
        let options: syn::Item = syn::parse_quote!(request_options!(#name););
        file.items.push(options);
    }
    Ok(unit)
}

fn names_of(request: &Request<'_>) -> Vec<String> {
    let operation = request.operation;
    let method = operation.method_name();
    vec![operation.id.clone(), request.name.clone(), method]
}

fn setter(settable: &Settable) -> TokenStream {
    let field = &settable.field;
    let Place::Query(encoding) = &settable.place else {
        return types::setter(field, &quote!(self.body), true);
    };
    let doc = docs::attributes(std::slice::from_ref(&field.doc));
    let deprecated = types::deprecation(field.deprecated);
    let (name, method) = (ident(&field.name), ident(&field.setter));
    let ty = field.shape.argument(true);
    let set = encoding.set(field, &quote!(self.parts), &quote!(#name));
    quote! {
        #doc
        #deprecated
        pub fn #method(mut self, #name: #ty) -> Self {
            #set
            self
        }
    }
}

/// The methods of the client.
pub(crate) fn client_units(requests: &[Request<'_>]) -> Result<Vec<Unit>, Error> {
    let methods = requests.iter().map(|request| {
        let arguments: Vec<&Argument> = request.arguments.iter().collect();
        let values = quote!(self);
        method(
            request,
            &request.operation.method_name(),
            &arguments,
            &values,
            &[],
        )
    });
    let tokens = quote!(impl Client { #(#methods)* });
    Ok(vec![Unit::items(
        Module::Root,
        vec!["Client".to_owned()],
        tokens,
    )?])
}

/// A method that makes a request; `given` are expressions for arguments that it does not take,
/// by their name.
pub(crate) fn method(
    request: &Request<'_>,
    method_name: &str,
    arguments: &[&Argument],
    client: &TokenStream,
    given: &[(String, TokenStream)],
) -> TokenStream {
    let Request { operation, .. } = request;
    let described: Vec<String> = arguments
        .iter()
        .map(|a| format!("- `{}`: {}", a.name.trim_start_matches("r#"), a.field.doc))
        .collect();
    let doc = docs::attributes(&[
        request.summary(),
        docs::prose(&operation.description),
        request.http(),
        described.join("\n"),
    ]);
    let name = ident(method_name);
    let structure = ident(&request.name);
    let constant = request.constant();
    let parameters = arguments.iter().map(|a| {
        let (name, ty) = (ident(&a.name), a.field.shape.argument(true));
        quote!(#name: #ty)
    });
    let value_of = |argument: &Argument| {
        let is_given = |(name, _): &&(String, TokenStream)| *name == argument.name;
        match given.iter().find(is_given) {
            Some((_, expression)) => expression.clone(),
            None => {
                let name = ident(&argument.name);
                quote!(#name)
            }
        }
    };
    let in_path = request
        .arguments
        .iter()
        .filter(|a| a.target == Target::Path)
        .map(|a| query::text(&a.field.shape, &value_of(a)));
    let queries: Vec<TokenStream> = request
        .arguments
        .iter()
        .filter_map(|a| match &a.target {
            Target::Query(encoding) => Some(encoding.set(&a.field, &quote!(parts), &value_of(a))),
            _ => None,
        })
        .collect();
    let body = request.body.as_ref().map(|body| {
        let body = body.rust(true);
        let whole = request
            .arguments
            .iter()
            .find(|a| a.target == Target::WholeBody);
        if let Some(whole) = whole {
            let value = whole.field.shape.conversion(&value_of(whole));
            return quote!(, body: #value);
        }
        let required: Vec<&Argument> = request
            .arguments
            .iter()
            .filter(|a| a.target == Target::Body)
            .collect();
        let fields = required.iter().map(|a| {
            let name = ident(&a.field.name);
            let value = a.field.shape.conversion(&value_of(a));
            quote!(#name: #value)
        });
        let all_given = !request.settable.iter().any(|s| s.place == Place::Body);
        if required.is_empty() {
            quote!(, body: Default::default())
        } else if all_given {
            quote!(, body: #body { #(#fields,)* })
        } else {
            quote!(, body: #body { #(#fields,)* ..Default::default() })
        }
    });
    let deprecated = types::deprecation(operation.deprecated);
    let make = quote!(Parts::new(#client, &operations::#constant, vec![#(#in_path),*]));
    let work = if queries.is_empty() {
        quote!(requests::#structure { parts: #make #body })
    } else {
        quote! {
            let mut parts = #make;
            #(#queries)*
            requests::#structure { parts #body }
        }
    };
    quote! {
        #doc
        #deprecated
        #[inline]
        pub fn #name(&self, #(#parameters),*) -> requests::#structure {
            #work
        }
    }
}
