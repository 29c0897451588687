//! Documentation texts: the spec's words, plus the limits it sets.

use serde_json::Value;

use crate::schema;

/// Prose from a spec as rustdoc text: nothing in it is taken for a link or HTML.
pub(crate) fn prose(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + text.len() / 8);
    let mut in_code = false;
    for word in text.split_whitespace() {
        if !escaped.is_empty() {
            escaped.push(' ');
        }
        // A bare address is a lint; between angle brackets it is a link.
        let address = if word.starts_with("http://") || word.starts_with("https://") {
            word.trim_end_matches(['.', ',', ')'])
        } else {
            ""
        };
        if !address.is_empty() {
            in_code ^= address.matches('`').count() % 2 == 1;
            escaped.extend(["<", &address.replace('\\', ""), ">"]);
        }
        for character in word.chars().skip(address.chars().count()) {
            match character {
                '`' => in_code = !in_code,
                '<' | '>' | '[' | ']' | '*' | '_' | '#' if !in_code => escaped.push('\\'),
                _ => {}
            }
            escaped.push(character);
        }
    }
    if in_code {
        escaped.push('`');
    }
    escaped
}

/// A sentence as it stands after a colon: its first word loses its capital unless it has more.
pub(crate) fn continued(text: &str) -> String {
    let first = text.split(' ').next().unwrap_or_default();
    let mut letters = text.chars();
    match letters.next() {
        Some(letter) if !first.chars().skip(1).any(char::is_uppercase) => {
            letter.to_lowercase().chain(letters).collect()
        }
        _ => text.to_owned(),
    }
}

/// The text of a field or parameter: its description, or its name where none is given, and limits.
pub(crate) fn field(name: &str, schema: &Value, description: &str) -> String {
    let mut text = if description.is_empty() {
        format!("`{name}`.")
    } else {
        prose(description)
    };
    let said: Vec<&str> = numbers(description).collect();
    for limit in limits(schema) {
        // The description may say it in its own words; nothing is below 0 anyway.
        let mut numbers = numbers(&limit).filter(|number| *number != "0").peekable();
        let is_said = numbers.peek().is_some() && numbers.all(|number| said.contains(&number));
        if !is_said {
            text.push(' ');
            text.push_str(&limit);
        }
    }
    text
}

/// The words of a text that are numbers.
fn numbers(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric());
    words.filter(|word| word.starts_with(|c: char| c.is_ascii_digit()))
}

/// The description of a schema.
pub(crate) fn description(json: &Value) -> String {
    schema::text(json, "description")
}

/// Sentences about the limits and default of a value.
fn limits(schema: &Value) -> Vec<String> {
    let number = |key: &str| {
        let value = schema.get(key)?;
        match value.as_f64()? {
            // Beyond 64 bits a whole number is kept as a float.
            float if value.is_f64() && float.fract() == 0.0 => Some(format!("{float:.0}")),
            _ => Some(value.to_string()),
        }
    };
    let mut sentences = Vec::new();
    let mut range = |low: Option<String>, high: Option<String>, noun: &str| {
        let unit = |count: &str| match (noun, count) {
            ("", _) => String::new(),
            (noun, "1") => format!(" {noun}"),
            (noun, _) => format!(" {noun}s"),
        };
        let sentence = match (low, high) {
            (Some(low), Some(high)) if low == high => format!("Exactly {low}{}.", unit(&low)),
            (Some(low), Some(high)) => format!("From {low} to {high}{}.", unit(&high)),
            (Some(low), None) => format!("At least {low}{}.", unit(&low)),
            (None, Some(high)) => format!("At most {high}{}.", unit(&high)),
            (None, None) => return,
        };
        sentences.push(sentence);
    };
    range(number("minimum"), number("maximum"), "");
    range(number("minLength"), number("maxLength"), "character");
    range(number("minItems"), number("maxItems"), "item");
    if let Some(default) = schema
        .get("default")
        .filter(|v| !v.is_null() && !v.is_object())
    {
        sentences.push(format!("The server's default is `{default}`."));
    }
    sentences
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn prose_cannot_become_markup() {
        assert_eq!(
            prose("The cid (<type>:<id>) of [it]"),
            r"The cid (\<type\>:\<id\>) of \[it\]"
        );
        assert_eq!(prose("Use `a_b<T>` here"), "Use `a_b<T>` here");
        assert_eq!(
            prose("See https://example.com/a_b."),
            "See <https://example.com/a_b>."
        );
        assert_eq!(prose("two\n lines"), "two lines");
    }

    #[test]
    fn limits_become_sentences() {
        let schema = json!({"minimum": 0, "maximum": 100, "default": 25});
        assert_eq!(
            field("limit", &schema, "Page size."),
            "Page size. From 0 to 100. The server's default is `25`."
        );
        assert_eq!(
            field("x", &json!({"maxLength": 64}), ""),
            "`x`. At most 64 characters."
        );
        assert_eq!(
            field(
                "limit",
                &json!({"minimum": 1, "maximum": 100}),
                "From 1 to 100 items."
            ),
            "From 1 to 100 items."
        );
        assert_eq!(
            field(
                "limit",
                &json!({"minimum": 0, "maximum": 100}),
                "At most 100, or 0."
            ),
            "At most 100, or 0."
        );
        assert_eq!(
            field("ring", &json!({"default": true}), "Whether to ring."),
            "Whether to ring. The server's default is `true`."
        );
    }
}
