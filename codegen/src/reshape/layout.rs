//! Where a line that is too long is broken: as prettyplease would, which takes far longer, since it
//! needs syntax trees.
//!
//! Works on the text of one statement, signature or expression, written without line breaks.

pub(super) const INDENT: usize = 4;

/// As of prettyplease.
pub(super) const MARGIN: usize = 89;

/// The longest struct literal on one line, up to its closing brace.
const LITERAL: usize = 34;

pub(super) fn width(line: &str, depth: usize) -> usize {
    depth * INDENT + line.chars().count()
}

/// Whether a line stays one.
pub(super) fn fits(line: &str) -> bool {
    (line.len() <= MARGIN || width(line, 0) <= MARGIN) && !has_long_literal(line)
}

/// Whether a struct literal is the first that could be broken, and too long for one line.
fn has_long_literal(line: &str) -> bool {
    if !line.contains(" { ") {
        return false;
    }
    let Some(group) = Group::first(line, 0) else {
        return false;
    };
    let before = line.get(..group.open).unwrap_or_default();
    let path = before.trim_end().rsplit(' ').next().map_or(0, str::len);
    let is_literal = before.ends_with(' ')
        && line
            .get(group.open..)
            .is_some_and(|rest| rest.starts_with('{'));
    is_literal && path + 1 + (group.close - group.open) > LITERAL
}

/// Appends a line, broken where it has to be.
pub(super) fn append(text: &mut String, depth: usize, line: &str) {
    let is_one = width(line, depth) <= MARGIN && !has_long_literal(line);
    // What attributes and macros take may not end with a comma.
    let is_item_macro = line
        .split('(')
        .next()
        .is_some_and(|path| path.ends_with('!'));
    if is_one || is_item_macro || line.starts_with('#') {
        return push(text, depth, line);
    }
    // Of a condition, the brace goes first.
    if let Some(condition) = line
        .strip_suffix(" {")
        .filter(|line| line.starts_with("if "))
        && width(condition, depth) <= MARGIN
    {
        push(text, depth, condition);
        return push(text, depth, "{");
    }
    let start = beginning(line);
    if !append_chain(text, depth, line, start) && !append_group(text, depth, line, start) {
        push(text, depth, line);
    }
}

fn push(text: &mut String, depth: usize, line: &str) {
    text.extend(std::iter::repeat_n(' ', depth * INDENT));
    text.push_str(line);
    text.push('\n');
}

/// A chain of method calls, one a line.
fn append_chain(text: &mut String, depth: usize, line: &str, start: usize) -> bool {
    let mut dots = Vec::new();
    walk(line, start, &mut |at, character, level| {
        let follows = |offset: usize| line.get(at + offset..).unwrap_or_default();
        let is_call = follows(1).starts_with(|c: char| c.is_alphabetic() || c == '_');
        if character == '.' && level == 0 && is_call && at > 0 {
            dots.push(at);
        }
        true
    });
    // `self` stays with what follows it, unless this is one of several arguments.
    let is_short = |at: &usize| start == 0 && *at <= INDENT && !line.ends_with(',');
    let first = usize::from(dots.first().is_some_and(is_short));
    let Some(breaks) = dots.get(first..).filter(|breaks| !breaks.is_empty()) else {
        return false;
    };
    let ends = breaks.iter().copied().chain([line.len()]);
    let mut from = 0;
    for (index, end) in ends.enumerate() {
        let piece = line.get(from..end).unwrap_or_default();
        match index {
            0 => push(text, depth, piece),
            _ => append(text, depth + 1, piece),
        }
        from = end;
    }
    true
}

/// What is between the first brackets, one element a line.
fn append_group(text: &mut String, depth: usize, line: &str, start: usize) -> bool {
    let Some(mut group) = Group::first(line, start) else {
        return false;
    };
    // A closure stays with the brackets it is in.
    while let Some(body) = closure_body(line, &group) {
        match Group::first(line, body) {
            Some(inner) => group = inner,
            None => break,
        }
    }
    let part = |from: usize, to: usize| line.get(from..to).unwrap_or_default();
    push(text, depth, part(0, group.open + 1));
    let mut from = group.open + 1;
    for end in group.commas.iter().copied().chain([group.close]) {
        let element = part(from, end).trim();
        let with_comma = format!("{element},");
        // prettyplease does not count the comma after the last element.
        let fits = end == group.close && width(element, depth + 1) <= MARGIN;
        if element.starts_with("..") {
            // Nothing may follow the rest of a struct.
            push(text, depth + 1, element);
        } else if fits && !has_long_literal(element) {
            push(text, depth + 1, &with_comma);
        } else {
            append(text, depth + 1, &with_comma);
        }
        from = end + 1;
    }
    append(text, depth, part(group.close, line.len()));
    true
}

/// Brackets with something between them, by their places in a line.
struct Group {
    open: usize,
    close: usize,
    commas: Vec<usize>,
}

impl Group {
    fn first(line: &str, start: usize) -> Option<Self> {
        let mut open = None;
        let mut commas = Vec::new();
        let mut found = None;
        walk(line, start, &mut |at, character, level| {
            match (character, open) {
                ('(' | '[' | '{' | '<', None) => open = Some(at),
                (',', Some(_)) if level == 1 => commas.push(at),
                (')' | ']' | '}' | '>', Some(from)) if level == 0 => {
                    if at > from + 1 {
                        let commas = std::mem::take(&mut commas);
                        found = Some(Self {
                            open: from,
                            close: at,
                            commas,
                        });
                        return false;
                    }
                    open = None;
                }
                _ => {}
            }
            true
        });
        found
    }
}

/// Where the body of the closure begins that is all there is in the group.
fn closure_body(line: &str, group: &Group) -> Option<usize> {
    let inside = line.get(group.open + 1..group.close)?;
    let parameters = inside.strip_prefix('|')?;
    Some(group.open + 2 + parameters.find('|')? + 1)
}

/// Where that begins which may be broken: an item's visibility and the target of an assignment
/// may not.
fn beginning(line: &str) -> usize {
    let visibility = "pub(crate) ";
    if line.starts_with(visibility) {
        return visibility.len();
    }
    let mut start = 0;
    walk(line, 0, &mut |at, character, level| {
        let is_assignment = character == '=' && level == 0;
        if is_assignment && line.get(at..).is_some_and(|rest| rest.starts_with("= ")) {
            start = at + 2;
        }
        start == 0
    });
    start
}

/// Calls `visit` with every character outside of texts, until it returns false, and with how many
/// brackets are open; a bracket itself is outside.
fn walk(line: &str, start: usize, visit: &mut dyn FnMut(usize, char, usize) -> bool) {
    let mut level: usize = 0;
    let mut in_text = false;
    let mut previous = ' ';
    for (offset, character) in line.get(start..).unwrap_or_default().char_indices() {
        if in_text {
            in_text = character != '"' || previous == '\\';
            // A backslash after a backslash escapes nothing.
            previous = if previous == '\\' { ' ' } else { character };
            continue;
        }
        let is_arrow = character == '>' && matches!(previous, '-' | '=');
        previous = character;
        if is_arrow {
            continue;
        }
        in_text = character == '"';
        if matches!(character, ')' | ']' | '}' | '>') {
            level = level.saturating_sub(1);
        }
        if !visit(start + offset, character, level) {
            return;
        }
        if matches!(character, '(' | '[' | '{' | '<') {
            level += 1;
        }
    }
}
