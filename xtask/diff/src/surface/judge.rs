//! Which lines of the generated API belong to which change, and what that makes of its level.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::Value;

use super::{Difference, Line, Surface, differences, plain};
use crate::change::Change;
use crate::level::Level;
use crate::rules::{self, Rule};

/// Replaces what the rules expect by what the surfaces show.
pub(crate) fn judge(
    changes: &mut Vec<Change>,
    (old_root, new_root): (&Value, &Value),
    (old, new): (&Surface, &Surface),
) {
    let mut differences = differences(old, new);
    let ids = operation_ids([old_root, new_root]);
    for difference in &mut differences {
        let all = ids.values().flatten();
        let all = all.filter(|id| difference.owner.starts_with(id.as_str()));
        difference.operation = all.max_by_key(|id| id.len()).cloned();
    }
    for change in changes.iter_mut() {
        let level = expected(change, &ids, &mut differences);
        if change.rust >= Level::Additive {
            match level {
                Some(level) => change.rust = level,
                None if change.rust == Level::Risky || is_invisible(change.id) => {}
                None => change.rust = Level::None,
            }
        }
    }
    explain_types(&mut differences, changes, (old_root, new_root));
    changes.extend(unexplained(&differences));
    changes.sort_by_key(|change| std::cmp::Reverse(change.level()));
}

/// Code that looks at statuses breaks although every signature stays the same.
fn is_invisible(rule: &str) -> bool {
    rule.starts_with("success-status-")
}

/// `METHOD /path` to operation ids, of both documents.
fn operation_ids(roots: [&Value; 2]) -> HashMap<String, HashSet<String>> {
    let mut ids: HashMap<String, HashSet<String>> = HashMap::new();
    for root in roots {
        let paths = root.get("paths").and_then(Value::as_object);
        for (path, item) in paths.into_iter().flatten() {
            for (method, operation) in item.as_object().into_iter().flatten() {
                let id = operation.get("operationId").and_then(Value::as_str);
                if let Some(id) = id {
                    let label = format!("{} {path}", method.to_ascii_uppercase());
                    ids.entry(label).or_default().insert(plain(id));
                }
            }
        }
    }
    ids
}

