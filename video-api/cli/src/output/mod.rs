//! Everything that is printed.

use std::io::{IsTerminal as _, Write as _, stderr, stdout};

use unicode_width::UnicodeWidthStr as _;

pub(crate) mod error;
pub(crate) mod local;
pub(crate) mod page;
pub(crate) mod request;
pub(crate) mod response;
pub(crate) mod style;
pub(crate) mod table;
pub(crate) mod value;

/// Text without characters that move the cursor, change colours or reorder text: a call's name
/// can be chosen by anybody.
pub(crate) fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter.is_control() || is_direction(letter) {
            out.extend(letter.escape_default());
        } else {
            out.push(letter);
        }
    }
    out
}

/// Characters that change the direction of text.
fn is_direction(letter: char) -> bool {
    matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}')
}

/// The width to lay out for: `COLUMNS`, or that of the terminal; `None` in a pipe or a file.
pub(crate) fn width() -> Option<usize> {
    /// Narrower terminals get lines that wrap.
    const NARROWEST: usize = 20;
    /// For terminals that do not know their size, such as those that a program made.
    const USUAL: usize = 80;
    let set = std::env::var("COLUMNS").ok();
    let set = set.and_then(|text| text.parse().ok()).filter(|n| *n > 0);
    let terminal = || {
        let size = terminal_size::terminal_size_of(stdout());
        let known = size
            .map(|(width, _)| usize::from(width.0))
            .filter(|n| *n > 0);
        known.or_else(|| stdout().is_terminal().then_some(USUAL))
    };
    set.or_else(terminal).map(|width| width.max(NARROWEST))
}

/// Prints a warning to standard error.
pub(crate) fn warn(text: &str) {
    let warning = style::WARNING;
    // A failure to write to standard error cannot be reported anywhere.
    let _ = writeln!(anstream::stderr(), "{warning}warning:{warning:#} {text}");
}

/// Prints a remark to standard error.
pub(crate) fn note(text: &str) {
    let faint = style::FAINT;
    let _ = writeln!(anstream::stderr(), "{faint}{text}{faint:#}");
}

/// Returns whether a progress bar can be drawn: standard error is a terminal, and standard output is
/// neither the terminal nor a pipe to a program that may draw there.
pub(crate) fn may_draw(results_in_file: bool) -> bool {
    stderr().is_terminal() && (results_in_file || file_size(stdout()).is_some())
}

/// The size of a standard stream that is a regular file.
#[cfg(unix)]
pub(crate) fn file_size(stream: impl std::os::fd::AsFd) -> Option<u64> {
    let descriptor = stream.as_fd().try_clone_to_owned().ok()?;
    let metadata = std::fs::File::from(descriptor).metadata().ok()?;
    metadata.is_file().then_some(metadata.len())
}

#[cfg(not(unix))]
pub(crate) fn file_size<T>(_: T) -> Option<u64> {
    None
}

/// Words separated by commas, on as many lines as they need.
pub(crate) fn wrap(words: Vec<String>, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let last = words.len().saturating_sub(1);
    for (index, mut word) in words.into_iter().enumerate() {
        if index < last {
            word.push(',');
        }
        if !line.is_empty() && line.width() + 1 + word.width() > width {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(&word);
    }
    lines.push(line);
    lines
}

/// `1 line`, `2 lines`.
pub(crate) fn count(number: u64, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}

/// `; did you mean …?` with the most similar name, or nothing.
pub(crate) fn similar(given: &str, names: &[&str]) -> String {
    let ranked = names
        .iter()
        .map(|name| (strsim::jaro_winkler(given, name), name));
    match ranked.max_by(|a, b| a.0.total_cmp(&b.0)) {
        Some((similarity, name)) if similarity > 0.8 => format!("; did you mean `{name}`?"),
        _ => String::new(),
    }
}
