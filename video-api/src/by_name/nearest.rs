//! Which name was meant.

/// `; did you mean …?` with the nearest name, or nothing when none is near.
pub(super) fn hint<'a>(given: &str, names: impl Iterator<Item = &'a str>) -> String {
    match nearest(given, names) {
        Some(name) => format!("; did you mean `{name}`?"),
        None => String::new(),
    }
}

fn nearest<'a>(given: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let given = letters(given);
    let (distance, name) = names
        .map(|name| (distance(&given, &letters(name)), name))
        .min_by_key(|(distance, _)| *distance)?;
    (distance <= (given.len() / 3).max(2)).then_some(name)
}

/// Case and separators do not matter: `get-call` and `get_call` mean `GetCall`.
fn letters(name: &str) -> Vec<char> {
    name.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .take(80)
        .collect()
}

/// Levenshtein distance.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (y, cell) in b.iter().zip(row.iter_mut().skip(1)) {
            let substituted = diagonal + usize::from(x != y);
            diagonal = *cell;
            left = substituted.min(left + 1).min(*cell + 1);
            *cell = left;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_was_meant() {
        let names = || ["GetCall", "GetOrCreateCall", "QueryCalls", "ListSIPTrunks"].into_iter();
        for (given, meant) in [
            ("GetCal", Some("GetCall")),
            ("get_call", Some("GetCall")),
            ("getorcreatecall", Some("GetOrCreateCall")),
            ("QuerryCalls", Some("QueryCalls")),
            ("list-sip-trunk", Some("ListSIPTrunks")),
            ("Nonsense", None),
            ("", None),
        ] {
            assert_eq!(nearest(given, names()), meant, "{given}");
        }
    }

    #[test]
    fn distances() {
        let d = |a: &str, b: &str| distance(&letters(a), &letters(b));
        assert_eq!(d("kitten", "sitting"), 3);
        assert_eq!((d("", "abc"), d("abc", ""), d("abc", "abc")), (3, 3, 0));
    }
}
