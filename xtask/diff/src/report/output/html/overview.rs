//! The parts of a page around its entries: totals, filters, operations.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::entry;
use super::page::{badge, escape};
use crate::level::Level;
use crate::report::change::Change;
use crate::report::output::words::{Group, group};
use crate::report::summary::Report;

/// Most links to changes under one operation.
const MAX_LINKS: usize = 40;

/// Notes of the report and approvals without effect.
pub(super) fn notes(out: &mut String, report: &Report) {
    if report.notes.is_empty() && report.stale_suppressions.is_empty() {
        return;
    }
    out.push_str("<ul class=\"notes\">");
    for note in &report.notes {
        let _ = write!(out, "<li>{}</li>", escape(note));
    }
    for stale in &report.stale_suppressions {
        let entry = &stale.suppression;
        let _ = write!(
            out,
            "<li>The approval of <code>{}</code> is {} (until {}: {})</li>",
            escape(entry.name()),
            stale.why,
            escape(&entry.expires),
            escape(&entry.reason)
        );
    }
    out.push_str("</ul>");
}

/// Counts for callers and for Rust code, a card each.
pub(super) fn totals(out: &mut String, report: &Report) {
    out.push_str("<section class=\"cards\" aria-label=\"Totals\">");
    type Audience = (&'static str, &'static str, fn(&Change) -> Level);
    let audiences: [Audience; 2] = [
        (
            "Programs that call the API",
            "already running, on the wire",
            |change| change.wire,
        ),
        (
            "Rust code",
            "compiled against the generated crate",
            |change| change.rust,
        ),
    ];
    for (title, text, level) in audiences {
        let _ = write!(out, "<div class=\"card\"><h2>{title}</h2><p>{text}</p><ul>");
        for wanted in Level::ALL.into_iter().filter(|level| *level > Level::None) {
            let changes = report.changes.iter();
            let count = changes.filter(|change| level(change) == wanted).count();
            let _ = write!(out, "<li class=\"{wanted}\"><b>{count}</b> {wanted}</li>");
        }
        out.push_str("</ul></div>");
    }
    out.push_str("</section>");
}

/// Links to the sections.
pub(super) fn contents(out: &mut String, report: &Report) {
    out.push_str("<nav><ul class=\"contents\">");
    for part in Group::ALL {
        let count = group(report, part).len();
        if count > 0 {
            let _ = write!(
                out,
                "<li><a href=\"#{}\">{}</a> <small>{count}</small></li>",
                part.title().to_ascii_lowercase(),
                heading(part)
            );
        }
    }
    out.push_str("<li><a href=\"#reached\">Per operation</a></li></ul></nav>");
}

fn heading(part: Group) -> &'static str {
    match part {
        Group::Operations => "Changes of operations",
        Group::Types => "Changes of types",
        Group::Document => "Changes of the document",
    }
}

/// Controls that the script shows and uses.
pub(super) fn filters(out: &mut String) {
    out.push_str("<form class=\"filters\" hidden aria-label=\"Filters\">");
    for level in Level::ALL.into_iter().filter(|level| *level > Level::None) {
        let _ = write!(
            out,
            "<label class=\"{level}\"><input type=\"checkbox\" name=\"level\" value=\"{level}\" checked> {level}</label>"
        );
    }
    out.push_str(
        "<label>where <select name=\"direction\"><option value=\"\">anywhere</option>\
         <option value=\"request\">requests</option><option value=\"response\">responses</option>\
         </select></label>\
         <label class=\"search\"><span>search</span> <input type=\"search\" name=\"text\" \
         placeholder=\"operation, type, property\"></label><output></output></form>",
    );
}

