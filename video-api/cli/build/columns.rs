//! Default columns of the tables of a response: identity, state, times.

use crate::schema::{Document, entries, required, text};
use serde_json::Value;

/// Columns that a table has by default.
const DEFAULT: usize = 6;

struct Column {
    path: String,
    kind: &'static str,
    required: bool,
}

/// Returns the fields `list` and `lists` of an operation: the list that the response is about, and
/// the columns of every list of objects in it. Among several lists, `main` is preferred.
pub(crate) fn write(
    document: Document<'_>,
    response: &Value,
    main: Option<&str>,
) -> Result<String, String> {
    let mut lists = Vec::new();
    find(document, response, "", &mut lists)?;
    let top: Vec<&str> = lists
        .iter()
        .map(|(path, _)| path.as_str())
        .filter(|path| !path.contains('.'))
        .collect();
    let mut objects = 0;
    for (name, schema) in entries(response.get("properties")) {
        let schema = document.resolve(schema)?;
        objects += usize::from(schema.get("properties").is_some() && !top.contains(&name));
    }
    let list = match top.as_slice() {
        [only] if objects == 0 => Some(*only),
        _ => main.filter(|main| top.contains(main)),
    };
    let mut code = format!("list: {list:?}, lists: &[");
    for (path, columns) in &lists {
        let chosen = choose(columns);
        let rest = columns
            .iter()
            .filter(|c| !chosen.contains(&c.path.as_str()));
        let rest: Vec<&str> = rest.map(|c| c.path.as_str()).collect();
        code += &format!("List {{ path: {path:?}, columns: &{chosen:?}, more: &{rest:?} }}, ");
    }
    Ok(code + "]")
}

/// Collects lists and maps of objects, at most two objects deep.
fn find(
    document: Document<'_>,
    schema: &Value,
    prefix: &str,
    lists: &mut Vec<(String, Vec<Column>)>,
) -> Result<(), String> {
    for (name, schema) in entries(schema.get("properties")) {
        let schema = document.resolve(schema)?;
        let path = format!("{prefix}{name}");
        let element = match text(schema, "type") {
            "array" => schema.get("items"),
            _ => schema.get("additionalProperties"),
        };
        let element = match element {
            Some(element) => document.resolve(element)?,
            None => &Value::Null,
        };
        if element.get("properties").is_some() {
            lists.push((path, leaves(document, element)?));
        } else if schema.get("properties").is_some() && prefix.matches('.').count() < 2 {
            find(document, schema, &format!("{path}."), lists)?;
        }
    }
    Ok(())
}

/// The plain values of an item. An item that has none of its own, such as a call with its members,
/// is represented by the objects in it.
fn leaves(document: Document<'_>, item: &Value) -> Result<Vec<Column>, String> {
    let mut columns = Vec::new();
    let mut nested = Vec::new();
    for (name, schema) in entries(item.get("properties")) {
        match document.kind(schema)?.0 {
            "Json" | "Sort" => {
                let inner = document.resolve(schema)?;
                if inner.get("properties").is_some() {
                    nested.push((name, inner));
                } else if matches!(text(inner, "type"), "object" | "array") {
                    columns.push(Column {
                        path: name.to_owned(),
                        kind: "Json",
                        required: false,
                    });
                }
            }
            kind => columns.push(Column {
                path: name.to_owned(),
                kind,
                required: required(item, name),
            }),
        }
    }
    let bare = columns
        .iter()
        .all(|c| matches!(c.kind, "TextList" | "Json"));
    for (name, inner) in nested {
        for mut column in if bare {
            leaves(document, inner)?
        } else {
            plain(document, inner)?
        } {
            column.path = format!("{name}.{}", column.path);
            columns.push(column);
        }
    }
    Ok(columns)
}

fn plain(document: Document<'_>, object: &Value) -> Result<Vec<Column>, String> {
    let mut columns = Vec::new();
    for (name, schema) in entries(object.get("properties")) {
        let (kind, _) = document.kind(schema)?;
        if !matches!(kind, "Json" | "Sort") {
            columns.push(Column {
                path: name.to_owned(),
                kind,
                required: required(object, name),
            });
        }
    }
    Ok(columns)
}

