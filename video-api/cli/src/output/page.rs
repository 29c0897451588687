//! A response as a page: what matters first, nested parts indented, lists as tables.

use std::io::{self, Write};

use serde_json::{Map, Value};

use super::style::{FAINT, NAME};
use super::table::Table;
use super::value::{is_empty, is_nested, items, short_time, text};
use super::{plain, width, wrap};
use crate::index::List;

/// Longer names do not widen the column of their values.
const LONGEST_NAME: usize = 32;

/// Fields that come first, in this order.
const FIRST: [&str; 8] = [
    "cid",
    "id",
    "name",
    "type",
    "user_id",
    "role",
    "status",
    "created_by",
];

/// Parts of a response that only the full page shows: they are long, and a backend may do everything.
const SECONDARY: [&str; 1] = ["own_capabilities"];

/// Writes one page.
pub(crate) struct Page<'a> {
    out: &'a mut dyn Write,
    width: usize,
    lists: &'static [List],
    full: bool,
    /// Parts that only the full page shows.
    hidden: Vec<String>,
}

impl<'a> Page<'a> {
    /// The columns of lists are looked up in `lists`. Only a full page has empty fields and
    /// deeply nested parts such as settings.
    pub(crate) fn new(out: &'a mut dyn Write, lists: &'static [List], full: bool) -> Self {
        Self {
            out,
            width: width().unwrap_or(usize::MAX),
            lists,
            full,
            hidden: Vec::new(),
        }
    }

    #[cfg(test)]
    fn of_width(self, width: usize) -> Self {
        Self { width, ..self }
    }

    pub(crate) fn write(mut self, value: &Value) -> io::Result<()> {
        match value {
            Value::Object(fields) => self.object(fields, "", 0)?,
            Value::Array(_) => self.list(value, "", 0)?,
            scalar => writeln!(self.out, "{}", text(scalar))?,
        }
        if !self.hidden.is_empty() {
            let names = self.hidden.join(", ");
            writeln!(
                self.out,
                "{FAINT}(not shown: {names}; --full shows everything){FAINT:#}"
            )?;
        }
        Ok(())
    }

    fn object(&mut self, fields: &Map<String, Value>, path: &str, depth: usize) -> io::Result<()> {
        let indent = 2 * depth;
        let (mut shown, hidden): (Vec<_>, Vec<_>) = fields
            .iter()
            .filter(|(name, value)| self.full || !is_dispensable(name, value, path))
            .partition(|(name, _)| {
                self.full || !(depth == 0 && SECONDARY.contains(&name.as_str()))
            });
        self.hidden
            .extend(hidden.iter().map(|(name, _)| plain(name)));
        let place = |name: &str| FIRST.iter().position(|first| *first == name);
        shown.sort_by_key(|(name, _)| (place(name).unwrap_or(FIRST.len()), *name));
        let lines: Vec<Option<String>> = shown
            .iter()
            .map(|(_, value)| self.one_line(value, depth))
            .collect();
        let names = shown.iter().zip(&lines).filter(|(_, line)| line.is_some());
        let column = names
            .map(|((name, _), _)| plain(name).chars().count())
            .max()
            .unwrap_or_default()
            .min(LONGEST_NAME);
        // One-line values come first: they belong to this object at a glance.
        for ((name, _), line) in shown.iter().zip(&lines) {
            if let Some(line) = line {
                let name = plain(name);
                writeln!(
                    self.out,
                    "{:indent$}{NAME}{name:column$}{NAME:#}  {line}",
                    ""
                )?;
            }
        }
        for ((name, value), line) in shown.iter().zip(&lines) {
            if line.is_none() {
                self.nested(name, value, path, depth)?;
            }
        }
        Ok(())
    }

    fn nested(&mut self, name: &str, value: &Value, path: &str, depth: usize) -> io::Result<()> {
        let path = match path {
            "" => name.to_owned(),
            path => format!("{path}.{name}"),
        };
        if !self.full && !self.belongs_here(&path, value, depth) {
            self.hidden.push(plain(name));
            return Ok(());
        }
        let indent = 2 * depth;
        let count = match value {
            Value::Array(items) => format!(" ({})", items.len()),
            _ => String::new(),
        };
        let name = plain(name);
        writeln!(self.out, "{:indent$}{NAME}{name}{NAME:#}{count}", "")?;
        match value {
            Value::Object(fields) if self.columns(&path).is_none() => {
                self.object(fields, &path, depth + 1)
            }
            list => self.list(list, &path, depth + 1),
        }
    }

    fn list(&mut self, list: &Value, path: &str, depth: usize) -> io::Result<()> {
        let indent = 2 * depth;
        let rows = items(list);
        let room = self.width.saturating_sub(indent);
        if let Some(columns) = self.columns(path).filter(|_| !self.full) {
            let table = Table::new(&columns, &rows, Some(room));
            table.write_heading(self.out, indent)?;
            table.write_rows(self.out, &rows, indent)?;
            return table.write_left_out(self.out, indent);
        }
        if let Value::Object(fields) = list {
            return self.object(fields, path, depth);
        }
        if !rows.iter().any(|item| is_nested(item)) {
            return self.wrapped(&rows, indent);
        }
        for (index, item) in rows.iter().enumerate() {
            match item {
                Value::Object(fields) => {
                    writeln!(self.out, "{:indent$}{FAINT}[{index}]{FAINT:#}", "")?;
                    self.object(fields, path, depth + 1)?;
                }
                Value::Array(_) => {
                    writeln!(self.out, "{:indent$}{FAINT}[{index}]{FAINT:#}", "")?;
                    self.list(item, path, depth + 1)?;
                }
                scalar => writeln!(self.out, "{:indent$}{}", "", text(scalar))?,
            }
        }
        Ok(())
    }

