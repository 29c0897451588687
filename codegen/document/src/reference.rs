//! `$ref`: what it names, and the value it leads to.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value, json};

use crate::error::ReferenceError;
use crate::pointer;

/// More steps than any chain of references has; a longer one is a circle.
const MAX_STEPS: usize = 64;

/// The text of a `$ref`. A property may be called `$ref` too; its value is not a string.
pub fn reference(value: &Value) -> Option<&str> {
    value.as_object()?.get("$ref")?.as_str()
}

/// The mapping of a schema's discriminator.
pub(crate) fn mapping(schema: &Value) -> Option<&Map<String, Value>> {
    schema.get("discriminator")?.get("mapping")?.as_object()
}

/// A reference to the schema component of this name.
pub fn reference_to(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{}", pointer::escape(name)) })
}

/// The name in a reference to a component, such as `#/components/schemas/Name`; `None` for a
/// place inside a component.
pub fn component_name<'a>(reference: &'a str, section: &str) -> Option<Cow<'a, str>> {
    let rest = reference.strip_prefix("#/components/")?;
    let name = rest.strip_prefix(section)?.strip_prefix('/')?;
    if !name.contains(['/', '~', '%']) {
        return Some(name.into());
    }
    let name = decode(name);
    (!name.contains('/')).then(|| pointer::unescape(&name).into_owned().into())
}

/// The tokens of a reference into the document itself, decoded.
pub fn reference_tokens(reference: &str) -> Option<Vec<String>> {
    let path = decode(reference.strip_prefix("#/")?);
    Some(
        path.split('/')
            .map(|token| pointer::unescape(token).into_owned())
            .collect(),
    )
}

/// The file or address that a reference names in front of its `#`.
pub fn external_file(reference: &str) -> Option<&str> {
    let file = reference.split('#').next().unwrap_or(reference);
    (!file.is_empty()).then_some(file)
}

/// The value one reference names, following references that stand on the way into the document.
///
/// # Errors
/// Nothing is there, the way to it is a circle, or the reference names another file.
pub fn resolve<'a>(document: &'a Value, reference: &str) -> Result<&'a Value, ReferenceError> {
    lookup(document, reference, &mut MAX_STEPS.clone())
}

/// A value once its references are resolved, however many there are in a row.
///
/// # Errors
/// As [`resolve`].
pub fn follow<'a>(document: &'a Value, value: &'a Value) -> Result<&'a Value, ReferenceError> {
    chain(document, value, &mut MAX_STEPS.clone())
}

/// As [`follow`], but stays where a reference leads nowhere.
pub fn resolved<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    let mut current = value;
    for _ in 0..MAX_STEPS {
        match reference(current).map(|text| resolve(document, text)) {
            Some(Ok(next)) => current = next,
            _ => return current,
        }
    }
    value
}

/// Puts a copy of `target` in the place of a reference. The reference's siblings stay and win.
pub fn replace_reference(place: &mut Value, target: &Value) {
    let own = std::mem::replace(place, target.clone());
    if let (Value::Object(new), Value::Object(old)) = (place, own) {
        new.extend(old.into_iter().filter(|(key, _)| key != "$ref"));
    }
}

fn chain<'a>(
    document: &'a Value,
    mut value: &'a Value,
    steps: &mut usize,
) -> Result<&'a Value, ReferenceError> {
    while let Some(text) = reference(value) {
        value = lookup(document, text, steps)?;
    }
    Ok(value)
}

fn lookup<'a>(
    document: &'a Value,
    reference: &str,
    steps: &mut usize,
) -> Result<&'a Value, ReferenceError> {
    if let Some(file) = external_file(reference) {
        return Err(ReferenceError::External {
            reference: reference.to_owned(),
            file: file.to_owned(),
        });
    }
    *steps = steps
        .checked_sub(1)
        .ok_or_else(|| ReferenceError::Circle(reference.to_owned()))?;
    let raw = reference.strip_prefix('#').unwrap_or(reference);
    let decoded = decode(raw);
    match descend(document, &decoded, reference, steps) {
        // Some documents name components with a percent sign and do not encode it.
        Err(ReferenceError::Missing(_)) if decoded != raw => {
            descend(document, raw, reference, steps)
        }
        found => found,
    }
}

fn descend<'a>(
    document: &'a Value,
    pointer: &str,
    reference: &str,
    steps: &mut usize,
) -> Result<&'a Value, ReferenceError> {
    let missing = || ReferenceError::Missing(reference.to_owned());
    if !pointer.is_empty() && !pointer.starts_with('/') {
        return Err(missing());
    }
    let mut node = document;
    for token in pointer::tokens(pointer) {
        node = match step(node, &token) {
            Some(next) => next,
            None => {
                let target = chain(document, node, steps)?;
                step(target, &token).ok_or_else(missing)?
            }
        };
    }
    Ok(node)
}