/// The default columns, in the order in which they are shown.
fn choose(columns: &[Column]) -> Vec<&str> {
    let has_cid = |column: &Column| {
        let cid = format!("{}cid", parent(&column.path));
        columns.iter().any(|other| other.path == cid)
    };
    // A row may have the id of its user itself.
    let has_user_id = columns.iter().any(|column| column.path == "user_id");
    let is_said = |column: &Column| {
        (has_cid(column) && matches!(leaf(&column.path), "id" | "type"))
            || (has_user_id && column.path == "user.id")
    };
    let mut ranked: Vec<(usize, usize, &Column)> = columns
        .iter()
        .enumerate()
        .filter(|(_, column)| !is_said(column))
        .filter_map(|(index, column)| Some((rank(column)?, index, column)))
        .collect();
    ranked.sort_by_key(|(rank, index, _)| (*rank, *index));
    let group = |rank: usize| rank / 10;
    let mut chosen: Vec<(usize, usize, &str)> = Vec::new();
    for (rank, index, column) in ranked {
        let inside = chosen
            .iter()
            .filter(|(r, ..)| group(*r) == group(rank))
            .count();
        let room = match group(rank) {
            0 | 1 => 3,
            2 => 2,
            // Only to fill a table that says little otherwise.
            _ => 4_usize.saturating_sub(chosen.len()) + inside,
        };
        if inside < room && chosen.len() < DEFAULT {
            chosen.push((rank, index, &column.path));
        }
    }
    chosen.into_iter().map(|(_, _, path)| path).collect()
}

/// Tens are the group: identity, state, times, anything else. `None` is never a default.
fn rank(column: &Column) -> Option<usize> {
    let leaf = leaf(&column.path);
    let depth = column.path.matches('.').count();
    let owner = parent(&column.path).trim_end_matches('.');
    let omitted = [
        "password", "secret", "token", "key", "url", "image", "duration", "current",
    ];
    if omitted.iter().any(|word| leaf.contains(word)) || matches!(column.kind, "TextList" | "Json")
    {
        return None;
    }
    // Beside the item's own fields, of an object in it only what names it.
    if depth > 0 && !matches!(owner, "call") {
        return match leaf {
            "id" if owner == "user" => Some(1),
            "name" if owner.ends_with("user") => Some(2),
            "id" if owner.ends_with("created_by") => Some(13),
            "participants" if owner == "counts" => Some(14),
            _ => None,
        };
    }
    Some(match (leaf, column.kind) {
        (_, "Time") => match leaf {
            "updated_at" | "deleted_at" | "generated_at" => 39,
            _ if leaf.contains("start") || leaf.contains("join") => 21,
            _ if leaf.contains("end") || leaf.contains("left") => 22,
            _ => 20,
        },
        ("cid" | "call_cid" | "filename" | "date" | "label" | "datacenter", _) => 0,
        ("id" | "user_id" | "type" | "event_type" | "reaction", _) => 1,
        ("name", _) => 2,
        (_, "Text") if leaf.ends_with("_id") && column.required => 5,
        ("backstage" | "recording", _) => 12,
        ("role" | "status" | "severity" | "rating" | "call_status" | "is_live" | "online", _) => 10,
        (_, "Text") if leaf.ends_with("_status") || leaf.ends_with("_type") => 11,
        (_, "Text") if leaf.ends_with("_code") && column.required => 15,
        ("reason" | "sdk" | "uri" | "count" | "quality_score" | "unique", _) => 16,
        _ if column.required && column.kind != "Boolean" => 30,
        _ => return None,
    })
}

fn leaf(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path)
}

/// The path up to the last dot, dot included.
fn parent(path: &str) -> &str {
    path.get(..path.len() - leaf(path).len())
        .unwrap_or_default()
}
