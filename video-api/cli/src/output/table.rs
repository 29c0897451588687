//! Lists as tables.
//!
//! Laid out by hand because columns are left out by importance when a terminal is narrow, and
//! because later pages continue with the widths of the first one.

use std::io::{self, Write};

use serde_json::Value;
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use super::plain;
use super::style::{FAINT, HEADING};
use super::value::{at, cell, is_time, short_time};

const GAP: usize = 2;
/// Cells are not cut below this width; those of the first column, which says what a row is about,
/// not below the second.
const NARROWEST: [usize; 2] = [12, 24];

/// The columns of a table, laid out for its first rows.
pub(crate) struct Table {
    columns: Vec<Column>,
    /// Headings of columns without room.
    left_out: Vec<String>,
    /// `None` separates whole values by tabs.
    width: Option<usize>,
}

struct Column {
    path: String,
    heading: String,
    width: usize,
    least: usize,
    is_empty: bool,
}

impl Table {
    /// Lays out the columns at these paths; the first ones are the most important.
    pub(crate) fn new(paths: &[String], rows: &[&Value], width: Option<usize>) -> Self {
        let columns = paths.iter().enumerate().map(|(index, path)| {
            let heading = heading(path, paths);
            let cells: Vec<String> = rows.iter().map(|row| row_cell(row, path)).collect();
            let widest = cells.iter().map(|cell| cell.width()).max();
            let widest = widest.unwrap_or_default();
            let full = widest.max(heading.width());
            let [usual, first] = NARROWEST;
            // Half a time or id is of no use.
            let is_whole = is_id(path) || cells.iter().any(|cell| is_time(cell));
            let least = match index {
                _ if is_whole => full,
                0 => first,
                _ => usual,
            };
            Column {
                least: full.min(least.max(heading.width())),
                width: full,
                is_empty: widest == 0,
                path: path.clone(),
                heading,
            }
        });
        let mut table = Self {
            columns: columns.collect(),
            left_out: Vec::new(),
            width,
        };
        if let Some(width) = width {
            table.fit(width);
        }
        table
    }

    /// Leaves out columns, empty and unimportant ones first, and then cuts the widest ones.
    fn fit(&mut self, width: usize) {
        let gaps = |columns: &[Column]| GAP * columns.len().saturating_sub(1);
        let total = |columns: &[Column], of: fn(&Column) -> usize| {
            columns.iter().map(of).sum::<usize>() + gaps(columns)
        };
        while self.columns.len() > 1 && total(&self.columns, |c| c.least) > width {
            let empty = self.columns.iter().rposition(|column| column.is_empty);
            let column = self.columns.remove(empty.unwrap_or(self.columns.len() - 1));
            self.left_out.insert(0, column.heading);
        }
        while total(&self.columns, |c| c.width) > width {
            let widest = self
                .columns
                .iter_mut()
                .max_by_key(|column| (column.width > column.least, column.width));
            match widest {
                Some(column) if column.width > 1 => column.width -= 1,
                _ => break,
            }
        }
    }

    pub(crate) fn write_heading(&self, out: &mut dyn Write, indent: usize) -> io::Result<()> {
        let headings = self.columns.iter().map(|column| column.heading.clone());
        let line = self.line(headings);
        writeln!(out, "{:indent$}{HEADING}{line}{HEADING:#}", "")
    }

    pub(crate) fn write_rows(
        &self,
        out: &mut dyn Write,
        rows: &[&Value],
        indent: usize,
    ) -> io::Result<()> {
        for row in rows {
            let cells = self.columns.iter().map(|column| {
                let cell = row_cell(row, &column.path);
                match self.width {
                    Some(_) => cell,
                    None => cell_in_full(row, &column.path),
                }
            });
            writeln!(out, "{:indent$}{}", "", self.line(cells))?;
        }
        Ok(())
    }

    /// Names the columns that were left out.
    pub(crate) fn write_left_out(&self, out: &mut dyn Write, indent: usize) -> io::Result<()> {
        if self.left_out.is_empty() {
            return Ok(());
        }
        let names = self.left_out.join(", ");
        writeln!(out, "{:indent$}{FAINT}(no room for: {names}){FAINT:#}", "")
    }

    fn line(&self, cells: impl Iterator<Item = String>) -> String {
        if self.width.is_none() {
            return cells.collect::<Vec<_>>().join("\t");
        }
        let padded = cells.zip(&self.columns).map(|(cell, column)| {
            let cell = cut(&cell, column.width);
            let blank = column.width.saturating_sub(cell.width());
            format!("{cell}{:blank$}", "")
        });
        let line = padded.collect::<Vec<_>>().join(&" ".repeat(GAP));
        line.trim_end().to_owned()
    }
}

