//! Lines of JSON pointers in the text of a document.

mod json;
mod trie;
mod yaml;

use rustc_hash::{FxHashMap, FxHashSet};

/// Tokens that lead to a component or an operation; the line of anything shorter helps nobody.
const LEAST_TOKENS: usize = 3;

/// The line, counted from 1, of each wanted pointer: of its key in an object, of its value in an
/// array. What OpenAPI 3.1 writes differently is where the schema around it is. Malformed text yields
/// what was found before the error.
pub(super) fn lines<'w>(text: &str, wanted: &FxHashSet<&'w str>) -> FxHashMap<&'w str, u32> {
    let mut found = scan(text, wanted);
    let missing = wanted
        .iter()
        .filter(|pointer| !found.contains_key(*pointer));
    let missing: Vec<&'w str> = missing.copied().collect();
    let around: FxHashSet<&str> = missing.iter().flat_map(|pointer| outer(pointer)).collect();
    if !around.is_empty() {
        let around = scan(text, &around);
        for pointer in missing {
            let line = outer(pointer).find_map(|outer| around.get(outer).copied());
            found.extend(line.map(|line| (pointer, line)));
        }
    }
    found
}

fn scan<'w>(text: &str, wanted: &FxHashSet<&'w str>) -> FxHashMap<&'w str, u32> {
    if wanted.is_empty() {
        return FxHashMap::default();
    }
    // As the reader tells them apart.
    let text = text.trim_start_matches('\u{feff}');
    if text.trim_start().starts_with(['{', '[']) {
        json::lines(text, wanted)
    } else {
        yaml::lines(text, wanted)
    }
}

/// The two places around a place, the inner one first.
fn outer(pointer: &str) -> impl Iterator<Item = &str> {
    let outer = std::iter::successors(Some(pointer), |pointer| Some(pointer.rsplit_once('/')?.0));
    let is_inside = |pointer: &&str| pointer.matches('/').count() >= LEAST_TOKENS;
    outer.skip(1).take(2).filter(is_inside)
}

#[cfg(test)]
mod tests {
    use super::lines;

    #[test]
    fn a_place_that_is_not_written_is_where_the_schema_around_it_is() {
        let json = "{\"components\": {\"schemas\": {\n  \"A\": {\n    \"type\": [\"string\", \"null\"]}}}}";
        let yaml = "components:\n  schemas:\n    A:\n      type: [string, 'null']\n";
        let wanted = ["/components/schemas/A/nullable", "/components/schemas/B"];
        for (text, line) in [(json, 2), (yaml, 3)] {
            let found = lines(text, &wanted.into_iter().collect());
            assert_eq!(found.get(wanted[0]), Some(&line));
            assert_eq!(found.get(wanted[1]), None);
        }
    }
}
