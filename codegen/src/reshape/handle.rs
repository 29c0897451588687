//! The operations of one call, on the call handle: without its type and id, and without the word.

use std::collections::BTreeMap;

use quote::quote;

use super::requests::{self, Argument, Request, Target};
use super::{Module, Unit};
use crate::error::Error;

/// Names that the handle has by hand.
const TAKEN: [&str; 5] = ["call_type", "id", "cid", "client", "clone"];

pub(crate) fn units(all: &[Request<'_>]) -> Result<Vec<Unit>, Error> {
    let on_handle: Vec<(&Request<'_>, [String; 2])> = all
        .iter()
        .filter_map(|request| Some((request, call_arguments(request)?)))
        .collect();
    if on_handle.is_empty() {
        return Ok(Vec::new());
    }
    let mut short: BTreeMap<String, usize> = BTreeMap::new();
    for (request, _) in &on_handle {
        *short
            .entry(short_name(&request.operation.method_name()))
            .or_default() += 1;
    }
    let methods = on_handle.iter().map(|(request, [call_type, id])| {
        let long = request.operation.method_name();
        let name = short_name(&long);
        let clash =
            name.is_empty() || short.get(&name) != Some(&1) || TAKEN.contains(&name.as_str());
        let name = if clash { long } else { name };
        let rest: Vec<&Argument> = request
            .arguments
            .iter()
            .filter(|a| a.field.wire != *call_type && a.field.wire != *id)
            .collect();
        let given = [
            (call_type.clone(), quote!(self.call_type.as_str())),
            (id.clone(), quote!(self.id.as_str())),
        ];
        requests::method(request, &name, &rest, &quote!(&self.client), &given)
    });
    let tokens = quote! {
        /// Operations of one call: its type and id are filled in.
        impl Call { #(#methods)* }
    };
    Ok(vec![Unit::items(
        Module::Root,
        vec!["Call".to_owned()],
        tokens,
    )?])
}

/// The wire names of a call's type and id among the arguments, if the operation is about one call.
fn call_arguments(request: &Request<'_>) -> Option<[String; 2]> {
    let segments: Vec<&str> = request.operation.path.split('/').collect();
    let about_a_call = segments.windows(3).find_map(|window| match window {
        ["call" | "call_stats", first, second] => Some((placeholder(first)?, placeholder(second)?)),
        _ => None,
    });
    if let Some((first, second)) = about_a_call
        && matches!((first, second), ("type", "id") | ("call_type", "call_id"))
    {
        return Some([first.to_owned(), second.to_owned()]);
    }
    // Some name the call in the body instead.
    let in_body = |wire: &str| {
        request
            .arguments
            .iter()
            .any(|a| a.field.wire == wire && a.target == Target::Body)
    };
    let beside_calls = segments.contains(&"call");
    (beside_calls && in_body("type") && in_body("id")).then(|| ["type".to_owned(), "id".to_owned()])
}

fn placeholder(segment: &str) -> Option<&str> {
    segment.strip_prefix('{')?.strip_suffix('}')
}

/// `query_call_participants` reads `query_participants` on a call.
fn short_name(method: &str) -> String {
    method
        .split('_')
        .filter(|word| *word != "call")
        .collect::<Vec<_>>()
        .join("_")
}
