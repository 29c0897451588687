//! JSON pointers of the places that facts name by their address.

use std::fmt::Write as _;

use openapi_document::pointer::escape;
use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::Value;

use crate::compare::{Fact, Outcome, Sides};
use crate::read::{Address, address};

/// JSON pointers by the address of the value.
#[derive(Default)]
pub(crate) struct Pointers(FxHashMap<Address, String>);

impl Pointers {
    pub(crate) fn of<'a>(
        root: &'a Value,
        sides: &Sides<'a>,
        outcome: &Outcome<'a>,
        places: impl Fn(&Fact<'a>) -> [Option<&'a Value>; 2],
    ) -> Self {
        let wanted: FxHashSet<Address> = outcome
            .facts
            .iter()
            .flat_map(|fact| places(fact).into_iter().flatten().map(address))
            .collect();
        let mut found = FxHashMap::with_capacity_and_hasher(wanted.len(), Default::default());
        // Equal components hardly ever hold a place, so they come last.
        let schemas = root.pointer("/components/schemas");
        let skipped: FxHashSet<Address> = schemas
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
            .filter(|(name, _)| sides.unchanged.is_equal(name))
            .map(|(_, schema)| address(schema))
            .collect();
        let none = FxHashSet::default();
        let mut walk = Walk {
            wanted: &wanted,
            skipped: &skipped,
            found: &mut found,
        };
        walk.go(root, &mut Vec::new());
        if walk.found.len() < wanted.len() {
            walk.skipped = &none;
            walk.go(root, &mut Vec::new());
        }
        Self(found)
    }

    pub(crate) fn find(&self, place: Option<&Value>) -> Option<String> {
        self.0.get(&address(place?)).cloned()
    }
}

/// A step from a value to one inside of it.
enum Step<'a> {
    Key(&'a str),
    Index(usize),
}

/// A walk through a document; only the ways to wanted places are written out.
struct Walk<'w> {
    wanted: &'w FxHashSet<Address>,
    skipped: &'w FxHashSet<Address>,
    found: &'w mut FxHashMap<Address, String>,
}

impl Walk<'_> {
    fn go<'a>(&mut self, value: &'a Value, way: &mut Vec<Step<'a>>) {
        if self.wanted.contains(&address(value)) {
            let mut pointer = String::new();
            for step in way.iter() {
                let _ = match step {
                    Step::Key(key) => write!(pointer, "/{}", escape(key)),
                    Step::Index(index) => write!(pointer, "/{index}"),
                };
            }
            self.found.insert(address(value), pointer);
        }
        if self.skipped.contains(&address(value)) {
            return;
        }
        match value {
            Value::Object(map) => {
                for (key, value) in map {
                    way.push(Step::Key(key));
                    self.go(value, way);
                    way.pop();
                }
            }
            Value::Array(entries) => {
                for (index, value) in entries.iter().enumerate() {
                    way.push(Step::Index(index));
                    self.go(value, way);
                    way.pop();
                }
            }
            _ => {}
        }
    }
}
