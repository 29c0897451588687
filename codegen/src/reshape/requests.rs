//! One request per operation: what is required is an argument, what is optional a setter.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;

use super::pages::Paging;
use super::query::{self, Encoding};
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
    /// The body's type.
    pub(crate) body: Option<Shape>,
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
    Query(Encoding),
    Body,
    /// A body that is no struct, as a whole.
    WholeBody,
}

/// An optional value.
#[derive(Debug, Clone)]
pub(crate) struct Settable {
    pub(crate) field: Field,
    pub(crate) place: Place,
}

/// Where an optional value goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    Query(Encoding),
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
        let encoding = Encoding::of(api, parameter, &field.shape);
        if parameter.required {
            required.push(argument(field, Target::Query(encoding)));
        } else {
            let place = Place::Query(encoding);
            settable.push(Settable { field, place });
        }
    }
    let body = operation.body.as_ref().map(Shape::of_schema);
    match &body {
        Some(Shape::Named(name)) if api.is_struct(name) => {
            let schema = api
                .schemas
                .get(name)
                .ok_or_else(|| located(format!("no type {name}")))?;
            let fields = types::fields(api, base, name)?;
            for field in types::required_fields(schema, &fields) {
                required.push(argument(field, Target::Body));
            }
            let optional = fields.into_iter().filter(|f| f.optional);
            settable.extend(optional.map(|field| Settable {
                field,
                place: Place::Body,
            }));
        }
        Some(whole) => required.push(argument(whole_body(operation, whole), Target::WholeBody)),
        None => {}
    }
    // By name, so that a reordered document can never swap two strings silently.
    required.sort_by(|a, b| a.field.wire.cmp(&b.field.wire));
    let path = operation
        .path_parameters()
        .map(|p| argument(parameter_field(p), Target::Path));
    let mut arguments: Vec<Argument> = path.chain(required).collect();
    // The method has a variable of this name.
    let mut names = BTreeSet::from(["parts".to_owned()]);
    for argument in &mut arguments {
        argument.name = naming::unique(argument.name.clone(), &mut names);
    }
    let mut setters = BTreeSet::new();
    for settable in &mut settable {
        let setter = naming::setter_name(&settable.field.name);
        settable.field.setter = if setters.contains(&setter) && settable.place == Place::Body {
            naming::unique(
                format!("{}_in_body", settable.field.name.trim_end_matches('_')),
                &mut setters,
            )
        } else {
            naming::unique(setter, &mut setters)
        };
    }
    let decided = base.responses.get(&operation.id);
    let decided = decided.ok_or_else(|| located("has no response type".to_owned()))?;
    let (response, _) = Shape::of_type(decided).map_err(located)?;
    let mut request = Request {
        operation,
        name: naming::unique(operation.request_name(), taken),
        arguments,
        settable,
        body,
        paging: None,
        response,
    };
    if let Shape::Named(answer) = &request.response
        && api.is_struct(answer)
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
    let name = naming::value_name(&parameter.name);
    let shape = match Shape::of_schema(&parameter.schema) {
        // What has no type in the URL is text.
        Shape::Json if !parameter.json_text => Shape::Text,
        shape => shape,
    };
    Field {
        wire: parameter.name.clone(),
        setter: naming::setter_name(&name),
        name,
        shape,
        optional: !parameter.required,
        doc: docs::field(&parameter.name, &parameter.schema, &parameter.description),
        deprecated: parameter.deprecated,
    }
}

fn whole_body(operation: &Operation, shape: &Shape) -> Field {
    let schema = operation.body.clone().unwrap_or_default();
    let description = docs::description(&schema);
    let doc = match description.as_str() {
        "" => "The body of the request.".to_owned(),
        text => docs::prose(text),
    };
    Field {
        wire: "body".to_owned(),
        name: "body".to_owned(),
        setter: "body".to_owned(),
        shape: shape.clone(),
        optional: false,
        doc,
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
        pub fn #name(&self, #(#parameters),*) -> requests::#structure {
            #work
        }
    }
}
