//! A schema where it is used, composed: every object that applies to the same value.

use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::{Map, Value};

use super::document::{Address, Document, Peeled, Reference, address, is_annotation};

/// Deepest nesting of `allOf` that is composed; ends cycles.
const MAX_DEPTH: usize = 64;

/// The place of a schema: one, or several that apply to the same value, such as a
/// property that two members of an `allOf` declare.
#[derive(Clone)]
pub(crate) struct Site<'a> {
    pub(crate) first: &'a Value,
    pub(crate) more: Vec<&'a Value>,
}

impl<'a> From<&'a Value> for Site<'a> {
    fn from(first: &'a Value) -> Self {
        Self {
            first,
            more: Vec::new(),
        }
    }
}

impl<'a> Site<'a> {
    /// The place, when there is only one.
    pub(crate) fn single(&self) -> Option<&'a Value> {
        self.more.is_empty().then_some(self.first)
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &'a Value> {
        std::iter::once(self.first).chain(self.more.iter().copied())
    }

    pub(crate) fn len(&self) -> usize {
        1 + self.more.len()
    }

    pub(crate) fn from_all(mut all: impl Iterator<Item = &'a Value>) -> Option<Self> {
        Some(Self {
            first: all.next()?,
            more: all.collect(),
        })
    }
}

/// A schema and the objects that it is composed of.
pub(crate) struct Schema<'a> {
    /// The schema behind references and wrappers.
    pub(crate) target: &'a Value,
    /// The place of use, for reports.
    pub(crate) place: &'a Value,
    /// One-entry compositions and references with siblings between the place and the target.
    pub(crate) wrappers: Vec<&'a Value>,
    /// The first reference between the place and the target, when there is one place.
    pub(crate) reference: Option<Reference<'a>>,
    /// Null is allowed.
    pub(crate) nullable: bool,
    /// Null is one of the alternatives.
    pub(crate) null_alternative: bool,
    /// The reference to the target when there are several places, none of which is the first.
    composed_reference: Option<&'a str>,
    /// The targets of further places, the entries of `allOf`, and theirs. Mostly empty.
    members: Vec<Member<'a>>,
}

#[derive(Clone, Copy)]
struct Member<'a> {
    schema: &'a Value,
    /// The reference it was reached by; none when it is written in place.
    reference: Option<&'a str>,
}

impl<'a> Schema<'a> {
    pub(crate) fn read(document: &Document<'a>, site: &Site<'a>) -> Self {
        let peeled = document.peel_through(site.first);
        let mut members = Members::default();
        members.add_all_of(document, peeled.target, MAX_DEPTH);
        let mut schema = Self {
            target: peeled.target,
            place: site.first,
            null_alternative: has_null(document, peeled.target),
            nullable: says_null(document, &peeled, &members.list),
            wrappers: peeled.wrappers.clone(),
            reference: peeled.reference.filter(|_| site.more.is_empty()),
            composed_reference: peeled
                .reference
                .filter(|_| !site.more.is_empty())
                .map(|reference| reference.text),
            members: Vec::new(),
        };
        let mut refused = !schema.nullable && restricts(peeled.target);
        for place in &site.more {
            let peeled = document.peel_through(place);
            let known = members.list.len();
            if !std::ptr::eq(peeled.target, schema.target) {
                members.add(document, &peeled, MAX_DEPTH);
            }
            let own = members.list.get(known..).unwrap_or_default();
            let nullable = says_null(document, &peeled, own);
            schema.nullable |= nullable;
            refused |= !nullable && restricts(peeled.target);
            schema.wrappers.extend(peeled.wrappers);
        }
        schema.nullable &= !refused || site.more.is_empty();
        schema.members = members.list;
        schema
    }

    /// True when the schema is composed of several objects.
    pub(crate) fn is_composed(&self) -> bool {
        !self.members.is_empty()
    }

    /// Every object that applies, the target first.
    pub(crate) fn maps(&self) -> impl Iterator<Item = &'a Map<String, Value>> {
        let members = self.members.iter().map(|member| member.schema);
        std::iter::once(self.target)
            .chain(members)
            .filter_map(Value::as_object)
    }

    /// The target and the members that are written in place.
    pub(crate) fn own(&self) -> impl Iterator<Item = &'a Value> {
        let places = self
            .members
            .iter()
            .filter(|member| member.reference.is_none());
        let target = self.composed_reference.is_none().then_some(self.target);
        target.into_iter().chain(places.map(|member| member.schema))
    }

    /// The references of the members, sorted.
    pub(crate) fn references(&self) -> Vec<&'a str> {
        let mut all: Vec<&str> = self
            .members
            .iter()
            .filter_map(|member| member.reference)
            .chain(self.composed_reference)
            .collect();
        all.sort_unstable();
        all
    }

    /// Every value of a keyword.
    pub(crate) fn all(&self, key: &str) -> impl Iterator<Item = &'a Value> {
        self.maps().filter_map(move |map| map.get(key))
    }

    /// The first value of a keyword.
    pub(crate) fn get(&self, key: &str) -> Option<&'a Value> {
        self.all(key).next()
    }

    /// Every value of a keyword as one site.
    pub(crate) fn site(&self, key: &str) -> Option<Site<'a>> {
        Site::from_all(self.all(key))
    }

    /// True when a part of the schema takes no value.
    pub(crate) fn is_nothing(&self, document: &Document<'_>) -> bool {
        self.all("not").any(|not| is_anything(document, not))
    }

    pub(crate) fn properties(&self) -> Properties<'a> {
        let mut maps = self.all("properties").filter_map(Value::as_object);
        match (maps.next(), maps.next()) {
            (None, _) => Properties::Plain(None),
            (Some(map), None) => Properties::Plain(Some(map)),
            (Some(first), Some(second)) => {
                let mut composed: FxHashMap<&str, Site<'a>> =
                    FxHashMap::with_capacity_and_hasher(first.len(), rustc_hash::FxBuildHasher);
                for (name, schema) in [first, second].into_iter().chain(maps).flatten() {
                    composed
                        .entry(name)
                        .and_modify(|site| site.more.push(schema))
                        .or_insert_with(|| schema.into());
                }
                Properties::Composed(composed)
            }
        }
    }

    /// The names that any member requires.
    pub(crate) fn required(&self) -> FxHashSet<&'a str> {
        self.all("required")
            .filter_map(Value::as_array)
            .flatten()
            .filter_map(Value::as_str)
            .collect()
    }
}

