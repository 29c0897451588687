//! Walking a document by the grammar of OpenAPI, so that a schema is told from an example, a
//! property from a keyword and a header name from an extension.

use std::convert::Infallible;

use serde_json::Value;

use crate::METHODS;
use crate::pointer;

/// Key under which the generator keeps a union: `{property, tags, variants}`. Its variants are
/// walked like those of `oneOf`.
pub const UNION: &str = "x-union";

/// The kind of an OpenAPI object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// The root.
    Document,
    /// The components object.
    Components,
    /// A path item.
    PathItem,
    /// An operation.
    Operation,
    /// A parameter.
    Parameter,
    /// A header of a response or an encoding.
    Header,
    /// A request body.
    RequestBody,
    /// A response.
    Response,
    /// A media type of a `content`.
    MediaType,
    /// An encoding of a media type.
    Encoding,
    /// A callback: path items by expression.
    Callback,
    /// A schema.
    Schema,
    /// The generator's union; see [`UNION`].
    Union,
    /// The webhook events that a spec of this workspace lists under `x-webhook-events`.
    WebhookEvents,
}

impl Kind {
    /// The kind of the components in a section, such as `schemas`.
    pub(crate) fn of_section(section: &str) -> Option<Self> {
        child(Self::Components, section).map(|(kind, _)| kind)
    }

    /// The section of the components that holds the kind.
    pub(crate) fn section(self) -> Option<&'static str> {
        const SECTIONS: [&str; 7] = [
            "schemas",
            "parameters",
            "headers",
            "requestBodies",
            "responses",
            "callbacks",
            "pathItems",
        ];
        SECTIONS
            .into_iter()
            .find(|section| Self::of_section(section) == Some(self))
    }
}

/// Arrangement of the values under a key.
#[derive(Clone, Copy)]
enum Shape {
    One,
    List,
    /// By name; any key is a name.
    Map,
    /// By name, beside extensions.
    Paths,
}

/// Returns the kind of the value under a key; `None` for data, prose and extensions.
fn child(parent: Kind, key: &str) -> Option<(Kind, Shape)> {
    use Shape::{List, Map, One, Paths};
    Some(match (parent, key) {
        (Kind::Document, "paths") => (Kind::PathItem, Paths),
        (Kind::Document, "webhooks" | "x-webhooks") => (Kind::PathItem, Map),
        (Kind::Document, "components") => (Kind::Components, One),
        (Kind::Document, "x-webhook-events") => (Kind::WebhookEvents, One),
        (Kind::WebhookEvents, "events") => (Kind::Schema, Map),
        (Kind::Components, "schemas") => (Kind::Schema, Map),
        (Kind::Components, "parameters") => (Kind::Parameter, Map),
        (Kind::Components, "requestBodies") => (Kind::RequestBody, Map),
        (Kind::Components, "responses") => (Kind::Response, Map),
        (Kind::Components | Kind::Response | Kind::Encoding, "headers") => (Kind::Header, Map),
        (Kind::Components | Kind::Operation, "callbacks") => (Kind::Callback, Map),
        (Kind::Components, "pathItems") => (Kind::PathItem, Map),
        (Kind::Callback, expression) if !expression.starts_with("x-") => (Kind::PathItem, One),
        (Kind::PathItem | Kind::Operation, "parameters") => (Kind::Parameter, List),
        (Kind::PathItem, method) if METHODS.contains(&method) => (Kind::Operation, One),
        (Kind::Operation, "requestBody") => (Kind::RequestBody, One),
        (Kind::Operation, "responses") => (Kind::Response, Map),
        (Kind::Parameter | Kind::Header | Kind::MediaType, "schema") => (Kind::Schema, One),
        (Kind::Parameter | Kind::Header | Kind::RequestBody | Kind::Response, "content") => {
            (Kind::MediaType, Map)
        }
        (Kind::MediaType, "encoding") => (Kind::Encoding, Map),
        (
            Kind::Schema,
            "properties" | "patternProperties" | "dependentSchemas" | "$defs" | "definitions",
        ) => (Kind::Schema, Map),
        (Kind::Schema, "allOf" | "anyOf" | "oneOf" | "prefixItems") | (Kind::Union, "variants") => {
            (Kind::Schema, List)
        }
        (
            Kind::Schema,
            "items"
            | "additionalProperties"
            | "not"
            | "if"
            | "then"
            | "else"
            | "contains"
            | "propertyNames"
            | "unevaluatedItems"
            | "unevaluatedProperties"
            | "contentSchema",
        ) => (Kind::Schema, One),
        (Kind::Schema, UNION) => (Kind::Union, One),
        _ => return None,
    })
}

