//! The lines that differ between two generated APIs.

use std::collections::{HashMap, HashSet};

use codegen::Surface;
use codegen::surface::{Argument, Kind, Line, Place, Wire};

use crate::level::Level;
use crate::read::shape;

/// A line that differs.
pub(super) struct Difference<'s> {
    pub(super) old: Option<&'s Line>,
    pub(super) new: Option<&'s Line>,
    /// The type or handle, plain, without its module.
    pub(super) owner: String,
    /// The field, variant or function, plain, by its name on the wire where it has one.
    pub(super) member: String,
    /// The component that the owner is generated from.
    pub(super) component: Option<&'s str>,
    /// The operations that the line belongs to.
    pub(super) operations: Vec<String>,
    /// Plain names of the arguments that come, go or change.
    pub(super) arguments: HashSet<String>,
    /// Only the path or method of the operation is another one.
    pub(super) moved: bool,
    pub(super) level: Level,
}

impl<'s> Difference<'s> {
    pub(super) fn line(&self) -> Option<&'s Line> {
        self.new.or(self.old)
    }

    /// The whole type comes or goes.
    pub(super) fn is_type(&self) -> bool {
        let line = self.line();
        line.is_some_and(|line| line.member.is_none() && line.kind != Kind::Conversion)
            && (self.old.is_none() || self.new.is_none())
    }

    /// Lines that are gone, then new ones.
    pub(super) fn texts(&self) -> impl Iterator<Item = String> {
        let old = self.old.map(|line| format!("- {line}"));
        let new = self.new.map(|line| format!("+ {line}"));
        old.into_iter().chain(new)
    }
}

/// A name in any case, with or without separators.
pub(super) fn plain(name: &str) -> String {
    let letters = name.chars().filter(char::is_ascii_alphanumeric);
    letters.map(|letter| letter.to_ascii_lowercase()).collect()
}

/// An operation, whatever its placeholders are called.
pub(super) fn operation_key(label: &str) -> String {
    shape(label)
}

/// The name of a type without its module.
pub(super) fn local(owner: &str) -> &str {
    owner.rsplit("::").next().unwrap_or(owner)
}

/// Identity of a line: kind, owner, member, and the source of a conversion.
type Key<'s> = (Kind, &'s str, Option<&'s str>, &'s str);

fn key(line: &Line) -> Key<'_> {
    let source = if line.kind == Kind::Conversion {
        line.signature.as_str()
    } else {
        ""
    };
    (line.kind, &line.owner, line.member.as_deref(), source)
}

/// One side of the surfaces, with what is looked up in it.
pub(super) struct Index<'s> {
    pub(super) lines: HashMap<Key<'s>, &'s Line>,
    pub(super) components: HashMap<&'s str, &'s str>,
    pub(super) operations: HashMap<&'s str, String>,
}

impl<'s> Index<'s> {
    pub(super) fn of(surface: &'s Surface) -> Self {
        let mut index = Self {
            lines: HashMap::with_capacity(surface.lines().len()),
            components: HashMap::new(),
            operations: HashMap::new(),
        };
        for line in surface.lines() {
            index.lines.insert(key(line), line);
            match &line.wire {
                Wire::Component(name) if line.member.is_none() => {
                    index.components.insert(&line.owner, name);
                }
                Wire::Operation { .. } if line.member.is_none() => {
                    let operation = operation(line).unwrap_or_default();
                    index.operations.insert(&line.owner, operation);
                }
                _ => {}
            }
        }
        index
    }
}

/// The operation that a line stands for.
fn operation(line: &Line) -> Option<String> {
    match &line.wire {
        Wire::Operation { method, path, .. } => Some(operation_key(&format!("{method} {path}"))),
        _ => None,
    }
}

fn arguments(line: Option<&Line>) -> &[Argument] {
    match line.map(|line| &line.wire) {
        Some(Wire::Operation { arguments, .. } | Wire::Arguments(arguments)) => arguments,
        _ => &[],
    }
}

/// The lines that differ between two surfaces.
pub(super) fn differences<'s>(old: &Index<'s>, new: &Index<'s>) -> Vec<Difference<'s>> {
    let gone_or_changed = old
        .lines
        .iter()
        .map(|(key, line)| (Some(*line), new.lines.get(key).copied()));
    let added = new
        .lines
        .iter()
        .filter(|(key, _)| !old.lines.contains_key(*key));
    let added = added.map(|(_, line)| (None, Some(*line)));
    let pairs = gone_or_changed.chain(added);
    let mut all: Vec<Difference<'s>> = pairs
        .filter_map(|(before, after)| difference((old, before), (new, after)))
        .collect();
    all.sort_by_cached_key(|one| {
        one.line()
            .map(|line| (line.owner.clone(), line.to_string()))
    });
    all
}

