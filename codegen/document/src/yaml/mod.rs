//! YAML 1.2 as a JSON value: what the events of the parser mean under the core schema.
//!
//! A serde deserializer on the same parser takes twice the instructions and drops line numbers, so
//! the diff would parse each text twice.

mod lines;
mod scalar;

use std::borrow::Cow;
use std::collections::HashMap;

use granit_parser::{Event, Options, Parser, ScalarStyle, Tag};
use serde_json::{Map, Value};

use crate::error::Error;
use crate::pointer;
pub use lines::Lines;
use lines::Recorder;

/// The key that copies the entries of other mappings.
const MERGE: &str = "<<";

/// Reads the only document of a text.
///
/// # Errors
/// Malformed YAML, several documents, a key that appears twice or is not a scalar, a merge of
/// something else than mappings, too deep nesting or too many values, expanded aliases counted.
pub(crate) fn compose(text: &str, limits: Limits) -> Result<(Value, Lines), Error> {
    let mut composer = Composer {
        limits,
        size: Size::default(),
        copied: Size::default(),
        documents: 0,
        open: Vec::new(),
        anchors: HashMap::new(),
        recorder: Recorder::default(),
        root: Value::Null,
    };
    let mut options = Options::default();
    // Nesting is counted here, so that the error has its place.
    options.flow_nesting_limit = usize::MAX;
    options.block_nesting_limit = usize::MAX;
    for event in Parser::new_from_str_with_options(text, options) {
        let step = match event {
            Ok((event, span)) => {
                let line = u32::try_from(span.start.line()).unwrap_or(u32::MAX);
                composer.event(event, line)
            }
            Err(error) => Err(format!("is neither JSON nor YAML: {error}")),
        };
        step.map_err(|message| Error::new(composer.place(), message))?;
    }
    Ok((composer.root, composer.recorder.finish()))
}

/// The most that a text may hold, expanded aliases counted.
#[derive(Clone, Copy)]
pub(crate) struct Limits {
    /// Levels of nesting.
    pub(crate) depth: usize,
    /// Values, and values that are copied for anchors and aliases.
    pub(crate) nodes: usize,
    /// Bytes of the keys and texts that are copied for anchors and aliases.
    pub(crate) copied_bytes: usize,
}

/// The number of values, and the bytes of their keys and texts.
#[derive(Clone, Copy, Default)]
struct Size {
    nodes: usize,
    bytes: usize,
}

impl Size {
    fn add(&mut self, other: Self) {
        self.nodes = self.nodes.saturating_add(other.nodes);
        self.bytes = self.bytes.saturating_add(other.bytes);
    }

    /// The bytes added since an earlier size.
    fn since(self, before: Self) -> Self {
        Self {
            nodes: self.nodes.saturating_sub(before.nodes),
            bytes: self.bytes.saturating_sub(before.bytes),
        }
    }
}

struct Composer {
    limits: Limits,
    /// The values and bytes read so far.
    size: Size,
    /// The bytes copied for anchors and aliases.
    copied: Size,
    documents: usize,
    open: Vec<Open>,
    anchors: HashMap<usize, Ended>,
    recorder: Recorder,
    root: Value,
}

/// A mapping or sequence that has not ended.
struct Open {
    content: Content,
    anchor: usize,
    /// Its number among the recorded places.
    place: usize,
    /// The bytes read before it.
    before: Size,
    /// The height of the highest value in it so far.
    height: usize,
}

enum Content {
    Mapping {
        entries: Map<String, Value>,
        key: Option<Key>,
        /// Mappings whose entries are copied, the one that wins first.
        merged: Vec<Map<String, Value>>,
    },
    Sequence(Vec<Value>),
}

struct Key {
    name: String,
    is_merge: bool,
    line: u32,
}

/// A value that has ended; aliases repeat those with an anchor.
#[derive(Clone)]
struct Ended {
    value: Value,
    place: usize,
    size: Size,
    /// The levels of nesting in it.
    height: usize,
}

impl Composer {
    fn event(&mut self, event: Event<'_>, line: u32) -> Result<(), String> {
        match event {
            Event::DocumentStart(..) => {
                self.documents += 1;
                if self.documents > 1 {
                    let text =
                        "holds several YAML documents; put the one to read into a file of its own";
                    return Err(text.to_owned());
                }
            }
            Event::Scalar(text, style, anchor, tag) => {
                self.scalar(text, style, (anchor, tag.as_deref()), line)?;
            }
            Event::Alias(anchor) => self.alias(anchor, line)?,
            Event::MappingStart(_, anchor, _) => {
                let content = Content::Mapping {
                    entries: Map::new(),
                    key: None,
                    merged: Vec::new(),
                };
                self.open(content, anchor, line)?;
            }
            Event::SequenceStart(_, anchor, _) => {
                self.open(Content::Sequence(Vec::new()), anchor, line)?;
            }
            Event::MappingEnd | Event::SequenceEnd => self.close()?,
            _ => {}
        }
        Ok(())
    }

