//! Alternatives of a `oneOf` that a value may match at the same time, so that it is refused.

use serde_json::Value;

use super::alternatives::{List, label};
use super::keywords::Pair;
use super::sets::{OBJECT, Proof, SCALAR, Set};
use crate::compare::context::{Findings, Sides};
use crate::compare::fact::Fact;
use crate::rules::{self, Rule};

/// Most pairs of alternatives that are held against each other.
const MAX_PAIRS: usize = 400;

/// Certainty that values which are in use match another alternative as well.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Overlap {
    None,
    Possible,
    Certain,
}

impl Overlap {
    fn rule(self) -> Option<&'static Rule> {
        match self {
            Self::None => None,
            Self::Possible => Some(&rules::UNION_OVERLAP_POSSIBLE),
            Self::Certain => Some(&rules::UNION_OVERLAP),
        }
    }
}

/// A schema has become one of the alternatives of a list: its values may match others as well.
pub(super) fn introduced<'a>(
    sides: &Sides<'a>,
    found: &mut Findings<'a>,
    (left, right): Pair<'_, 'a>,
    (list, own): (&List<'a>, &'a Value),
) {
    let proof = Proof::of(sides);
    let told_apart = right.get("discriminator").is_some();
    if list.key != "oneOf" || told_apart || proof.is_spent() {
        return;
    }
    let used = Set::at(&sides.old, left.place);
    let others = list.kept.iter().filter(|other| !std::ptr::eq(**other, own));
    let others = others.take(MAX_PAIRS);
    let worst = others
        .map(|other| (of(&proof, &used, &Set::at(&sides.new, other)), other))
        .max_by_key(|(overlap, _)| *overlap);
    if let Some((overlap, other)) = worst
        && let Some(rule) = overlap.rule()
    {
        let text = format!("values may match the alternative {} as well", label(other));
        let fact = Fact::changed(rule, left.place, right.place, text);
        found.report(fact.about("oneOf"));
    }
}

/// A list has new alternatives: values that matched an old one may match them as well.
pub(super) fn added<'a>(
    sides: &Sides<'a>,
    found: &mut Findings<'a>,
    (left, right): Pair<'_, 'a>,
    (old, new): (&List<'a>, &List<'a>),
    (gone, added): (&[&'a Value], &[&'a Value]),
) {
    let pairs = added.len().saturating_mul(old.kept.len());
    let told_apart = right.get("discriminator").is_some();
    let proof = Proof::of(sides);
    let many = pairs > MAX_PAIRS || proof.is_spent();
    if added.is_empty() || new.key != "oneOf" || told_apart || many {
        return;
    }
    let at = |variant: &&'a Value| Set::at(&sides.old, variant);
    let used: Vec<_> = old.kept.iter().map(at).collect();
    for one in added {
        let one_set = Set::at(&sides.new, one);
        let in_use = used.iter().enumerate().zip(&old.kept);
        // Values of an alternative that is gone are refused anyway.
        let in_use =
            in_use.filter(|(_, place)| !gone.iter().any(|gone| std::ptr::eq(*gone, **place)));
        let each = in_use.map(|((index, set), _)| {
            let overlap = of(&proof, set, &one_set);
            // Values that were refused before are refused as before.
            let was_refused = overlap != Overlap::None
                && old.key == "oneOf"
                && overlaps_another(&proof, &used, index);
            if was_refused { Overlap::None } else { overlap }
        });
        if let Some(rule) = each.max().and_then(Overlap::rule) {
            let text = format!(
                "values of another alternative may match {} as well",
                label(one)
            );
            let near = left.get(old.key).unwrap_or(left.place);
            found.report(Fact::added(rule, one, near, text).about(label(one)));
        }
    }
}

/// True when whatever matches an alternative matches another one of the same list.
fn overlaps_another(proof: &Proof<'_>, all: &[Set<'_, '_>], index: usize) -> bool {
    let Some(own) = all.get(index) else {
        return false;
    };
    let mut others = all.iter().enumerate().filter(|(other, _)| *other != index);
    others.any(|(_, other)| !proof.is_spent() && proof.within(own, other))
}

/// Judges whether values of a schema that is in use match an alternative that is new.
fn of(proof: &Proof<'_>, used: &Set<'_, '_>, new: &Set<'_, '_>) -> Overlap {
    if proof.disjoint(used, new) {
        return Overlap::None;
    }
    if used.is_only(OBJECT) && new.is_only(OBJECT) {
        return objects(proof, used, new);
    }
    if proof.within(used, new) || proof.within(new, used) {
        return Overlap::Certain;
    }
    // Lists share the empty one, which says little about the others.
    if used.kinds & new.kinds & SCALAR == 0 {
        Overlap::None
    } else {
        Overlap::Possible
    }
}

/// Objects are told apart by what they require: nobody sends an object with everything that another
/// one requires unless both require it, or the first one has it anyway. Objects that require nothing
/// at all cannot be told apart before or after a change.
fn objects(proof: &Proof<'_>, used: &Set<'_, '_>, new: &Set<'_, '_>) -> Overlap {
    let (own, wanted) = (used.schema.required(), new.schema.required());
    if proof.within(used, new) {
        return Overlap::Certain;
    }
    if own.is_empty() && wanted.is_empty() {
        return Overlap::None;
    }
    let declared = used.schema.properties();
    let sent = |name: &&str| own.contains(*name) || declared.get(name).is_some();
    let shared = wanted.is_empty() || wanted.iter().any(|name| own.contains(name));
    if shared && wanted.iter().all(sent) {
        Overlap::Possible
    } else {
        Overlap::None
    }
}
