//! JSON and YAML text to a JSON value.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::map::Entry;
use serde_json::{Map, Number, Value};

use crate::bundle::{may_name_file, may_name_files};
use crate::error::Error;
use crate::pointer;
use crate::yaml::{self, Limits, Lines};

/// The deepest nesting accepted; the largest public documents stay below 64.
const MAX_DEPTH: usize = 256;

/// The most values accepted; 4 MB of JSON are about 250,000.
const MAX_NODES: usize = 20_000_000;

/// The most text that the anchors and aliases of YAML may copy.
const MAX_COPIED_BYTES: usize = 256 << 20;

/// Reads JSON if the text starts with a brace or bracket, else YAML 1.2, in which `no`, `y` and
/// `on` are strings.
///
/// # Errors
/// Text that is neither, a key that appears twice in an object, nesting deeper than 256, more than
/// 20 million values, or anchors and aliases that copy more than 256 MiB of text.
pub fn parse(text: &str) -> Result<Value, Error> {
    parse_within(text, MAX_NODES).map(|parsed| parsed.value)
}

/// A text that was read, to find the lines of its values.
#[derive(Debug, Clone)]
pub struct Source {
    text: String,
    lines: Option<Lines>,
    may_name_files: bool,
}

impl Source {
    /// Reads a text as [`parse`] does.
    ///
    /// # Errors
    /// As [`parse`].
    pub fn read(text: String) -> Result<(Value, Self), Error> {
        let parsed = parse_within(&text, MAX_NODES)?;
        let source = Self {
            text,
            lines: parsed.lines,
            may_name_files: parsed.may_name_files,
        };
        Ok((parsed.value, source))
    }

    /// Returns false for a text that certainly refers to no other file, which is cheaper to know than
    /// [`external_files`](crate::external_files).
    pub fn may_name_files(&self) -> bool {
        self.may_name_files
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The lines of a YAML text; those of JSON are found by scanning it.
    pub fn yaml_lines(&self) -> Option<&Lines> {
        self.lines.as_ref()
    }
}

#[derive(Debug)]
struct Parsed {
    value: Value,
    /// Of YAML.
    lines: Option<Lines>,
    may_name_files: bool,
}

fn parse_within(text: &str, max_nodes: usize) -> Result<Parsed, Error> {
    let text = text.trim_start_matches('\u{feff}');
    if !text.trim_start().starts_with(['{', '[']) {
        let limits = Limits {
            depth: MAX_DEPTH,
            nodes: max_nodes,
            copied_bytes: MAX_COPIED_BYTES,
        };
        let (value, lines) = yaml::compose(text, limits)?;
        return Ok(Parsed {
            may_name_files: may_name_files(&value),
            value,
            lines: Some(lines),
        });
    }
    let mut state = State {
        max_nodes,
        nodes: 0,
        trail: Vec::new(),
        problem: None,
        may_name_files: false,
    };
    let value = parse_json(text, &mut state).map_err(|message| {
        // The trail is written from the inside out.
        let mut at = String::new();
        for token in state.trail.iter().rev() {
            pointer::push(&mut at, token);
        }
        Error::new(at, state.problem.unwrap_or(message))
    })?;
    Ok(Parsed {
        value,
        lines: None,
        may_name_files: state.may_name_files,
    })
}

fn parse_json(text: &str, state: &mut State) -> Result<Value, String> {
    let mut json = serde_json::Deserializer::from_str(text);
    json.disable_recursion_limit();
    let value = Node { state, depth: 0 }.deserialize(&mut json);
    value
        .and_then(|value| json.end().map(|()| value))
        .map_err(|error| format!("is not JSON: {error}"))
}

struct State {
    max_nodes: usize,
    nodes: usize,
    /// Keys on the way to an error, the innermost first.
    trail: Vec<String>,
    /// An error found here rather than by the parser.
    problem: Option<String>,
    may_name_files: bool,
}

/// One value of the text.
struct Node<'s> {
    state: &'s mut State,
    depth: usize,
}

