//! The shape of a JSON argument in one line, and a small valid example.

use serde_json::{Map, Value, json};

use crate::schema::{Document, entries, items, required, text};

/// Deeper objects are not spelled out.
const DEPTH: usize = 2;
/// Fields of an object that are spelled out beside the required ones.
const FIELDS: usize = 8;

/// Optional fields that examples prefer.
const TELLING: [&str; 6] = [
    "created_by_id",
    "user_id",
    "name",
    "role",
    "mode",
    "enabled",
];

/// Returns shape and example of a JSON argument.
pub(crate) fn describe(
    document: Document<'_>,
    name: &str,
    schema: &Value,
) -> Result<(String, String), String> {
    let example = match name {
        "filter_conditions" => json!({"created_at": {"$gt": "2026-01-31T12:00:00Z"}}),
        _ => example(document, name, schema, DEPTH)?,
    };
    Ok((shape(document, schema, DEPTH)?, example.to_string()))
}

/// Optional fields end with `?`.
fn shape(document: Document<'_>, schema: &Value, depth: usize) -> Result<String, String> {
    let schema = document.resolve(schema)?;
    let (kind, values) = document.kind(schema)?;
    Ok(match kind {
        "Text" if !values.is_empty() && values.len() <= 4 => {
            let values: Vec<String> = values.iter().map(|value| format!("{value:?}")).collect();
            values.join("|")
        }
        "Text" => "TEXT".to_owned(),
        "Time" => "TIME".to_owned(),
        "Integer" | "Number" => "NUMBER".to_owned(),
        "Boolean" => "BOOL".to_owned(),
        _ if text(schema, "type") == "array" => match schema.get("items") {
            Some(element) => format!("[{}, …]", shape(document, element, depth)?),
            None => "[…]".to_owned(),
        },
        _ => object(document, schema, depth)?,
    })
}

fn object(document: Document<'_>, schema: &Value, depth: usize) -> Result<String, String> {
    let properties = schema.get("properties");
    if depth == 0 || entries(properties).next().is_none() {
        let values = schema.get("additionalProperties").filter(|v| v.is_object());
        return Ok(match values {
            Some(values) if depth > 0 && values != &json!({}) => {
                format!("{{NAME: {}}}", shape(document, values, depth - 1)?)
            }
            _ => "{…}".to_owned(),
        });
    }
    let mut fields = Vec::new();
    let (needed, optional): (Vec<_>, Vec<_>) =
        entries(properties).partition(|(name, _)| required(schema, name));
    let shown = optional.iter().take(FIELDS);
    let is_nested = |field: &Value| document.kind(field).is_ok_and(|(kind, _)| kind == "Json");
    let only_nested = entries(properties).all(|(_, field)| is_nested(field));
    for (name, field) in needed.iter().chain(shown) {
        let is_required = required(schema, name);
        let mark = if is_required { "" } else { "?" };
        let is_object = text(document.resolve(field)?, "type") != "array";
        let depth = match is_object && !is_required && !only_nested {
            true => 0,
            false => depth - 1,
        };
        fields.push(format!(
            "\"{name}\"{mark}: {}",
            shape(document, field, depth)?
        ));
    }
    if optional.len() > FIELDS {
        fields.push("…".to_owned());
    }
    Ok(format!("{{{}}}", fields.join(", ")))
}

/// Required fields, or else the first optional ones that are plain values.
fn example(
    document: Document<'_>,
    name: &str,
    schema: &Value,
    depth: usize,
) -> Result<Value, String> {
    let schema = document.resolve(schema)?;
    let (kind, values) = document.kind(schema)?;
    Ok(match kind {
        "Text" => json!(values.first().copied().unwrap_or_else(|| word(name))),
        "Time" => json!("2026-01-31T12:00:00Z"),
        "Integer" | "Number" => schema.get("minimum").cloned().unwrap_or_else(|| json!(1)),
        "Boolean" => json!(true),
        "Sort" => json!([{"field": "created_at", "direction": -1}]),
        _ if text(schema, "type") == "array" => match schema.get("items") {
            Some(element) => json!([example(document, name, element, depth)?]),
            None => json!([]),
        },
        _ => {
            let mut object = Map::new();
            let (needed, optional): (Vec<_>, Vec<_>) =
                entries(schema.get("properties")).partition(|(name, _)| required(schema, name));
            let mut shown = needed;
            if shown.is_empty() {
                let mut plain: Vec<_> = optional
                    .iter()
                    .copied()
                    .filter(|(_, field)| {
                        let kind = document.kind(field);
                        kind.is_ok_and(|(kind, _)| !matches!(kind, "Json" | "Sort" | "TextList"))
                    })
                    .collect();
                let place = |name: &str| TELLING.iter().position(|telling| *telling == name);
                plain.sort_by_key(|(name, _)| place(name).unwrap_or(TELLING.len()));
                let telling = plain
                    .iter()
                    .filter(|(name, _)| place(name).is_some())
                    .count();
                let first_nested = optional.first().copied().filter(|_| plain.is_empty());
                shown.extend(plain.into_iter().take(telling.clamp(1, 2)));
                shown.extend(first_nested);
            }
            if depth > 0 {
                for (name, field) in shown {
                    object.insert(name.to_owned(), example(document, name, field, depth - 1)?);
                }
            }
            let values = schema.get("additionalProperties").filter(|v| v.is_object());
            if let (true, Some(values)) = (object.is_empty(), values) {
                let value = match items(values.get("enum")).is_empty() && values == &json!({}) {
                    true => json!("value"),
                    false => example(document, name, values, depth.saturating_sub(1))?,
                };
                // Where the values have an id, it is the key.
                let id = value.get("id").and_then(Value::as_str).unwrap_or("name");
                object.insert(id.to_owned(), value);
            }
            Value::Object(object)
        }
    })
}

/// A plausible text for a field of this name.
fn word(name: &str) -> &'static str {
    match name {
        _ if name.ends_with("url") => "https://example.com/path",
        _ if name.ends_with("cid") => "default:standup",
        _ if name.contains("number") => "+15550100",
        _ if name == "id" || name.contains("user") || name.ends_with("_by_id") => "ana",
        _ if name == "role" => "host",
        _ => "text",
    }
}