    fn scalar(
        &mut self,
        text: Cow<'_, str>,
        style: ScalarStyle,
        (anchor, tag): (usize, Option<&Tag>),
        line: u32,
    ) -> Result<(), String> {
        if self.expects_key() {
            let is_merge = style == ScalarStyle::Plain && text == MERGE;
            let name = text.into_owned();
            if anchor != 0 {
                let size = Size {
                    nodes: 1,
                    bytes: name.len(),
                };
                let key = Ended {
                    value: Value::String(name.clone()),
                    place: 0,
                    size,
                    height: 0,
                };
                self.remember(anchor, &key)?;
            }
            return self.key(name, is_merge, line);
        }
        let place = self.begin(line)?;
        let size = Size {
            nodes: 1,
            bytes: text.len(),
        };
        self.size.bytes += size.bytes;
        let ended = Ended {
            value: scalar::resolve(text, style, tag),
            place,
            size,
            height: 0,
        };
        self.end(ended, anchor)
    }

    fn alias(&mut self, anchor: usize, line: u32) -> Result<(), String> {
        let Some(&Ended {
            place: target,
            size,
            height,
            ..
        }) = self.anchors.get(&anchor)
        else {
            return Err("has an alias inside of the value that it repeats".to_owned());
        };
        // Before anything is copied.
        self.check_depth(height)?;
        self.count_copy(size)?;
        let anchored = self.anchors.get(&anchor);
        let value = anchored.map_or(Value::Null, |anchored| anchored.value.clone());
        if self.expects_key() {
            return match value {
                Value::String(name) => self.key(name, false, line),
                value if !(value.is_object() || value.is_array()) => {
                    self.key(value.to_string(), false, line)
                }
                _ => Err("has a key that is not text".to_owned()),
            };
        }
        self.size.add(Size {
            nodes: size.nodes - 1,
            ..size
        });
        let place = self.begin(line)?;
        // A key has no place of its own; nothing can repeat the whole document.
        if target != 0 {
            self.recorder.repeat(place, target);
        }
        let ended = Ended {
            value,
            place,
            size,
            height,
        };
        self.end(ended, 0)
    }

    /// Refuses a value with this many levels of nesting in it where it would be too deep.
    fn check_depth(&self, height: usize) -> Result<(), String> {
        let most = self.limits.depth;
        if self.open.len().saturating_add(height) > most {
            return Err(format!("is nested more than {most} levels deep"));
        }
        Ok(())
    }

    /// Counts what is about to be copied.
    fn count_copy(&mut self, size: Size) -> Result<(), String> {
        self.copied.add(size);
        let Limits {
            nodes,
            copied_bytes: bytes,
            ..
        } = self.limits;
        let text = "is too much for anchors and aliases, which may copy";
        if self.copied.nodes > nodes {
            return Err(format!("{text} {nodes} values"));
        }
        if self.copied.bytes > bytes {
            return Err(format!("{text} {bytes} bytes of text"));
        }
        Ok(())
    }

    fn expects_key(&self) -> bool {
        let top = self.open.last().map(|open| &open.content);
        matches!(top, Some(Content::Mapping { key: None, .. }))
    }

    fn key(&mut self, name: String, is_merge: bool, line: u32) -> Result<(), String> {
        let top = self.open.last_mut().map(|open| &mut open.content);
        let Some(Content::Mapping {
            entries,
            key,
            merged,
        }) = top
        else {
            return Ok(());
        };
        if entries.contains_key(&name) || (is_merge && !merged.is_empty()) {
            return Err(format!("has the key {name:?} twice"));
        }
        self.size.bytes = self.size.bytes.saturating_add(name.len());
        *key = Some(Key {
            name,
            is_merge,
            line,
        });
        Ok(())
    }

    /// Counts and records a value that begins; returns its number among the recorded places.
    fn begin(&mut self, line: u32) -> Result<usize, String> {
        self.size.nodes += 1;
        let most = self.limits.nodes;
        if self.size.nodes > most {
            return Err(format!("is one value too many: a document may have {most}"));
        }
        Ok(match self.open.last().map(|open| &open.content) {
            Some(Content::Mapping { key: Some(key), .. }) => {
                self.recorder.entry(&key.name, key.is_merge, key.line)
            }
            _ => self.recorder.item(line),
        })
    }

    fn open(&mut self, content: Content, anchor: usize, line: u32) -> Result<(), String> {
        if self.expects_key() {
            return Err("has a key that is not text".to_owned());
        }
        let before = self.size;
        let place = self.begin(line)?;
        self.check_depth(1)?;
        self.open.push(Open {
            content,
            anchor,
            place,
            before,
            height: 0,
        });
        Ok(())
    }

