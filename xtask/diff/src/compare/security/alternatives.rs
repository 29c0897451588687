//! Alternatives of operations that always need credentials, before and after.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::schemes::schemes;
use crate::compare::context::Findings;
use crate::compare::fact::Fact;
use crate::compare::fields::entries;
use crate::rules;

/// One way to authenticate: schemes with the scopes that they need.
struct Alternative<'a> {
    site: &'a Value,
    needs: BTreeMap<&'a str, BTreeSet<&'a str>>,
}

impl<'a> Alternative<'a> {
    /// Reads an alternative, its schemes under the names of the new document.
    fn read(site: &'a Value, renamed: &BTreeMap<&'a str, &'a str>) -> Self {
        let map = site.as_object().into_iter().flatten();
        let needs = map.map(|(name, _)| {
            let scopes = entries(site, name).iter().filter_map(Value::as_str);
            let name = name.as_str();
            let name = renamed.get(name).copied().unwrap_or(name);
            (name, scopes.collect())
        });
        Self {
            site,
            needs: needs.collect(),
        }
    }

    fn has_schemes_of(&self, other: &Self) -> bool {
        self.needs.keys().eq(other.needs.keys())
    }

    /// True when the schemes are some of those of the other one, whatever the scopes.
    fn names_some_of(&self, other: &Self) -> bool {
        self.needs.keys().all(|name| other.needs.contains_key(name))
    }

    /// The number of scopes that one has and the other lacks.
    fn distance(&self, other: &Self) -> usize {
        let scopes = |one: &Self| -> BTreeSet<_> {
            let all = one.needs.iter();
            all.flat_map(|(name, scopes)| scopes.iter().map(move |scope| (*name, *scope)))
                .collect()
        };
        scopes(self).symmetric_difference(&scopes(other)).count()
    }

    /// True when whoever meets the other one meets this one.
    fn is_met_by(&self, other: &Self) -> bool {
        self.needs.iter().all(|(name, scopes)| {
            let others = other.needs.get(name);
            others.is_some_and(|others| scopes.is_subset(others))
        })
    }

    /// The names of the schemes, for fingerprints.
    fn subject(&self) -> String {
        schemes(self.site).join("+")
    }

    /// The schemes, with scopes where there are any.
    fn shown(&self) -> String {
        let schemes = self.needs.iter().map(|(name, scopes)| {
            let scopes: Vec<&str> = scopes.iter().copied().collect();
            match scopes.as_slice() {
                [] => (*name).to_owned(),
                _ => format!("{name} ({})", scopes.join(", ")),
            }
        });
        schemes.collect::<Vec<_>>().join(" with ")
    }
}

/// Compares the alternatives one by one.
pub(super) fn compare<'a>(
    found: &mut Findings<'a>,
    (left, right): (&'a [Value], &'a [Value]),
    places: (&'a Value, &'a Value),
    renamed: &BTreeMap<&'a str, &'a str>,
) {
    let as_is = BTreeMap::new();
    let left = left.iter().map(|site| Alternative::read(site, renamed));
    let left: Vec<Alternative<'a>> = left.collect();
    let right = right.iter().map(|site| Alternative::read(site, &as_is));
    let right: Vec<Alternative<'a>> = right.collect();
    let mut gone: Vec<&Alternative<'a>> = left.iter().collect();
    let mut come: Vec<&Alternative<'a>> = right.iter().collect();
    let mut taken = |fits: &dyn Fn(&Alternative<'a>, &Alternative<'a>) -> bool,
                     found: &mut Findings<'a>| {
        gone.retain(|old| {
            let alike = come.iter().enumerate().filter(|(_, new)| fits(old, new));
            let closest = alike.min_by_key(|(_, new)| old.distance(new));
            let Some((index, _)) = closest else {
                return true;
            };
            scopes(found, (old, come.remove(index)), renamed);
            false
        });
    };
    taken(&|old, new| old.needs == new.needs, found);
    taken(
        &|old, new| old.has_schemes_of(new) && new.is_met_by(old),
        found,
    );
    let is_refused = |old: &Alternative<'a>| !right.iter().any(|new| new.is_met_by(old));
    taken(
        &|old, new| old.has_schemes_of(new) && is_refused(old),
        found,
    );
    for old in gone {
        let narrower = come.iter().find(|new| new.names_some_of(old));
        if is_redundant(old, &left) && !is_refused(old) {
            let text = format!("{} is not named beside less any more", old.shown());
            let fact = Fact::removed(&rules::RESTATED, old.site, places.1, text);
            found.report(fact.about(old.subject()));
        } else if is_refused(old) && narrower.is_none() {
            let text = format!("the API stops accepting {}", old.shown());
            let rule = &rules::SECURITY_ALTERNATIVE_REMOVED;
            let fact = Fact::removed(rule, old.site, places.1, text);
            found.report(fact.about(old.subject()));
        } else if let Some(new) = narrower {
            // Whoever sends several credentials sends each of them.
            scopes(found, (old, new), renamed);
        }
    }
    for new in come {
        let (rule, text) = if is_redundant(new, &right) {
            let text = format!("{} is named beside less", new.shown());
            (&rules::RESTATED, text)
        } else {
            let text = format!("{} is accepted as well", new.shown());
            (&rules::SECURITY_ALTERNATIVE_ADDED, text)
        };
        let fact = Fact::added(rule, new.site, places.0, text);
        found.report(fact.about(new.subject()));
    }
}

/// True when another alternative of the list asks for nothing more.
fn is_redundant(one: &Alternative<'_>, all: &[Alternative<'_>]) -> bool {
    let mut others = all.iter().filter(|other| !std::ptr::eq(*other, one));
    others.any(|other| other.is_met_by(one))
}

/// Compares the scopes of the schemes that two alternatives have in common.
fn scopes<'a>(
    found: &mut Findings<'a>,
    (old, new): (&Alternative<'a>, &Alternative<'a>),
    renamed: &BTreeMap<&'a str, &'a str>,
) {
    for name in schemes(old.site) {
        let other = renamed.get(name).copied().unwrap_or(name);
        scopes_of(found, name, (old.site, name), (new.site, other));
    }
}

fn scopes_of<'a>(
    found: &mut Findings<'a>,
    name: &str,
    (old, old_name): (&'a Value, &str),
    (new, new_name): (&'a Value, &str),
) {
    let (Some(before), Some(after)) = (old.get(old_name), new.get(new_name)) else {
        return;
    };
    if before != after && !(before.is_array() && after.is_array()) {
        let text = format!("the scopes of {name} are not a list");
        let fact = Fact::changed(&rules::UNCLASSIFIED, before, after, text);
        found.report(fact.about(name));
        return;
    }
    let (left, right) = (entries(old, old_name), entries(new, new_name));
    for scope in left.iter().filter(|scope| !right.contains(scope)) {
        let text = format!("{name} stops demanding the scope {scope}");
        let fact = Fact::removed(&rules::SECURITY_SCOPE_REMOVED, scope, after, text);
        found.report(fact.about(format!("{name} {scope}")));
    }
    for scope in right.iter().filter(|scope| !left.contains(scope)) {
        let text = format!("the scope {scope} of {name} is demanded");
        let fact = Fact::added(&rules::SECURITY_SCOPE_ADDED, scope, before, text);
        found.report(fact.about(format!("{name} {scope}")));
    }
}
