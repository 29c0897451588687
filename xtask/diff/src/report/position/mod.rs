//! Lines of JSON pointers in the text of a document.

mod json;
mod trie;

use openapi_document::Source;
use rustc_hash::{FxHashMap, FxHashSet};

/// Tokens that lead to a component or an operation; the line of anything shorter helps nobody.
const LEAST_TOKENS: usize = 3;

/// The line, counted from 1, of each wanted pointer: of its key in an object, of its value in an
/// array. What OpenAPI 3.1 writes differently is where the schema around it is.
pub(super) fn lines<'w>(source: &Source, wanted: &FxHashSet<&'w str>) -> FxHashMap<&'w str, u32> {
    match source.yaml_lines() {
        Some(lines) => {
            let find = |pointer: &str| {
                let exact = lines.find(pointer);
                exact.or_else(|| outer(pointer).find_map(|outer| lines.find(outer)))
            };
            let all = wanted.iter();
            all.filter_map(|pointer| Some((*pointer, find(pointer)?)))
                .collect()
        }
        None => in_json(source.text(), wanted),
    }
}

fn in_json<'w>(text: &str, wanted: &FxHashSet<&'w str>) -> FxHashMap<&'w str, u32> {
    if wanted.is_empty() {
        return FxHashMap::default();
    }
    let text = text.trim_start_matches('\u{feff}');
    let mut found = json::lines(text, wanted);
    let missing = wanted
        .iter()
        .filter(|pointer| !found.contains_key(*pointer));
    let missing: Vec<&'w str> = missing.copied().collect();
    let around: FxHashSet<&str> = missing.iter().flat_map(|pointer| outer(pointer)).collect();
    if !around.is_empty() {
        let around = json::lines(text, &around);
        for pointer in missing {
            let line = outer(pointer).find_map(|outer| around.get(outer).copied());
            found.extend(line.map(|line| (pointer, line)));
        }
    }
    found
}

/// The two places around a place, the inner one first.
fn outer(pointer: &str) -> impl Iterator<Item = &str> {
    let outer = std::iter::successors(Some(pointer), |pointer| Some(pointer.rsplit_once('/')?.0));
    let is_inside = |pointer: &&str| pointer.matches('/').count() >= LEAST_TOKENS;
    outer.skip(1).take(2).filter(is_inside)
}

#[cfg(test)]
mod tests {
    use openapi_document::Source;

    use super::lines;

    #[test]
    fn a_place_that_is_not_written_is_where_the_schema_around_it_is() {
        let json = "{\"components\": {\"schemas\": {\n  \"A\": {\n    \"type\": [\"string\", \"null\"]}}}}";
        let yaml = "components:\n  schemas:\n    A:\n      type: [string, 'null']\n";
        let wanted = ["/components/schemas/A/nullable", "/components/schemas/B"];
        for (text, line) in [(json, 2), (yaml, 3)] {
            let (_, source) = Source::read(text.to_owned()).unwrap();
            let found = lines(&source, &wanted.into_iter().collect());
            assert_eq!(found.get(wanted[0]), Some(&line));
            assert_eq!(found.get(wanted[1]), None);
        }
    }
}
