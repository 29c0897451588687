//! One change in full.

use std::fmt::Write as _;

use serde_json::Value;

use super::page::{badge, escape};
use crate::report::change::Change;
use crate::report::output::words::lines;
use crate::rules;

/// Longest value that is shown, in characters.
const MAX_VALUE: usize = 2_000;

/// Operations that are shown unfolded.
const SHOWN: usize = 4;

/// Writes a change under an anchor.
pub(super) fn write(out: &mut String, change: &Change, id: &str) {
    let level = change.level();
    let _ = write!(
        out,
        "<article class=\"change {level}\" id=\"{id}\" data-level=\"{level}\" data-directions=\"{}\">\
         <header><h4><a href=\"#{id}\">{}</a></h4><p class=\"badges\">",
        change.directions.join(" "),
        escape(&change.message)
    );
    if change.by_direction.len() > 1 {
        for (direction, effect) in &change.by_direction {
            out.push_str(&badge(direction, effect.wire));
        }
    } else {
        out.push_str(&badge("wire", change.wire));
    }
    match &change.not_generated {
        Some(reason) => {
            let _ = write!(
                out,
                "<span class=\"badge none\" title=\"{}\"><i>Rust</i> not generated</span>",
                escape(reason)
            );
        }
        None => out.push_str(&badge("Rust", change.rust)),
    }
    out.push_str("</p></header>");
    if let Some(rule) = rules::find(change.id) {
        let _ = write!(out, "<p class=\"why\">{}</p>", escape(rule.explanation));
    }
    if let Some(reason) = &change.suppressed {
        let _ = write!(
            out,
            "<p class=\"approved\">Approved: {}</p>",
            escape(reason)
        );
    }
    sides(out, change);
    operations(out, change);
    details(out, change);
    out.push_str("</article>");
}

/// Old and new value side by side.
fn sides(out: &mut String, change: &Change) {
    if change.old.is_null() && change.new.is_null() {
        return;
    }
    out.push_str("<div class=\"sides\">");
    for (title, class, value) in [
        ("before", "old", &change.old),
        ("after", "new", &change.new),
    ] {
        let text = match value {
            Value::Null => "<p class=\"nothing\">nothing</p>".to_owned(),
            value => format!("<pre>{}</pre>", escape(&shown(value))),
        };
        let _ = write!(out, "<div class=\"{class}\"><h5>{title}</h5>{text}</div>");
    }
    out.push_str("</div>");
}

fn shown(value: &Value) -> String {
    let text = match value {
        Value::String(text) => text.clone(),
        value => format!("{value:#}"),
    };
    if text.chars().count() <= MAX_VALUE {
        return text;
    }
    let mut short: String = text.chars().take(MAX_VALUE).collect();
    short.push_str("\n…");
    short
}

fn operations(out: &mut String, change: &Change) {
    let all = &change.operations;
    if all.is_empty() {
        return;
    }
    let item = |label: &String| format!("<li><code>{}</code></li>", escape(label));
    let (first, rest) = all.split_at_checked(SHOWN).unwrap_or((all, &[]));
    let _ = write!(
        out,
        "<ul class=\"reached\">{}</ul>",
        first.iter().map(item).collect::<String>()
    );
    if !rest.is_empty() {
        let _ = write!(
            out,
            "<details class=\"more\"><summary>and {} more operations</summary><ul class=\"reached\">{}</ul></details>",
            rest.len(),
            rest.iter().map(item).collect::<String>()
        );
    }
}

fn details(out: &mut String, change: &Change) {
    let _ = write!(
        out,
        "<details class=\"more\"><summary>Details</summary><dl><dt>rule</dt><dd><code>{}</code></dd>\
         <dt>fingerprint</dt><dd><code>{}</code></dd><dt>place</dt><dd><code>{}</code>",
        change.id,
        escape(&change.fingerprint),
        escape(&change.pointer)
    );
    if let Some(lines) = lines(change) {
        let _ = write!(out, " ({lines})");
    }
    out.push_str("</dd>");
    if let Some(reason) = &change.not_generated {
        let _ = write!(
            out,
            "<dt>Rust</dt><dd>not generated: {}</dd>",
            escape(reason)
        );
    }
    if !change.surface.is_empty() {
        let _ = write!(
            out,
            "<dt>generated API</dt><dd><pre>{}</pre></dd>",
            escape(&change.surface.join("\n"))
        );
    }
    out.push_str("</dl></details>");
}