fn step<'a>(node: &'a Value, token: &str) -> Option<&'a Value> {
    match node {
        Value::Object(map) => map.get(token),
        Value::Array(items) => items.get(token.parse::<usize>().ok()?),
        _ => None,
    }
}

/// Decodes percent signs. An encoded slash belongs to a name, although a fragment is decoded before
/// it is split.
fn decode(text: &str) -> Cow<'_, str> {
    if !text.contains('%') {
        return text.into();
    }
    let has_slash = text.contains("%2F") || text.contains("%2f");
    let text: Cow<'_, str> = match has_slash {
        true => text.replace("%2F", "~1").replace("%2f", "~1").into(),
        false => text.into(),
    };
    match percent_decode_str(&text).decode_utf8() {
        Ok(decoded) => decoded.into_owned().into(),
        Err(_) => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document() -> Value {
        json!({"components": {"schemas": {
            "A": {"$ref": "#/components/schemas/B"},
            "B": {"$ref": "#/components/schemas/C"},
            "C": {"type": "object", "properties": {"x": {"type": "string"}}},
            "Loop": {"$ref": "#/components/schemas/Loop"},
            "Ping": {"$ref": "#/components/schemas/Pong/properties/a"},
            "Pong": {"$ref": "#/components/schemas/Ping"},
            "a/b c": {"type": "integer"},
            "100%": {"type": "number"},
            "List[Item]": {"type": "array"},
        }}})
    }

    #[test]
    fn references_are_followed_to_the_end() {
        let document = document();
        let site = reference_to("A");
        assert_eq!(follow(&document, &site).unwrap()["type"], "object");
        assert_eq!(
            resolve(&document, "#/components/schemas/A").unwrap(),
            &reference_to("B")
        );
    }

    #[test]
    fn a_path_into_the_document_passes_references() {
        let document = document();
        let found = resolve(&document, "#/components/schemas/A/properties/x");
        assert_eq!(found.unwrap(), &json!({"type": "string"}));
        assert_eq!(resolve(&document, "#").unwrap(), &document);
    }

    #[test]
    fn names_are_escaped_and_percent_encoded() {
        let document = document();
        for (reference, kind) in [
            ("#/components/schemas/a~1b%20c", "integer"),
            ("#/components/schemas/a~1b c", "integer"),
            ("#/components/schemas/100%25", "number"),
            ("#/components/schemas/100%", "number"),
            ("#/components/schemas/List%5BItem%5D", "array"),
        ] {
            assert_eq!(
                resolve(&document, reference).unwrap()["type"],
                kind,
                "{reference}"
            );
        }
    }

    #[test]
    fn circles_are_errors() {
        let document = document();
        for name in ["Loop", "Ping"] {
            let site = reference_to(name);
            let error = follow(&document, &site).unwrap_err();
            assert!(
                matches!(error, ReferenceError::Circle(_)),
                "{name}: {error}"
            );
        }
        let site = reference_to("Loop");
        assert!(reference(resolved(&document, &site)).is_some());
    }

    #[test]
    fn what_leads_nowhere_or_elsewhere_is_said() {
        let document = document();
        let missing = resolve(&document, "#/components/schemas/None").unwrap_err();
        assert!(
            missing.to_string().contains("points to nothing"),
            "{missing}"
        );
        let external = resolve(&document, "other.yaml#/X").unwrap_err();
        assert!(external.to_string().contains("bundle"), "{external}");
        assert_eq!(external_file("other.yaml#/X"), Some("other.yaml"));
        assert_eq!(external_file("#/X"), None);
    }

    #[test]
    fn component_names_are_decoded() {
        let name = |reference| component_name(reference, "schemas");
        assert_eq!(name("#/components/schemas/A").unwrap(), "A");
        assert_eq!(name("#/components/schemas/a~1b%20c").unwrap(), "a/b c");
        assert_eq!(name("#/components/schemas/A/properties/x"), None);
        assert_eq!(name("#/components/responses/A"), None);
    }

    #[test]
    fn siblings_of_a_replaced_reference_stay() {
        let mut place = json!({"$ref": "#/x", "description": "own"});
        replace_reference(
            &mut place,
            &json!({"type": "string", "description": "target"}),
        );
        assert_eq!(place, json!({"type": "string", "description": "own"}));
    }
}
