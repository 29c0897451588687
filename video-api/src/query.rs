//! Lists and objects in the query, in the styles that OpenAPI defines.

use serde_json::Value;

/// How a list or an object is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(dead_code)] // Which of these are used is up to the generated requests.
pub(crate) enum QueryStyle {
    /// `a=1&a=2`; the members of an object are parameters of their own.
    Repeated,
    /// `a=1,2`; an object alternates names and values.
    Commas,
    /// `a=1 2`.
    Spaces,
    /// `a=1|2`.
    Pipes,
    /// `a[b]=1`, to any depth.
    Deep,
}

/// The parameters that a value becomes. Empty lists and objects become none, and `null` neither.
pub(crate) fn pairs(name: &str, style: QueryStyle, value: &Value) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    match (style, value) {
        (QueryStyle::Deep, value) => deep(name.to_owned(), value, &mut pairs),
        (QueryStyle::Repeated, Value::Object(members)) => {
            for (key, value) in members {
                pairs.extend(text(value).map(|text| (key.clone(), text)));
            }
        }
        (QueryStyle::Repeated, Value::Array(items)) => {
            pairs.extend(
                items
                    .iter()
                    .filter_map(text)
                    .map(|text| (name.to_owned(), text)),
            );
        }
        (style, value) => {
            let between = match style {
                QueryStyle::Spaces => " ",
                QueryStyle::Pipes => "|",
                _ => ",",
            };
            let parts: Vec<String> = match value {
                Value::Array(items) => items.iter().filter_map(text).collect(),
                Value::Object(members) => members
                    .iter()
                    .filter_map(|(key, value)| Some([key.clone(), text(value)?]))
                    .flatten()
                    .collect(),
                single => text(single).into_iter().collect(),
            };
            if !parts.is_empty() {
                pairs.push((name.to_owned(), parts.join(between)));
            }
        }
    }
    pairs
}

fn deep(name: String, value: &Value, pairs: &mut Vec<(String, String)>) {
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                deep(format!("{name}[{key}]"), value, pairs);
            }
        }
        Value::Array(items) => items
            .iter()
            .for_each(|item| deep(name.clone(), item, pairs)),
        single => pairs.extend(text(single).map(|text| (name, text))),
    }
}

/// A single value as text; what is nested deeper than a style reaches is JSON.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn query(style: QueryStyle, value: Value) -> String {
        let pairs = pairs("a", style, &value).into_iter();
        let pairs: Vec<String> = pairs
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        pairs.join("&")
    }

    #[test]
    fn lists_are_written_in_every_style() {
        for (style, text) in [
            (QueryStyle::Repeated, "a=rock&a=jazz&a=1"),
            (QueryStyle::Commas, "a=rock,jazz,1"),
            (QueryStyle::Spaces, "a=rock jazz 1"),
            (QueryStyle::Pipes, "a=rock|jazz|1"),
        ] {
            assert_eq!(query(style, json!(["rock", "jazz", null, 1])), text);
            assert_eq!(query(style, json!([])), "");
        }
    }

    #[test]
    fn objects_are_written_in_every_style() {
        let object = json!({"color": "red", "size": 5, "none": null});
        assert_eq!(
            query(QueryStyle::Repeated, object.clone()),
            "color=red&size=5"
        );
        assert_eq!(
            query(QueryStyle::Commas, object.clone()),
            "a=color,red,size,5"
        );
        assert_eq!(query(QueryStyle::Deep, object), "a[color]=red&a[size]=5");
        let nested = json!({"b": {"c": [true, 2]}});
        assert_eq!(query(QueryStyle::Deep, nested), "a[b][c]=true&a[b][c]=2");
    }
}
