//! Checks of operations.

use std::collections::{BTreeMap, BTreeSet};

use openapi_document::{Operation, operations, placeholders, resolved};
use serde_json::{Map, Value};

/// Everything that each operation must have, and that no two share an id.
pub(super) fn check(document: &Value, problems: &mut Vec<String>) {
    let mut ids: BTreeMap<&str, String> = BTreeMap::new();
    for operation in operations(document) {
        let at = operation.pointer();
        complete(operation.operation, &at, problems);
        tag(document, operation.operation, &at, problems);
        path_parameters(document, &operation, &at, problems);
        if let Some(id) = operation.id()
            && let Some(other) = ids.insert(id, at.clone())
        {
            problems.push(format!("{at}: operationId {id:?} is also that of {other}"));
        }
    }
}

fn complete(operation: &Map<String, Value>, at: &str, problems: &mut Vec<String>) {
    if !text(operation.get("operationId")) {
        problems.push(format!("{at}: no operationId"));
    }
    if !text(operation.get("summary")) {
        problems.push(format!("{at}: no summary"));
    }
    let responses = operation.get("responses").and_then(Value::as_object);
    let mut statuses = responses.into_iter().flatten().map(|(status, _)| status);
    if !statuses.any(|status| status == "default" || status.starts_with(['4', '5'])) {
        problems.push(format!("{at}: no error response"));
    }
    let mut statuses = responses.into_iter().flatten().map(|(status, _)| status);
    if !statuses.any(|status| status.starts_with('2')) {
        problems.push(format!("{at}: no success response"));
    }
}

fn tag(document: &Value, operation: &Map<String, Value>, at: &str, problems: &mut Vec<String>) {
    let tags = operation.get("tags").and_then(Value::as_array);
    let Some([tag]) = tags.map(Vec::as_slice) else {
        problems.push(format!("{at}: needs exactly one tag"));
        return;
    };
    let declared = document.get("tags").and_then(Value::as_array);
    if !declared
        .into_iter()
        .flatten()
        .any(|declared| declared.get("name") == Some(tag))
    {
        problems.push(format!("{at}: tag {tag} is not declared in /tags"));
    }
}

fn path_parameters(
    document: &Value,
    operation: &Operation<'_>,
    at: &str,
    problems: &mut Vec<String>,
) {
    let parameters = operation
        .operation
        .get("parameters")
        .and_then(Value::as_array);
    let mut declared = BTreeSet::new();
    for parameter in parameters.into_iter().flatten() {
        // One that does not resolve is reported as a reference.
        let parameter = resolved(document, parameter);
        if parameter.get("in").and_then(Value::as_str) == Some("path")
            && let Some(name) = parameter.get("name").and_then(Value::as_str)
            && !declared.insert(name)
        {
            problems.push(format!("{at}: path parameter {name:?} is declared twice"));
        }
    }
    let in_template: BTreeSet<&str> = placeholders(operation.path).collect();
    for name in in_template.difference(&declared) {
        problems.push(format!("{at}: path parameter {name:?} is not declared"));
    }
    for name in declared.difference(&in_template) {
        problems.push(format!("{at}: path parameter {name:?} is not in the path"));
    }
}

/// Returns true for text that is not blank.
pub(super) fn text(value: Option<&Value>) -> bool {
    let text = value.and_then(Value::as_str);
    text.is_some_and(|text| !text.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compose::tests::sound;
    use serde_json::json;

    const AT: &str = "/paths/~1a~1{id}/get";

    fn after(patch: &Value) -> Vec<String> {
        let mut document = sound();
        json_patch::merge(
            &mut document,
            &json!({"paths": {"/a/{id}": {"get": patch}}}),
        );
        let mut problems = Vec::new();
        check(&document, &mut problems);
        problems
    }

    #[test]
    fn an_operation_is_complete() {
        for (patch, message) in [
            (json!({"operationId": null}), "no operationId"),
            (json!({"summary": ""}), "no summary"),
            (json!({"tags": null}), "needs exactly one tag"),
            (json!({"tags": []}), "needs exactly one tag"),
            (json!({"tags": ["A", "B"]}), "needs exactly one tag"),
            (json!({"tags": ["B"]}), "tag \"B\" is not declared in /tags"),
            (json!({"responses": {"default": null}}), "no error response"),
            (json!({"responses": {"200": null}}), "no success response"),
        ] {
            assert_eq!(after(&patch), [format!("{AT}: {message}")], "{patch}");
        }
        assert_eq!(after(&json!({})), Vec::<String>::new());
    }

    #[test]
    fn path_parameters_match_the_template() {
        assert_eq!(
            after(&json!({"parameters": null})),
            [format!("{AT}: path parameter \"id\" is not declared")]
        );
        let id = json!({"$ref": "#/components/parameters/GetA.id"});
        let other = json!({"name": "other", "in": "path"});
        assert_eq!(
            after(&json!({"parameters": [id, other, {"name": "q", "in": "query"}]})),
            [format!("{AT}: path parameter \"other\" is not in the path")]
        );
        assert_eq!(
            after(&json!({"parameters": [id, id]})),
            [format!("{AT}: path parameter \"id\" is declared twice")]
        );
    }

    #[test]
    fn operation_ids_are_unique() {
        let mut document = sound();
        let same = document["paths"]["/a/{id}"]["get"].clone();
        document["paths"]["/b/{id}"]["get"] = same;
        let mut problems = Vec::new();
        check(&document, &mut problems);
        assert_eq!(
            problems,
            [format!(
                "/paths/~1b~1{{id}}/get: operationId \"GetA\" is also that of {AT}"
            )]
        );
    }
}
