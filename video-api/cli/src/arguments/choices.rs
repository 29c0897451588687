//! Optional arguments of which an operation needs at least one.

use serde_json::Value;

use crate::index::{Operation, Parameter};

/// Operations that do nothing without one of these fields.
const CHOICES: [(&str, &[&str]); 2] = [
    (
        "MuteUsers",
        &["audio", "video", "screenshare", "screenshare_audio"],
    ),
    ("MuteUsers", &["user_ids", "mute_all_users"]),
];

/// The flags of the first choice of which none is given.
pub(super) fn missing<'a>(
    operation: &Operation,
    given: impl Fn(&Parameter) -> Option<&'a Value>,
) -> Option<Vec<&'static str>> {
    let choices = CHOICES.iter().filter(|(id, _)| *id == operation.id);
    choices
        .map(|(_, names)| parameters(operation, names))
        .find(|parameters| !parameters.iter().any(|p| given(p).is_some_and(is_set)))
        .map(|parameters| parameters.iter().map(|p| p.flag).collect())
}

fn parameters(operation: &Operation, names: &[&str]) -> Vec<&'static Parameter> {
    let all = operation.parameters.iter();
    all.filter(|p| names.contains(&p.name)).collect()
}

fn is_set(value: &Value) -> bool {
    !matches!(value, Value::Bool(false) | Value::Null)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::OPERATIONS;

    #[test]
    fn every_choice_is_among_fields_of_the_operation() {
        for (id, names) in CHOICES {
            // Another specification may not have it.
            if let Some(operation) = OPERATIONS.iter().find(|o| o.id == id) {
                assert_eq!(parameters(operation, names).len(), names.len(), "{id}");
            }
        }
    }
}
