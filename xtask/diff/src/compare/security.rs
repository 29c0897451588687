//! Security: what an operation demands, and what the schemes mean.

use serde_json::Value;

use super::Comparison;
use super::fields::{entries, members, union};
use super::operation::Scope;
use crate::fact::Fact;
use crate::graph::{Direction, NodeId};
use crate::rules;

/// The list of alternatives that counts for an operation.
fn demanded<'a>(root: &'a Value, operation: &'a Value) -> Option<&'a Value> {
    operation.get("security").or_else(|| root.get("security"))
}

fn alternatives(list: Option<&Value>) -> &[Value] {
    list.and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// The names of the schemes of one alternative.
fn schemes(alternative: &Value) -> Vec<&str> {
    let map = alternative.as_object().into_iter().flatten();
    map.map(|(name, _)| name.as_str()).collect()
}

/// Requests without credentials are accepted.
fn is_open(alternatives: &[Value]) -> bool {
    alternatives.is_empty() || alternatives.iter().any(|one| schemes(one).is_empty())
}

/// Compares what two operations demand.
pub(super) fn compare<'a>(
    comparison: &mut Comparison<'a>,
    scope: Scope,
    old: &'a Value,
    new: &'a Value,
) {
    let before = demanded(comparison.old.root, old);
    let after = demanded(comparison.new.root, new);
    let (left, right) = (alternatives(before), alternatives(after));
    for name in left.iter().chain(right).flat_map(schemes) {
        comparison.secured.push((name, scope.number));
    }
    let own = (old.get("security"), new.get("security"));
    if before == after {
        if own.0 != own.1 {
            let text = "the security of the whole document is spelled out";
            let fact = Fact::keyword(&rules::RESTATED, "security", old, new, text);
            comparison.report(scope.node, fact);
        }
        return;
    }
    let malformed = |list: Option<&Value>| list.is_some_and(|list| !list.is_array());
    let places = (before.unwrap_or(old), after.unwrap_or(new));
    if malformed(before) || malformed(after) {
        let text = "security is no list";
        let fact = Fact::changed(&rules::UNCLASSIFIED, places.0, places.1, text);
        comparison.report(scope.node, fact.about("security"));
        return;
    }
    let reports = comparison.reports();
    let overall = match (is_open(left), is_open(right)) {
        (true, false) => Some((&rules::SECURITY_INTRODUCED, "credentials are now needed")),
        (false, true) => Some((&rules::SECURITY_DROPPED, "credentials are no longer needed")),
        _ => None,
    };
    if let Some((rule, text)) = overall {
        let fact = Fact::changed(rule, places.0, places.1, text);
        let values = (before.cloned(), after.cloned());
        comparison.report(scope.node, fact.values(values.0, values.1));
        return;
    }
    one_by_one(comparison, scope.node, (left, right), places);
    if comparison.reports() == reports && (left.len() != right.len() || own.0 != own.1) {
        let text = "the same security is written differently";
        let fact = Fact::changed(&rules::RESTATED, places.0, places.1, text);
        comparison.report(scope.node, fact.about("security"));
    }
}

fn one_by_one<'a>(
    comparison: &mut Comparison<'a>,
    node: NodeId,
    (left, right): (&'a [Value], &'a [Value]),
    places: (&'a Value, &'a Value),
) {
    for old in left {
        let partner = right.iter().find(|new| schemes(new) == schemes(old));
        let Some(new) = partner else {
            let text = format!("{} is no longer accepted", schemes(old).join(" with "));
            let rule = &rules::SECURITY_ALTERNATIVE_REMOVED;
            let fact = Fact::removed(rule, old, places.1, text);
            comparison.report(node, fact.about(schemes(old).join("+")));
            continue;
        };
        for name in schemes(old) {
            scopes(comparison, node, name, (old, new));
        }
    }
    for new in right {
        if !left.iter().any(|old| schemes(old) == schemes(new)) {
            let text = format!("{} is accepted as well", schemes(new).join(" with "));
            let rule = &rules::SECURITY_ALTERNATIVE_ADDED;
            let fact = Fact::added(rule, new, places.0, text);
            comparison.report(node, fact.about(schemes(new).join("+")));
        }
    }
}

