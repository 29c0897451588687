//! One request per operation: what is required is an argument, what is optional a setter.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;

use super::pages::Paging;
use super::shape::Shape;
use super::types::{self, Field};
use super::{Module, Unit, docs, ident};
use crate::emit::Base;
use crate::error::Error;
use crate::model::{Api, Operation, Parameter};
use crate::naming;

/// Everything the texts of one operation are made from.
#[derive(Debug)]
pub(crate) struct Request<'a> {
    pub(crate) operation: &'a Operation,
    /// Name of the request struct.
    pub(crate) name: String,
    /// Arguments of the method: path, then required query and body values by name.
    pub(crate) arguments: Vec<Argument>,
    /// Optional values, query and body alike.
    pub(crate) settable: Vec<Settable>,
    pub(crate) body: Option<String>,
    pub(crate) response: Shape,
    pub(crate) paging: Option<Paging>,
}

/// A required value.
#[derive(Debug, Clone)]
pub(crate) struct Argument {
    pub(crate) name: String,
    pub(crate) field: Field,
    pub(crate) target: Target,
}

/// Where a required value goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    Path,
    Query,
    Body,
}

/// An optional value.
#[derive(Debug, Clone)]
pub(crate) struct Settable {
    pub(crate) field: Field,
    pub(crate) place: Place,
    json_text: bool,
}

/// Where an optional value goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    Query,
    Body,
}

impl Request<'_> {
    pub(crate) fn constant(&self) -> syn::Ident {
        ident(&naming::static_name(&self.operation.id))
    }

    fn http(&self) -> String {
        format!(
            "`{} {}`",
            self.operation.method.to_uppercase(),
            self.operation.path
        )
    }

    pub(crate) fn summary(&self) -> String {
        if self.operation.summary.is_empty() {
            format!("Performs the operation `{}`.", self.operation.id)
        } else {
            docs::prose(&self.operation.summary)
        }
    }
}

/// Reads every operation once; the other modules only write.
pub(crate) fn plan<'a>(api: &'a Api, base: &Base) -> Result<Vec<Request<'a>>, Error> {
    let mut taken = BTreeSet::new();
    api.operations
        .iter()
        .map(|operation| plan_one(api, base, operation, &mut taken))
        .collect()
}

fn plan_one<'a>(
    api: &'a Api,
    base: &Base,
    operation: &'a Operation,
    taken: &mut BTreeSet<String>,
) -> Result<Request<'a>, Error> {
    let located = |message: String| Error::new(&operation.pointer, message).about(&operation.id);
    let mut required: Vec<Argument> = Vec::new();
    let mut settable = Vec::new();
    for parameter in operation.query_parameters() {
        let field = parameter_field(parameter);
        if parameter.required {
            required.push(argument(field, Target::Query));
        } else {
            let json_text = parameter.json_text;
            settable.push(Settable {
                field,
                place: Place::Query,
                json_text,
            });
        }
    }
    if let Some(body) = &operation.body {
        let schema = api
            .schemas
            .get(body)
            .ok_or_else(|| located(format!("no type {body}")))?;
        let fields = types::fields(api, base, body)?;
        for field in types::required_fields(schema, &fields) {
            required.push(argument(field, Target::Body));
        }
        for field in fields.into_iter().filter(|f| f.optional) {
            if settable
                .iter()
                .any(|s: &Settable| s.field.name == field.name)
            {
                let message = format!("has {} both in the query and in the body", field.wire);
                return Err(located(message));
            }
            settable.push(Settable {
                field,
                place: Place::Body,
                json_text: false,
            });
        }
    }
    // By name, so that a reordered document can never swap two strings silently.
    required.sort_by(|a, b| a.field.wire.cmp(&b.field.wire));
    let path = operation
        .path_parameters()
        .map(|p| argument(parameter_field(p), Target::Path));
    let mut arguments: Vec<Argument> = path.chain(required).collect();
    let mut names = BTreeSet::new();
    for argument in &mut arguments {
        argument.name = naming::unique(argument.name.clone(), &mut names);
    }
    let decided = base.responses.get(&operation.id);
    let decided = decided.ok_or_else(|| located("has no response type".to_owned()))?;
    let (response, _) = Shape::of_type(decided).map_err(located)?;
    let mut request = Request {
        operation,
        name: naming::unique(operation.request_name(), taken),
        arguments,
        settable,
        body: operation.body.clone(),
        paging: None,
        response,
    };
    if let Shape::Named(answer) = &request.response
        && base.structs.contains_key(answer)
    {
        let answer = types::fields(api, base, answer)?;
        request.paging = Paging::of(&request, &answer);
    }
    Ok(request)
}