/// The worst of the differences that belong to a change, if there are any.
fn expected(
    change: &Change,
    ids: &HashMap<String, HashSet<String>>,
    differences: &mut [Difference<'_>],
) -> Option<Level> {
    let property = change.property.as_deref().unwrap_or_default();
    let last = property.rsplit('.').next().unwrap_or_default();
    let (path, last) = (plain(property), plain(last));
    let mut schemas: Vec<String> = change.schema.iter().map(|name| plain(name)).collect();
    if change.id == rules::COMPONENT_RENAMED.id {
        schemas.extend(change.old.as_str().map(plain));
    }
    let operations: HashSet<&String> = change
        .operations
        .iter()
        .filter_map(|label| ids.get(label))
        .flatten()
        .collect();
    let events: Vec<String> = change
        .operations
        .iter()
        .filter_map(|label| label.strip_prefix("WEBHOOK "))
        .map(plain)
        .collect();
    let value = change.id.starts_with("enum-value-");
    let breaking = change.rust == Level::Breaking;
    let mut worst = None;
    for difference in differences {
        let owner = difference.owner.as_str();
        let in_schemas = |schema: &String| in_schema(difference, schema, (&path, &last), breaking);
        let own = match schemas.is_empty() {
            false => schemas.iter().any(in_schemas),
            true => operations
                .iter()
                .any(|id| in_operation(difference, id, (&path, &last), (breaking, change.id))),
        };
        let event = owner == "event" && events.contains(&difference.member);
        let variant = || {
            difference
                .line()
                .ends_with(&format!("= {:?}", change.subject))
        };
        if (own || event) && (!value || variant()) {
            difference.explained = true;
            worst = worst.max(Some(difference.level()));
        }
    }
    worst
}

/// A difference that a change inside of a component schema can cause.
fn in_schema(
    difference: &Difference<'_>,
    schema: &str,
    (path, last): (&str, &str),
    breaking: bool,
) -> bool {
    let Some(inner) = difference.owner.strip_prefix(schema) else {
        return false;
    };
    if path.is_empty() {
        return inner.is_empty();
    }
    // A type for the property itself is named after its owner.
    let nested = !inner.is_empty() && (inner == path || path.ends_with(inner));
    let member = difference.member == last;
    let constructor = breaking && difference.member == "new";
    (inner.is_empty() && (member || constructor)) || (nested && (member || inner.ends_with(last)))
}

/// A difference that a change of an operation's parameters or bodies can cause.
fn in_operation(
    difference: &Difference<'_>,
    id: &str,
    (path, last): (&str, &str),
    (breaking, rule): (bool, &str),
) -> bool {
    let owner = difference.owner.as_str();
    let own = difference.operation.as_deref() == Some(id);
    let method = matches!(owner, "client" | "call")
        && difference.line().contains("requests::")
        && plain(
            difference
                .line()
                .rsplit("requests::")
                .next()
                .unwrap_or_default(),
        ) == id;
    if rule.starts_with("operation-") || rule.starts_with("response-") {
        return method || own;
    }
    if !own {
        return method && breaking;
    }
    path.is_empty()
        || difference.member == last
        || (breaking && difference.member == "new")
        || owner.ends_with(last)
}

/// Types come and go with the components that are reached for the first or last time, and lines
/// that name a renamed type change with it.
fn explain_types(
    differences: &mut [Difference<'_>],
    changes: &[Change],
    (old, new): (&Value, &Value),
) {
    let names = |root: &Value| -> HashSet<String> {
        let schemas = root
            .pointer("/components/schemas")
            .and_then(Value::as_object);
        let names = schemas.into_iter().flatten().map(|(name, _)| plain(name));
        names.collect()
    };
    let (before, after) = (names(old), names(new));
    let moved: Vec<&String> = before.symmetric_difference(&after).collect();
    let known: HashSet<String> = differences
        .iter()
        .filter(|difference| difference.explained)
        .map(|difference| difference.owner.clone())
        .chain(
            changes
                .iter()
                .filter_map(|change| change.schema.as_deref().map(plain)),
        )
        .collect();
    for difference in differences {
        let words = |line: &Line| -> Vec<String> {
            let words = line
                .text
                .split(|letter: char| !letter.is_ascii_alphanumeric());
            words.map(plain).collect()
        };
        let mentions = [difference.old, difference.new]
            .into_iter()
            .flatten()
            .flat_map(words)
            .any(|word| known.contains(&word));
        difference.explained |= mentions
            || moved
                .iter()
                .any(|name| difference.owner.starts_with(name.as_str()));
    }
}

/// One entry per type or handle whose lines no change explains.
fn unexplained(differences: &[Difference<'_>]) -> Vec<Change> {
    let mut by_owner: BTreeMap<(&str, bool), Vec<&Difference<'_>>> = BTreeMap::new();
    for difference in differences.iter().filter(|one| !one.explained) {
        let line = difference.new.or(difference.old);
        let owner = line.map_or("", |line| line.owner.as_str());
        let breaks = difference.level() >= Level::Risky;
        by_owner
            .entry((owner, breaks))
            .or_default()
            .push(difference);
    }
    let entries = by_owner.into_iter();
    entries
        .map(|((owner, breaks), lines)| {
            let rule: &Rule = if breaks {
                &rules::SURFACE_BROKEN
            } else {
                &rules::SURFACE_EXTENDED
            };
            let texts = |side: fn(&Difference<'_>) -> Option<String>| {
                let lines: Vec<String> = lines.iter().filter_map(|line| side(line)).collect();
                Value::from(lines)
            };
            let level = lines.iter().map(|line| line.level()).max();
            Change {
                id: rule.id,
                wire: rule.wire.request,
                rust: level.unwrap_or(rule.rust.request),
                operations: [].into(),
                directions: Vec::new(),
                pointer: String::new(),
                old_pointer: None,
                new_pointer: None,
                property: None,
                schema: None,
                old: texts(|line| line.old.map(|line| line.text.clone())),
                new: texts(|line| line.new.map(|line| line.text.clone())),
                message: format!("{owner}: the generated API is different"),
                fingerprint: format!("{}:{owner}", rule.id),
                old_line: None,
                new_line: None,
                suppressed: None,
                subject: owner.to_owned(),
            }
        })
        .collect()
}