/// Visits every OpenAPI object of a document with its JSON pointer, parents first.
pub fn visit<'a>(document: &'a Value, visitor: &mut dyn FnMut(Kind, &'a Value, &str)) {
    walk(Kind::Document, document, &mut String::new(), visitor);
}

/// Visits every OpenAPI object of a document below the root, parents first, except those of a section.
pub(crate) fn visit_except<'a>(
    document: &'a Value,
    section: &str,
    visitor: &mut dyn FnMut(Kind, &'a Value, &str),
) {
    let Value::Object(root) = document else {
        return;
    };
    for (key, value) in root.iter().filter(|(key, _)| *key != section) {
        walk_child(Kind::Document, key, value, &mut String::new(), visitor);
    }
}

/// Visits every schema of a document, the outermost first, without the pointers.
pub fn for_each_schema<'a>(document: &'a Value, visitor: &mut dyn FnMut(&'a Value)) {
    let visitor = &mut |kind, value, _: &str| {
        if kind == Kind::Schema {
            visitor(value);
        }
    };
    walk(Kind::Document, document, &mut NoPointer, visitor);
}

/// Visits the OpenAPI objects in a value of a kind, parents first.
pub(crate) fn visit_kind<'a>(
    kind: Kind,
    value: &'a Value,
    visitor: &mut dyn FnMut(Kind, &'a Value, &str),
) {
    walk(kind, value, &mut String::new(), visitor);
}

fn walk<'a>(
    kind: Kind,
    value: &'a Value,
    at: &mut impl PointerTracker,
    visitor: &mut dyn FnMut(Kind, &'a Value, &str),
) {
    let Value::Object(map) = value else { return };
    visitor(kind, value, at.pointer());
    for (key, value) in map {
        walk_child(kind, key, value, at, visitor);
    }
}

fn walk_child<'a>(
    parent: Kind,
    key: &str,
    value: &'a Value,
    at: &mut impl PointerTracker,
    visitor: &mut dyn FnMut(Kind, &'a Value, &str),
) {
    // Most values are text and numbers.
    if !(value.is_object() || value.is_array()) {
        return;
    }
    let Some((kind, shape)) = child(parent, key) else {
        return;
    };
    let length = at.push(key);
    match (shape, value) {
        (Shape::One, value) => walk(kind, value, at, visitor),
        (Shape::List, Value::Array(items)) => {
            for (index, item) in items.iter().enumerate() {
                let length = at.push_index(index);
                walk(kind, item, at, visitor);
                at.truncate(length);
            }
        }
        (Shape::Map | Shape::Paths, Value::Object(entries)) => {
            for (name, entry) in entries {
                if matches!(shape, Shape::Paths) && name.starts_with("x-") {
                    continue;
                }
                let length = at.push(name);
                walk(kind, entry, at, visitor);
                at.truncate(length);
            }
        }
        _ => {}
    }
    at.truncate(length);
}

/// Called with an object, its kind and its JSON pointer.
type VisitorMut<'v, E> = dyn FnMut(Kind, &mut Value, &str) -> Result<(), E> + 'v;

