//! Text for a terminal, with colours as ANSI codes; whoever prints it strips them where needed.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};

use super::{Group, Names, counts, group, lines, operations, values};
use crate::change::Change;
use crate::level::Level;
use crate::report::Report;

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();

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
            stale.why, entry.fingerprint, entry.expires, entry.reason
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
        change.wire, change.rust, change.message
    );
    if let Some(values) = values(change) {
        let _ = write!(out, " {DIM}({values}){DIM:#}");
    }
    out.push('\n');
    if let Some(reason) = &change.suppressed {
        let _ = writeln!(out, "      approved: {reason}");
    }
    let about = [
        Some(change.fingerprint.clone()),
        lines(change),
        operations(change, 3),
    ];
    let about: Vec<String> = about.into_iter().flatten().collect();
    let _ = writeln!(out, "      {DIM}{}{DIM:#}", about.join(" · "));
}
