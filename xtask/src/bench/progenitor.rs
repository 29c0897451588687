//! The client that progenitor makes of the same specification, as a package.

use std::error::Error;
use std::path::Path;

use serde_json::{Value, json};

/// The source of the client, with the builder interface.
pub(super) fn generate(spec: &Path) -> Result<String, Box<dyn Error>> {
    let text = crate::workspace::read(spec)?;
    let mut document = openapi_document::load(&text)?.document;
    reduce(&mut document);
    let spec: openapiv3::OpenAPI = serde_json::from_value(document)?;
    let mut settings = progenitor::GenerationSettings::new();
    settings.with_interface(progenitor::InterfaceStyle::Builder);
    let tokens = progenitor::Generator::new(&settings).generate_tokens(&spec)?;
    Ok(tokens.to_string())
}

/// Leaves out what progenitor cannot take: error responses of several types, and parameters that
/// are JSON in the query.
fn reduce(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            let is_operation = fields.contains_key("operationId");
            if let Some(Value::Object(responses)) = fields.get_mut("responses")
                && is_operation
            {
                responses.retain(|status, _| status.starts_with('2'));
            }
            if fields.contains_key("in") && fields.remove("content").is_some() {
                fields.insert("schema".to_owned(), json!({"type": "string"}));
            }
            fields.retain(|name, _| !name.starts_with("x-"));
            fields.values_mut().for_each(reduce);
        }
        Value::Array(items) => items.iter_mut().for_each(reduce),
        _ => {}
    }
}