/// Visits every OpenAPI object of a document with its JSON pointer, children first.
///
/// # Errors
/// The first error of the visitor.
pub fn visit_mut<E>(document: &mut Value, visitor: &mut VisitorMut<'_, E>) -> Result<(), E> {
    walk_mut(Kind::Document, document, &mut String::new(), visitor)
}

/// Tracks the JSON pointer of a walk.
trait PointerTracker {
    fn push(&mut self, token: &str) -> usize;
    fn push_index(&mut self, index: usize) -> usize;
    fn truncate(&mut self, length: usize);
    fn pointer(&self) -> &str;
}

impl PointerTracker for String {
    fn push(&mut self, token: &str) -> usize {
        pointer::push(self, token)
    }

    fn push_index(&mut self, index: usize) -> usize {
        pointer::push(self, &index.to_string())
    }

    fn truncate(&mut self, length: usize) {
        self.truncate(length);
    }

    fn pointer(&self) -> &str {
        self
    }
}

/// Tracks nothing; writing pointers is half of the time of a walk.
struct NoPointer;

impl PointerTracker for NoPointer {
    fn push(&mut self, _: &str) -> usize {
        0
    }

    fn push_index(&mut self, _: usize) -> usize {
        0
    }

    fn truncate(&mut self, _: usize) {}

    fn pointer(&self) -> &str {
        ""
    }
}

/// Visits the OpenAPI objects in a value of a kind, children first.
pub(crate) fn visit_kind_mut<E>(
    kind: Kind,
    value: &mut Value,
    visitor: &mut VisitorMut<'_, E>,
) -> Result<(), E> {
    walk_mut(kind, value, &mut String::new(), visitor)
}

fn walk_mut<E>(
    kind: Kind,
    value: &mut Value,
    at: &mut impl PointerTracker,
    visitor: &mut VisitorMut<'_, E>,
) -> Result<(), E> {
    let Value::Object(map) = value else {
        return Ok(());
    };
    for (key, value) in map {
        // Most values are text and numbers.
        if !(value.is_object() || value.is_array()) {
            continue;
        }
        let Some((kind, shape)) = child(kind, key) else {
            continue;
        };
        let length = at.push(key);
        match (shape, value) {
            (Shape::One, value) => walk_mut(kind, value, at, visitor)?,
            (Shape::List, Value::Array(items)) => {
                for (index, item) in items.iter_mut().enumerate() {
                    let length = at.push_index(index);
                    walk_mut(kind, item, at, visitor)?;
                    at.truncate(length);
                }
            }
            (Shape::Map | Shape::Paths, Value::Object(entries)) => {
                for (name, entry) in entries {
                    if matches!(shape, Shape::Paths) && name.starts_with("x-") {
                        continue;
                    }
                    let length = at.push(name);
                    walk_mut(kind, entry, at, visitor)?;
                    at.truncate(length);
                }
            }
            _ => {}
        }
        at.truncate(length);
    }
    visitor(kind, value, at.pointer())
}

/// Visits every schema of a document, the innermost first.
///
/// # Errors
/// The first error of the visitor.
pub fn visit_schemas_mut<E>(
    document: &mut Value,
    visitor: &mut dyn FnMut(&mut Value, &str) -> Result<(), E>,
) -> Result<(), E> {
    visit_mut(document, &mut |kind, value, at| match kind {
        Kind::Schema => visitor(value, at),
        _ => Ok(()),
    })
}

/// Visits every OpenAPI object of a document, children first, without the pointers.
pub fn for_each_mut(document: &mut Value, visitor: &mut dyn FnMut(Kind, &mut Value)) {
    let done = walk_mut::<Infallible>(
        Kind::Document,
        document,
        &mut NoPointer,
        &mut |kind, value, _| {
            visitor(kind, value);
            Ok(())
        },
    );
    let Ok(()) = done;
}

