//! Components that no operation leads to, so that nothing in the document is passed over.

use openapi_document::pointer::escape;
use rustc_hash::FxHashSet;
use serde_json::Value;

use super::context::{Findings, Kind, Sides};
use super::fact::Fact;
use super::fields::{members, union};
use super::{callback, security};
use crate::read::{Address, address};
use crate::rules;

/// The sections of `components` and what their entries are.
const SECTIONS: [(&str, Option<Kind>); 10] = [
    ("schemas", Some(Kind::Schema)),
    ("parameters", Some(Kind::Parameter)),
    ("requestBodies", Some(Kind::Body)),
    ("responses", Some(Kind::Response)),
    ("headers", Some(Kind::Header)),
    ("securitySchemes", Some(Kind::SecurityScheme)),
    ("examples", None),
    ("links", None),
    ("callbacks", None),
    ("pathItems", None),
];

/// Findings about the document as a whole, and about components that nothing reaches.
#[derive(Default)]
pub(super) struct Rest<'a> {
    pub(super) document: Findings<'a>,
    pub(super) orphans: Findings<'a>,
}

/// Compares everything under `components` that was not visited.
pub(super) fn compare<'a>(
    sides: &Sides<'a>,
    facts: &[Fact<'a>],
    visited: &FxHashSet<(Address, Address)>,
) -> Rest<'a> {
    let mut rest = Rest::default();
    security::unused(&mut rest.document, sides);
    let roots = (sides.old.root, sides.new.root);
    let missing: &Value = &Value::Null;
    let old = roots.0.get("components").unwrap_or(missing);
    let new = roots.1.get("components").unwrap_or(missing);
    if old == new {
        return rest;
    }
    let malformed = |side: &Value| !(side.is_null() || side.is_object());
    if malformed(old) || malformed(new) {
        let text = "components are not a map";
        let rule = &rules::UNCLASSIFIED;
        let fact = Fact::keyword(rule, "components", roots.0, roots.1, text);
        rest.document.report(fact);
        return rest;
    }
    let renames = |fact: &&Fact<'a>| fact.rule.id == rules::COMPONENT_RENAMED.id;
    let renames = facts.iter().filter(renames);
    let renamed = renames.flat_map(|fact| [&fact.before, &fact.after]);
    let mut sections = Sections {
        sides,
        visited,
        renamed: renamed.filter_map(Value::as_str).collect(),
        used: (None, None),
        compared: None,
        rest: &mut rest,
    };
    for (key, kind) in SECTIONS {
        sections.compare(key, kind, (old, new));
    }
    if old.is_object() && new.is_object() {
        let handled = SECTIONS.map(|(key, _)| key);
        rest.document.remaining((old, new), &handled);
    } else {
        // The first components, or the last: their entries are what differs.
        let side = if old.is_object() { old } else { new };
        let map = side.as_object().into_iter().flatten();
        let filled = map
            .filter(|(key, _)| !SECTIONS.iter().any(|(known, _)| key == known))
            .count();
        let rule = if filled > 0 {
            &rules::UNCLASSIFIED
        } else {
            &rules::RESTATED
        };
        let text = "the section components comes or goes";
        let fact = Fact::keyword(rule, "components", roots.0, roots.1, text);
        rest.document.report(fact.values(Value::Null, Value::Null));
    }
    rest
}

struct Sections<'s, 'a> {
    sides: &'s Sides<'a>,
    visited: &'s FxHashSet<(Address, Address)>,
    /// Names of components that have another name on the other side.
    renamed: FxHashSet<&'s str>,
    /// The references that each document uses, once they are needed.
    used: (Option<FxHashSet<String>>, Option<FxHashSet<String>>),
    /// The visited places of each document, once they are needed.
    compared: Option<(FxHashSet<Address>, FxHashSet<Address>)>,
    rest: &'s mut Rest<'a>,
}

