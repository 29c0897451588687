//! Rules of this spec beyond OpenAPI: each check returns lines `pointer: message`.

use openapi_document::pointer::join;
use openapi_document::{Kind, resolve, visit};
use serde_json::{Map, Value};

use super::operations::{self, text};

/// Marks of the extractor that amendments have to resolve.
const MARKERS: [&str; 2] = ["x-truncated", "x-required-lost"];

/// All checks, each in document order.
pub(super) fn all(document: &Value) -> Vec<String> {
    let mut problems = Vec::new();
    operations::check(document, &mut problems);
    visit(document, &mut |kind, value, at| {
        reference(document, value, at, &mut problems);
        let Value::Object(object) = value else { return };
        markers(object, at, &mut problems);
        if kind == Kind::Schema {
            required(object, at, &mut problems);
            properties(object, at, &mut problems);
        }
    });
    components(document, &mut problems);
    events(document, &mut problems);
    problems
}

fn reference(document: &Value, value: &Value, at: &str, problems: &mut Vec<String>) {
    if let Some(target) = openapi_document::reference(value)
        && resolve(document, target).is_err()
    {
        problems.push(format!("{at}: {target} does not exist"));
    }
}

fn markers(object: &Map<String, Value>, at: &str, problems: &mut Vec<String>) {
    for marker in MARKERS {
        if object.contains_key(marker) {
            problems.push(format!("{at}: {marker} is left over"));
        }
    }
}

fn required(object: &Map<String, Value>, at: &str, problems: &mut Vec<String>) {
    let Some(names) = object.get("required").and_then(Value::as_array) else {
        return;
    };
    for name in names.iter().filter_map(Value::as_str) {
        let has = |properties: &Value| properties.get(name).is_some();
        if !object.get("properties").is_some_and(has) {
            problems.push(format!("{at}: requires {name:?}, which is not a property"));
        }
    }
}

fn properties(object: &Map<String, Value>, at: &str, problems: &mut Vec<String>) {
    let Some(properties) = object.get("properties").and_then(Value::as_object) else {
        return;
    };
    for (name, property) in properties {
        let at = join(at, &["properties", name]);
        typed(property, &at, problems);
        described(property, &at, problems);
    }
}

fn typed(schema: &Value, at: &str, problems: &mut Vec<String>) {
    if !["type", "allOf", "$ref"]
        .iter()
        .any(|key| schema.get(key).is_some())
    {
        problems.push(format!("{at}: has no type"));
    }
}

fn described(value: &Value, at: &str, problems: &mut Vec<String>) {
    if !text(value.get("description")) {
        problems.push(format!("{at}: no description"));
    }
}

fn components(document: &Value, problems: &mut Vec<String>) {
    for kind in ["schemas", "parameters"] {
        let at = join("/components", &[kind]);
        let Some(all) = document.pointer(&at).and_then(Value::as_object) else {
            continue;
        };
        for (name, component) in all {
            described(component, &join(&at, &[name]), problems);
            if kind == "schemas" {
                typed(component, &join(&at, &[name]), problems);
            }
        }
    }
}

/// The schema of a webhook event must name the event as the default of its discriminator.
fn events(document: &Value, problems: &mut Vec<String>) {
    let at = "/x-webhook-events";
    let Some(webhooks) = document.pointer(at) else {
        return;
    };
    let discriminator = webhooks.get("discriminator").and_then(Value::as_str);
    let events = webhooks.get("events").and_then(Value::as_object);
    let (Some(discriminator), Some(events)) = (discriminator, events) else {
        problems.push(format!("{at}: needs a discriminator and events"));
        return;
    };
    for (name, event) in events {
        let schema = openapi_document::reference(event);
        let schema = schema.and_then(|reference| resolve(document, reference).ok());
        let said = schema
            .and_then(|schema| schema.get("properties")?.get(discriminator)?.get("default"))
            .and_then(Value::as_str);
        if said != Some(name.as_str()) {
            let at = join(at, &["events", name]);
            problems.push(format!(
                "{at}: its schema does not give {name:?} as default of {discriminator:?}"
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compose::tests::sound;
    use serde_json::json;

    /// The problems of the sound document after one merge patch.
    fn after(patch: &Value) -> Vec<String> {
        let mut document = sound();
        json_patch::merge(&mut document, patch);
        all(&document)
    }

    fn schema(patch: &Value) -> Vec<String> {
        after(&json!({"components": {"schemas": {"A": patch}}}))
    }

    #[test]
    fn the_sound_document_has_no_problem() {
        assert_eq!(all(&sound()), Vec::<String>::new());
    }

    #[test]
    fn references_must_resolve() {
        let problems =
            schema(&json!({"properties": {"n": {"items": {"$ref": "#/components/schemas/B"}}}}));
        assert_eq!(
            problems,
            ["/components/schemas/A/properties/n/items: #/components/schemas/B does not exist"]
        );
        let problems = schema(&json!({"properties": {"n": {"items": {"$ref": "other.json#/B"}}}}));
        assert_eq!(problems.len(), 1, "{problems:#?}");
    }

    #[test]
    fn markers_must_be_gone() {
        let problems =
            schema(&json!({"properties": {"n": {"x-truncated": true, "x-required-lost": true}}}));
        assert_eq!(
            problems,
            [
                "/components/schemas/A/properties/n: x-truncated is left over",
                "/components/schemas/A/properties/n: x-required-lost is left over",
            ]
        );
    }

    #[test]
    fn required_names_must_be_properties() {
        let problems = schema(&json!({"required": ["n", "m"]}));
        assert_eq!(
            problems,
            ["/components/schemas/A: requires \"m\", which is not a property"]
        );
    }

    #[test]
    fn everything_is_typed_and_described() {
        let problems = after(&json!({"components": {
            "parameters": {"GetA.id": {"description": " "}},
            "schemas": {"A": {"description": null, "properties": {"n": {"type": null, "description": null}}}}
        }}));
        assert_eq!(
            problems,
            [
                "/components/schemas/A/properties/n: has no type",
                "/components/schemas/A/properties/n: no description",
                "/components/schemas/A: no description",
                "/components/parameters/GetA.id: no description",
            ]
        );
    }

    #[test]
    fn events_say_which_they_are() {
        let events =
            json!({"discriminator": "type", "events": {"a.b": {"$ref": "#/components/schemas/A"}}});
        let typed = |default: &str| {
            after(&json!({
                "x-webhook-events": events,
                "components": {"schemas": {"A": {"properties": {
                    "type": {"type": "string", "description": "d", "default": default}
                }}}}
            }))
        };
        assert_eq!(typed("a.b"), Vec::<String>::new());
        let problems = typed("a.c");
        assert_eq!(problems.len(), 1, "{problems:#?}");
        assert!(
            problems[0].starts_with("/x-webhook-events/events/a.b: "),
            "{problems:#?}"
        );
        assert_eq!(after(&json!({"x-webhook-events": {}})).len(), 1);
    }
}
