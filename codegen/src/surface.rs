//! The generated API as text: one line per operation, type, field and method.
//!
//! Read from the generated text, whose layout is known: only items begin at the margin.

use std::fmt::Write as _;
use std::str::Lines;

use crate::reshape::{Module, Unit};

/// The public API of the generated code, sorted, one line an item.
pub(crate) fn surface(units: &[Unit]) -> String {
    let mut lines = Vec::new();
    for unit in units {
        let prefix = match unit.module {
            Module::Root => "",
            Module::Types => "types::",
            Module::Requests => "requests::",
            Module::Operations => continue,
        };
        describe(&unit.code, prefix, &mut lines);
    }
    lines.sort();
    let mut text = String::new();
    for line in lines {
        let _ = writeln!(text, "{line}");
    }
    text
}

/// What the lines that are read are inside of.
#[derive(Clone, Copy)]
enum Inside {
    Nothing,
    Struct,
    Enum,
    Methods,
    /// The only generated trait impl, which says what is paged.
    Pages,
    /// A macro call that declares an enum.
    Macro,
}

fn describe(text: &str, prefix: &str, lines: &mut Vec<String>) {
    let mut inside = Inside::Nothing;
    let mut owner = "";
    let mut note = "";
    let mut rest = text.lines();
    while let Some(indented) = rest.next() {
        let line = indented.trim_start();
        if line.starts_with("///") {
            continue;
        }
        if line.len() == indented.len() {
            (inside, owner) = entered(line);
            match inside {
                Inside::Struct => lines.push(format!("struct {prefix}{owner}")),
                Inside::Enum => lines.push(format!("enum {prefix}{owner}")),
                _ => {}
            }
            continue;
        }
        if line == "#[deprecated]" {
            note = " (deprecated)";
            continue;
        }
        let found = match inside {
            Inside::Struct => line.strip_prefix("pub ").map(|line| {
                let (name, ty) = line.split_once(": ").unwrap_or((line, ""));
                let ty = whole(ty, &mut rest, ',');
                format!("struct {prefix}{owner}.{}: {ty}{note}", plain(name))
            }),
            Inside::Enum => (!line.starts_with('#')).then(|| {
                let variant = whole(line, &mut rest, ',');
                format!("enum {prefix}{owner}::{variant}")
            }),
            Inside::Methods => method(line).map(|line| {
                let signature = whole(line, &mut rest, '{');
                let (name, rest) = signature.split_at(signature.find('(').unwrap_or_default());
                format!("fn {prefix}{owner}::{}{rest}{note}", plain(name))
            }),
            Inside::Pages => line.strip_prefix("type ").map(|line| {
                let (name, ty) = line.split_once(" = ").unwrap_or((line, ""));
                let ty = whole(ty, &mut rest, ';');
                format!("pages {prefix}{owner} {name}: {ty}")
            }),
            Inside::Macro => in_macro(line, prefix, &mut owner),
            Inside::Nothing => None,
        };
        if let Some(found) = found {
            lines.push(found);
            note = "";
        }
    }
}

/// What begins with a line that is not indented, and its name.
fn entered(line: &str) -> (Inside, &str) {
    for (start, inside) in [
        ("pub struct ", Inside::Struct),
        ("pub enum ", Inside::Enum),
        ("impl Paginated for ", Inside::Pages),
        ("impl ", Inside::Methods),
        ("open_enum! ", Inside::Macro),
        ("tagged_union! ", Inside::Macro),
    ] {
        if let Some(rest) = line.strip_prefix(start) {
            return (inside, rest.split(' ').next().unwrap_or(rest));
        }
    }
    (Inside::Nothing, "")
}

/// The line of a public method from its name on.
fn method(line: &str) -> Option<&str> {
    let line = line.strip_prefix("pub ")?;
    line.strip_prefix("async ")
        .unwrap_or(line)
        .strip_prefix("fn ")
}

/// A line of a macro call that declares an enum.
fn in_macro<'a>(line: &'a str, prefix: &str, owner: &mut &'a str) -> Option<String> {
    if let Some(rest) = line.strip_prefix("pub enum ") {
        let rest = rest.trim_end_matches([' ', '{']);
        let (name, by) = rest.split_once(' ').unwrap_or((rest, "open"));
        *owner = name;
        return Some(format!("enum {prefix}{owner} ({by})"));
    }
    if let Some((variant, value)) = line.split_once(" = ") {
        let value = value.trim_end_matches(',');
        return Some(format!("enum {prefix}{owner}::{variant} = {value}"));
    }
    let (ty, _) = line.strip_prefix("from ")?.split_once(' ')?;
    Some(format!("enum {prefix}{owner}: From<{ty}>"))
}

/// What begins with `first` and ends with the line that ends with `end`, as one line.
fn whole(first: &str, rest: &mut Lines<'_>, end: char) -> String {
    let mut text = first.to_owned();
    let is_open = |text: &str| {
        let arrows = text.matches("->").count();
        let opened = text.matches(['(', '<', '[']).count();
        let closed = text.matches([')', '>', ']']).count() - arrows;
        !text.ends_with(end) || opened != closed
    };
    while is_open(&text) {
        let Some(line) = rest.next() else { break };
        // What was broken over lines has a comma after its last element.
        let line = line.trim();
        if line.starts_with([')', '>']) {
            text.truncate(text.trim_end_matches(',').len());
        } else if !text.ends_with(['(', '<']) {
            text.push(' ');
        }
        text.push_str(line);
    }
    text.trim_end_matches([end, ' ']).to_owned()
}

fn plain(name: &str) -> &str {
    name.trim_start_matches("r#")
}
