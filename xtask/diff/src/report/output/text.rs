//! Text for a terminal, with colours as ANSI codes; whoever prints it strips them where needed.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};

use super::words::{Group, Names, counts, few, group, lines, operations, rust_level, values};
use crate::level::Level;
use crate::report::change::Change;
use crate::report::summary::Report;

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();

/// Most lines of the generated API under one change.
const MAX_LINES: usize = 6;

fn style(level: Level) -> Style {
    let colour = match level {
        Level::Breaking => AnsiColor::Red,
        Level::Risky => AnsiColor::Yellow,
        Level::Additive => AnsiColor::Green,
        Level::Cosmetic => AnsiColor::Cyan,
        Level::None => return DIM,
    };
    colour.on_default()
}

/// The report, operations first.
#[must_use]
pub fn text(report: &Report, names: Names<'_>) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "{BOLD}{} → {}{BOLD:#}", names.old, names.new);
    for part in Group::ALL {
        let changes = group(report, part);
        if changes.is_empty() {
            continue;
        }
        let _ = writeln!(out, "\n{BOLD}{}{BOLD:#}", part.title());
        let _ = writeln!(out, "  {DIM}{:<8} Rust{DIM:#}", "wire");
        for change in changes {
            entry(&mut out, change);
        }
    }
    for stale in &report.stale_suppressions {
        let warning = style(Level::Risky);
        let entry = &stale.suppression;
        let _ = writeln!(
            out,
            "\n{warning}suppression {}{warning:#}: {} (expires {}, {})",
            stale.why,
            entry.name(),
            entry.expires,
            entry.reason
        );
    }
    for note in &report.notes {
        let _ = writeln!(out, "\n{DIM}note: {note}{DIM:#}");
    }
    let _ = writeln!(
        out,
        "\n{BOLD}{}{BOLD:#}: {} (on the wire {}, in Rust {})",
        report.verdict,
        counts(report),
        report.wire,
        report.rust
    );
    out
}

fn entry(out: &mut String, change: &Change) {
    let (wire, rust) = (style(change.wire), style(change.rust));
    let _ = write!(
        out,
        "  {wire}{:<8}{wire:#} {rust}{:<8}{rust:#}  {}",
        change.wire,
        rust_level(change, |level| level.to_string()),
        change.message
    );
    if let Some(values) = values(change) {
        let _ = write!(out, " {DIM}({values}){DIM:#}");
    }
    out.push('\n');
    if let Some(reason) = &change.suppressed {
        let _ = writeln!(out, "      approved: {reason}");
    }
    let mut effects = change.by_direction.iter();
    if let (Some((one, before)), Some((other, after))) = (effects.next(), effects.next())
        && before.wire != after.wire
    {
        let _ = writeln!(
            out,
            "      {DIM}{} in the {one} of {}, {} in the {other} of {}{DIM:#}",
            before.wire,
            few(&before.operations, 2),
            after.wire,
            few(&after.operations, 2)
        );
    }
    if let Some(reason) = &change.not_generated {
        let _ = writeln!(out, "      {DIM}not generated: {reason}{DIM:#}");
    }
    for line in change.surface.iter().take(MAX_LINES) {
        let _ = writeln!(out, "      {DIM}{line}{DIM:#}");
    }
    if change.surface.len() > MAX_LINES {
        let more = change.surface.len() - MAX_LINES;
        let _ = writeln!(
            out,
            "      {DIM}and {more} more lines of the generated API{DIM:#}"
        );
    }
    let about = [
        Some(change.fingerprint.clone()),
        lines(change),
        operations(change, 3),
    ];
    let about: Vec<String> = about.into_iter().flatten().collect();
    let _ = writeln!(out, "      {DIM}{}{DIM:#}", about.join(" · "));
}
