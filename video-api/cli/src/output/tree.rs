//! A response as people read it: nested, with tables where lists are flat.

use std::io::{self, Write};

use clap::builder::styling::Style;
use serde_json::{Map, Value};

use super::{plain, table, width};
use crate::commands::NAME;

/// Prints to standard output, with colours only on a terminal.
pub(crate) fn print(value: &Value) -> io::Result<()> {
    let mut out = anstream::stdout().lock();
    write(&mut out, value, width())?;
    out.flush()
}

/// Writes a value for lines of this width.
pub(crate) fn write(out: &mut dyn Write, value: &Value, width: usize) -> io::Result<()> {
    let mut tree = Tree { out, width };
    match value {
        Value::Object(fields) => tree.object(fields, 0),
        Value::Array(items) => tree.list(items, 0),
        scalar => writeln!(tree.out, "{}", text(scalar)),
    }
}

struct Tree<'a> {
    out: &'a mut dyn Write,
    width: usize,
}

/// Longer names do not widen the column of their values.
const LONGEST_NAME: usize = 32;

impl Tree<'_> {
    fn object(&mut self, fields: &Map<String, Value>, indent: usize) -> io::Result<()> {
        let names = fields
            .iter()
            .filter(|(_, value)| inline(value, usize::MAX).is_some());
        let column = names
            .map(|(name, _)| name.chars().count())
            .max()
            .unwrap_or(0)
            .min(LONGEST_NAME);
        // What fits on a line comes first: it belongs to this object at a glance.
        for (name, value) in fields {
            if let Some(text) = inline(value, self.room(indent + column)) {
                let name = plain(name);
                writeln!(
                    self.out,
                    "{:indent$}{NAME}{name:column$}{NAME:#}  {text}",
                    ""
                )?;
            }
        }
        for (name, value) in fields {
            if inline(value, self.room(indent + column)).is_some() {
                continue;
            }
            let count = match value {
                Value::Array(items) => format!(" ({})", items.len()),
                _ => String::new(),
            };
            writeln!(
                self.out,
                "{:indent$}{NAME}{}{NAME:#}{count}",
                "",
                plain(name)
            )?;
            self.nested(value, indent + 2)?;
        }
        Ok(())
    }

    fn nested(&mut self, value: &Value, indent: usize) -> io::Result<()> {
        match value {
            Value::Object(fields) => self.object(fields, indent),
            Value::Array(items) => self.list(items, indent),
            scalar => writeln!(self.out, "{:indent$}{}", "", text(scalar)),
        }
    }

    fn list(&mut self, items: &[Value], indent: usize) -> io::Result<()> {
        if let Some(table) = table::Table::of(items).filter(|t| indent + t.width() <= self.width) {
            return table.write(self.out, indent);
        }
        let faint = Style::new().dimmed();
        for (index, item) in items.iter().enumerate() {
            match item {
                Value::Object(_) | Value::Array(_) => {
                    writeln!(self.out, "{:indent$}{faint}[{index}]{faint:#}", "")?;
                    self.nested(item, indent + 2)?;
                }
                scalar => writeln!(self.out, "{:indent$}{}", "", text(scalar))?,
            }
        }
        Ok(())
    }

    /// What is left of a line after this much and the gap.
    fn room(&self, used: usize) -> usize {
        self.width.saturating_sub(used + 2)
    }
}

/// A value on one line; none when it needs more.
fn inline(value: &Value, room: usize) -> Option<String> {
    match value {
        Value::Object(fields) => fields.is_empty().then(|| "{}".to_owned()),
        Value::Array(items) if items.is_empty() => Some("[]".to_owned()),
        Value::Array(items) => {
            if items.iter().any(|item| item.is_object() || item.is_array()) {
                return None;
            }
            let line = items.iter().map(text).collect::<Vec<_>>().join(", ");
            (line.chars().count() <= room).then_some(line)
        }
        scalar => Some(text(scalar)),
    }
}

/// A scalar; text without quotes unless it is empty.
pub(super) fn text(value: &Value) -> String {
    match value {
        Value::String(text) if text.is_empty() => "\"\"".to_owned(),
        Value::String(text) => plain(text),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn shown(value: &Value) -> String {
        let mut out = anstream::StripStream::new(Vec::new());
        write(&mut out, value, 60).unwrap();
        String::from_utf8(out.into_inner()).unwrap()
    }

    #[test]
    fn objects_lists_and_tables() {
        let value = json!({
            "duration": "1ms",
            "call": {"cid": "a:b", "ended": null, "blocked": [], "custom": {"n": 1, "deep": {"x": true}},
                "backstage": false},
            "members": [{"user_id": "ana", "role": "host"}, {"user_id": "bo", "note": ""}],
            "tags": ["a", "b"],
            "mixed": [1, {"x": [[1, 2], []]}],
        });
        let expected = "\
duration  1ms
tags      a, b
call
  backstage  false
  blocked    []
  cid        a:b
  ended      null
  custom
    n  1
    deep
      x  true
members (2)
  user_id  role  note
  ana      host
  bo             \"\"
mixed (2)
  1
  [1]
    x (2)
      [0]
        1
        2
      [1]
";
        assert_eq!(shown(&value), expected);
    }

    #[test]
    fn a_name_cannot_control_the_terminal() {
        let shown = shown(&json!({"title\u{1b}": "\u{1b}[2J\r\u{202e}x\n"}));
        assert_eq!(shown, "title\\u{1b}  \\u{1b}[2J\\r\\u{202e}x\\n\n");
    }

    #[test]
    fn long_lists_of_text_get_a_line_each() {
        let long = "x".repeat(40);
        assert_eq!(
            shown(&json!({"ids": [long, long]})),
            format!("ids (2)\n  {long}\n  {long}\n")
        );
    }
}
