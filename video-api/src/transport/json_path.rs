//! Which value of a JSON text a position belongs to.
//!
//! Decoding a second time to learn the path would double the code generated for every
//! response type; the position of the error is enough.

/// The path (`calls[3].call.created_at`) of the value at, or ending at, line and column as
/// serde_json counts them: lines from 1, columns in bytes, the last byte read included.
pub(crate) fn at(json: &[u8], line: usize, column: usize) -> String {
    let before: usize = json
        .split_inclusive(|b| *b == b'\n')
        .take(line.saturating_sub(1))
        .map(<[u8]>::len)
        .sum();
    let end = (before + column).min(json.len());
    let mut walk = Walk::default();
    let mut bytes = json.get(..end).unwrap_or(json).iter().copied();
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => walk.string(&mut bytes),
            b'{' => walk.stack.push(Step::Key {
                name: String::new(),
                complete: false,
            }),
            b'[' => walk.stack.push(Step::Index(0)),
            b'}' | b']' => drop(walk.stack.pop()),
            b',' => walk.comma(),
            b':' => {
                if let Some(Step::Key { complete, .. }) = walk.stack.last_mut() {
                    *complete = true;
                }
            }
            _ => {}
        }
    }
    walk.path()
}

#[derive(Default)]
struct Walk {
    stack: Vec<Step>,
}

enum Step {
    Key { name: String, complete: bool },
    Index(usize),
}

impl Walk {
    /// Reads to the end of a string; before a colon it is a key.
    fn string(&mut self, bytes: &mut impl Iterator<Item = u8>) {
        let mut text = Vec::new();
        while let Some(byte) = bytes.next() {
            match byte {
                b'"' => break,
                b'\\' => text.extend([Some(byte), bytes.next()].into_iter().flatten()),
                _ => text.push(byte),
            }
        }
        if let Some(Step::Key {
            name,
            complete: false,
        }) = self.stack.last_mut()
        {
            *name = String::from_utf8_lossy(&text).into_owned();
        }
    }

    fn comma(&mut self) {
        match self.stack.last_mut() {
            Some(Step::Key { name, complete }) => {
                name.clear();
                *complete = false;
            }
            Some(Step::Index(index)) => *index += 1,
            None => {}
        }
    }

    fn path(&self) -> String {
        let mut path = String::new();
        for step in &self.stack {
            match step {
                Step::Key { name, .. } if name.is_empty() => {}
                Step::Key { name, .. } => {
                    if !path.is_empty() {
                        path.push('.');
                    }
                    path.push_str(name);
                }
                Step::Index(index) => path.push_str(&format!("[{index}]")),
            }
        }
        if path.is_empty() {
            ".".to_owned()
        } else {
            path
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;
    use std::collections::HashMap;

    #[derive(Debug, Deserialize)]
    #[allow(dead_code)]
    struct Page {
        calls: Vec<Call>,
        #[serde(default)]
        by_role: HashMap<String, i32>,
    }

    #[derive(Debug, Deserialize)]
    #[allow(dead_code)]
    struct Call {
        id: String,
        #[serde(default)]
        count: i32,
        #[serde(default)]
        inner: Option<Box<Call>>,
        #[serde(default)]
        at: Option<crate::Timestamp>,
    }

    /// The reference decodes again while keeping track.
    fn both(json: &str) -> (String, String) {
        let error = serde_json::from_str::<Page>(json).unwrap_err();
        let mut again = serde_json::Deserializer::from_str(json);
        let reference = serde_path_to_error::deserialize::<_, Page>(&mut again).unwrap_err();
        (
            at(json.as_bytes(), error.line(), error.column()),
            reference.path().to_string(),
        )
    }

    #[test]
    fn agrees_with_tracked_decoding() {
        for (json, expected) in [
            (r#"{"calls":[{"id":"a"},{"id":7}]}"#, "calls[1].id"),
            (
                r#"{"calls":[{"id":"a","count":"x,y:{[\"z"}]}"#,
                "calls[0].count",
            ),
            (
                "{\"calls\":[\n  {\"id\":\"a\"},\n  {\"id\":\"b\",\n   \"count\": true}]}",
                "calls[1].count",
            ),
            (
                r#"{"calls":[{"id":"a","inner":{"id":"b","at":"soon"}}]}"#,
                "calls[0].inner.at",
            ),
            (r#"{"calls":[{"id":"a","at":{"x":1}}]}"#, "calls[0].at"),
            (r#"{"calls":{"a":1}}"#, "calls"),
            (r#"{"calls":[{"id":"é","count":1.5}]}"#, "calls[0].count"),
            (
                r#"{"calls":[],"by_role":{"a b":1,"host":"many"}}"#,
                "by_role.host",
            ),
            (r#"{"calls":[{"id":[]}]}"#, "calls[0].id"),
            (
                r#"{"calls":[{"id":"a","count":99999999999}]}"#,
                "calls[0].count",
            ),
        ] {
            let (path, reference) = both(json);
            assert_eq!(path, expected, "{json}");
            assert_eq!(path, reference, "{json}");
        }
    }

    #[test]
    fn a_missing_field_names_the_object() {
        assert_eq!(both(r#"{"calls":[{"id":"a"},{"count":1}]}"#).0, "calls[1]");
        assert_eq!(both("{}").0, ".");
        assert_eq!(both("[]").0, ".");
    }

    #[test]
    fn any_position_is_survived() {
        let json = br#"{"a":[1,{"b\"":"c"}]}}]"#;
        for line in 0..3 {
            for column in 0..40 {
                at(json, line, column);
            }
        }
    }
}
