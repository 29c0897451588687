//! A changelog for a pull-request comment.

use std::fmt::Write as _;

use super::{Group, Names, counts, group, lines, operations, values};
use crate::change::Change;
use crate::level::Level;
use crate::report::Report;

/// The report as Markdown: what needs eyes first, the rest folded away.
#[must_use]
pub fn markdown(report: &Report, names: Names<'_>) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "## Specification changes: {}\n", report.verdict);
    let _ = writeln!(
        out,
        "`{}` → `{}`: {} (on the wire **{}**, in Rust **{}**).",
        names.old,
        names.new,
        counts(report),
        report.wire,
        report.rust
    );
    let shown = |change: &&&Change| change.level() >= Level::Additive;
    for part in Group::ALL {
        let changes = group(report, part);
        let changes: Vec<&&Change> = changes.iter().filter(shown).collect();
        table(&mut out, part.title(), &changes);
    }
    let rest: Vec<&Change> = report
        .changes
        .iter()
        .filter(|change| change.level() < Level::Additive)
        .collect();
    if !rest.is_empty() {
        let _ = writeln!(
            out,
            "\n<details><summary>{} without effect</summary>\n",
            rest.len()
        );
        for change in rest {
            let _ = writeln!(out, "- {}", escape(&change.message));
        }
        out.push_str("\n</details>\n");
    }
    for stale in &report.stale_suppressions {
        let entry = &stale.suppression;
        let _ = writeln!(
            out,
            "\n> Suppression {}: <code>{}</code> (expires {}, {})",
            stale.why,
            escape(&entry.fingerprint),
            entry.expires,
            escape(&entry.reason)
        );
    }
    for note in &report.notes {
        let _ = writeln!(out, "\n> {}", escape(note));
    }
    out
}

fn table(out: &mut String, title: &str, changes: &[&&Change]) {
    if changes.is_empty() {
        return;
    }
    let _ = writeln!(
        out,
        "\n### {title}\n\n| wire | Rust | change | where |\n| --- | --- | --- | --- |"
    );
    for change in changes {
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
        let _ = writeln!(
            out,
            "| {} | {} | {text} | {} |",
            mark(change.wire),
            mark(change.rust),
            escape(&place.join("; "))
        );
    }
}

fn mark(level: Level) -> String {
    match level {
        Level::Breaking | Level::Risky => format!("**{level}**"),
        _ => level.to_string(),
    }
}

/// Text that stays text in a table cell.
fn escape(text: &str) -> String {
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