/// True for a schema that takes no value: `false`, which is `{not: {}}`.
pub(crate) fn is_nothing(document: &Document<'_>, schema: &Value) -> bool {
    let not = document.peel_through(schema).target.get("not");
    not.is_some_and(|not| is_anything(document, not))
}

/// True for a schema that takes null and nothing else.
pub(crate) fn is_null(document: &Document<'_>, schema: &Value) -> bool {
    let list = document.peel_through(schema).target.get("enum");
    let list = list.and_then(Value::as_array);
    list.is_some_and(|values| matches!(values.as_slice(), [Value::Null]))
}

/// True when one of the alternatives of a schema is null.
fn has_null(document: &Document<'_>, schema: &Value) -> bool {
    let lists = ["oneOf", "anyOf"]
        .into_iter()
        .filter_map(|key| schema.get(key));
    let mut variants = lists.filter_map(Value::as_array).flatten();
    variants.any(|variant| is_null(document, variant))
}

/// True for a schema that says nothing about values.
pub(crate) fn is_anything(document: &Document<'_>, schema: &Value) -> bool {
    let map = document.peel_through(schema).target.as_object();
    map.is_some_and(|map| map.keys().all(|key| is_annotation(key)))
}

/// The properties of a composed schema.
pub(crate) enum Properties<'a> {
    /// Those of one object, as nearly always.
    Plain(Option<&'a Map<String, Value>>),
    /// Those of several.
    Composed(FxHashMap<&'a str, Site<'a>>),
}

impl<'a> Properties<'a> {
    pub(crate) fn get(&self, name: &str) -> Option<Site<'a>> {
        match self {
            Self::Plain(map) => map.and_then(|map| map.get(name)).map(Site::from),
            Self::Composed(map) => map.get(name).cloned(),
        }
    }

    /// Every property, by name.
    pub(crate) fn all(&self) -> Vec<(&'a str, Site<'a>)> {
        match self {
            Self::Plain(map) => map
                .iter()
                .copied()
                .flatten()
                .map(|(name, schema)| (name.as_str(), Site::from(schema)))
                .collect(),
            Self::Composed(map) => {
                let mut all: Vec<_> = map
                    .iter()
                    .map(|(name, site)| (*name, site.clone()))
                    .collect();
                all.sort_unstable_by_key(|(name, _)| *name);
                all
            }
        }
    }
}

/// The members found so far.
#[derive(Default)]
struct Members<'a> {
    list: Vec<Member<'a>>,
    seen: FxHashSet<Address>,
}

impl<'a> Members<'a> {
    fn add(&mut self, document: &Document<'a>, peeled: &Peeled<'a>, depth: usize) {
        if !self.seen.insert(address(peeled.target)) {
            return;
        }
        let wrappers = peeled.wrappers.iter().map(|wrapper| Member {
            schema: wrapper,
            reference: None,
        });
        self.list.extend(wrappers);
        self.list.push(Member {
            schema: peeled.target,
            reference: peeled.reference.map(|reference| reference.text),
        });
        self.add_all_of(document, peeled.target, depth);
    }

    fn add_all_of(&mut self, document: &Document<'a>, schema: &'a Value, depth: usize) {
        let entries = schema.get("allOf").and_then(Value::as_array);
        let Some(entries) = entries.filter(|_| depth > 0) else {
            return;
        };
        self.seen.insert(address(schema));
        for entry in entries {
            let peeled = document.peel_through(entry);
            self.add(document, &peeled, depth - 1);
        }
    }
}

/// A wrapper, the target or a member that is written in place allows null.
fn says_null(document: &Document<'_>, peeled: &Peeled<'_>, members: &[Member<'_>]) -> bool {
    let own = members.iter().filter(|member| member.reference.is_none());
    peeled.says("nullable")
        || has_null(document, peeled.target)
        || own
            .map(|member| member.schema)
            .any(|schema| schema.get("nullable") == Some(&Value::Bool(true)))
}

/// The schema says something about values, so that null has to be allowed by it as well.
fn restricts(schema: &Value) -> bool {
    let mut keys = schema.as_object().into_iter().flat_map(Map::keys);
    keys.any(|key| !is_annotation(key))
}