/// Visits every schema of a document, the innermost first, without the pointers.
pub fn for_each_schema_mut(document: &mut Value, visitor: &mut dyn FnMut(&mut Value)) {
    for_each_mut(document, &mut |kind, value| {
        if kind == Kind::Schema {
            visitor(value);
        }
    });
}

/// Visits one schema and those nested in it, the innermost first.
///
/// # Errors
/// The first error of the visitor.
pub fn visit_schema_mut<E>(
    schema: &mut Value,
    at: &str,
    visitor: &mut dyn FnMut(&mut Value, &str) -> Result<(), E>,
) -> Result<(), E> {
    walk_mut(
        Kind::Schema,
        schema,
        &mut at.to_owned(),
        &mut |kind, value, at| match kind {
            Kind::Schema => visitor(value, at),
            _ => Ok(()),
        },
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn schemas(document: &Value) -> Vec<String> {
        let mut found = Vec::new();
        visit(document, &mut |kind, _, at| {
            if kind == Kind::Schema {
                found.push(at.to_owned());
            }
        });
        found
    }

    #[test]
    fn data_and_extensions_are_not_walked() {
        let document = json!({"components": {"schemas": {"A": {
            "properties": {"properties": {"properties": {"x": {}}}, "example": {}, "x-y": {}},
            "default": {"properties": {"no": {}}},
            "enum": [{"items": {}}],
            "example": {"items": {}},
            "x-note": {"items": {}}
        }}}});
        assert_eq!(
            schemas(&document),
            [
                "/components/schemas/A",
                "/components/schemas/A/properties/example",
                "/components/schemas/A/properties/properties",
                "/components/schemas/A/properties/properties/properties/x",
                "/components/schemas/A/properties/x-y",
            ]
        );
    }

    #[test]
    fn every_place_of_a_schema_is_walked() {
        let document = json!({
            "paths": {
                "/a": {
                    "parameters": [{"schema": {}}],
                    "get": {
                        "parameters": [{"content": {"application/json": {"schema": {}}}}],
                        "requestBody": {"content": {"a/b": {
                            "schema": {"items": {}, "allOf": [{}], "x-union": {"variants": [{}]}},
                            "encoding": {"f": {"headers": {"X-A": {"schema": {}}}}}
                        }}},
                        "responses": {"200": {"headers": {"x-b": {"schema": {}}}, "content": {"c/d": {"schema": {}}}}},
                        "callbacks": {"cb": {"{$url}": {"post": {"requestBody": {"content": {"e/f": {"schema": {}}}}}}}}
                    }
                },
                "x-a": {"get": {"parameters": [{"schema": {}}]}}
            },
            "components": {
                "headers": {"H": {"schema": {}}},
                "responses": {"R": {"content": {"a/b": {"schema": {}}}}}
            },
            "x-webhook-events": {"events": {"e": {}}}
        });
        assert_eq!(schemas(&document).len(), 13);
        let mut mutable = Vec::new();
        let mut copy = document.clone();
        let done = visit_schemas_mut::<Infallible>(&mut copy, &mut |_, at| {
            mutable.push(at.to_owned());
            Ok(())
        });
        assert_eq!(done, Ok(()));
        mutable.sort();
        let mut shared = schemas(&document);
        shared.sort();
        assert_eq!(mutable, shared);
        let mut count = 0;
        for_each_schema_mut(&mut copy, &mut |_| count += 1);
        assert_eq!(count, shared.len());
    }

    #[test]
    fn mutable_walks_see_children_first() {
        let mut schema = json!({"properties": {"a": {"items": {}}}});
        let mut order = Vec::new();
        let done = visit_schema_mut::<Infallible>(&mut schema, "/s", &mut |_, at| {
            order.push(at.to_owned());
            Ok(())
        });
        assert_eq!(done, Ok(()));
        assert_eq!(order, ["/s/properties/a/items", "/s/properties/a", "/s"]);
    }
}
