//! A prefix that moves between the paths and the addresses of the servers.

use std::collections::HashSet;

use serde_json::Value;

use crate::read::{Document, shape};

/// A prefix that the servers of one side have and the paths of the other.
pub(crate) struct Moved {
    /// Such as `/v1`.
    pub(super) prefix: String,
    /// From the paths into the servers, or back.
    into_servers: bool,
}

impl Moved {
    /// True when two addresses of servers differ by the prefix.
    pub(super) fn explains(&self, old: &str, new: &str) -> bool {
        let (short, long) = if self.into_servers {
            (old, new)
        } else {
            (new, old)
        };
        let stem = long.trim_end_matches('/').strip_suffix(&self.prefix);
        stem.is_some_and(|stem| stem == short.trim_end_matches('/'))
    }

    pub(super) fn way(&self) -> &'static str {
        if self.into_servers {
            "from the paths into the addresses of the servers"
        } else {
            "from the addresses of the servers into the paths"
        }
    }

    /// The path under which an old operation is found in the new document.
    pub(super) fn path(&self, old: &str) -> Option<String> {
        if self.into_servers {
            let rest = old.strip_prefix(&self.prefix)?;
            rest.starts_with('/').then(|| rest.to_owned())
        } else {
            Some(format!("{}{old}", self.prefix))
        }
    }
}

/// The path of an address, with its slash; empty when there is none.
fn path_of(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    if rest.len() == url.len() {
        return url;
    }
    rest.find('/')
        .and_then(|at| rest.get(at..))
        .unwrap_or_default()
}

/// The prefix that moved between both documents: every old server has a new one that differs by
/// it, and an operation is found under it.
pub(super) fn moved(before: &Document<'_>, after: &Document<'_>) -> Option<Moved> {
    let urls = |root: &Value| -> Vec<String> {
        let servers = root.get("servers").and_then(Value::as_array);
        let urls = servers.into_iter().flatten();
        let urls = urls.filter_map(|server| server.get("url")?.as_str());
        urls.map(|url| url.trim_end_matches('/').to_owned())
            .collect()
    };
    let (mut old, mut new) = (urls(before.root), urls(after.root));
    // Without servers the address is / on the host of the document, whichever that is.
    if old.is_empty() || new.is_empty() {
        for side in [&mut old, &mut new] {
            for url in side.iter_mut() {
                *url = path_of(url).to_owned();
            }
            if side.is_empty() {
                side.push(String::new());
            }
        }
    }
    let difference = |long: &str, short: &str| {
        let rest = long.strip_prefix(short)?;
        (rest.starts_with('/') && !rest.starts_with("//")).then(|| rest.to_owned())
    };
    let first = old.first()?;
    let candidates = new.iter().filter_map(|other| {
        let into = difference(other, first).map(|prefix| (prefix, true));
        into.or_else(|| Some((difference(first, other)?, false)))
    });
    let mut candidates = candidates.map(|(prefix, into_servers)| Moved {
        prefix,
        into_servers,
    });
    let mut shapes = None;
    candidates.find(|moved| {
        let covered = |url: &String| new.iter().any(|other| moved.explains(url, other));
        let shapes: &HashSet<String> = shapes.get_or_insert_with(|| {
            let paths = after
                .operations
                .iter()
                .map(|operation| shape(operation.path));
            paths.collect()
        });
        let mut paths = before.operations.iter();
        old.iter().all(covered)
            && paths.any(|operation| {
                let path = moved.path(operation.path);
                path.is_some_and(|path| shapes.contains(&shape(&path)))
            })
    })
}
