//! Responses as people read them: a table when the response is a list, otherwise a page.

use std::io::{self, Write};

use clap::ArgMatches;
use serde_json::Value;

use super::page::Page;
use super::table::Table;
use super::value::{at, items};
use super::{note, width, wrap};
use crate::arguments::Given;
use crate::exit::Failure;
use crate::index::{List, Operation};

/// The width of a list of columns without a terminal.
const LIST_WIDTH: usize = 100;

/// The part of a response that is shown.
pub(crate) struct View {
    full: bool,
    /// The table of an operation that returns a list.
    table: Option<(&'static List, Vec<String>)>,
}

impl View {
    /// Reads `--full` and `--columns`.
    pub(crate) fn read(operation: &Operation, matches: &ArgMatches) -> Result<Self, Failure> {
        let full = matches.get_flag("full");
        let list = operation.list.and_then(|path| operation.list_at(path));
        let table = match list {
            Some(list) => Some((list, columns(list, matches)?)),
            None => None,
        };
        Ok(Self { full, table })
    }

    /// Prints to standard output, with colours only on a terminal.
    pub(crate) fn print(&self, operation: &Operation, response: &Value) -> io::Result<()> {
        let mut out = anstream::stdout().lock();
        match &self.table {
            Some((list, paths)) if !self.full => {
                let rows = items(at(response, list.path));
                let table = Table::new(paths, &rows, width());
                table.write_heading(&mut out, 0)?;
                table.write_rows(&mut out, &rows, 0)?;
                table.write_left_out(&mut out, 0)?;
            }
            _ => Page::new(&mut out, operation.lists, self.full).write(response)?,
        }
        out.flush()
    }

    /// Prints the items of one of several pages; `layout` is that of the first one.
    pub(crate) fn print_items(
        &self,
        operation: &Operation,
        rows: &[Value],
        layout: &mut Option<Table>,
    ) -> io::Result<()> {
        let mut out = anstream::stdout().lock();
        let rows: Vec<&Value> = rows.iter().collect();
        match &self.table {
            Some((_, paths)) if !self.full => {
                let is_first = layout.is_none();
                let table = layout.get_or_insert_with(|| Table::new(paths, &rows, width()));
                if is_first {
                    table.write_heading(&mut out, 0)?;
                }
                table.write_rows(&mut out, &rows, 0)?;
            }
            _ => {
                for row in rows {
                    Page::new(&mut out, operation.lists, self.full).write(row)?;
                    writeln!(out)?;
                }
            }
        }
        out.flush()
    }
}

/// Tells on standard error what the table or page does not: that a list is empty or has further
/// pages, or that a command was done whose response says nothing.
pub(crate) fn note_rest(operation: &Operation, given: &Given, response: &Value) {
    let next = response.get("next").and_then(Value::as_str);
    if operation.pages.is_some() && next.is_some_and(|next| !next.is_empty()) {
        note("There are more: --all shows every page, --json the cursor of the next one.");
        return;
    }
    let says_nothing = match operation.list {
        Some(path) if !items(at(response, path)).is_empty() => false,
        // A list that was read is empty.
        Some(path) if operation.pages.is_some() || operation.method == "GET" => {
            return note_empty(path);
        }
        // What was changed has nothing to list, such as members that were removed.
        Some(_) => true,
        None => {
            let mut fields = response.as_object().into_iter().flatten();
            fields.all(|(name, _)| name == "duration")
        }
    };
    if says_nothing {
        let words: Vec<String> = operation.required().filter_map(|p| given.word(p)).collect();
        let done = format!("Done: {} {}", operation.command, words.join(" "));
        note(done.trim_end());
    }
}

/// Tells on standard error that a list is empty.
pub(crate) fn note_empty(path: &str) {
    let name = path.rsplit('.').next().unwrap_or(path).replace('_', " ");
    note(&format!("No {name}."));
}

/// The paths of the columns that were asked for, or the default ones.
fn columns(list: &List, matches: &ArgMatches) -> Result<Vec<String>, Failure> {
    let Some(given) = matches.get_many::<String>("columns") else {
        return Ok(list.columns.iter().map(|&path| path.to_owned()).collect());
    };
    given
        .map(|name| {
            find(list, name).ok_or_else(|| {
                let known: Vec<&str> = [list.columns, list.more].concat();
                // They can be given by their last names.
                let last = known
                    .iter()
                    .map(|path| path.rsplit('.').next().unwrap_or(path));
                let names: Vec<&str> = last.chain(known.iter().copied()).collect();
                let similar = crate::output::similar(name, &names);
                let words = known.iter().map(|path| (*path).to_owned()).collect();
                let lines = wrap(words, width().unwrap_or(LIST_WIDTH));
                Failure::usage(format!("--columns: there is no column `{name}`{similar}"))
                    .with_help(format!("The columns are\n{}", lines.join("\n")))
            })
        })
        .collect()
}

/// The full path of a column that may be given without its first names, such as `cid` for
/// `call.cid`, of an object around columns, such as `created_by`, or of a value inside of one, such
/// as `custom.topic`. Among several the outermost is meant: `id` is that of the row, not of its creator.
fn find(list: &List, name: &str) -> Option<String> {
    let known = || list.columns.iter().chain(list.more).copied();
    let ends = |path: &str, name: &str| path == name || path.ends_with(&format!(".{name}"));
    if let Some(path) = known().find(|path| *path == name).or_else(|| {
        let ending = known().filter(|path| ends(path, name));
        ending.min_by_key(|path| path.matches('.').count())
    }) {
        return Some(path.to_owned());
    }
    let around = known().find_map(|path| {
        let dots = path.match_indices('.');
        let mut outer = dots.filter_map(|(dot, _)| path.get(..dot));
        outer.find(|outer| ends(outer, name))
    });
    if let Some(path) = around {
        return Some(path.to_owned());
    }
    name.match_indices('.').find_map(|(dot, _)| {
        let (outer, inner) = name.split_at_checked(dot)?;
        let path = known().find(|path| ends(path, outer))?;
        Some(format!("{path}{inner}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_found_by_the_end_of_their_path() {
        let list = List {
            path: "calls",
            columns: &["call.cid", "call.created_by.id"],
            more: &["call.custom", "call.id", "members.user.name", "cid"],
        };
        for (name, path) in [
            ("cid", Some("cid")),
            ("call.cid", Some("call.cid")),
            ("user.name", Some("members.user.name")),
            ("user", Some("members.user")),
            ("custom.topic.x", Some("call.custom.topic.x")),
            ("id", Some("call.id")),
            ("created_by", Some("call.created_by")),
            ("d", None),
            ("ser.name", None),
        ] {
            assert_eq!(find(&list, name).as_deref(), path, "{name}");
        }
    }
}
