//! The servers in effect: those of an operation, else of its path, else of the document.

use rustc_hash::FxHashMap;
use serde_json::Value;

use super::level::add;
use crate::compare::context::{Findings, Kind, Sides};
use crate::compare::direction::{Direction, Via};
use crate::compare::fact::Fact;
use crate::read::{Document, Operation, address};
use crate::rules;

/// The object that declares the servers of an operation, and how far outside it stands.
fn owner<'a>(document: &Document<'a>, operation: &Operation<'a>) -> (u8, &'a Value) {
    let declares = |one: &Value| one.get("servers").is_some();
    match (operation.value, operation.item) {
        (own, _) if declares(own) => (0, own),
        (_, item) if declares(item) => (1, item),
        _ => (2, document.root),
    }
}

/// Compares the servers of two operations, wherever they are declared.
pub(in crate::compare) fn in_effect<'a>(
    sides: &Sides<'a>,
    found: &mut Findings<'a>,
    (old, new): (&Operation<'a>, &Operation<'a>),
) {
    let (before, after) = (owner(&sides.old, old), owner(&sides.new, new));
    let via = Via::Into(Direction::Request);
    found.link_via(Kind::Servers, via, before.1, after.1);
    let (left, right) = (before.1.get("servers"), after.1.get("servers"));
    if let (true, Some(left), Some(right)) = (before.0 != after.0, left, right)
        && left == right
    {
        let text = "the same servers are declared on another level";
        let fact = Fact::changed(&rules::RESTATED, left, right, text);
        found.report(fact.about("servers"));
    }
}

/// Compares the servers of two documents, unless no operation uses them on both sides.
pub(in crate::compare) fn of_document<'a>(sides: &Sides<'a>, found: &mut Findings<'a>) {
    let roots = (sides.old.root, sides.new.root);
    if roots.0.get("servers") == roots.1.get("servers") {
        return;
    }
    let operations = (&*sides.old.operations, &*sides.new.operations);
    match uses(sides, roots, operations) {
        Uses::Compared => found.link(Kind::Servers, roots.0, roots.1),
        Uses::Unseen => found.report(unseen(roots)),
        Uses::Elsewhere => {}
    }
}

/// Compares the servers of two path items, unless no operation uses them on both sides.
pub(in crate::compare) fn of_item<'a>(
    sides: &Sides<'a>,
    found: &mut Findings<'a>,
    items: (&'a Value, &'a Value),
) {
    if items.0.get("servers") == items.1.get("servers") {
        return;
    }
    let of = |all: &[Operation<'a>], item: &Value| -> Vec<Operation<'a>> {
        let all = all.iter().copied();
        all.filter(|one| address(one.item) == address(item))
            .collect()
    };
    let (left, right) = (
        of(&sides.old.operations, items.0),
        of(&sides.new.operations, items.1),
    );
    match uses(sides, items, (&left, &right)) {
        Uses::Compared => add(sides, found, items),
        Uses::Unseen => found.report(unseen(items)),
        Uses::Elsewhere => {}
    }
}

fn unseen<'a>((old, new): (&'a Value, &'a Value)) -> Fact<'a> {
    let text = "the servers are different, and no operation uses them";
    Fact::keyword(&rules::RESTATED, "servers", old, new, text)
}

/// The use of a pair of lists of servers.
enum Uses {
    /// An operation uses both, or there is none on both sides.
    Compared,
    /// Operations use one of them, and are compared with what they use on the other side.
    Elsewhere,
    /// No operation uses one of them.
    Unseen,
}

fn uses<'a>(
    sides: &Sides<'a>,
    owners: (&'a Value, &'a Value),
    (left, right): (&[Operation<'a>], &[Operation<'a>]),
) -> Uses {
    let is_user = |document: &Document<'a>, one: &Operation<'a>, place: &Value| {
        std::ptr::eq(owner(document, one).1, place)
    };
    let new: FxHashMap<(String, &str), bool> = right
        .iter()
        .map(|one| {
            let key = (sides.key(one.path), one.method);
            (key, is_user(&sides.new, one, owners.1))
        })
        .collect();
    let old = left.iter().map(|one| {
        let after = new.get(&(sides.key(one.path), one.method)).copied();
        (is_user(&sides.old, one, owners.0), after)
    });
    let old: Vec<(bool, Option<bool>)> = old.collect();
    let is_paired = old.iter().any(|(_, after)| after.is_some());
    if !is_paired || old.contains(&(true, Some(true))) {
        return Uses::Compared;
    }
    let is_unused = |place: &Value, is_used: bool| place.get("servers").is_some() && !is_used;
    let unused_before = is_unused(owners.0, old.iter().any(|(is_user, _)| *is_user));
    let unused_after = is_unused(owners.1, new.values().any(|is_user| *is_user));
    if unused_before || unused_after {
        Uses::Unseen
    } else {
        Uses::Elsewhere
    }
}