impl Node<'_> {
    fn fail<E: serde::de::Error>(&mut self, problem: String) -> E {
        let error = E::custom(&problem);
        self.state.problem = Some(problem);
        error
    }

    fn enter<E: serde::de::Error>(&mut self) -> Result<(), E> {
        if self.depth >= MAX_DEPTH {
            return Err(self.fail(format!("is nested more than {MAX_DEPTH} levels deep")));
        }
        Ok(())
    }

    fn child(&mut self) -> Node<'_> {
        Node {
            state: self.state,
            depth: self.depth + 1,
        }
    }
}

impl<'de> DeserializeSeed<'de> for Node<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(mut self, deserializer: D) -> Result<Value, D::Error> {
        self.state.nodes += 1;
        let most = self.state.max_nodes;
        if self.state.nodes > most {
            let problem = format!("is one value too many: a document may have {most}");
            return Err(self.fail(problem));
        }
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut seq: A) -> Result<Value, A::Error> {
        self.enter()?;
        let mut items = Vec::new();
        loop {
            match seq.next_element_seed(self.child()) {
                Ok(Some(item)) => items.push(item),
                Ok(None) => return Ok(Value::Array(items)),
                Err(error) => {
                    self.state.trail.push(items.len().to_string());
                    return Err(error);
                }
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<Value, A::Error> {
        self.enter()?;
        let mut object = Map::new();
        while let Some(key) = map.next_key::<String>()? {
            match object.entry(key) {
                Entry::Vacant(place) => match map.next_value_seed(self.child()) {
                    Ok(value) => {
                        self.state.may_name_files |= may_name_file(place.key(), &value);
                        place.insert(value);
                    }
                    Err(error) => {
                        self.state.trail.push(place.key().clone());
                        return Err(error);
                    }
                },
                Entry::Occupied(place) => {
                    let problem = format!("has the key {:?} twice", place.key());
                    return Err(self.fail(problem));
                }
            }
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn json_and_yaml_read_the_same() {
        let yaml = "responses:\n  '200': {}\n  204: {}\nflag: true\nlist: [1, 2.5, null]\n";
        let json = r#"{"responses": {"200": {}, "204": {}}, "flag": true, "list": [1, 2.5, null]}"#;
        assert_eq!(parse(yaml).unwrap(), parse(json).unwrap());
        assert_eq!(parse("\u{feff}{\"a\": 1}").unwrap(), json!({"a": 1}));
    }

    #[test]
    fn yaml_is_version_1_2() {
        let document =
            parse("enum: [no, NO, y, on, off, yes, true]\nno: 1\non: 2\ny: 3\n").unwrap();
        assert_eq!(
            document,
            json!({"enum": ["no", "NO", "y", "on", "off", "yes", true], "no": 1, "on": 2, "y": 3})
        );
    }

    #[test]
    fn odd_scalars_of_yaml_are_read_as_version_1_2_says() {
        let document = parse(
            "a: [0o17, 0x1F, 1_000, 012, +7, 1e3, .5, ~, 2020-01-01, 12:30, '1', !!str 1, .inf, True]",
        );
        assert_eq!(
            document.unwrap()["a"],
            json!([
                15,
                31,
                "1_000",
                12,
                7,
                1000.0,
                0.5,
                null,
                "2020-01-01",
                "12:30",
                "1",
                "1",
                ".inf",
                true
            ])
        );
        let keys = parse("null: 1\ntrue: 2\n1.5: 3\n0x1F: 4\n2020-01-01: 5\n");
        assert_eq!(
            keys.unwrap(),
            json!({"null": 1, "true": 2, "1.5": 3, "0x1F": 4, "2020-01-01": 5})
        );
    }

    #[test]
    fn text_that_resembles_a_number_stays_text() {
        let document = parse(
            "a: [0o8, 0xZ, '+-1', +-1, 1e, ., 1.e, 1__0, -0x1, 0b1, nan, no, y, .nan, 1.2.3, 1-2, '', e5]",
        );
        let texts = document.unwrap();
        let texts = texts["a"].as_array().unwrap();
        assert!(texts.iter().all(Value::is_string), "{texts:?}");
        let numbers = parse("a: [-7, 1., 1.5e-3, 18446744073709551615, 0x0, -0]").unwrap();
        assert_eq!(
            numbers["a"],
            json!([-7, 1.0, 0.0015, 18_446_744_073_709_551_615_u64, 0, 0])
        );
    }

    #[test]
    fn invalid_keys_merges_and_aliases_are_errors_with_their_place() {
        for (text, message) in [
            ("a:\n  b: {[1]: 2}\n", "/a/b has a key that is not text"),
            ("a:\n  ? {x: 1}\n  : 2\n", "/a has a key that is not text"),
            (
                "a:\n  <<: text\n",
                "/a merges with << what is not a mapping",
            ),
            (
                "a: &a\n  - 1\n  - *a\n",
                "/a/1 has an alias inside of the value that it repeats",
            ),
        ] {
            assert_eq!(parse(text).unwrap_err().to_string(), message);
        }
        assert_eq!(parse("").unwrap(), Value::Null);
    }

    #[test]
    fn several_documents_in_one_file_are_refused() {
        let error = parse("a: 1\n---\nb: 2\n").unwrap_err().to_string();
        assert!(error.contains("several YAML documents"), "{error}");
    }

    #[test]
    fn yaml_anchors_and_merge_keys_are_expanded() {
        let text = "base: &b {type: object}\na: *b\nc:\n  <<: *b\n  title: C\n";
        let document = parse(text).unwrap();
        assert_eq!(document["a"], json!({"type": "object"}));
        assert_eq!(document["c"], json!({"type": "object", "title": "C"}));
    }

    #[test]
    fn a_duplicate_key_is_an_error_with_its_place() {
        for text in [
            r#"{"paths": {"/a": [1, {"get": 1, "get": 2}]}}"#,
            "paths:\n  /a:\n    - 1\n    - get: 1\n      get: 2\n",
        ] {
            let error = parse(text).unwrap_err();
            assert_eq!(error.to_string(), "/paths/~1a/1 has the key \"get\" twice");
        }
    }

    #[test]
    fn broken_text_is_an_error_with_its_line() {
        for text in ["{\"a\": ", "{\"a\": 1} x", "a: [", "a: b: c"] {
            let error = parse(text).unwrap_err().to_string();
            assert!(error.contains("line"), "{error}");
        }
    }

    fn nested(depth: usize) -> String {
        format!("{}1{}", "{\"a\":".repeat(depth), "}".repeat(depth))
    }

    #[test]
    fn nesting_is_limited_far_above_ordinary_documents() {
        assert!(parse(&nested(200)).is_ok());
        assert!(parse(&format!("x: {}", nested(200))).is_ok());
        for text in [nested(300), format!("x: {}", nested(300)), nested(100_000)] {
            let error = parse(&text).unwrap_err();
            assert!(
                error.message().contains("deep") || error.message().contains("nest"),
                "{error}"
            );
        }
    }

    #[test]
    fn the_number_of_values_is_limited_far_above_ordinary_documents() {
        let list = |count: usize| format!("[{}0]", "0,".repeat(count - 1));
        for text in [list(30), format!("a: {}", list(30)), "- 0\n".repeat(30)] {
            assert!(parse_within(&text, 32).is_ok(), "{text}");
            let error = parse_within(&text, 20).unwrap_err().to_string();
            assert!(error.contains("a document may have 20"), "{error}");
        }
        let anchors =
            "a: &a [0, 0, 0, 0, 0, 0, 0, 0]\nb: &b [*a, *a, *a, *a]\nc: [*b, *b, *b, *b]\n";
        assert!(parse_within(anchors, 100).is_err());
    }

    #[test]
    fn large_yaml_is_read() {
        let mut text = String::from("items:\n");
        for index in 0..300_000 {
            text.push_str(&format!("- {index}\n"));
        }
        let items = parse(&text).unwrap();
        assert_eq!(items["items"].as_array().unwrap().len(), 300_000);
    }
}
