//! The summary that `adopt` prints.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::fit::Why;
use super::left_out::generate;
use super::state::Adopted;
use crate::workspace::Done;

pub(super) fn print(adopted: &Adopted) -> Done {
    let generated = generate(&adopted.composed)?;
    let operations = adopted.composed.get("paths").and_then(Value::as_object);
    let operations = operations
        .into_iter()
        .flat_map(Map::values)
        .filter_map(Value::as_object);
    let schemas = adopted
        .composed
        .pointer("/components/schemas")
        .and_then(Value::as_object);
    println!(
        "{} operations, {} types, {} lines of Rust",
        operations.map(Map::len).sum::<usize>(),
        schemas.map_or(0, Map::len),
        generated.code.lines().count()
    );
    for note in &adopted.notes {
        println!("note: {note}");
    }
    for (what, count) in adopted.repairs.iter().filter(|(_, count)| *count > 0) {
        println!("repaired {what}: {count}");
    }
    for missing in &adopted.left_out {
        println!(
            "left out {} ({}): {}",
            missing.subject, missing.pointer, missing.reason
        );
    }
    for (name, dropped) in &adopted.dropped {
        let mut counts: BTreeMap<Why, usize> = BTreeMap::new();
        for change in dropped {
            *counts.entry(change.why).or_default() += 1;
        }
        let kept = adopted
            .amendments
            .iter()
            .any(|amendment| amendment.name == *name);
        let file = if kept {
            "in part"
        } else {
            "not at all, removed"
        };
        if !dropped.is_empty() {
            println!("amendment {name} applies {file}:");
        }
        for (why, count) in counts {
            println!("  {count} changes no longer apply: {}", why.words());
        }
        // Changes that the document makes itself lose nothing; the others are worth a look.
        for change in dropped.iter().filter(|change| change.why != Why::Already) {
            println!("    {}: {}", change.pointer, change.why.words());
        }
    }
    Ok(())
}
