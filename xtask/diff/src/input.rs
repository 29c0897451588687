//! Text to document.

use serde_json::Value;

/// Why a text is no document that can be compared.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InputError {
    /// It starts like JSON and is not.
    #[error("not JSON: {0}")]
    Json(#[source] serde_json::Error),
    /// It is no YAML either.
    #[error("neither JSON nor YAML: {0}")]
    Yaml(String),
    /// It is something else than an OpenAPI 3.0 document.
    #[error("not an OpenAPI 3.0 document: {0}")]
    Other(String),
}

/// Reads JSON, or YAML when the text does not start with a brace.
///
/// # Errors
/// The text is neither.
pub fn parse(text: &str) -> Result<Value, InputError> {
    let text = text.trim_start_matches('\u{feff}');
    if text.trim_start().starts_with('{') {
        return serde_json::from_str(text).map_err(InputError::Json);
    }
    serde_saphyr::from_str(text).map_err(|error| InputError::Yaml(error.to_string()))
}

/// Refuses what the rules are not made for.
///
/// # Errors
/// The document names another version of OpenAPI, or none.
pub fn check(document: &Value) -> Result<(), InputError> {
    let refused = |text: String| Err(InputError::Other(text));
    if !document.is_object() {
        return refused("it is no object".to_owned());
    }
    if document.get("swagger").is_some() {
        return refused("it is Swagger 2.0; convert it first".to_owned());
    }
    match document.get("openapi").and_then(Value::as_str) {
        Some(version) if version == "3.0" || version.starts_with("3.0.") => Ok(()),
        Some(version) => refused(format!("it says openapi: {version}")),
        None => refused("it has no openapi version".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{check, parse};

    #[test]
    fn json_and_yaml_read_the_same() {
        let json = parse("{\"openapi\": \"3.0.3\", \"paths\": {\"/a\": {\"get\": null}}}").unwrap();
        let yaml = parse("openapi: 3.0.3\npaths:\n  /a:\n    get:\n").unwrap();
        assert_eq!(json, yaml);
        let quoted = parse("responses:\n  '200': {}\n  204: {}\nflag: true\n").unwrap();
        assert_eq!(
            quoted,
            json!({"responses": {"200": {}, "204": {}}, "flag": true})
        );
        assert!(parse("{\"a\": ").is_err());
        assert!(parse("a: [").is_err());
    }

    #[test]
    fn other_versions_are_refused() {
        assert!(check(&json!({"openapi": "3.0.3"})).is_ok());
        for document in [
            json!({"openapi": "3.1.0"}),
            json!({"swagger": "2.0"}),
            json!({}),
            json!([]),
        ] {
            assert!(check(&document).is_err(), "{document}");
        }
    }
}
