//! Parts that cannot be generated leave the document, so that client, server and tests agree.

use std::error::Error;

use codegen::{LeftOut, Part};
use serde_json::{Value, json};

pub(super) fn generate(document: &Value) -> Result<codegen::Generated, Box<dyn Error>> {
    let spec = codegen::Spec::from_value(document.clone());
    Ok(spec.and_then(|spec| codegen::generate(&spec))?)
}

/// Removes what codegen cannot generate from the document.
pub(super) fn remove(document: &mut Value) -> Result<Vec<LeftOut>, Box<dyn Error>> {
    let left_out = generate(document)?.left_out;
    for missing in &left_out {
        let Some((item, method)) = missing.pointer.rsplit_once('/') else {
            continue;
        };
        let parameters = document.pointer("/components/parameters").cloned();
        let Some(Value::Object(item)) = document.pointer_mut(item) else {
            continue;
        };
        match (&missing.part, item.get_mut(method)) {
            (Part::Whole, _) => {
                item.remove(method);
            }
            (Part::Media, _) => {
                item.remove(&method.replace("~1", "/").replace("~0", "~"));
            }
            (Part::Parameter { name, place }, Some(operation)) => {
                let is_it = |reference: &Value| {
                    let target = reference.get("$ref").and_then(Value::as_str);
                    let key = target.and_then(|target| target.rsplit('/').next());
                    let found = key.and_then(|key| parameters.as_ref()?.get(key));
                    found.is_some_and(|p| {
                        p.get("name") == Some(&json!(name)) && p.get("in") == Some(&json!(place))
                    })
                };
                if let Some(Value::Array(list)) = operation.get_mut("parameters") {
                    list.retain(|parameter| !is_it(parameter));
                }
            }
            (Part::Schema, Some(Value::Object(schema))) => {
                schema.retain(|key, _| key == "description");
            }
            (Part::Response(status), Some(operation)) => {
                if let Some(Value::Object(responses)) = operation.get_mut("responses") {
                    responses.remove(status);
                }
            }
            _ => {}
        }
    }
    if let Some(Value::Object(paths)) = document.get_mut("paths") {
        paths.retain(|_, item| item.as_object().is_some_and(|item| !item.is_empty()));
        if paths.is_empty() {
            return Err("nothing of it can be generated".into());
        }
    }
    Ok(left_out)
}