fn difference<'s>(
    (old_index, old): (&Index<'s>, Option<&'s Line>),
    (new_index, new): (&Index<'s>, Option<&'s Line>),
) -> Option<Difference<'s>> {
    let level = match (old, new) {
        (None, _) => Level::Additive,
        (Some(_), None) => Level::Breaking,
        (Some(old), Some(new)) => changed(old, new)?,
    };
    let line = new.or(old)?;
    let owner = line.owner.as_str();
    let components = [&new_index.components, &old_index.components];
    let of_owner = [&old_index.operations, &new_index.operations];
    let of_owner = of_owner
        .into_iter()
        .filter_map(|map| map.get(owner).cloned());
    let own = [old, new].into_iter().flatten().filter_map(operation);
    let mut operations: Vec<String> = own.chain(of_owner).collect();
    operations.dedup();
    Some(Difference {
        old,
        new,
        owner: plain(local(owner)),
        member: match &line.wire {
            Wire::Value(_, name) => plain(name),
            _ => plain(line.member.as_deref().unwrap_or_default()),
        },
        component: components
            .into_iter()
            .find_map(|map| map.get(owner).copied()),
        operations,
        arguments: changed_arguments(old, new),
        moved: old.zip(new).is_some_and(|(old, new)| {
            old.signature == new.signature
                && operation(old) != operation(new)
                && same_arguments(&old.wire, &new.wire)
        }),
        level,
    })
}

/// The level of a line that is on both sides; none when it is the same.
fn changed(old: &Line, new: &Line) -> Option<Level> {
    if old.signature != new.signature || !same_wire(&old.wire, &new.wire) {
        return Some(Level::Breaking);
    }
    match (old.deprecated, new.deprecated) {
        (false, true) => Some(Level::Risky),
        (true, false) => Some(Level::Cosmetic),
        _ => None,
    }
}

/// True when code that compiles unchanged sends and reads the same.
fn same_wire(old: &Wire, new: &Wire) -> bool {
    match (old, new) {
        // The name of a component is not sent.
        (Wire::Component(_), Wire::Component(_)) => true,
        (Wire::Arguments(_), Wire::Arguments(_)) => same_arguments(old, new),
        (
            Wire::Operation {
                method: before,
                path: from,
                ..
            },
            Wire::Operation {
                method: after,
                path: to,
                ..
            },
        ) => before == after && shape(from) == shape(to) && same_arguments(old, new),
        (Wire::Value(Place::Header, before), Wire::Value(Place::Header, after)) => {
            before.eq_ignore_ascii_case(after)
        }
        (old, new) => old == new,
    }
}

/// True when arguments in the same order are sent in the same places. Names of placeholders are
/// not sent.
fn same_arguments(old: &Wire, new: &Wire) -> bool {
    let places = |wire: &Wire| -> Vec<_> {
        let (Wire::Operation { arguments, .. } | Wire::Arguments(arguments)) = wire else {
            return Vec::new();
        };
        let all = arguments.iter().map(|argument| {
            let name = match argument.place {
                Place::Path => String::new(),
                Place::Header => argument.wire.to_ascii_lowercase(),
                _ => argument.wire.clone(),
            };
            (argument.place, name)
        });
        all.collect()
    };
    places(old) == places(new)
}

/// Plain names of the arguments that come, go or change.
fn changed_arguments(old: Option<&Line>, new: Option<&Line>) -> HashSet<String> {
    let (before, after) = (arguments(old), arguments(new));
    let types = |line: Option<&Line>| -> HashMap<String, String> {
        let signature = line.map_or("", |line| line.signature.as_str());
        let inside = signature
            .trim_start_matches('(')
            .split(") ->")
            .next()
            .unwrap_or_default();
        let parts = inside.split(", ").filter_map(|part| part.split_once(": "));
        parts
            .map(|(name, ty)| (name.to_owned(), ty.to_owned()))
            .collect()
    };
    let (old_types, new_types) = (types(old), types(new));
    let differs = |one: &Argument, others: &[Argument]| {
        let other = others
            .iter()
            .find(|other| other.wire == one.wire && other.place == one.place);
        other.is_none_or(|other| {
            old_types.get(&one.name) != new_types.get(&other.name)
                && old_types.get(&other.name) != new_types.get(&one.name)
        })
    };
    let gone = before.iter().filter(|one| differs(one, after));
    let new = after.iter().filter(|one| differs(one, before));
    gone.chain(new)
        .map(|argument| plain(&argument.wire))
        .collect()
}