fn scopes<'a>(
    comparison: &mut Comparison<'a>,
    node: NodeId,
    name: &str,
    (old, new): (&'a Value, &'a Value),
) {
    let (Some(before), Some(after)) = (old.get(name), new.get(name)) else {
        return;
    };
    if before != after && !(before.is_array() && after.is_array()) {
        let text = format!("the scopes of {name} are no list");
        let fact = Fact::changed(&rules::UNCLASSIFIED, before, after, text);
        comparison.report(node, fact.about(name));
        return;
    }
    let (left, right) = (entries(old, name), entries(new, name));
    for scope in left.iter().filter(|scope| !right.contains(scope)) {
        let text = format!("the scope {scope} of {name} is no longer demanded");
        let fact = Fact::removed(&rules::SECURITY_SCOPE_REMOVED, scope, after, text);
        comparison.report(node, fact.about(format!("{name} {scope}")));
    }
    for scope in right.iter().filter(|scope| !left.contains(scope)) {
        let text = format!("the scope {scope} of {name} is demanded");
        let fact = Fact::added(&rules::SECURITY_SCOPE_ADDED, scope, before, text);
        comparison.report(node, fact.about(format!("{name} {scope}")));
    }
}

/// Compares the security schemes of both documents.
pub(super) fn compare_schemes<'a>(
    comparison: &mut Comparison<'a>,
    (old, new): (&'a Value, &'a Value),
) {
    let key = "securitySchemes";
    let (Some(Value::Object(left)), Some(Value::Object(right))) = (old.get(key), new.get(key))
    else {
        let names = members(old, key).chain(members(new, key));
        let names: Vec<&str> = names.map(|(name, _)| name).collect();
        if names.is_empty() && old.get(key) != new.get(key) {
            let text = "an empty map of security schemes comes or goes";
            let fact = Fact::keyword(&rules::RESTATED, key, old, new, text);
            comparison.report(comparison.document, fact);
        }
        for name in names {
            let before = old.get(key).and_then(|map| map.get(name));
            let after = new.get(key).and_then(|map| map.get(name));
            scheme(comparison, name, (old, before), (new, after));
        }
        return;
    };
    let near = (old, new);
    for name in union(left, right) {
        let (before, after) = (left.get(name), right.get(name));
        if before != after {
            scheme(comparison, name, (near.0, before), (near.1, after));
        }
    }
}

fn scheme<'a>(
    comparison: &mut Comparison<'a>,
    name: &str,
    (old, before): (&'a Value, Option<&'a Value>),
    (new, after): (&'a Value, Option<&'a Value>),
) {
    let node = comparison.graph.add_node();
    match (before, after) {
        (Some(before), Some(after)) => {
            for (used, operation) in &comparison.secured {
                if *used == name {
                    let graph = &mut comparison.graph;
                    graph.add_root(node, *operation, Direction::Request);
                }
            }
            let (Some(left), Some(right)) = (before.as_object(), after.as_object()) else {
                comparison.remaining(node, (before, after), &[]);
                return;
            };
            let is_note = |key: &str| crate::document::is_prose(key) || key.starts_with("x-");
            let mut different =
                union(left, right).filter(|key| !is_note(key) && left.get(*key) != right.get(*key));
            if different.next().is_some() {
                let text = format!("{name} works differently");
                let rule = &rules::SECURITY_SCHEME_CHANGED;
                let fact = Fact::changed(rule, before, after, text);
                let fact = fact.values(before.clone(), after.clone());
                comparison.report(node, fact);
            }
            let handled: Vec<&str> = union(left, right).filter(|key| !is_note(key)).collect();
            comparison.remaining(node, (before, after), &handled);
        }
        (Some(before), None) => {
            let text = format!("the security scheme {name} is gone");
            let fact = Fact::removed(&rules::SECURITY_SCHEME_CHANGED, before, new, text);
            comparison.report(node, fact);
        }
        (None, Some(after)) => {
            let text = format!("the security scheme {name} is new");
            let fact = Fact::added(&rules::SECURITY_SCHEME_ADDED, after, old, text);
            comparison.report(node, fact);
        }
        (None, None) => {}
    }
}
