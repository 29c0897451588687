//! Applying one amendment: a JSON Merge Patch every leaf of which must matter.

use openapi_document::pointer::join;
use serde_json::Value;

use crate::counts::Amendment;

/// Keywords that only talk; an object made of nothing else describes something that does not exist.
const PROSE: [&str; 4] = ["description", "summary", "tags", "title"];

/// Merges the patch into `document`; whatever looks wrong about it goes to `problems`.
pub(super) fn apply(document: &mut Value, amendment: &Amendment, problems: &mut Vec<String>) {
    let mut report = |at: &str, message: &str| {
        problems.push(format!("{}: {at}: {message}", amendment.name));
    };
    inspect(Some(document), &amendment.patch, "", &mut report);
    json_patch::merge(document, &amendment.patch);
}

fn inspect(target: Option<&Value>, patch: &Value, at: &str, report: &mut impl FnMut(&str, &str)) {
    match (target, patch) {
        (None, Value::Null) => report(at, "changes nothing: deletes what is not there"),
        (Some(Value::Object(target)), Value::Object(patch)) => {
            if patch.is_empty() {
                report(at, "changes nothing: an empty patch");
            }
            for (key, value) in patch {
                inspect(target.get(key), value, &join(at, &[key]), report);
            }
        }
        (Some(target), patch) if target == patch => {
            report(at, "changes nothing: the value is already this one");
        }
        (_, Value::Object(created)) => {
            if only_prose(patch) {
                report(at, "describes something that does not exist");
                return;
            }
            for (key, value) in created {
                inspect(None, value, &join(at, &[key]), report);
            }
        }
        _ => {}
    }
}

/// Returns true if the value holds only prose, at any depth.
fn only_prose(value: &Value) -> bool {
    value.as_object().is_some_and(|object| {
        !object.is_empty()
            && object.iter().all(|(key, value)| match value {
                Value::Object(_) => only_prose(value),
                _ => PROSE.contains(&key.as_str()),
            })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn applied(mut document: Value, patch: Value) -> (Value, Vec<String>) {
        let mut problems = Vec::new();
        let amendment = Amendment {
            name: "10-x.json".to_owned(),
            reason: String::new(),
            patch,
        };
        apply(&mut document, &amendment, &mut problems);
        (document, problems)
    }

    #[test]
    fn merging_sets_deletes_and_replaces_arrays() {
        let (document, problems) = applied(
            json!({"a": {"b": 1, "c": 2}, "list": [1, 2]}),
            json!({"a": {"b": null, "d": {"e": 3}}, "list": [2]}),
        );
        assert_eq!(document, json!({"a": {"c": 2, "d": {"e": 3}}, "list": [2]}));
        assert_eq!(problems, Vec::<String>::new());
    }

    #[test]
    fn every_leaf_without_effect_is_named() {
        let (_, problems) = applied(
            json!({"a": {"b": 1, "list": [1]}, "o": {}}),
            json!({"a": {"b": 1, "list": [1], "gone": null, "new": {"x": 1, "y": null}}, "o": {}}),
        );
        assert_eq!(
            problems,
            [
                "10-x.json: /a/b: changes nothing: the value is already this one",
                "10-x.json: /a/gone: changes nothing: deletes what is not there",
                "10-x.json: /a/list: changes nothing: the value is already this one",
                "10-x.json: /a/new/y: changes nothing: deletes what is not there",
                "10-x.json: /o: changes nothing: an empty patch",
            ]
        );
    }

    #[test]
    fn prose_about_nothing_is_dangling() {
        let (_, problems) = applied(
            json!({"components": {"schemas": {"A": {"properties": {"b": {"type": "string"}}}}}}),
            json!({"components": {"schemas": {
                "A": {"description": "fine", "properties": {"b": {"description": "fine"}, "c": {"description": "no c"}}},
                "B": {"description": "no B", "properties": {"x": {"description": "no x"}}},
                "New": {"type": "object", "properties": {"x": {"description": "no type"}, "y": {"type": "string"}}}
            }}}),
        );
        assert_eq!(
            problems,
            [
                "10-x.json: /components/schemas/A/properties/c: describes something that does not exist",
                "10-x.json: /components/schemas/B: describes something that does not exist",
                "10-x.json: /components/schemas/New/properties/x: describes something that does not exist",
            ]
        );
    }
}