/// Returns whether the column names something that other commands take.
fn is_id(path: &str) -> bool {
    let name = path.rsplit('.').next().unwrap_or(path);
    matches!(name, "id" | "cid" | "filename") || name.ends_with("_id") || name.ends_with("_cid")
}

fn row_cell(row: &Value, path: &str) -> String {
    short_time(cell(at(row, path)))
}

fn cell_in_full(row: &Value, path: &str) -> String {
    cell(at(row, path))
}

/// The last name of a path, with as many names before it as tell it from the other paths. An id or
/// a name keeps that of the object it belongs to.
fn heading(path: &str, paths: &[String]) -> String {
    let starts = path.match_indices('.').map(|(at, _)| at + 1).rev();
    let short = starts.filter_map(|start| path.get(start..)).find(|short| {
        let suffix = format!(".{short}");
        let is_other =
            |other: &String| other != path && (other == short || other.ends_with(&suffix));
        !matches!(*short, "id" | "name") && !paths.iter().any(is_other)
    });
    plain(short.unwrap_or(path))
}

/// Cuts a text to a width, with an ellipsis.
fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut used = 1;
    for letter in text.chars() {
        used += letter.width().unwrap_or_default();
        if used > width {
            break;
        }
        out.push(letter);
    }
    out.truncate(out.trim_end().len());
    out + "…"
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn shown(paths: &[&str], rows: &Value, width: Option<usize>) -> String {
        let paths: Vec<String> = paths.iter().map(|path| (*path).to_owned()).collect();
        let rows: Vec<&Value> = rows.as_array().unwrap().iter().collect();
        let table = Table::new(&paths, &rows, width);
        let mut out = anstream::StripStream::new(Vec::new());
        table.write_heading(&mut out, 0).unwrap();
        table.write_rows(&mut out, &rows, 0).unwrap();
        table.write_left_out(&mut out, 0).unwrap();
        String::from_utf8(out.into_inner()).unwrap()
    }

    #[test]
    fn columns_are_cut_and_left_out_on_narrow_terminals() {
        let rows = json!([
            {"id": "ana", "note": "a long text that has no room", "user": {"id": "u"}, "at": "2026-01-31T12:00:00.5Z"},
            {"id": "日本語", "note": null, "at": "x"},
        ]);
        let paths = ["id", "note", "user.id", "at"];
        assert_eq!(
            shown(&paths, &rows, Some(80)),
            "id      note                          user.id  at\n\
             ana     a long text that has no room  u        2026-01-31T12:00:00Z\n\
             日本語                                         x\n"
        );
        assert_eq!(
            shown(&paths, &rows, Some(30)),
            "id      note           user.id\n\
             ana     a long text…   u\n\
             日本語\n\
             (no room for: at)\n"
        );
        assert_eq!(
            shown(&paths, &rows, None),
            "id\tnote\tuser.id\tat\n\
             ana\ta long text that has no room\tu\t2026-01-31T12:00:00.5Z\n\
             日本語\t\t\tx\n"
        );
    }

    #[test]
    fn ids_are_not_cut() {
        let id = "3f1c2a9e-5b7d-4c11-9f0a-7d2e6b8c4a10";
        let rows = json!([{"filename": "rec_default_standup.mp4", "session_id": id, "note": "n".repeat(30)}]);
        let paths = ["filename", "session_id", "note"];
        for width in [62, 70, 80] {
            let shown = shown(&paths, &rows, Some(width));
            assert!(
                shown.contains(id) && shown.contains("rec_default_standup.mp4"),
                "{shown}"
            );
        }
    }

    #[test]
    fn headings_are_as_short_as_they_can_be() {
        let paths = ["call.cid", "call.created_by.id", "id"].map(str::to_owned);
        let headings = paths.each_ref().map(|path| heading(path, &paths));
        assert_eq!(headings, ["cid", "created_by.id", "id"]);
    }

    #[test]
    fn the_width_is_kept_whatever_the_cells() {
        let rows = json!([{"a": "x".repeat(90), "b": "y".repeat(90), "c": "z".repeat(90)}]);
        for width in 20..120 {
            for line in shown(&["a", "b", "c"], &rows, Some(width)).lines() {
                assert!(line.width() <= width, "{width}: {line}");
            }
        }
    }
}
