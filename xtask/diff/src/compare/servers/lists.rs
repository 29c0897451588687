//! Two lists of servers.

use std::collections::BTreeSet;

use serde_json::Value;

use super::address::{plain, url, without_slash, written_out};
use super::variables;
use crate::compare::context::{Findings, Sides};
use crate::compare::fact::Fact;
use crate::compare::fields::entries;
use crate::read::shape;
use crate::rules;

/// Servers of both sides that stand for the same, and those that are left.
struct Servers<'a> {
    gone: Vec<&'a Value>,
    come: Vec<&'a Value>,
    pairs: Vec<(&'a Value, &'a Value)>,
}

impl<'a> Servers<'a> {
    fn pair(&mut self, fits: impl Fn(&str, &str) -> bool) {
        let (come, pairs) = (&mut self.come, &mut self.pairs);
        self.gone.retain(|old| {
            let Some(index) = come.iter().position(|new| fits(url(old), url(new))) else {
                return true;
            };
            pairs.push((old, come.remove(index)));
            false
        });
    }

    /// Leaves out servers that are listed more often on one side.
    fn drop_duplicates(&mut self) {
        let pairs = &self.pairs;
        let (gone, come) = (&mut self.gone, &mut self.come);
        gone.retain(|one| !pairs.iter().any(|(old, _)| old == one));
        come.retain(|one| !pairs.iter().any(|(_, new)| new == one));
    }
}

/// Compares two lists of servers.
pub(super) fn compare<'a>(
    sides: &Sides<'a>,
    found: &mut Findings<'a>,
    (old, new): (&'a Value, &'a Value),
) {
    let (left, right) = (entries(old, "servers"), entries(new, "servers"));
    let places = (
        old.get("servers").unwrap_or(old),
        new.get("servers").unwrap_or(new),
    );
    let mut servers = Servers {
        gone: left.iter().collect(),
        come: right.iter().collect(),
        pairs: Vec::new(),
    };
    let before = found.count();
    servers.pair(|old, new| old == new);
    servers.drop_duplicates();
    servers.pair(|old, new| plain(old) == plain(new));
    servers.pair(|old, new| old.contains('{') && shape(&plain(old)) == shape(&plain(new)));
    for pair in &servers.pairs {
        spelling(found, *pair);
        variables::compare(found, *pair);
        found.remaining(*pair, &["url", "variables"]);
    }
    if let Some(moved) = &sides.moved {
        let paired = servers.pairs.len();
        servers.pair(|old, new| moved.explains(old, new));
        let moved_pairs = servers.pairs.get(paired..).unwrap_or_default();
        for pair in moved_pairs {
            variables::compare(found, *pair);
            found.remaining(*pair, &["url", "variables"]);
        }
        if !moved_pairs.is_empty() {
            let text = format!("the prefix {} moves {}", moved.prefix, moved.way());
            let fact = Fact::changed(&rules::PREFIX_MOVED, places.0, places.1, text);
            found.report(fact.values(places.0.clone(), places.1.clone()));
        }
    }
    let addresses = Addresses::of(if servers.gone.is_empty() { &[] } else { right });
    for server in servers.gone {
        let (rule, text) = if addresses.cover(server) {
            (&rules::RESTATED, "is written in another way")
        } else {
            (&rules::SERVER_REMOVED, "is gone")
        };
        let text = format!("the server {} {text}", url(server));
        let fact = Fact::removed(rule, server, places.1, text);
        found.report(fact.about(url(server)));
    }
    let addresses = Addresses::of(if servers.come.is_empty() { &[] } else { left });
    for server in servers.come {
        let (rule, text) = if addresses.cover(server) {
            (&rules::RESTATED, "is written in another way")
        } else {
            (&rules::SERVER_ADDED, "is new")
        };
        let text = format!("the server {} {text}", url(server));
        let fact = Fact::added(rule, server, places.0, text);
        found.report(fact.about(url(server)));
    }
    if found.count() == before && left.len() != right.len() {
        let text = "a server is listed twice";
        found.report(Fact::keyword(&rules::RESTATED, "servers", old, new, text));
    }
}

/// Reports that the same address is written differently.
fn spelling<'a>(found: &mut Findings<'a>, (old, new): (&'a Value, &'a Value)) {
    let (before, after) = (url(old), url(new));
    if before == after {
        return;
    }
    let text = if without_slash(before) == without_slash(after) {
        "the address gains or loses the slash at its end"
    } else if plain(before) == plain(after) {
        "the same address is written differently"
    } else {
        "a variable of the address has another name"
    };
    found.report(Fact::keyword(&rules::RESTATED, "url", old, new, text));
}

/// Every address that some servers stand for.
struct Addresses(BTreeSet<String>);

impl Addresses {
    fn of(servers: &[Value]) -> Self {
        Self(servers.iter().filter_map(written_out).flatten().collect())
    }

    /// True when every address of a server is among them.
    fn cover(&self, server: &Value) -> bool {
        written_out(server).is_some_and(|all| all.is_subset(&self.0))
    }
}
