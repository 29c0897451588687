//! Fields that alternatives give to the object beside which they stand.

use openapi_document::resolved;
use serde_json::{Map, Value, json};

use super::composition::is_note;
use crate::extensions::VALUES;

/// The fields of all alternatives, but for those that the object has itself, and the names that
/// every alternative requires. `disagreed` gets the names of fields without a common type.
pub(super) fn alternative_fields(
    choices: &[Value],
    own: &Map<String, Value>,
    document: &Value,
    disagreed: &mut Vec<String>,
) -> (Map<String, Value>, Vec<Value>) {
    let mut fields: Map<String, Value> = Map::new();
    let choices: Vec<&Value> = choices.iter().map(|it| resolved(document, it)).collect();
    for choice in &choices {
        let described = choice.get("properties").and_then(Value::as_object);
        for (name, field) in described.into_iter().flatten() {
            if own.contains_key(name) {
                continue;
            }
            let known = fields.get(name);
            let common =
                known.map_or_else(|| Some(field.clone()), |it| common(it, field, document));
            match common {
                Some(common) => {
                    fields.insert(name.clone(), common);
                }
                None if disagreed.contains(name) => {}
                None => disagreed.push(name.clone()),
            }
        }
    }
    let requires = |choice: &&Value, name: &str| {
        let required = choice.get("required").and_then(Value::as_array);
        required.is_some_and(|all| all.iter().any(|it| it.as_str() == Some(name)))
    };
    let required = fields
        .keys()
        .filter(|name| choices.iter().all(|it| requires(it, name)));
    let required = required.map(|name| Value::from(name.as_str())).collect();
    (fields, required)
}

/// The type that holds the values of both.
fn common(one: &Value, other: &Value, document: &Value) -> Option<Value> {
    let (left, right) = (resolved(document, one), resolved(document, other));
    if one == other || without_notes(left) == without_notes(right) {
        return Some(one.clone());
    }
    let kind = |schema: &Value| Some(schema.get("type")?.as_str()?.to_owned());
    let (first, second) = (kind(left)?, kind(right)?);
    let is_number = |kind: &str| matches!(kind, "integer" | "number");
    let mut common = match first.as_str() {
        "string" | "boolean" | "integer" if first == second => json!({ "type": first }),
        _ if is_number(&first) && is_number(&second) => json!({ "type": "number" }),
        _ => return None,
    };
    for key in ["enum", VALUES] {
        if let (Some(Value::Array(left)), Some(Value::Array(right))) =
            (left.get(key), right.get(key))
        {
            let mut all = left.clone();
            all.extend(right.iter().filter(|it| !left.contains(it)).cloned());
            if let Value::Object(common) = &mut common {
                common.insert(key.to_owned(), Value::Array(all));
            }
        }
    }
    if first == second
        && left.get("format") == right.get("format")
        && let (Some(format), Value::Object(common)) = (left.get("format"), &mut common)
    {
        common.insert("format".to_owned(), format.clone());
    }
    Some(common)
}

fn without_notes(schema: &Value) -> Option<Map<String, Value>> {
    let telling = schema
        .as_object()?
        .iter()
        .filter(|(key, _)| !is_note(key) || *key == VALUES);
    Some(
        telling
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect(),
    )
}
