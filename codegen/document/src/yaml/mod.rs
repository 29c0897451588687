//! YAML 1.2 as a JSON value: what the events of the parser mean under the core schema.
//!
//! A deserializer on the same parser takes twice the instructions and loses the lines, for which
//! the diff would have to read a text again.

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
pub(crate) fn compose(
    text: &str,
    max_depth: usize,
    max_nodes: usize,
) -> Result<(Value, Lines), Error> {
    let mut composer = Composer {
        max_depth,
        max_nodes,
        nodes: 0,
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

struct Composer {
    max_depth: usize,
    max_nodes: usize,
    nodes: usize,
    documents: usize,
    open: Vec<Open>,
    anchors: HashMap<usize, Anchored>,
    recorder: Recorder,
    root: Value,
}

/// A mapping or sequence that has not ended.
struct Open {
    content: Content,
    anchor: usize,
    /// Its number among the recorded places.
    place: usize,
    /// The number of values before it.
    nodes: usize,
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

/// A value that aliases repeat.
struct Anchored {
    value: Value,
    place: usize,
    /// The number of values in it.
    nodes: usize,
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
                let value = Value::String(name.clone());
                self.remember(anchor, &value, 0, 1);
            }
            return self.key(name, is_merge, line);
        }
        let place = self.begin(line)?;
        let value = scalar::resolve(text, style, tag);
        self.end(value, anchor, place, self.nodes - 1)
    }

    fn alias(&mut self, anchor: usize, line: u32) -> Result<(), String> {
        let Some(anchored) = self.anchors.get(&anchor) else {
            return Err("has an alias inside of the value that it repeats".to_owned());
        };
        if self.expects_key() {
            return match &anchored.value {
                Value::String(name) => self.key(name.clone(), false, line),
                value if !(value.is_object() || value.is_array()) => {
                    self.key(value.to_string(), false, line)
                }
                _ => Err("has a key that is not text".to_owned()),
            };
        }
        let (nodes, target) = (anchored.nodes - 1, anchored.place);
        // Before anything is copied.
        self.nodes = self.nodes.saturating_add(nodes);
        let place = self.begin(line)?;
        // A key has no place of its own; nothing can repeat the whole document.
        if target != 0 {
            self.recorder.repeat(place, target);
        }
        let value = self
            .anchors
            .get(&anchor)
            .map(|anchored| anchored.value.clone());
        self.end(value.unwrap_or_default(), 0, place, self.nodes)
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
        *key = Some(Key {
            name,
            is_merge,
            line,
        });
        Ok(())
    }

    /// Counts and records a value that begins; returns its number among the recorded places.
    fn begin(&mut self, line: u32) -> Result<usize, String> {
        self.nodes += 1;
        if self.nodes > self.max_nodes {
            let most = self.max_nodes;
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
        let place = self.begin(line)?;
        let most = self.max_depth;
        if self.open.len() >= most {
            return Err(format!("is nested more than {most} levels deep"));
        }
        self.open.push(Open {
            content,
            anchor,
            place,
            nodes: self.nodes - 1,
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
        self.end(value, open.anchor, open.place, open.nodes)
    }

    /// Puts a value that has ended where it belongs; `before` values came before it.
    fn end(
        &mut self,
        value: Value,
        anchor: usize,
        place: usize,
        before: usize,
    ) -> Result<(), String> {
        self.recorder.end(place);
        if anchor != 0 {
            self.remember(anchor, &value, place, self.nodes - before);
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

    fn remember(&mut self, anchor: usize, value: &Value, place: usize, nodes: usize) {
        let value = value.clone();
        self.anchors.insert(
            anchor,
            Anchored {
                value,
                place,
                nodes,
            },
        );
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
