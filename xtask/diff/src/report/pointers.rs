//! JSON pointers of the places that facts name by their address.

use std::fmt::Write as _;

use openapi_document::pointer::escape;
use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};
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
        let schemas = root.pointer("/components/schemas");
        let schemas = schemas.and_then(Value::as_object).into_iter().flatten();
        let equal = schemas.filter(|(name, _)| sides.unchanged.is_equal(name));
        let equal: Vec<(&String, &Value)> = equal.collect();
        let skipped = equal.iter().map(|(_, schema)| address(schema)).collect();
        let mut walk = Walk {
            found: FxHashMap::with_capacity_and_hasher(wanted.len(), FxBuildHasher),
            wanted,
            skipped,
        };
        walk.go(root, &mut Vec::new());
        // Equal components hardly ever hold a place, so they come last.
        for (name, schema) in equal {
            let mut way = ["components", "schemas", name].map(Step::Key).to_vec();
            walk.go_inside(schema, &mut way);
        }
        Self(walk.found)
    }

    pub(crate) fn find(&self, place: Option<&Value>) -> Option<String> {
        self.0.get(&address(place?)).cloned()
    }
}

/// A step from a value to one inside of it.
#[derive(Clone, Copy)]
enum Step<'a> {
    Key(&'a str),
    Index(usize),
}

/// A walk through a document; only the ways to wanted places are written out.
struct Walk {
    wanted: FxHashSet<Address>,
    skipped: FxHashSet<Address>,
    found: FxHashMap<Address, String>,
}

impl Walk {
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
        if !value.is_object() || !self.skipped.contains(&address(value)) {
            self.go_inside(value, way);
        }
    }

    fn go_inside<'a>(&mut self, value: &'a Value, way: &mut Vec<Step<'a>>) {
        if self.found.len() == self.wanted.len() {
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