/// Every operation that a change reaches, with links to the changes.
pub(super) fn by_operation(out: &mut String, report: &Report) {
    let mut operations: BTreeMap<&str, Vec<(usize, &Change)>> = BTreeMap::new();
    for (number, change) in report.changes.iter().enumerate() {
        if change.level() < Level::Additive {
            continue;
        }
        for operation in change.operations.iter() {
            operations
                .entry(operation)
                .or_default()
                .push((number, change));
        }
    }
    if operations.is_empty() {
        return;
    }
    let level = |changes: &[(usize, &Change)], operation: &str| {
        let levels = changes
            .iter()
            .map(|(_, change)| level_for(change, operation));
        levels.max().unwrap_or(Level::None)
    };
    let mut operations: Vec<_> = operations.into_iter().collect();
    operations.sort_by_key(|(operation, changes)| std::cmp::Reverse(level(changes, operation)));
    let _ = write!(
        out,
        "<section><h2 id=\"reached\">Per operation <small>{}</small></h2>",
        operations.len()
    );
    for (operation, changes) in operations {
        let worst = level(&changes, operation);
        let _ = write!(
            out,
            "<details class=\"operation\" id=\"{}\"><summary>{} <code>{}</code> <small>{}</small></summary><ul>",
            anchor(operation),
            badge("wire", worst),
            escape(operation),
            match changes.len() {
                1 => "1 change".to_owned(),
                count => format!("{count} changes"),
            }
        );
        for (number, change) in changes.iter().take(MAX_LINKS) {
            let _ = write!(
                out,
                "<li><span class=\"dot {}\"></span><a href=\"#c{number}\">{}</a></li>",
                level_for(change, operation),
                escape(&change.message)
            );
        }
        if changes.len() > MAX_LINKS {
            let _ = write!(out, "<li>and {} more</li>", changes.len() - MAX_LINKS);
        }
        out.push_str("</ul></details>");
    }
    out.push_str("</section>");
}

/// The level of a change for the callers of one operation.
fn level_for(change: &Change, operation: &str) -> Level {
    let effects = change.by_direction.values();
    let own = effects.filter(|effect| effect.operations.iter().any(|label| label == operation));
    own.map(|effect| effect.wire).max().unwrap_or(change.wire)
}

/// A name for links to an operation.
fn anchor(operation: &str) -> String {
    let letters = operation.chars();
    let safe = letters.map(|letter| {
        if letter.is_ascii_alphanumeric() {
            letter
        } else {
            '-'
        }
    });
    format!("op-{}", safe.collect::<String>())
}

/// Every change in full: operations, then types by name, then the document.
pub(super) fn entries(out: &mut String, report: &Report) {
    for part in Group::ALL {
        let changes = group(report, part);
        if changes.is_empty() {
            continue;
        }
        let _ = write!(
            out,
            "<section class=\"group\"><h2 id=\"{0}\">{1} <small>{2}</small></h2>",
            part.title().to_ascii_lowercase(),
            heading(part),
            changes.len()
        );
        if part == Group::Types {
            types(out, report);
        } else {
            for (number, change) in numbered(report, part) {
                entry::write(out, change, &format!("c{number}"));
            }
        }
        out.push_str("</section>");
    }
}

fn numbered(report: &Report, part: Group) -> impl Iterator<Item = (usize, &Change)> {
    let changes = report.changes.iter().enumerate();
    changes.filter(move |(_, change)| Group::of(change) == part)
}

fn types(out: &mut String, report: &Report) {
    let mut types: Vec<(&str, Vec<(usize, &Change)>)> = Vec::new();
    for (number, change) in numbered(report, Group::Types) {
        let name = change.schema.as_deref().unwrap_or_default();
        match types.iter_mut().find(|(known, _)| *known == name) {
            Some((_, changes)) => changes.push((number, change)),
            None => types.push((name, vec![(number, change)])),
        }
    }
    for (name, changes) in types {
        let name = escape(name);
        let _ = write!(out, "<h3 id=\"type-{name}\"><code>{name}</code></h3>");
        for (number, change) in changes {
            entry::write(out, change, &format!("c{number}"));
        }
    }
}
