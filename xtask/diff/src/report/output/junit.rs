//! JUnit XML: one test case per change; it fails when the change is as bad as the limit.

use std::fmt::Write as _;

use super::words::operations;
use crate::report::limits::Limits;
use crate::report::summary::Report;

/// The report as JUnit XML; `limits` are the levels from which on a change is a failure.
#[must_use]
pub fn junit(report: &Report, limits: Limits) -> String {
    let failing = report.failing(limits);
    let failing: Vec<&str> = failing.map(|change| change.fingerprint.as_str()).collect();
    let skipped = report.changes.iter();
    let skipped = skipped.filter(|change| change.suppressed.is_some()).count();
    let tests = report.changes.len().max(1);
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let _ = writeln!(
        out,
        "<testsuites><testsuite name=\"spec-diff\" tests=\"{tests}\" failures=\"{}\" skipped=\"{skipped}\">",
        failing.len()
    );
    if report.changes.is_empty() {
        out.push_str("<testcase classname=\"spec-diff\" name=\"no changes\"/>\n");
    }
    for change in &report.changes {
        let _ = write!(
            out,
            "<testcase classname=\"{}\" name=\"{}\"",
            escape(change.id),
            escape(&change.fingerprint)
        );
        let detail = format!(
            "wire: {}, Rust: {}\n{}\n{}",
            change.wire,
            change.rust,
            change.pointer,
            operations(change, usize::MAX).unwrap_or_default()
        );
        let message = escape(&change.message);
        if let Some(reason) = &change.suppressed {
            let _ = write!(out, "><skipped message=\"{}\"/></testcase>", escape(reason));
        } else if failing.contains(&change.fingerprint.as_str()) {
            let _ = write!(
                out,
                "><failure type=\"{}\" message=\"{message}\">{}</failure></testcase>",
                change.level(),
                escape(&detail)
            );
        } else {
            let _ = write!(
                out,
                "><system-out>{message}\n{}</system-out></testcase>",
                escape(&detail)
            );
        }
        out.push('\n');
    }
    out.push_str("</testsuite></testsuites>\n");
    out
}

fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\n' => safe.push_str("&#10;"),
            letter if letter.is_control() => safe.push('\u{fffd}'),
            letter => safe.push(letter),
        }
    }
    safe
}
