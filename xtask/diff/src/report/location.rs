//! JSON pointers as people say them: an operation, a schema, a property.

use openapi_document::{METHODS, pointer, reference, resolve};
use serde_json::Value;

use crate::read::shape;

/// A place in an OpenAPI document.
#[derive(Debug, PartialEq)]
pub(crate) struct Location {
    /// The operation, component or part of the document; names of placeholders left out.
    pub(crate) scope: String,
    /// The same for people.
    label: String,
    /// The component schema.
    pub(crate) schema: Option<String>,
    /// The property or parameter, with the way to it.
    pub(crate) property: Option<String>,
}

impl Location {
    pub(crate) fn of(root: &Value, pointer: &str) -> Self {
        let tokens: Vec<_> = pointer::tokens(pointer).collect();
        let tokens: Vec<&str> = tokens.iter().map(AsRef::as_ref).collect();
        let (scope, schema, rest) = match tokens.as_slice() {
            ["components", "schemas", name, rest @ ..] => {
                ((*name).to_owned(), Some((*name).to_owned()), rest)
            }
            ["components", kind @ "parameters", name, ..] => {
                let rest = tokens.get(3..).unwrap_or_default();
                return Self {
                    scope: format!("{kind}/{name}"),
                    label: format!("{kind}/{name}"),
                    schema: None,
                    property: parameter(root, &tokens, 3).map(|name| join(name, rest)),
                };
            }
            ["components", kind, name, rest @ ..] => (format!("{kind}/{name}"), None, rest),
            ["paths", path, rest @ ..] => return Self::in_path(root, &tokens, path, rest),
            ["x-webhooks", name, _, rest @ ..] => (format!("webhook {name}"), None, rest),
            [first, second, ..] if first.starts_with("x-") => {
                let name = tokens.get(2).unwrap_or(second);
                (format!("{first}/{name}"), None, &[][..])
            }
            [first, ..] => ((*first).to_owned(), None, &[][..]),
            [] => ("document".to_owned(), None, &[][..]),
        };
        Self {
            label: scope.clone(),
            scope,
            schema,
            property: property(rest),
        }
    }

    fn in_path(root: &Value, tokens: &[&str], path: &str, rest: &[&str]) -> Self {
        let (method, rest, depth) = match rest {
            [method, rest @ ..] if METHODS.contains(method) => {
                (method.to_ascii_uppercase() + " ", rest, 3)
            }
            rest => (String::new(), rest, 2),
        };
        let none = |status: &str| Self {
            scope: format!("{method}{}{status}", shape(path)),
            label: format!("{method}{path}{status}"),
            schema: None,
            property: None,
        };
        match rest {
            ["parameters", _, inner @ ..] => Self {
                property: parameter(root, tokens, depth + 2).map(|name| join(name, inner)),
                ..none("")
            },
            ["responses", status, inner @ ..] => Self {
                property: property(inner),
                ..none(&format!(" {status}"))
            },
            inner => Self {
                property: property(inner),
                ..none("")
            },
        }
    }

    /// For the start of a message.
    pub(crate) fn title(&self) -> String {
        match (&self.schema, &self.property) {
            (Some(schema), Some(property)) => format!("{schema}.{property}"),
            (Some(schema), None) => schema.clone(),
            (None, Some(property)) => format!("{} {property}", self.label),
            (None, None) => self.label.clone(),
        }
    }
}

/// The name of the parameter that the first tokens lead to.
fn parameter(root: &Value, tokens: &[&str], length: usize) -> Option<String> {
    let mut value = root;
    for token in tokens.get(..length)? {
        value = match value {
            Value::Array(entries) => entries.get(token.parse::<usize>().ok()?)?,
            value => value.get(token)?,
        };
    }
    let name = value.get("name").and_then(Value::as_str);
    let referred = || resolve(root, reference(value)?).ok()?.get("name")?.as_str();
    name.or_else(referred).map(str::to_owned)
}

fn join(name: String, rest: &[&str]) -> String {
    match property(rest) {
        Some(inner) if inner.starts_with(['[', '{']) => name + &inner,
        Some(inner) => format!("{name}.{inner}"),
        None => name,
    }
}

/// The way through properties, array entries and map values.
fn property(tokens: &[&str]) -> Option<String> {
    let mut path = String::new();
    let mut rest = tokens;
    loop {
        rest = match rest {
            ["properties" | "headers", name, inner @ ..] => {
                if !path.is_empty() {
                    path.push('.');
                }
                path.push_str(name);
                inner
            }
            ["items", inner @ ..] => {
                path.push_str("[]");
                inner
            }
            ["additionalProperties", inner @ ..] if !inner.is_empty() => {
                path.push_str("{}");
                inner
            }
            ["allOf" | "oneOf" | "anyOf" | "content", _, inner @ ..] => inner,
            ["schema" | "not" | "requestBody", inner @ ..] => inner,
            _ => break,
        };
    }
    (!path.is_empty()).then_some(path)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Location;

    fn place(pointer: &str) -> (String, Option<String>, Option<String>) {
        let root = json!({
            "paths": {"/calls/{id}": {"get": {"parameters": [
                {"$ref": "#/components/parameters/GetCall.id"},
                {"name": "limit", "in": "query"},
            ]}}},
            "components": {"parameters": {"GetCall.id": {"name": "id", "in": "path"}}},
        });
        let place = Location::of(&root, pointer);
        (place.scope, place.schema, place.property)
    }

    fn some(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    #[test]
    fn pointers_read_as_people_say_them() {
        assert_eq!(
            place("/components/schemas/Call/properties/members/items/properties/role/enum/1"),
            ("Call".into(), some("Call"), some("members[].role"))
        );
        assert_eq!(
            place("/components/schemas/Call/properties/properties"),
            ("Call".into(), some("Call"), some("properties"))
        );
        assert_eq!(
            place("/components/parameters/GetCall.id/schema/items/maxLength"),
            ("parameters/GetCall.id".into(), None, some("id[]"))
        );
        assert_eq!(
            place("/paths/~1calls~1{id}/get/parameters/0"),
            ("GET /calls/{}".into(), None, some("id"))
        );
        assert_eq!(
            place("/paths/~1calls~1{id}/get/parameters/1/schema"),
            ("GET /calls/{}".into(), None, some("limit"))
        );
        assert_eq!(
            place("/paths/~1calls~1{id}/get/responses/200/content/a~1b/schema/properties/x"),
            ("GET /calls/{} 200".into(), None, some("x"))
        );
        assert_eq!(
            place("/paths/~1calls/post/requestBody/content/a~1b/schema/properties/x"),
            ("POST /calls".into(), None, some("x"))
        );
        assert_eq!(
            place("/x-webhooks/ended/post/requestBody/content/a~1b/schema/properties/x"),
            ("webhook ended".into(), None, some("x"))
        );
        assert_eq!(place(""), ("document".into(), None, None));
    }
}