    fn close(&mut self) -> Result<(), String> {
        let Some(open) = self.open.pop() else {
            return Ok(());
        };
        let value = match open.content {
            Content::Sequence(items) => Value::Array(items),
            Content::Mapping {
                mut entries,
                merged,
                ..
            } => {
                for (key, value) in merged.into_iter().flatten() {
                    entries.entry(key).or_insert(value);
                }
                Value::Object(entries)
            }
        };
        let ended = Ended {
            value,
            place: open.place,
            size: self.size.since(open.before),
            height: open.height + 1,
        };
        self.end(ended, open.anchor)
    }

    /// Puts a value that has ended where it belongs.
    fn end(&mut self, ended: Ended, anchor: usize) -> Result<(), String> {
        self.recorder.end(ended.place);
        if anchor != 0 {
            self.remember(anchor, &ended)?;
        }
        let Ended { value, height, .. } = ended;
        if let Some(open) = self.open.last_mut() {
            open.height = open.height.max(height);
        }
        match self.open.last_mut().map(|open| &mut open.content) {
            None => self.root = value,
            Some(Content::Sequence(items)) => items.push(value),
            Some(Content::Mapping {
                entries,
                key,
                merged,
            }) => match key.take() {
                Some(key) if key.is_merge => *merged = mappings(value)?,
                Some(key) => {
                    entries.insert(key.name, value);
                }
                None => {}
            },
        }
        Ok(())
    }

    fn remember(&mut self, anchor: usize, ended: &Ended) -> Result<(), String> {
        self.count_copy(ended.size)?;
        self.anchors.insert(anchor, ended.clone());
        Ok(())
    }

    /// JSON pointer of the innermost value that has not ended.
    fn place(&self) -> String {
        let mut place = String::new();
        for open in &self.open {
            match &open.content {
                Content::Mapping { key: Some(key), .. } => {
                    pointer::push(&mut place, &key.name);
                }
                Content::Mapping { key: None, .. } => {}
                Content::Sequence(items) => {
                    pointer::push(&mut place, &items.len().to_string());
                }
            }
        }
        place
    }
}

/// The mappings that a merge key copies.
fn mappings(value: Value) -> Result<Vec<Map<String, Value>>, String> {
    let mapping = |value| match value {
        Value::Object(entries) => Ok(entries),
        _ => Err(format!("merges with {MERGE} what is not a mapping")),
    };
    match value {
        Value::Array(items) => items.into_iter().map(mapping).collect(),
        value => Ok(vec![mapping(value)?]),
    }
}

#[cfg(test)]
mod tests {
    use super::{Limits, compose};

    const LIMITS: Limits = Limits {
        depth: 10,
        nodes: 100,
        copied_bytes: 100,
    };

    fn error(text: &str) -> Option<String> {
        let composed = compose(text, LIMITS);
        composed.err().map(|error| error.to_string())
    }

    #[test]
    fn the_depth_of_expanded_aliases_is_limited() {
        let chain = |inner: &str| format!("a: &a [[[[1]]]]\nb: &b [[[[*a]]]]\nc: {inner}\n");
        assert_eq!(error(&chain("[*b]")), None);
        let message = "is nested more than 10 levels deep";
        assert_eq!(error(&chain("[[*b]]")), Some(format!("/c/0/0 {message}")));
        let chain = |inner: &str| format!("a: &a {{b: &b [[[1]]], c: &c [[*b]]}}\nd: {inner}\n");
        assert_eq!(error(&chain("[[[*a]]]")), None);
        assert_eq!(
            error(&chain("[[[[*a]]]]")),
            Some(format!("/d/0/0/0/0 {message}"))
        );
    }

    #[test]
    fn copies_for_anchors_and_aliases_are_limited() {
        let message = "is too much for anchors and aliases, which may copy";
        let text = "a: &a 0123456789012345678901234567890123456789\nb: *a\n";
        assert_eq!(error(text), None);
        let bytes = format!("{message} 100 bytes of text");
        for more in ["c: *a\n", "c: [*a]\n", "*a : 1\n"] {
            let found = error(&format!("{text}{more}")).unwrap_or_default();
            assert!(found.ends_with(&bytes), "{found}");
        }
        // Each anchor around a value keeps a copy of it.
        let nested = "&a [&b [&c [&d 0123456789012345678901234567890123456789]]]";
        assert_eq!(error(nested), Some(format!("/0 {bytes}")));
        let nested = format!("&a [&b [&c [{}0]]]", "0, ".repeat(40));
        assert_eq!(
            error(&nested),
            Some(format!("the document {message} 100 values"))
        );
    }
}