    /// Scalars separated by commas.
    fn wrapped(&mut self, items: &[&Value], indent: usize) -> io::Result<()> {
        let words = items.iter().map(|item| text(item)).collect();
        for line in wrap(words, self.width.saturating_sub(indent)) {
            writeln!(self.out, "{:indent$}{line}", "")?;
        }
        Ok(())
    }

    /// The default columns of the list at this path.
    fn columns(&self, path: &str) -> Option<Vec<String>> {
        let list = self.lists.iter().find(|list| list.path == path)?;
        let columns: Vec<String> = list.columns.iter().map(|&path| path.to_owned()).collect();
        (!columns.is_empty()).then_some(columns)
    }

    /// Returns true for parts of a page that is not full: those of the response itself, and below them
    /// custom data, values without nested parts, and objects that hold a number.
    fn belongs_here(&self, path: &str, value: &Value, depth: usize) -> bool {
        let is_flat = || items(value).into_iter().all(|part| !is_nested(part));
        let holds_a_number = || value.is_object() && items(value).into_iter().any(Value::is_number);
        depth == 0 || is_custom(path) || is_flat() || holds_a_number()
    }

    /// A value on one line, if it fits. A user or another object with an id is its id and name.
    fn one_line(&self, value: &Value, depth: usize) -> Option<String> {
        match value {
            Value::Object(fields) if fields.is_empty() => Some("{}".to_owned()),
            Value::Object(fields) if !self.full && depth > 0 => {
                let id = fields.get("id")?.as_str()?;
                let name = fields
                    .get("name")
                    .and_then(Value::as_str)
                    .unwrap_or_default();
                Some(match name {
                    "" => plain(id),
                    name => format!("{} ({})", plain(id), plain(name)),
                })
            }
            Value::Object(_) => None,
            Value::Array(items) if items.is_empty() => Some("[]".to_owned()),
            Value::Array(items) if items.iter().any(is_nested) => None,
            Value::Array(items) => {
                let line = items.iter().map(text).collect::<Vec<_>>().join(", ");
                let room = self.width.saturating_sub(2 * depth + LONGEST_NAME);
                (line.chars().count() <= room).then_some(line)
            }
            scalar if self.full => Some(text(scalar)),
            scalar => Some(short_time(text(scalar))),
        }
    }
}

/// Returns whether a field is left out of a page that is not full: empty ones and objects of
/// nothing but those, except in custom data, and the time that the server took.
fn is_dispensable(name: &str, value: &Value, path: &str) -> bool {
    if is_custom(path) || is_custom(name) {
        return is_empty(value) && !is_custom(path);
    }
    let is_blank = match value {
        Value::Object(fields) => fields
            .iter()
            .all(|(name, value)| is_dispensable(name, value, ".")),
        value => is_empty(value),
    };
    is_blank || (path.is_empty() && name == "duration")
}

/// Returns whether a path leads into the user's own data.
fn is_custom(path: &str) -> bool {
    path.split('.').any(|name| name.starts_with("custom"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const LISTS: &[List] = &[List {
        path: "members",
        columns: &["user_id", "role"],
        more: &["note"],
    }];

    fn shown(value: &Value, full: bool) -> String {
        let mut out = anstream::StripStream::new(Vec::new());
        let page = Page::new(&mut out, LISTS, full).of_width(70);
        page.write(value).unwrap();
        String::from_utf8(out.into_inner()).unwrap()
    }

    fn call() -> Value {
        json!({
            "duration": "1ms",
            "call": {"type": "a", "cid": "a:b", "ended": null, "blocked": ["x", "y"], "backstage": false,
                "created_by": {"id": "ana", "name": "Ana", "role": "admin"},
                "custom": {"n": 1, "deep": {"x": {"y": null}}},
                "settings": {"audio": {"on": true}}, "urls": {"web": "https://x.io"}},
            "members": [{"user_id": "ana", "role": "host"}, {"user_id": "bo", "note": ""}],
            "capabilities": ["create-call", "end-call", "join-call", "kick-user"],
            "own_capabilities": ["end-call"],
            "report": {"participants": {"sum": 3, "by_browser": [], "publishers": {"total": 2, "by_track": [{"x": 1}]}},
                "session": {"by_role": {"user": {"x": 1}}}},
            "chat": {"messages": {"over_time": [], "seconds": null}},
        })
    }

    #[test]
    fn a_page_shows_what_matters() {
        let expected = "\
call
  cid         a:b
  type        a
  created_by  ana (Ana)
  backstage   false
  blocked     x, y
  custom
    n  1
    deep
      x
        y  null
  urls
    web  https://x.io
capabilities (4)
  create-call, end-call, join-call, kick-user
members (2)
  user_id  role
  ana      host
  bo
report
  participants
    sum  3
    publishers
      total  2
(not shown: own_capabilities, settings, by_track, session; --full shows everything)
";
        assert_eq!(shown(&call(), false), expected);
    }

    #[test]
    fn a_full_page_shows_everything() {
        let full = shown(&call(), true);
        for part in [
            "duration          1ms",
            "ended      null",
            "audio\n      on  true",
            "note     \"\"",
            "role  admin",
        ] {
            assert!(full.contains(part), "{part:?} is not in {full}");
        }
        assert!(!full.contains("not shown"), "{full}");
    }

    #[test]
    fn a_name_cannot_control_the_terminal() {
        let value = json!({"title\u{1b}": "\u{1b}[2J\r\u{202e}x\n"});
        assert_eq!(
            shown(&value, false),
            "title\\u{1b}  \\u{1b}[2J\\r\\u{202e}x\\n\n"
        );
    }
}
