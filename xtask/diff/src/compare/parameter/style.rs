//! Styles: how the value of a parameter is written.

use serde_json::Value;

use crate::compare::context::Findings;
use crate::compare::fact::Fact;
use crate::rules;

/// The style that holds, none when it is malformed.
pub(super) fn style(side: &Value) -> Option<&str> {
    let default = match side.get("in").and_then(Value::as_str) {
        Some("query" | "cookie") => "form",
        _ => "simple",
    };
    side.get("style").map_or(Some(default), Value::as_str)
}

/// The types of the values of two parameters or headers, as far as they are known.
pub(crate) type Kinds<'a> = (Option<&'a str>, Option<&'a str>);

fn is_single(kind: Option<&str>) -> bool {
    kind.is_some_and(|kind| !matches!(kind, "array" | "object"))
}

/// True when values are written in another way with `explode` than without it.
fn explode_matters(style: Option<&str>, kind: Option<&str>) -> bool {
    !is_single(kind) && (kind != Some("array") || style != Some("simple"))
}

/// Compares the style in which values are written.
pub(crate) fn serialization<'a>(
    found: &mut Findings<'a>,
    (old, new): (&'a Value, &'a Value),
    kinds: Kinds<'_>,
) {
    // One value and several are not written alike in any style.
    if is_single(kinds.0) == is_single(kinds.1) {
        written(found, (old, new), kinds);
    }
    reserved(found, (old, new));
}

/// Compares `style` and `explode`.
fn written<'a>(found: &mut Findings<'a>, (old, new): (&'a Value, &'a Value), kinds: Kinds<'_>) {
    let styles = (style(old), style(new));
    if old.get("style") != new.get("style") {
        let (rule, text) = if styles.0 == styles.1 {
            (&rules::RESTATED, "the style states its default")
        } else {
            let rule = &rules::PARAMETER_SERIALIZATION_CHANGED;
            (rule, "the value is written in another style")
        };
        found.report(Fact::keyword(rule, "style", old, new, text));
    }
    let (before, after) = found.flag((old, new), "explode", styles.0 == Some("form"));
    if before == after {
        return;
    }
    let matters = explode_matters(styles.0, kinds.0) || explode_matters(styles.1, kinds.1);
    let (rule, text) = if matters {
        let rule = &rules::PARAMETER_SERIALIZATION_CHANGED;
        (rule, format!("explode is {after}"))
    } else {
        let text = "explode says nothing about such values".to_owned();
        (&rules::RESTATED, text)
    };
    found.report(Fact::keyword(rule, "explode", old, new, text));
}

/// Compares which characters may be sent.
fn reserved<'a>(found: &mut Findings<'a>, pair: (&'a Value, &'a Value)) {
    for key in ["allowReserved", "allowEmptyValue"] {
        let (before, after) = found.flag(pair, key, false);
        if before != after {
            let rule = if after {
                &rules::PARAMETER_SERIALIZATION_LOOSENED
            } else {
                &rules::PARAMETER_SERIALIZATION_CHANGED
            };
            let text = format!("{key} is {after}");
            found.report(Fact::keyword(rule, key, pair.0, pair.1, text));
        }
    }
}

/// True for styles that write a list of one value like the value.
pub(super) fn takes_lists(parameter: &Value) -> bool {
    let styles = ["form", "simple", "spaceDelimited", "pipeDelimited"];
    style(parameter).is_some_and(|style| styles.contains(&style))
}

pub(super) fn explodes(parameter: &Value) -> bool {
    let default = style(parameter) == Some("form");
    parameter
        .get("explode")
        .map_or(default, |explode| *explode == Value::Bool(true))
}
