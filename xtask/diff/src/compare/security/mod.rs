//! Security: the credentials that operations demand.

mod alternatives;
mod carried;
mod schemes;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::context::{Findings, Sides};
use super::direction::{Direction, Via};
use super::fact::Fact;
use super::fields::{members, same_set};
use crate::rules;
use schemes::{link_schemes, listed, schemes};

pub(super) use carried::compare as carried;

/// The alternatives of an operation, its own or those of the document.
fn demanded<'a>(root: &'a Value, operation: &'a Value) -> Option<&'a Value> {
    operation.get("security").or_else(|| root.get("security"))
}

/// Requests without credentials are accepted.
fn is_open(alternatives: &[Value]) -> bool {
    alternatives.is_empty() || alternatives.iter().any(|one| schemes(one).is_empty())
}

/// Compares what two operations demand.
pub(super) fn compare<'a>(
    sides: &Sides<'a>,
    found: &mut Findings<'a>,
    (old, new): (&'a Value, &'a Value),
) {
    let before = demanded(sides.old.root, old);
    let after = demanded(sides.new.root, new);
    let (left, right) = (listed(before), listed(after));
    link_schemes(sides, found, Via::Into(Direction::Request), (left, right));
    let own = (old.get("security"), new.get("security"));
    if before == after {
        if own.0 != own.1 {
            let text = "the security of the whole document is spelled out";
            let fact = Fact::keyword(&rules::RESTATED, "security", old, new, text);
            found.report(fact);
        }
        return;
    }
    let malformed = |list: Option<&Value>| list.is_some_and(|list| !list.is_array());
    let places = (before.unwrap_or(old), after.unwrap_or(new));
    if malformed(before) || malformed(after) {
        let text = "security is not a list";
        let fact = Fact::changed(&rules::UNCLASSIFIED, places.0, places.1, text);
        found.report(fact.about("security"));
        return;
    }
    let reports = found.count();
    let overall = match (is_open(left), is_open(right)) {
        (true, false) => Some((&rules::SECURITY_INTRODUCED, "credentials are now needed")),
        (false, true) => Some((&rules::SECURITY_DROPPED, "credentials are no longer needed")),
        _ => None,
    };
    if let Some((rule, text)) = overall {
        let fact = Fact::changed(rule, places.0, places.1, text);
        let values = (before.cloned(), after.cloned());
        found.report(fact.values(values.0, values.1));
        return;
    }
    let renamed = renamed(sides);
    if is_open(right) {
        dropped(found, (left, right), places, &renamed);
    } else {
        alternatives::compare(found, (left, right), places, &renamed);
    }
    for (old, new) in renamed {
        if left.iter().any(|one| schemes(one).contains(&old)) {
            let text = format!("the security scheme {old} is called {new}");
            let fact = Fact::changed(&rules::RESTATED, places.0, places.1, text);
            found.report(fact.about(old).values(old, new));
        }
    }
    if found.count() == reports && (left.len() != right.len() || own.0 != own.1) {
        let text = "the same security is written differently";
        let fact = Fact::changed(&rules::RESTATED, places.0, places.1, text);
        found.report(fact.about("security"));
    }
}

/// Alternatives that come or go where no credentials are needed, before and after.
fn dropped<'a>(
    found: &mut Findings<'a>,
    (left, right): (&'a [Value], &'a [Value]),
    places: (&'a Value, &'a Value),
    renamed: &BTreeMap<&'a str, &'a str>,
) {
    let new_names = |one: &'a Value| new_names(one, renamed);
    let before: BTreeSet<_> = left.iter().map(new_names).collect();
    let after: BTreeSet<BTreeSet<_>> = right
        .iter()
        .map(|one| schemes(one).into_iter().collect())
        .collect();
    let gone = left.iter().filter(|one| !after.contains(&new_names(one)));
    for gone in gone.map(schemes).filter(|gone| !gone.is_empty()) {
        let text = format!(
            "{}, which was not needed, is no longer named",
            gone.join(" with ")
        );
        let fact = Fact::changed(&rules::SECURITY_DROPPED, places.0, places.1, text);
        found.report(fact.about(gone.join("+")));
    }
    for added in right.iter().map(schemes) {
        let names: BTreeSet<_> = added.iter().copied().collect();
        if names.is_empty() || before.contains(&names) {
            continue;
        }
        let text = format!("{} is accepted as well", added.join(" with "));
        let fact = Fact::changed(&rules::SECURITY_ALTERNATIVE_ADDED, places.0, places.1, text);
        found.report(fact.about(added.join("+")));
    }
}

/// The schemes of an alternative of the old document by their new names.
fn new_names<'a>(old: &'a Value, renamed: &BTreeMap<&'a str, &'a str>) -> BTreeSet<&'a str> {
    let names = schemes(old).into_iter();
    names
        .map(|name| renamed.get(name).copied().unwrap_or(name))
        .collect()
}

/// Schemes of the old document that stand under another name in the new one, by the old name.
fn renamed<'a>(sides: &Sides<'a>) -> BTreeMap<&'a str, &'a str> {
    let all = |root: &'a Value| root.get("components").unwrap_or(&Value::Null);
    let (old, new) = (all(sides.old.root), all(sides.new.root));
    let is_missing = |side: &Value, name: &str| {
        let schemes = side.get("securitySchemes");
        schemes.is_none_or(|schemes| schemes.get(name).is_none())
    };
    let mut renamed = BTreeMap::new();
    for (name, scheme) in members(old, "securitySchemes") {
        let mut others = members(new, "securitySchemes")
            .filter(|(other, same)| is_missing(old, other) && *same == scheme);
        if let (true, Some((other, _)), None) =
            (is_missing(new, name), others.next(), others.next())
        {
            renamed.insert(name, other);
        }
    }
    renamed
}

/// Reports another security of the whole document when no operation inherits it.
pub(super) fn unused<'a>(found: &mut Findings<'a>, sides: &Sides<'a>) {
    let (old, new) = (sides.old.root, sides.new.root);
    let (left, right) = (old.get("security"), new.get("security"));
    let same = match (left, right) {
        (Some(Value::Array(left)), Some(Value::Array(right))) => {
            left.len() == right.len() && same_set(left, right)
        }
        _ => left == right,
    };
    let inherits =
        |operation: &crate::read::Operation<'_>| operation.value.get("security").is_none();
    let mut operations = sides.old.operations.iter().filter(|one| inherits(one));
    let inherited = operations.any(|old| {
        let mut others = sides.new.operations.iter();
        others.any(|new| (new.path, new.method) == (old.path, old.method) && inherits(new))
    });
    if !same && !inherited {
        let text = "the security of the document is different, and no operation inherits it";
        found.report(Fact::keyword(&rules::RESTATED, "security", old, new, text));
    }
}
