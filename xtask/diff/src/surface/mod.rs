//! The generated API as text, before and after: what really happens to Rust code.

mod judge;

use std::collections::{BTreeMap, HashSet};

pub(crate) use judge::judge;

use crate::level::Level;

/// The public API of the generated crate: one line per operation, type, field and variant, such as
/// `struct types::CallRequest.custom: Option<JsonObject>`.
#[derive(Clone, Debug, Default)]
pub struct Surface {
    lines: BTreeMap<String, Line>,
}

#[derive(Clone, Debug, PartialEq)]
struct Line {
    text: String,
    /// The type or handle, without its module.
    owner: String,
    /// The field, method or variant; empty for the type itself.
    member: String,
}

impl Surface {
    /// Reads the text.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let lines = text.lines().filter(|line| !line.trim().is_empty());
        let lines = lines.map(|line| {
            let (key, line) = Line::parse(line.trim());
            (key, line)
        });
        Self {
            lines: lines.collect(),
        }
    }
}

impl Line {
    /// The item that a line is about, and the line.
    fn parse(text: &str) -> (String, Self) {
        let (kind, rest) = text.split_once(' ').unwrap_or(("", text));
        let end = rest.find([':', '(', ' ', '=']).unwrap_or(rest.len());
        // Paths hold colons in pairs; a single one starts a type.
        let mut end = end;
        while rest.get(end..).is_some_and(|tail| tail.starts_with("::")) {
            let next = end + 2;
            let tail = rest.get(next..).unwrap_or_default();
            end = next + tail.find([':', '(', ' ', '=']).unwrap_or(tail.len());
        }
        let path = rest.get(..end).unwrap_or(rest);
        let local = ["types::", "requests::", "operations::"]
            .iter()
            .find_map(|module| path.strip_prefix(module))
            .unwrap_or(path);
        let (owner, member) = local
            .split_once("::")
            .or_else(|| local.split_once('.'))
            .unwrap_or((local, ""));
        let member = match kind {
            "pages" => rest
                .split(' ')
                .nth(1)
                .unwrap_or_default()
                .trim_end_matches(':'),
            _ => member,
        };
        let line = Self {
            text: text.to_owned(),
            owner: owner.to_owned(),
            member: member.to_owned(),
        };
        (format!("{kind} {path} {member}"), line)
    }
}

/// What happened to one item.
struct Difference<'s> {
    old: Option<&'s Line>,
    new: Option<&'s Line>,
    owner: String,
    member: String,
    /// The longest operation id that the owner's name starts with.
    operation: Option<String>,
    explained: bool,
}

impl Difference<'_> {
    fn line(&self) -> &str {
        let line = self.new.or(self.old);
        line.map_or("", |line| line.text.as_str())
    }

    fn level(&self) -> Level {
        let plain = |line: &Line| line.text.trim_end_matches(" (deprecated)").to_owned();
        match (self.old, self.new) {
            (None, _) => Level::Additive,
            (Some(old), Some(new)) if plain(old) == plain(new) => Level::Risky,
            _ => Level::Breaking,
        }
    }
}

/// Names in any case, with or without separators.
fn plain(name: &str) -> String {
    let letters = name.chars().filter(char::is_ascii_alphanumeric);
    letters.map(|letter| letter.to_ascii_lowercase()).collect()
}

fn differences<'s>(old: &'s Surface, new: &'s Surface) -> Vec<Difference<'s>> {
    let keys: HashSet<&String> = old.lines.keys().chain(new.lines.keys()).collect();
    let mut keys: Vec<&String> = keys.into_iter().collect();
    keys.sort();
    keys.into_iter()
        .filter_map(|key| {
            let (old, new) = (old.lines.get(key), new.lines.get(key));
            let line = new.or(old).filter(|_| old != new)?;
            Some(Difference {
                old,
                new,
                owner: plain(&line.owner),
                member: plain(&line.member),
                operation: None,
                explained: false,
            })
        })
        .collect()
}
