//! The rules for people.

use std::fmt::Write as _;

use crate::rules::{self, Levels, Rule};

fn levels(levels: Levels) -> String {
    if levels.request == levels.response {
        levels.request.to_string()
    } else {
        format!("{}/{}", levels.request, levels.response)
    }
}

/// All rules, one a line: id, levels (request/response where they differ), what happened.
#[must_use]
pub fn listing() -> String {
    let mut out = format!("{:<33} {:<18} {:<18} meaning\n", "rule", "wire", "Rust");
    for rule in rules::all() {
        let _ = writeln!(
            out,
            "{:<33} {:<18} {:<18} {}",
            rule.id,
            levels(rule.wire),
            levels(rule.rust),
            rule.explanation
        );
    }
    out
}

/// One rule in full.
#[must_use]
pub fn explain(rule: &Rule) -> String {
    format!(
        "{}\n\n{}\n\nFor example: {}\n\n\
         On the wire: {} in requests, {} in responses\n\
         Rust code:   {} in requests, {} in responses\n",
        rule.id,
        rule.explanation,
        rule.example,
        rule.wire.request,
        rule.wire.response,
        rule.rust.request,
        rule.rust.response,
    )
}
