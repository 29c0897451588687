//! The generated API as text, before and after: what really happens to Rust code.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::Value;

use crate::change::Change;
use crate::level::Level;
use crate::rules::{self, Rule};

/// The public API of the generated crate: one line per operation, type, field and variant, such as
/// `struct types::CallRequest.custom: Option<JsonObject>`.
#[derive(Clone, Debug, Default)]
pub struct Surface {
    lines: BTreeMap<String, Line>,
}

#[derive(Clone, Debug, PartialEq)]
struct Line {
    text: String,
    /// The type or handle, without its module.
    owner: String,
    /// The field, method or variant; empty for the type itself.
    member: String,
}

impl Surface {
    /// Reads the text.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let lines = text.lines().filter(|line| !line.trim().is_empty());
        let lines = lines.map(|line| {
            let (key, line) = Line::parse(line.trim());
            (key, line)
        });
        Self {
            lines: lines.collect(),
        }
    }
}

impl Line {
    /// The item that a line is about, and the line.
    fn parse(text: &str) -> (String, Self) {
        let (kind, rest) = text.split_once(' ').unwrap_or(("", text));
        let end = rest.find([':', '(', ' ', '=']).unwrap_or(rest.len());
        // Paths hold colons in pairs; a single one starts a type.
        let mut end = end;
        while rest.get(end..).is_some_and(|tail| tail.starts_with("::")) {
            let next = end + 2;
            let tail = rest.get(next..).unwrap_or_default();
            end = next + tail.find([':', '(', ' ', '=']).unwrap_or(tail.len());
        }
        let path = rest.get(..end).unwrap_or(rest);
        let local = ["types::", "requests::", "operations::"]
            .iter()
            .find_map(|module| path.strip_prefix(module))
            .unwrap_or(path);
        let (owner, member) = local
            .split_once("::")
            .or_else(|| local.split_once('.'))
            .unwrap_or((local, ""));
        let member = match kind {
            "pages" => rest
                .split(' ')
                .nth(1)
                .unwrap_or_default()
                .trim_end_matches(':'),
            _ => member,
        };
        let line = Self {
            text: text.to_owned(),
            owner: owner.to_owned(),
            member: member.to_owned(),
        };
        (format!("{kind} {path} {member}"), line)
    }
}

/// What happened to one item.
struct Difference<'s> {
    old: Option<&'s Line>,
    new: Option<&'s Line>,
    owner: String,
    member: String,
    explained: bool,
}

impl Difference<'_> {
    fn line(&self) -> &str {
        let line = self.new.or(self.old);
        line.map_or("", |line| line.text.as_str())
    }

    fn level(&self) -> Level {
        let plain = |line: &Line| line.text.trim_end_matches(" (deprecated)").to_owned();
        match (self.old, self.new) {
            (None, _) => Level::Additive,
            (Some(old), Some(new)) if plain(old) == plain(new) => Level::Risky,
            _ => Level::Breaking,
        }
    }
}

/// Names in any case, with or without separators.
fn plain(name: &str) -> String {
    let letters = name.chars().filter(char::is_ascii_alphanumeric);
    letters.map(|letter| letter.to_ascii_lowercase()).collect()
}

/// Replaces what the rules expect by what the surfaces show.
pub(crate) fn judge(
    changes: &mut Vec<Change>,
    (old_root, new_root): (&Value, &Value),
    (old, new): (&Surface, &Surface),
) {
    let mut differences = differences(old, new);
    let ids = operation_ids([old_root, new_root]);
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

fn differences<'s>(old: &'s Surface, new: &'s Surface) -> Vec<Difference<'s>> {
    let keys: HashSet<&String> = old.lines.keys().chain(new.lines.keys()).collect();
    let mut keys: Vec<&String> = keys.into_iter().collect();
    keys.sort();
    keys.into_iter()
        .filter_map(|key| {
            let (old, new) = (old.lines.get(key), new.lines.get(key));
            let line = new.or(old).filter(|_| old != new)?;
            Some(Difference {
                old,
                new,
                owner: plain(&line.owner),
                member: plain(&line.member),
                explained: false,
            })
        })
        .collect()
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
        return method || owner.starts_with(id);
    }
    if !owner.starts_with(id) {
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
        let words = |line: &crate::surface::Line| -> Vec<String> {
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
                operations: Vec::new(),
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
