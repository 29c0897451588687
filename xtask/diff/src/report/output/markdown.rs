//! Markdown for a pull-request comment.

use std::fmt::Write as _;

use super::words::{Names, counts, lines, operations, rust_level, values};
use crate::level::Level;
use crate::report::change::Change;
use crate::report::summary::Report;

/// Longest report in bytes. GitHub takes comments of 65,536 characters.
const MAX_LENGTH: usize = 60_000;

/// Longest start of a report in bytes: names, counts and notes.
const MAX_REMARKS: usize = 20_000;

/// The report as Markdown: counts first, what breaks next, the rest folded.
///
/// It fits a comment: what does not is left out and counted, with a pointer to the whole.
#[must_use]
pub fn markdown(report: &Report, names: Names<'_>) -> String {
    let mut out = format!("## Specification changes: {}\n\n", report.verdict);
    let _ = writeln!(
        out,
        "`{}` → `{}`: {} (on the wire **{}**, in Rust **{}**).\n",
        names.old,
        names.new,
        counts(report),
        report.wire,
        report.rust
    );
    totals(&mut out, report);
    remarks(&mut out, report);
    let mut left_out = 0;
    for level in Level::ALL {
        let changes = report
            .changes
            .iter()
            .filter(|change| change.level() == level);
        left_out += section(&mut out, level, &changes.collect::<Vec<_>>());
    }
    if left_out > 0 {
        let _ = writeln!(
            out,
            "\n**{left_out} more entries do not fit here.** All of them: \
             `cargo xtask diff OLD NEW`, or `--format html` for a page."
        );
    }
    out
}

/// Writes the notes and the suppressions without effect, as many as leave room for the changes.
fn remarks(out: &mut String, report: &Report) {
    let notes = report.notes.iter().map(|note| escape(note));
    let stale = report.stale_suppressions.iter().map(|stale| {
        let entry = &stale.suppression;
        format!(
            "Suppression {}: <code>{}</code> (expires {}, {})",
            stale.why,
            escape(entry.name()),
            entry.expires,
            escape(&entry.reason)
        )
    });
    let mut left_out = 0;
    for remark in notes.chain(stale) {
        if out.len() + remark.len() > MAX_REMARKS {
            left_out += 1;
        } else {
            let _ = writeln!(out, "\n> {remark}");
        }
    }
    if left_out > 0 {
        let _ = writeln!(out, "\n> {left_out} more notes do not fit here.");
    }
}

/// Writes a table of counts per level, for each audience.
pub(super) fn totals(out: &mut String, report: &Report) {
    out.push_str("| | breaking | risky | additive | cosmetic |\n| --- | --- | --- | --- | --- |\n");
    let mut row = |name: &str, level: fn(&Change) -> Level| {
        let count = |wanted: Level| {
            let changes = report.changes.iter();
            changes.filter(|change| level(change) == wanted).count()
        };
        let _ = writeln!(
            out,
            "| {name} | {} | {} | {} | {} |",
            count(Level::Breaking),
            count(Level::Risky),
            count(Level::Additive),
            count(Level::Cosmetic)
        );
    };
    row("on the wire", |change| change.wire);
    row("in Rust", |change| change.rust);
}

/// Writes the changes of one level; returns how many do not fit.
fn section(out: &mut String, level: Level, changes: &[&Change]) -> usize {
    if changes.is_empty() {
        return 0;
    }
    let folded = level != Level::Breaking;
    let title = match level {
        Level::Cosmetic | Level::None => format!("{} without effect", changes.len()),
        level => format!("{} {level}", changes.len()),
    };
    if folded {
        let _ = writeln!(out, "\n<details><summary>{title}</summary>\n");
    } else {
        let _ = writeln!(out, "\n### {title}\n");
    }
    let plain = level < Level::Additive;
    if !plain {
        out.push_str("| wire | Rust | change | where |\n| --- | --- | --- | --- |\n");
    }
    let mut fitting = 0;
    for change in changes {
        let line = if plain {
            format!("- {}\n", escape(&change.message))
        } else {
            row(change)
        };
        if out.len() + line.len() > MAX_LENGTH {
            break;
        }
        out.push_str(&line);
        fitting += 1;
    }
    if folded {
        out.push_str("\n</details>\n");
    }
    changes.len() - fitting
}

fn row(change: &Change) -> String {
    let mut text = escape(&change.message);
    if let Some(values) = values(change) {
        let _ = write!(text, " ({})", escape(&values));
    }
    if let Some(reason) = &change.suppressed {
        let _ = write!(text, "<br>approved: {}", escape(reason));
    }
    let _ = write!(text, "<br><code>{}</code>", escape(&change.fingerprint));
    let place: Vec<String> = [operations(change, 3), lines(change)]
        .into_iter()
        .flatten()
        .collect();
    format!(
        "| {} | {} | {text} | {} |\n",
        mark(change.wire),
        rust_level(change, mark),
        escape(&place.join("; "))
    )
}

fn mark(level: Level) -> String {
    match level {
        Level::Breaking | Level::Risky => format!("**{level}**"),
        _ => level.to_string(),
    }
}

/// Text that stays text in a table cell.
pub(super) fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '|' | '*' | '_' | '`' | '[' | ']' | '\\' => {
                safe.push('\\');
                safe.push(letter);
            }
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '@' => safe.push_str("@\u{200b}"),
            '\n' | '\r' => safe.push(' '),
            _ => safe.push(letter),
        }
    }
    safe
}
