//! A list of flat objects as a table.

use std::io::{self, Write};

use serde_json::{Map, Value};

use super::plain;
use super::tree::text;
use crate::commands::HEADING;

pub(super) struct Table {
    names: Vec<String>,
    rows: Vec<Vec<String>>,
    widths: Vec<usize>,
}

/// Columns that say what the row is come first.
const FIRST: [&str; 7] = ["cid", "type", "id", "user_id", "name", "role", "status"];

impl Table {
    /// A table when every item is an object of scalars.
    pub(super) fn of(items: &[Value]) -> Option<Self> {
        let objects: Vec<&Map<String, Value>> =
            items.iter().map(Value::as_object).collect::<Option<_>>()?;
        let flat = |value: &Value| !value.is_object() && !value.is_array();
        if objects.is_empty() || !objects.iter().all(|object| object.values().all(flat)) {
            return None;
        }
        let mut keys: Vec<&String> = objects.iter().flat_map(|object| object.keys()).collect();
        keys.sort_by_key(|key| {
            (
                FIRST
                    .iter()
                    .position(|first| first == key)
                    .unwrap_or(FIRST.len()),
                *key,
            )
        });
        keys.dedup();
        let rows: Vec<Vec<String>> = objects
            .iter()
            .map(|object| {
                keys.iter()
                    .map(|key| object.get(*key).map(text).unwrap_or_default())
                    .collect()
            })
            .collect();
        let names: Vec<String> = keys.iter().map(|key| plain(key)).collect();
        let widths = names
            .iter()
            .enumerate()
            .map(|(column, name)| {
                let cells = rows.iter().filter_map(|row| row.get(column));
                cells
                    .chain([name])
                    .map(|cell| cell.chars().count())
                    .max()
                    .unwrap_or(0)
            })
            .collect();
        Some(Self {
            names,
            rows,
            widths,
        })
    }

    pub(super) fn width(&self) -> usize {
        self.widths.iter().sum::<usize>() + 2 * self.widths.len().saturating_sub(1)
    }

    pub(super) fn write(&self, out: &mut dyn Write, indent: usize) -> io::Result<()> {
        writeln!(
            out,
            "{:indent$}{HEADING}{}{HEADING:#}",
            "",
            self.line(&self.names)
        )?;
        for row in &self.rows {
            writeln!(out, "{:indent$}{}", "", self.line(row))?;
        }
        Ok(())
    }

    fn line(&self, cells: &[String]) -> String {
        let cells = cells.iter().zip(&self.widths);
        let padded: Vec<String> = cells
            .map(|(cell, width)| format!("{cell:width$}"))
            .collect();
        padded.join("  ").trim_end().to_owned()
    }
}