fn argument(field: Field, target: Target) -> Argument {
    Argument {
        name: naming::argument_name(&field.wire),
        field,
        target,
    }
}

fn parameter_field(parameter: &Parameter) -> Field {
    Field {
        wire: parameter.name.clone(),
        name: naming::value_name(&parameter.name),
        shape: Shape::of_schema(&parameter.schema),
        optional: !parameter.required,
        doc: docs::field(&parameter.name, &parameter.schema, &parameter.description),
        deprecated: false,
    }
}

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
            let body = ident(body);
            (
                quote!(pub(crate) body: types::#body,),
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
    if let super::Code::Items(items) = &mut unit.code {
        let options: syn::Item = syn::parse_quote!(request_options!(#name););
        items.push(options);
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
    if settable.place == Place::Body {
        return types::setter(field, &quote!(self.body), true);
    }
    let doc = docs::attributes(std::slice::from_ref(&field.doc));
    let (name, method) = (ident(&field.name), types::setter_name(&field.name));
    let ty = field.shape.argument(true);
    let set = set_query(
        field,
        &quote!(self.parts),
        &quote!(#name),
        settable.json_text,
    );
    quote! {
        #doc
        pub fn #method(mut self, #name: #ty) -> Self {
            #set
            self
        }
    }
}

/// Writes a value into the query as the API reads it.
pub(crate) fn set_query(
    field: &Field,
    parts: &TokenStream,
    value: &TokenStream,
    json: bool,
) -> TokenStream {
    let wire = &field.wire;
    let converted = field.shape.conversion(value);
    match &field.shape {
        _ if json => quote!(#parts.set_query_json(#wire, &#converted);),
        Shape::Text => quote!(#parts.set_query(#wire, #converted);),
        Shape::List(inner) if **inner == Shape::Text => {
            quote!(#parts.set_query_list(#wire, #converted);)
        }
        Shape::List(_) => {
            let ty = field.shape.rust(true);
            quote! {
                let list: #ty = #converted;
                #parts.set_query_json(#wire, &list);
            }
        }
        Shape::Object | Shape::Map(_) | Shape::Json => {
            quote!(#parts.set_query_json(#wire, &#converted);)
        }
        Shape::Bool | Shape::Int(_) | Shape::Float(_) => {
            quote!(#parts.set_query(#wire, #value.to_string());)
        }
        shape => {
            let ty = shape.rust(true);
            quote!(#parts.set_query(#wire, Into::<#ty>::into(#value).to_string());)
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

/// A method that makes a request; `given` are expressions for arguments that it does not take.
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
        let known = given.iter().find(|(wire, _)| *wire == argument.field.wire);
        match known {
            Some((_, expression)) if !arguments.iter().any(|a| a.name == argument.name) => {
                expression.clone()
            }
            _ => {
                let name = ident(&argument.name);
                quote!(#name)
            }
        }
    };
    let in_path = request
        .arguments
        .iter()
        .filter(|a| a.target == Target::Path)
        .map(|a| {
            let value = value_of(a);
            match &a.field.shape {
                Shape::Text => quote!(#value.into()),
                Shape::Bool | Shape::Int(_) | Shape::Float(_) => quote!(#value.to_string()),
                shape => {
                    let ty = shape.rust(true);
                    quote!(Into::<#ty>::into(#value).to_string())
                }
            }
        });
    let queries: Vec<TokenStream> = request
        .arguments
        .iter()
        .filter(|a| a.target == Target::Query)
        .map(|a| set_query(&a.field, &quote!(parts), &value_of(a), false))
        .collect();
    let mutability = if queries.is_empty() {
        quote!()
    } else {
        quote!(mut)
    };
    let body = request.body.as_ref().map(|body| {
        let body = ident(body);
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
            quote!(, body: types::#body::default())
        } else if all_given {
            quote!(, body: types::#body { #(#fields,)* })
        } else {
            quote!(, body: types::#body { #(#fields,)* ..Default::default() })
        }
    });
    let deprecated = types::deprecation(operation.deprecated);
    let make = quote!(Parts::new(#client, &operations::#constant, vec![#(#in_path),*]));
    let work = if queries.is_empty() {
        quote!(requests::#structure { parts: #make #body })
    } else {
        quote! {
            let #mutability parts = #make;
            #(#queries)*
            requests::#structure { parts #body }
        }
    };
    quote! {
        #doc
        #deprecated
        pub fn #name(&self, #(#parameters),*) -> requests::#structure {
            #work
        }
    }
}