impl<'a> Sections<'_, 'a> {
    fn compare(
        &mut self,
        key: &'static str,
        kind: Option<Kind>,
        (old, new): (&'a Value, &'a Value),
    ) {
        let (left, right) = (old.get(key), new.get(key));
        if left == right {
            return;
        }
        let empty = serde_json::Map::new();
        let (Some(left_map), Some(right_map)) = (
            left.map_or(Some(&empty), Value::as_object),
            right.map_or(Some(&empty), Value::as_object),
        ) else {
            let text = format!("components.{key} is not a map");
            let fact = Fact::keyword(&rules::UNCLASSIFIED, key, old, new, text);
            self.rest.document.report(fact);
            return;
        };
        if left_map.is_empty() && right_map.is_empty() {
            let text = format!("an empty components.{key} comes or goes");
            let fact = Fact::keyword(&rules::RESTATED, key, old, new, text);
            self.rest.document.report(fact);
            return;
        }
        for name in union(left_map, right_map) {
            let before = left.and_then(|map| map.get(name));
            let after = right.and_then(|map| map.get(name));
            match (before, after) {
                (Some(before), Some(after)) => self.pair((key, kind), before, after),
                (Some(before), None) => self.removed((key, kind), name, (before, new)),
                (None, Some(after)) => self.added((key, kind), name, (after, old)),
                (None, None) => {}
            }
        }
    }

    fn pair(&mut self, (key, kind): (&str, Option<Kind>), old: &'a Value, new: &'a Value) {
        if self.visited.contains(&(address(old), address(new))) || old == new {
            return;
        }
        let found = &mut self.rest.orphans;
        let (rule, text) = match (kind, key) {
            (Some(Kind::Schema), _) => return found.schema(old, new),
            (Some(kind), _) => {
                if let Some((old, new)) = found.follow(self.sides, old, new) {
                    found.link(kind, old, new);
                }
                return;
            }
            (None, "links") => (&rules::LINK_CHANGED, "the link is different"),
            (None, "pathItems") => (
                &rules::RESTATED,
                "the shared path item is different; the paths that use it are compared on their own",
            ),
            (None, "examples") => (&rules::PROSE_CHANGED, "the example is different"),
            (None, _) => {
                if let Some((old, new)) = found.follow(self.sides, old, new) {
                    callback::items(self.sides, found, old, new);
                }
                return;
            }
        };
        let fact = Fact::changed(rule, old, new, text);
        found.report(fact.values(old.clone(), new.clone()));
    }

    fn removed(
        &mut self,
        (key, kind): (&str, Option<Kind>),
        name: &str,
        (before, new): (&'a Value, &'a Value),
    ) {
        if kind == Some(Kind::SecurityScheme) {
            let text = format!("the security scheme {name} is gone");
            let rule = &rules::SECURITY_SCHEME_REMOVED;
            self.rest
                .document
                .report(Fact::removed(rule, before, new, text));
            return;
        }
        let renamed = kind == Some(Kind::Schema) && self.renamed.contains(name);
        let is_child = kind == Some(Kind::Schema) && self.extends_compared(Side::Old, name);
        if !(renamed || is_child || self.is_used(Side::Old, key, name)) {
            let text = format!("the component {name} is gone");
            let fact = Fact::removed(&rules::COMPONENT_REMOVED, before, new, text);
            self.rest.orphans.report(fact);
        }
    }

    fn added(
        &mut self,
        (key, kind): (&str, Option<Kind>),
        name: &str,
        (after, old): (&'a Value, &'a Value),
    ) {
        if kind == Some(Kind::SecurityScheme) {
            let text = format!("the security scheme {name} is new");
            let rule = &rules::SECURITY_SCHEME_ADDED;
            self.rest
                .document
                .report(Fact::added(rule, after, old, text));
            return;
        }
        let renamed = kind == Some(Kind::Schema) && self.renamed.contains(name);
        let is_child = kind == Some(Kind::Schema) && self.extends_compared(Side::New, name);
        if !(renamed || is_child || self.is_used(Side::New, key, name)) {
            let text = format!("the component {name} is new");
            let fact = Fact::added(&rules::COMPONENT_ADDED, after, old, text);
            self.rest.orphans.report(fact);
        }
    }

    fn is_used(&mut self, side: Side, section: &str, name: &str) -> bool {
        let sides = self.sides;
        let used = match side {
            Side::Old => self.used.0.get_or_insert_with(|| used(sides.old.root)),
            Side::New => self.used.1.get_or_insert_with(|| used(sides.new.root)),
        };
        used.contains(&reference(section, name))
    }

    /// True for a component whose polymorphic parent is used or compared, which reports the child.
    fn extends_compared(&mut self, side: Side, name: &str) -> bool {
        let (sides, visited) = (self.sides, self.visited);
        let (own, other) = match side {
            Side::Old => (&sides.old, &sides.new),
            Side::New => (&sides.new, &sides.old),
        };
        own.parents(name).iter().any(|parent| {
            let compared = self
                .compared
                .get_or_insert_with(|| visited.iter().copied().unzip());
            let compared = match side {
                Side::Old => &compared.0,
                Side::New => &compared.1,
            };
            compared.contains(&address(parent))
                || own.schema_name(parent).is_some_and(|name| {
                    // Components that differ are compared here.
                    let differs = other.schema(name).is_some_and(|other| other != *parent);
                    differs || self.is_used(side, "schemas", name)
                })
        })
    }
}

#[derive(Clone, Copy)]
enum Side {
    Old,
    New,
}

fn reference(section: &str, name: &str) -> String {
    format!("#/components/{section}/{}", escape(name))
}

/// References that paths and webhooks reach, directly or through components.
fn used(root: &Value) -> FxHashSet<String> {
    let mut used = FxHashSet::default();
    let mut queue: Vec<&Value> = Vec::new();
    for (key, value) in root.as_object().into_iter().flatten() {
        if key != "components" {
            queue.push(value);
        }
    }
    for (name, scheme) in root
        .get("components")
        .into_iter()
        .flat_map(|components| members(components, "securitySchemes"))
    {
        used.insert(format!("#/components/securitySchemes/{name}"));
        queue.push(scheme);
    }
    while let Some(value) = queue.pop() {
        match value {
            Value::Object(map) => queue.extend(map.values()),
            Value::Array(entries) => queue.extend(entries),
            Value::String(text) if text.starts_with("#/components/") => {
                if used.insert(text.clone())
                    && let Some(target) = root.pointer(text.trim_start_matches('#'))
                {
                    queue.push(target);
                }
            }
            _ => {}
        }
    }
    used
}
