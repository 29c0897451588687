//! One self-contained page, readable without JavaScript.

mod entry;
mod overview;
mod page;

use std::fmt::Write as _;

pub(crate) use page::{escape, page};

use super::words::Names;
use crate::level::Level;
use crate::report::summary::Report;

/// The report as an HTML page without references to other files.
#[must_use]
pub fn html(report: &Report, names: Names<'_>) -> String {
    let mut body = String::new();
    let _ = write!(
        body,
        "<header><p class=\"kicker\">What changed in the API</p>\
         <h1>{} <span class=\"arrow\">→</span> {}</h1>{}</header>",
        escape(names.old),
        escape(names.new),
        verdict(report)
    );
    overview::notes(&mut body, report);
    overview::totals(&mut body, report);
    if report.changes.is_empty() {
        body.push_str("<p class=\"empty\">Nothing differs in what was read.</p>");
    } else {
        overview::contents(&mut body, report);
        overview::filters(&mut body);
        overview::entries(&mut body, report);
        overview::by_operation(&mut body, report);
    }
    page(&format!("{} → {}", names.old, names.new), &body)
}

/// The verdict in a sentence that needs no other knowledge.
fn verdict(report: &Report) -> String {
    let worst = report.wire.max(report.rust);
    let count = report.count(worst);
    let text = match worst {
        Level::Breaking if report.wire == Level::Breaking => {
            "Some programs that call the API today stop working."
        }
        Level::Breaking => "Programs keep working; Rust code needs changes when it is updated.",
        Level::Risky => "Nothing breaks for certain; some programs may notice.",
        Level::Additive => "Only additions. Nothing that exists changes.",
        Level::Cosmetic | Level::None => "Nothing that programs could notice.",
    };
    let entries = match (worst, count) {
        (Level::None, _) => String::new(),
        (level, 1) => format!(" 1 {level} change."),
        (level, count) => format!(" {count} {level} changes."),
    };
    format!(
        "<p class=\"verdict {worst}\"><strong>{}</strong> {text}{entries}</p>",
        report.verdict
    )
}

/// The changes of a report as entries, worst first, without an overview.
pub(super) fn list(out: &mut String, report: &Report, prefix: &str) {
    for (number, change) in report.changes.iter().enumerate() {
        if change.level() >= Level::Additive {
            entry::write(out, change, &format!("{prefix}{number}"));
        }
    }
    let quiet: Vec<_> = report
        .changes
        .iter()
        .filter(|change| change.level() < Level::Additive)
        .collect();
    if !quiet.is_empty() {
        let _ = write!(
            out,
            "<details class=\"quiet\"><summary>{} without effect</summary><ul>",
            quiet.len()
        );
        for change in quiet {
            let _ = write!(out, "<li>{}</li>", escape(&change.message));
        }
        out.push_str("</ul></details>");
    }
}
