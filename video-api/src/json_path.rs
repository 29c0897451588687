//! Where in a JSON text a decoding error is.
//!
//! `serde_path_to_error` would need a second copy of every decoder. The error's position is enough
//! to find the path in the text, and reads the same.

use std::fmt::Write as _;

use serde_json::Value;

/// The path (`calls[3].call.created_at`) of the value at which `error` came up; `.` is the whole
/// text.
pub(crate) fn of(error: &serde_json::Error, json: &[u8]) -> String {
    let end = offset(json, error.line(), error.column());
    let mut open = steps(json, end);
    // An array that is refused as such has been entered already when the error is made.
    let refused_array = error.to_string().starts_with("invalid type: sequence");
    let before_array = json.get(end) == Some(&b'[');
    if refused_array && !before_array && matches!(open.last(), Some(Step::Array(0))) {
        open.pop();
    }
    render(json, &open)
}

/// A container that is open, and where in it we are.
#[derive(Debug, PartialEq)]
enum Step {
    /// The bounds of the current key with its quotes; none before the first and after a comma.
    Object(Option<(usize, usize)>),
    Array(usize),
}

/// How many bytes had been read: `line` counts from 1, `column` bytes from the line's start.
fn offset(json: &[u8], line: usize, column: usize) -> usize {
    let starts = json.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
    let start = match line.checked_sub(2) {
        None => 0,
        Some(breaks) => starts.map(|(at, _)| at + 1).nth(breaks).unwrap_or(0),
    };
    start.saturating_add(column).min(json.len())
}

/// The line, from 1, and the column, in bytes from 1, of the byte at `at`.
pub(crate) fn place(json: &[u8], at: usize) -> (usize, usize) {
    let mut lines = json.get(..at).unwrap_or(json).split(|byte| *byte == b'\n');
    let last = lines.next_back().unwrap_or_default();
    (lines.count() + 1, last.len() + 1)
}

/// The containers open after the first `end` bytes. The text is known to be JSON.
fn steps(json: &[u8], end: usize) -> Vec<Step> {
    let mut open = Vec::new();
    let mut bytes = json.iter().take(end).enumerate();
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'{' => open.push(Step::Object(None)),
            b'[' => open.push(Step::Array(0)),
            b'}' | b']' => drop(open.pop()),
            b',' => match open.last_mut() {
                Some(Step::Object(key)) => *key = None,
                Some(Step::Array(index)) => *index += 1,
                None => {}
            },
            b'"' => {
                let close = string_end(&mut bytes);
                if let (Some(Step::Object(key @ None)), Some(close)) = (open.last_mut(), close) {
                    *key = Some((at, close));
                }
            }
            _ => {}
        }
    }
    open
}

/// Moves behind the closing quote and returns its place.
fn string_end<'a>(bytes: &mut impl Iterator<Item = (usize, &'a u8)>) -> Option<usize> {
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'"' => return Some(at),
            b'\\' => drop(bytes.next()),
            _ => {}
        }
    }
    None
}

fn render(json: &[u8], open: &[Step]) -> String {
    let mut path = String::new();
    for step in open {
        match step {
            Step::Object(None) => {}
            Step::Object(Some((start, end))) => {
                let quoted = json.get(*start..=*end).unwrap_or_default();
                let quoted = String::from_utf8_lossy(quoted);
                if !path.is_empty() {
                    path.push('.');
                }
                match quoted.parse() {
                    Ok(Value::String(key)) => path.push_str(&key),
                    _ => path.push_str(&quoted),
                }
            }
            Step::Array(index) => {
                // Writing to a string cannot fail.
                let _ = write!(path, "[{index}]");
            }
        }
    }
    if path.is_empty() {
        path.push('.');
    }
    path
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Deserialize;
    use serde::de::DeserializeOwned;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "only decoded")]
    struct Node {
        name: String,
        #[serde(default)]
        size: u8,
        #[serde(default)]
        list: Vec<Node>,
        #[serde(default)]
        words: Vec<String>,
        #[serde(default, rename = "ma\np")]
        map: BTreeMap<String, u8>,
    }

    fn both<T: DeserializeOwned>(json: &str) -> (String, String) {
        let Err(error) = serde_json::from_str::<T>(json) else {
            panic!("decoded: {json}");
        };
        let mut deserializer = serde_json::Deserializer::from_str(json);
        let Err(exact) = serde_path_to_error::deserialize::<_, T>(&mut deserializer) else {
            panic!("decoded: {json}");
        };
        (of(&error, json.as_bytes()), exact.path().to_string())
    }

    #[test]
    fn finds_what_serde_path_to_error_finds() {
        for json in [
            r#"{}"#,
            r#"{"name":1}"#,
            r#"{"name":{"name":"a"}}"#,
            r#"{"name":[1, 2]}"#,
            r#"{"name":[]}"#,
            r#"{"name" : null , "size":1}"#,
            r#"{"name":"a","size":256}"#,
            r#"{"name":"a","size":"1"}"#,
            r#"{"name":"a","size":[[1]]}"#,
            r#"{"name":"a","list":{"a":1}}"#,
            r#"{"name":"a","list":[{"name":"b"},{"size":1}]}"#,
            r#"{"name":"a","list":[{"name":"b"},7]}"#,
            r#"{"name":"a","list":[{"name":"b","list":[{"name":"c"},{"name":"d","size":-1}]}]}"#,
            r#"{"name":"a","words":["a","b",3]}"#,
            r#"{"name":"a","words":[ [] ]}"#,
            r#"{"name":"a","words":[{}]}"#,
            r#"{"name":"a","ma\np":{"one":1,"tw\"o\\":true}}"#,
            "{\n  \"other\": \"}],{\\\"\",\n  \"name\": \"ü\",\n  \"words\": [\n    \"ü\",\n    true\n  ]\n}",
            "{\"skipped\":{\"name\":[1,{\"a\":\"]\"}]},\n\n\"name\":\"a\",\"size\":1.5}",
        ] {
            let (found, exact) = both::<Node>(json);
            assert_eq!(found, exact, "{json}");
        }
        for json in ["7", "[]", "\"x\"", "null"] {
            assert_eq!(both::<BTreeMap<String, u8>>(json).0, ".", "{json}");
        }
    }

    #[test]
    fn any_position_gives_a_path() {
        let json = br#"{"a":["\"",{"b":1}]}"#;
        for end in 0..=json.len() + 2 {
            let rendered = render(json, &steps(json, end));
            assert!(
                [".", "a", "a[0]", "a[1]", "a[1].b"].contains(&rendered.as_str()),
                "{rendered}"
            );
        }
        assert_eq!(place(b"ab\n\ncd", 5), (3, 2));
        assert_eq!(place(b"ab\n\ncd", 99), (3, 3));
        assert_eq!(place(b"ab", 0), (1, 1));
        assert_eq!(offset(json, 0, 0), 0);
        assert_eq!(offset(json, 9, usize::MAX), json.len());
    }
}
