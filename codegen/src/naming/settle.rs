//! Settles names that several words want.

use std::collections::{BTreeMap, BTreeSet};

use super::words::{escaped, letter_case, spelled};

/// A word of the wire that needs a name.
pub(crate) struct Claim {
    /// Wanted names, the best first; later ones say more about how the word is written.
    pub(crate) names: Vec<String>,
    /// The word is spelled like its first name, which is then its own.
    pub(crate) exact: bool,
}

impl Claim {
    /// The names of a word that `name` turns into one.
    pub(crate) fn of(word: &str, name: impl Fn(&str) -> String) -> Self {
        let first = name(word);
        let marks = spelled(word);
        let marks_and_case = format!("{marks} {}", letter_case(word));
        Self {
            exact: first.trim_start_matches("r#") == word || first == escaped(word.to_owned()),
            names: vec![first, name(&marks), name(&marks_and_case)],
        }
    }
}

/// Names for words, in their order. No name depends on that order: it goes to the word that is
/// spelled like it, or to the only one that wants it. So a new word can take a name away only by
/// being spelled exactly like it, and never makes one move to another old word.
pub(crate) fn settle(
    claims: &[Claim],
    fold: impl Fn(&str) -> String,
    taken: &mut BTreeSet<String>,
) -> Vec<String> {
    let mut settled: Vec<Option<String>> = vec![None; claims.len()];
    let depth = claims.iter().map(|claim| claim.names.len()).max();
    for level in 0..depth.unwrap_or_default() {
        let mut wanted: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (index, claim) in claims.iter().enumerate() {
            if let (None, Some(name)) = (
                settled.get(index).and_then(Option::as_ref),
                claim.names.get(level),
            ) {
                wanted.entry(fold(name)).or_default().push(index);
            }
        }
        for (name, indices) in wanted {
            let exact = |index: &&usize| level == 0 && claims.get(**index).is_some_and(|c| c.exact);
            let mut winners = indices.iter().filter(exact);
            let winner = match (winners.next(), winners.next(), indices.as_slice()) {
                (Some(winner), None, _) => *winner,
                (None, _, [only]) => *only,
                // A name that several words want belongs to none of them, at any level.
                _ => {
                    taken.insert(name);
                    continue;
                }
            };
            if let (true, Some(place), Some(claim)) = (
                taken.insert(name),
                settled.get_mut(winner),
                claims.get(winner),
            ) {
                *place = claim.names.get(level).cloned();
            }
        }
    }
    let left = settled.into_iter().zip(claims).map(|(settled, claim)| {
        settled.unwrap_or_else(|| {
            let name = claim.names.first().cloned().unwrap_or_default();
            (2..)
                .map(|number: u32| format!("{name}{number}"))
                .find(|name| taken.insert(fold(name)))
                .unwrap_or(name)
        })
    });
    left.collect()
}

/// Names for words whose names are the same where only their case differs.
pub(crate) fn assign(
    words: &[&str],
    name: impl Fn(&str) -> String,
    taken: &mut BTreeSet<String>,
) -> Vec<String> {
    let names: Vec<String> = words.iter().map(|word| name(word)).collect();
    if take_all(&names, taken) {
        return names;
    }
    let claims = words.iter().map(|word| {
        let mut claim = Claim::of(word, &name);
        // Where capitals have the name, the word without any is the other one.
        if letter_case(word).is_empty() {
            claim.names.push(name(&format!("{} lower", spelled(word))));
        }
        claim
    });
    let claims: Vec<Claim> = claims.collect();
    settle(&claims, |name| name.to_lowercase(), taken)
}

/// Takes names that nothing else wants, which is nearly always so; returns false and takes none
/// where one is wanted twice.
pub(crate) fn take_all(names: &[String], taken: &mut BTreeSet<String>) -> bool {
    let folded: BTreeSet<String> = names.iter().map(|name| name.to_lowercase()).collect();
    let are_free = folded.len() == names.len() && folded.is_disjoint(taken);
    if are_free {
        taken.extend(folded);
    }
    are_free
}

/// Appends 2, 3, … until the name is not yet taken, ignoring case.
pub(crate) fn unique(name: String, taken: &mut BTreeSet<String>) -> String {
    let mut candidate = name.clone();
    let mut number = 2;
    while !taken.insert(candidate.to_lowercase()) {
        candidate = format!("{name}{number}");
        number += 1;
    }
    candidate
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::naming::{value_name, variant_name};

    fn fields(words: &[&str]) -> Vec<String> {
        assign(words, value_name, &mut BTreeSet::new())
    }

    #[test]
    fn a_word_spelled_like_a_name_has_it_and_others_say_how_they_are_written() {
        let words = [
            "FooBar", "M", "fooBar", "foo_bar", "m", "foo-bar", "foo.bar",
        ];
        let names = [
            "foo_bar_pascal",
            "m_upper",
            "foo_bar_camel",
            "foo_bar",
            "m",
            "foo_dash_bar",
            "foo_dot_bar",
        ];
        assert_eq!(fields(&words), names);
        assert_eq!(fields(&["fooBar"]), ["foo_bar"]);
        let variants = |words| assign(words, variant_name, &mut BTreeSet::new());
        assert_eq!(
            variants(&["Etc/GMT-1", "Etc/GMT_1"]),
            ["EtcSlashGmtDash1", "EtcSlashGmtUnderscore1"]
        );
        assert_eq!(
            variants(&["=", "!=", "<", "<="]),
            ["Equals", "NotEquals", "Less", "LessEquals"]
        );
    }

    #[test]
    fn names_do_not_depend_on_the_order_of_words() {
        let words = [
            "a-b", "a_b", "aB", "A_B", "ab", "a b", "Ab", "AB", "a.b", "self", "Self",
        ];
        let names: BTreeMap<&str, String> = words.into_iter().zip(fields(&words)).collect();
        assert_eq!(
            names.values().collect::<BTreeSet<_>>().len(),
            words.len(),
            "{names:?}"
        );
        for turn in 0..words.len() {
            let mut turned = words;
            turned.rotate_left(turn);
            for (word, name) in turned.into_iter().zip(fields(&turned)) {
                assert_eq!(names[word], name);
            }
        }
    }

    /// A neighbour may take a name away, which no longer compiles, but never hands it to another
    /// word unless that is spelled exactly like it.
    #[test]
    fn a_neighbour_never_moves_a_name_to_another_old_word() {
        let words = [
            "a-b", "a_b", "aB", "A_B", "a b", "AB", "a.b", "type", "self", "Self",
        ];
        for few in 1u32..1 << words.len() {
            let old: Vec<&str> = (0..words.len())
                .filter(|i| few >> i & 1 == 1)
                .map(|i| words[i])
                .collect();
            let before: BTreeMap<String, &str> =
                fields(&old).into_iter().zip(old.iter().copied()).collect();
            for added in words.iter().filter(|word| !old.contains(word)) {
                let new: Vec<&str> = old.iter().copied().chain([*added]).collect();
                for (name, word) in fields(&new).into_iter().zip(new.iter().copied()) {
                    let meant = before.get(&name);
                    let is_exact = name.trim_start_matches("r#") == word || name == "self_";
                    assert!(
                        meant.is_none_or(|old| *old == word) || is_exact,
                        "{name}: {meant:?} became {word}, {old:?} + {added}"
                    );
                }
            }
        }
    }
}
