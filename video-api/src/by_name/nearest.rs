//! Suggestions for misspelt names.

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
        .map(|name| (strsim::levenshtein(&given, &letters(name)), name))
        .min_by_key(|(distance, _)| *distance)?;
    (distance <= (given.len() / 3).max(2)).then_some(name)
}

/// Case and separators do not matter: `get-call` and `get_call` mean `GetCall`.
fn letters(name: &str) -> String {
    name.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .take(80)
        .collect()
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
}
