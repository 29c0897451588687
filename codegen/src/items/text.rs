//! Rust as text, before prettyplease lays it out.

use std::fmt::{Display, Write as _};

use crate::surface::{Kind, Line, Wire};

/// The text of one generated item, and the lines of the public API that it declares.
#[derive(Debug, Default)]
pub(crate) struct Text {
    pub(crate) code: String,
    pub(crate) surface: Vec<Line>,
    /// The type whose members are declared, by its path.
    owner: String,
}

impl Text {
    /// Starts the text of a type; `owner` is its path from the root of the crate.
    pub(crate) fn of(owner: impl Into<String>) -> Self {
        Self {
            owner: owner.into(),
            ..Self::default()
        }
    }

    pub(crate) fn line(&mut self, line: impl Display) {
        // Writing to a String cannot fail.
        let _ = writeln!(self.code, "{line}");
    }

    /// Paragraphs of a doc comment; empty ones are left out.
    pub(crate) fn docs(&mut self, paragraphs: &[&str]) {
        for line in doc_lines(paragraphs) {
            self.line(format_args!("///{line}"));
        }
    }

    pub(crate) fn deprecated(&mut self, deprecated: bool) {
        if deprecated {
            self.line("#[deprecated]");
        }
    }

    /// Opens a public function and records it.
    pub(crate) fn function(&mut self, name: &str, signature: &str, deprecated: bool, wire: Wire) {
        self.line(format_args!("pub fn {name}{signature} {{"));
        self.record(Kind::Function, name, signature, deprecated, wire);
    }

    /// Records a type as public.
    pub(crate) fn declares(&mut self, kind: Kind, signature: &str, wire: Wire) {
        self.surface.push(Line {
            kind,
            owner: self.owner.clone(),
            member: None,
            signature: signature.to_owned(),
            deprecated: false,
            wire,
        });
    }

    /// Records a member of the type as public.
    pub(crate) fn record(
        &mut self,
        kind: Kind,
        member: &str,
        signature: &str,
        deprecated: bool,
        wire: Wire,
    ) {
        self.surface.push(Line {
            kind,
            owner: self.owner.clone(),
            member: Some(member.trim_start_matches("r#").to_owned()),
            signature: signature.to_owned(),
            deprecated,
            wire,
        });
    }
}

/// The lines of a doc comment, each as it stands after `///`.
pub(crate) fn doc_lines(paragraphs: &[&str]) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in paragraphs.iter().filter(|p| !p.trim().is_empty()) {
        if !lines.is_empty() {
            lines.push(String::new());
        }
        for line in paragraph.lines() {
            let line = line.trim_end().replace(is_refused, " ");
            let space = if line.is_empty() { "" } else { " " };
            lines.push(format!("{space}{line}"));
        }
    }
    lines
}

/// Returns true for what Rust refuses in comments: a carriage return on its own, and marks that
/// turn the direction of the text. Other control characters would make the file binary.
fn is_refused(character: char) -> bool {
    character.is_control() || matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
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

/// Names or expressions with commas between them.
pub(crate) fn list(items: impl IntoIterator<Item = impl Display>) -> String {
    let mut text = String::new();
    for item in items {
        let comma = if text.is_empty() { "" } else { ", " };
        let _ = write!(text, "{comma}{item}");
    }
    text
}
