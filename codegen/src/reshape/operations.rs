//! The static description of every operation.

use quote::quote;

use super::{Module, Unit, ident};
use crate::error::Error;
use crate::model::{Api, Operation};
use crate::naming;

pub(crate) fn units(api: &Api) -> Result<Vec<Unit>, Error> {
    let mut units = Vec::new();
    for operation in &api.operations {
        units.push(unit(operation)?);
    }
    let all = api
        .operations
        .iter()
        .map(|o| ident(&naming::static_name(&o.id)));
    let tokens = quote! {
        /// Every operation, in the order of their paths.
        pub static ALL: &[&Operation] = &[#(&#all),*];
    };
    units.push(Unit::items(
        Module::Operations,
        vec!["ALL".to_owned()],
        tokens,
    )?);
    Ok(units)
}

fn unit(operation: &Operation) -> Result<Unit, Error> {
    let Operation {
        id,
        path,
        tag,
        summary,
        success,
        ..
    } = operation;
    let constant = ident(&naming::static_name(id));
    let method_name = operation.method_name();
    let name = method_name.trim_start_matches("r#");
    let method = ident(&naming::type_name(&operation.method));
    let in_path = operation.path_parameters().map(|p| &p.name);
    let in_query = operation.query_parameters().map(|p| &p.name);
    let body = if operation.body.is_some() {
        quote!(Json)
    } else {
        quote!(None)
    };
    let doc = format!(" `{} {path}`", operation.method.to_uppercase());
    let tokens = quote! {
        #[doc = #doc]
        pub static #constant: Operation = Operation {
            id: #id,
            name: #name,
            method: Method::#method,
            path: #path,
            tag: #tag,
            summary: #summary,
            success: #success,
            path_params: &[#(#in_path),*],
            query_params: &[#(#in_query),*],
            body: BodyKind::#body,
        };
    };
    if !["get", "post", "put", "patch", "delete"].contains(&operation.method.as_str()) {
        let message = format!("the method {} is not supported", operation.method);
        return Err(Error::new(&operation.pointer, message).about(id));
    }
    Unit::items(Module::Operations, vec![id.clone()], tokens)
}
