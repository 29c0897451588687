//! Validation against the official JSON Schema of OpenAPI 3.0; its source is in README.md here.

use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind;
use serde_json::Value;

const SCHEMA: &str = include_str!("openapi-3.0.schema.json");

/// One line per violation.
pub(super) fn check(document: &Value) -> Vec<String> {
    let schema: Value = match serde_json::from_str(SCHEMA) {
        Ok(schema) => schema,
        Err(error) => return vec![format!("the OpenAPI schema is not JSON: {error}")],
    };
    match jsonschema::validator_for(&schema) {
        Ok(validator) => validator
            .iter_errors(document)
            .map(|error| describe(deepest(&error)))
            .collect(),
        Err(error) => vec![format!("the OpenAPI schema does not compile: {error}")],
    }
}

fn describe(error: &ValidationError<'_>) -> String {
    // The value itself is left out: it can be half of the document.
    format!(
        "{}: not valid OpenAPI 3.0: {}",
        error.instance_path(),
        error.masked()
    )
}

/// The schema says "object or reference" everywhere, so the telling error is the innermost one.
fn deepest<'a, 'b>(error: &'a ValidationError<'b>) -> &'a ValidationError<'b> {
    let (ValidationErrorKind::OneOfNotValid { context } | ValidationErrorKind::AnyOf { context }) =
        error.kind()
    else {
        return error;
    };
    context
        .iter()
        .flatten()
        .map(deepest)
        .max_by_key(|inner| inner.instance_path().as_str().len())
        .unwrap_or(error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_sound_document_passes() {
        assert_eq!(check(&super::super::tests::sound()), Vec::<String>::new());
    }

    #[test]
    fn a_violation_is_named_where_it_is() {
        let mut document = super::super::tests::sound();
        document["components"]["schemas"]["A"]["properties"]["n"]["type"] = json!("decimal");
        let problems = check(&document);
        assert_eq!(problems.len(), 1, "{problems:#?}");
        assert!(
            problems[0]
                .starts_with("/components/schemas/A/properties/n/type: not valid OpenAPI 3.0: "),
            "{problems:#?}"
        );
    }
}
