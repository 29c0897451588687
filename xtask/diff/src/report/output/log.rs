//! A changelog over many versions, newest first.

use std::fmt::Write as _;

use super::html::{self, escape as escape_html};
use super::markdown::{escape, totals};
use super::words::{counts, operations};
use crate::level::Level;
use crate::report::summary::Report;

/// The changes of one version.
#[derive(Debug)]
pub struct Version<'a> {
    /// The name of the version.
    pub name: &'a str,
    /// The day it is from, when it is known.
    pub date: Option<&'a str>,
    /// The comparison with the version before.
    pub report: &'a Report,
}

impl Version<'_> {
    fn title(&self) -> String {
        match self.date {
            Some(date) => format!("{} ({date})", self.name),
            None => self.name.to_owned(),
        }
    }
}

/// The changelog as Markdown; the versions come newest first.
#[must_use]
pub fn log_markdown(title: &str, versions: &[Version<'_>]) -> String {
    let mut out = format!("# Changes of {title}\n");
    for version in versions {
        let report = version.report;
        let _ = writeln!(out, "\n## {}\n", escape(&version.title()));
        if report.changes.is_empty() {
            out.push_str("No changes.\n");
        } else {
            let _ = writeln!(out, "**{}**\n", report.verdict);
            totals(&mut out, report);
        }
        for note in &report.notes {
            let _ = writeln!(out, "\n> {}", escape(note));
        }
        for level in [Level::Breaking, Level::Risky, Level::Additive] {
            let changes = report
                .changes
                .iter()
                .filter(|change| change.level() == level);
            let changes: Vec<_> = changes.collect();
            if changes.is_empty() {
                continue;
            }
            let _ = writeln!(out, "\n### {level}\n");
            for change in changes {
                let _ = write!(out, "- {}", escape(&change.message));
                if let Some(operations) = operations(change, 3) {
                    let _ = write!(out, " ({})", escape(&operations));
                }
                out.push('\n');
            }
        }
        let quiet = report
            .changes
            .iter()
            .filter(|change| change.level() < Level::Additive);
        let quiet = quiet.count();
        if quiet > 0 {
            let _ = writeln!(out, "\n{quiet} more without effect.");
        }
    }
    out
}

/// The changelog as one self-contained page; the versions come newest first.
#[must_use]
pub fn log_html(title: &str, versions: &[Version<'_>]) -> String {
    let mut body = format!(
        "<header><p class=\"kicker\">Changelog of the API</p><h1>{}</h1></header><nav><ul>",
        escape_html(title)
    );
    for (number, version) in versions.iter().enumerate() {
        let report = version.report;
        let _ = write!(
            body,
            "<li><span class=\"dot {}\"></span><a href=\"#v{number}\">{}</a> <small>{}</small></li>",
            report.wire.max(report.rust),
            escape_html(&version.title()),
            report.verdict
        );
    }
    body.push_str("</ul></nav>");
    for (number, version) in versions.iter().enumerate() {
        let report = version.report;
        let _ = write!(
            body,
            "<section id=\"v{number}\"><h2>{} <small>{}</small></h2>",
            escape_html(&version.title()),
            counts(report)
        );
        for note in &report.notes {
            let _ = write!(body, "<p class=\"why\">{}</p>", escape_html(note));
        }
        html::list(&mut body, report, &format!("v{number}-"));
        body.push_str("</section>");
    }
    html::page(&format!("Changes of {title}"), &body)
}
