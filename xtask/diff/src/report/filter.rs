//! Choosing changes by path, tag and rule.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::str::FromStr;
use std::sync::Arc;

use serde_json::Value;
use wildmatch::WildMatch;

use super::change::Change;
use super::summary::Report;
use crate::level::Level;

/// A pattern for the paths or tags of operations, or for rules: `path=/calls/*`, `tag=video`,
/// `rule=property-*`. `*` stands for any text.
#[derive(Clone, Debug)]
pub struct Filter {
    by: By,
    pattern: WildMatch,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum By {
    Path,
    Tag,
    Rule,
}

impl FromStr for Filter {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (by, pattern) = match text.split_once('=') {
            Some(("path", pattern)) => (By::Path, pattern),
            Some(("tag", pattern)) => (By::Tag, pattern),
            Some(("rule", pattern)) => (By::Rule, pattern),
            _ => {
                return Err(format!(
                    "{text:?} is none of path=PATTERN, tag=PATTERN and rule=PATTERN"
                ));
            }
        };
        Ok(Self {
            by,
            pattern: WildMatch::new(pattern),
        })
    }
}

impl Report {
    /// Keeps what every kind of filter in `only` allows and no filter in `ignore` matches.
    ///
    /// Filters by path and tag choose among the operations that a change reaches; one that reaches
    /// none of those chosen is left out.
    pub fn choose(&mut self, only: &[Filter], ignore: &[Filter], documents: [&Value; 2]) {
        if only.is_empty() && ignore.is_empty() {
            return;
        }
        let tags = tags(documents);
        let matches = |filter: &Filter, label: &str| {
            let path = label.split_once(' ').map_or(label, |(_, path)| path);
            match filter.by {
                By::Path => filter.pattern.matches(path),
                By::Tag => tags
                    .get(label)
                    .is_some_and(|tags| tags.iter().any(|tag| filter.pattern.matches(tag))),
                By::Rule => false,
            }
        };
        let allows = |by: By, fits: &dyn Fn(&Filter) -> bool| {
            let mut own = only.iter().filter(|filter| filter.by == by).peekable();
            own.peek().is_none() || own.any(fits)
        };
        let chosen = |label: &String| {
            let fits = |filter: &Filter| matches(filter, label);
            allows(By::Path, &fits) && allows(By::Tag, &fits) && !ignore.iter().any(fits)
        };
        let by_operation = |filter: &Filter| filter.by != By::Rule;
        let chooses = only.iter().any(by_operation);
        let narrows = chooses || ignore.iter().any(by_operation);
        self.changes.retain_mut(|change| {
            let fits = |filter: &Filter| filter.by == By::Rule && filter.pattern.matches(change.id);
            if !allows(By::Rule, &fits) || ignore.iter().any(fits) {
                return false;
            }
            if change.operations.is_empty() {
                return !chooses;
            }
            !narrows || narrow(change, &chosen)
        });
        self.rank();
    }
}

/// Leaves the chosen operations of a change; false when none is left.
fn narrow(change: &mut Change, chosen: &dyn Fn(&String) -> bool) -> bool {
    let keep = |all: &Arc<[String]>| -> Arc<[String]> {
        all.iter().filter(|label| chosen(label)).cloned().collect()
    };
    change.operations = keep(&change.operations);
    for effect in change.by_direction.values_mut() {
        effect.operations = keep(&effect.operations);
    }
    change
        .by_direction
        .retain(|_, effect| !effect.operations.is_empty());
    let known: HashSet<&str> = change.by_direction.keys().copied().collect();
    change
        .directions
        .retain(|direction| known.contains(direction));
    let levels = change.by_direction.values().map(|effect| effect.wire);
    change.wire = levels.max().unwrap_or(Level::None);
    !change.operations.is_empty()
}

/// The tags of each operation in either document.
fn tags(documents: [&Value; 2]) -> HashMap<String, BTreeSet<&str>> {
    let mut all: HashMap<String, BTreeSet<&str>> = HashMap::new();
    for document in documents {
        for operation in openapi_document::operations(document) {
            let label = format!(
                "{} {}",
                operation.method.to_ascii_uppercase(),
                operation.path
            );
            let tags = operation.operation.get("tags").and_then(Value::as_array);
            let tags = tags.into_iter().flatten().filter_map(Value::as_str);
            all.entry(label).or_default().extend(tags);
        }
    }
    all
}
