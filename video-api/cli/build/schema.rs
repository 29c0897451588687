//! Reading the parts of the spec that make up a command.

use serde_json::Value;

/// Follows references, and the one-element `allOf` that gives a reference a description.
pub(crate) fn resolve<'a>(document: &'a Value, mut value: &'a Value) -> Result<&'a Value, String> {
    for _ in 0..32 {
        let only = match value
            .get("allOf")
            .and_then(Value::as_array)
            .map(Vec::as_slice)
        {
            Some([only]) => Some(only),
            _ => None,
        };
        if let Some(only) = only {
            value = only;
        } else if let Some(reference) = value.get("$ref").and_then(Value::as_str) {
            let pointer = reference.strip_prefix('#').unwrap_or(reference);
            value = document
                .pointer(pointer)
                .ok_or_else(|| format!("{reference} leads nowhere"))?;
        } else {
            return Ok(value);
        }
    }
    Err("references in a circle".to_owned())
}

/// How a value is given on the command line, as a variant of `Kind`, and the values known for it.
pub(crate) fn kind<'a>(
    document: &'a Value,
    schema: &'a Value,
) -> Result<(&'static str, Vec<&'a str>), String> {
    let schema = resolve(document, schema)?;
    let kind = match (text(schema, "type"), text(schema, "format")) {
        ("string" | "number", "date-time") => "Time",
        ("string", _) => "Text",
        ("integer", _) => "Integer",
        ("number", _) => "Number",
        ("boolean", _) => "Boolean",
        ("array", _) => {
            let items = schema.get("items").unwrap_or(&Value::Null);
            return Ok(match kind(document, items)? {
                ("Text", values) => ("TextList", values),
                _ => ("Json", Vec::new()),
            });
        }
        _ => "Json",
    };
    let values = schema.get("enum").and_then(Value::as_array);
    Ok((
        kind,
        values
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect(),
    ))
}

pub(crate) fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// `GetOrCreateCall` and `ListSIPTrunks` as `get-or-create-call` and `list-sip-trunks`.
pub(crate) fn kebab(id: &str) -> String {
    let letters: Vec<char> = id.chars().collect();
    let mut out = String::new();
    for (index, letter) in letters.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|i| letters.get(i));
        let after = letters.get(index + 1);
        let starts = letter.is_uppercase()
            && before.is_some_and(|b| !b.is_uppercase() || after.is_some_and(|a| a.is_lowercase()));
        if starts || *letter == '_' {
            out.push('-');
        }
        if *letter != '_' {
            out.extend(letter.to_lowercase());
        }
    }
    out
}
