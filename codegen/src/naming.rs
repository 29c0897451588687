//! Rust names for the API's words, decided in one place.

use std::collections::{BTreeMap, BTreeSet};

use heck::{ToShoutySnakeCase, ToSnakeCase, ToUpperCamelCase};

/// Names that would hide what the generated modules import or take from the prelude.
const RESERVED_TYPES: [&str; 33] = [
    "BTreeMap",
    "Box",
    "Call",
    "Client",
    "Clone",
    "Debug",
    "Default",
    "Deserialize",
    "Drop",
    "Err",
    "Error",
    "Event",
    "Fn",
    "From",
    "Into",
    "IntoIterator",
    "IntoJsonObject",
    "Iterator",
    "JsonObject",
    "None",
    "Nullable",
    "Ok",
    "Option",
    "PartialEq",
    "Result",
    "Self",
    "Send",
    "Serialize",
    "Some",
    "String",
    "Timestamp",
    "Value",
    "Vec",
];

/// What only the module of the requests imports.
const RESERVED_REQUESTS: [&str; 9] = [
    "Cursor",
    "Direction",
    "Items",
    "Operation",
    "Pages",
    "Paginated",
    "QueryStyle",
    "RequestParts",
    "Response",
];

/// A type name: `SIPTrunkResponse` becomes `SipTrunkResponse`.
pub(crate) fn type_name(word: &str) -> String {
    let name = identifier(word.to_upper_camel_case(), 'T');
    if RESERVED_TYPES.contains(&name.as_str()) {
        format!("{name}Model")
    } else {
        name
    }
}

/// The name of an operation's request.
pub(crate) fn request_name(id: &str) -> String {
    let name = type_name(id);
    if RESERVED_REQUESTS.contains(&name.as_str()) {
        format!("{name}Request")
    } else {
        name
    }
}

/// A field, argument or method name, raw where it is a keyword (`type` becomes `r#type`).
pub(crate) fn value_name(word: &str) -> String {
    escaped(identifier(word.to_snake_case(), 'n'))
}

/// Names of the client's hand-written methods, which no generated one may take.
pub const CLIENT_METHODS: [&str; 13] = [
    "base_url",
    "builder",
    "call",
    "call_operation",
    "call_token",
    "from_env",
    "new",
    "prepare_operation",
    "request",
    "upsert_users",
    "user_token",
    "wait_for_task",
    "with_user_token",
];

/// Names of the call handle's hand-written methods, which no generated one may take.
pub const CALL_METHODS: [&str; 4] = ["call_type", "cid", "client", "id"];

/// The method of an operation on the client.
pub(crate) fn method_name(id: &str) -> String {
    beside(&CLIENT_METHODS, value_name(id))
}

/// A name that is none of those taken by hand.
pub(crate) fn beside(taken: &[&str], name: String) -> String {
    if taken.contains(&name.as_str()) || name == "clone" {
        format!("{name}_request")
    } else {
        name
    }
}

/// A method argument: `type` reads `call_type`, everything else as [`value_name`].
pub(crate) fn argument_name(word: &str) -> String {
    if word == "type" {
        "call_type".to_owned()
    } else {
        value_name(word)
    }
}

/// A setter never hides a method that every request or type has.
pub(crate) fn setter_name(name: &str) -> String {
    match name {
        "new" | "send" | "pages" | "items" | "clone" | "default" | "extra" | "with_timeout"
        | "with_retry_policy" => {
            format!("set_{name}")
        }
        _ => name.to_owned(),
    }
}

/// A static: `QueryCalls` becomes `QUERY_CALLS`.
pub(crate) fn static_name(word: &str) -> String {
    match identifier(word.to_shouty_snake_case(), 'N') {
        // The list of all operations has this name.
        name if name == "ALL" => "ALL_OPERATION".to_owned(),
        name => name,
    }
}

/// An enum variant for a wire value.
pub(crate) fn variant_name(value: &str) -> String {
    let spelled = match value {
        "" => "Empty".to_owned(),
        "*" => "All".to_owned(),
        _ => value.replace('+', " plus ").replace('*', " all "),
    };
    let spelled = match spelled.strip_prefix('-') {
        Some(rest) => format!("minus {rest}"),
        None => spelled,
    };
    match spelled.to_upper_camel_case().as_str() {
        "Unknown" => "UnknownValue".to_owned(),
        "Self" => "SelfValue".to_owned(),
        // Nothing but marks.
        "" => match self::spelled(value).to_upper_camel_case() {
            name if name.is_empty() => "Symbol".to_owned(),
            name => identifier(name, 'V'),
        },
        name => identifier(name.to_owned(), 'V'),
    }
}

/// A word of the wire that needs a name.
pub(crate) struct Claim {
    /// Wanted names, the best first; later ones say more about how the word is written.
    pub(crate) names: Vec<String>,
    /// Whether the word is spelled like its first name, which is then its own.
    pub(crate) exact: bool,
}

impl Claim {
    /// The names of a word that `name` turns into one.
    pub(crate) fn of(word: &str, name: impl Fn(&str) -> String) -> Self {
        let first = name(word);
        let marks = spelled(word);
        let marks_and_case = format!("{marks} {}", letter_case(word));
        Self {
            exact: first.trim_start_matches("r#") == word,
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
                // Nobody has a name that several words want, at any level.
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
    let claims: Vec<Claim> = words.iter().map(|word| Claim::of(word, &name)).collect();
    settle(&claims, |name| name.to_lowercase(), taken)
}

/// The word with its marks written out.
pub(crate) fn spelled(word: &str) -> String {
    let mut text = String::with_capacity(word.len());
    for character in word.chars() {
        match mark(character) {
            Some(name) => text.extend([" ", name, " "]),
            None => text.push(character),
        }
    }
    text
}

fn mark(character: char) -> Option<&'static str> {
    Some(match character {
        '-' => "dash",
        '_' => "underscore",
        '.' => "dot",
        '/' => "slash",
        '\\' => "backslash",
        ' ' => "space",
        '+' => "plus",
        '*' => "star",
        '=' => "equals",
        '!' => "not",
        '<' => "less",
        '>' => "greater",
        '~' => "tilde",
        '^' => "caret",
        '|' => "bar",
        '&' => "and",
        '%' => "percent",
        '$' => "dollar",
        '#' => "hash",
        '@' => "at",
        ':' => "colon",
        ';' => "semicolon",
        ',' => "comma",
        '?' => "question",
        '(' | '[' => "open",
        ')' | ']' => "close",
        '{' => "by",
        '"' | '\'' | '`' => "quote",
        _ => return None,
    })
}

fn letter_case(word: &str) -> &'static str {
    let mut letters = word.chars().filter(|c| c.is_alphabetic());
    let is_upper = |c: char| c.is_uppercase();
    match letters.clone().next() {
        Some(_) if letters.clone().all(is_upper) => "upper",
        Some(first) if first.is_uppercase() => "pascal",
        Some(_) if letters.any(is_upper) => "camel",
        _ => "",
    }
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

/// Makes a word an identifier, keywords aside: it starts with a letter, and what Rust does not
/// take in a name is spelled as its number.
fn identifier(word: String, prefix: char) -> String {
    let mut name = String::with_capacity(word.len());
    for character in word.chars() {
        let fits = character.is_ascii_alphanumeric()
            || character == '_'
            || syn::parse_str::<syn::Ident>(&format!("a{character}")).is_ok();
        if fits {
            name.push(character);
        } else {
            name.push_str(&format!("{:x}", u32::from(character)));
        }
    }
    let starts = name.chars().next();
    match starts {
        None if prefix.is_ascii_uppercase() => "Unnamed".to_owned(),
        None => "unnamed".to_owned(),
        Some(first) if first.is_ascii_digit() => format!("{prefix}{name}"),
        Some(first) if first.is_ascii() || syn::parse_str::<syn::Ident>(&name).is_ok() => name,
        Some(_) => format!("{prefix}{name}"),
    }
}

fn escaped(name: String) -> String {
    match name.as_str() {
        // These four cannot be raw identifiers.
        "self" | "super" | "crate" | "_" => format!("{name}_"),
        // A keyword since edition 2024, which the parser does not know as one.
        "gen" => "r#gen".to_owned(),
        // No keyword is longer, and asking the parser takes long.
        word if word.len() > 8 || word.contains('_') => name,
        _ if syn::parse_str::<syn::Ident>(&name).is_ok() => name,
        _ => format!("r#{name}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn acronyms_become_words() {
        assert_eq!(type_name("SIPTrunkResponse"), "SipTrunkResponse");
        assert_eq!(value_name("StartHLSBroadcasting"), "start_hls_broadcasting");
        assert_eq!(value_name("ListSIPTrunks"), "list_sip_trunks");
        assert_eq!(
            static_name("StopAllRTMPBroadcasts"),
            "STOP_ALL_RTMP_BROADCASTS"
        );
    }

    #[test]
    fn keywords_are_raw_and_std_names_give_way() {
        assert_eq!(value_name("type"), "r#type");
        assert_eq!(value_name("self"), "self_");
        assert_eq!(value_name("content-available"), "content_available");
        assert_eq!(argument_name("type"), "call_type");
        assert_eq!(type_name("string"), "StringModel");
        assert_eq!(request_name("Response"), "ResponseRequest");
        assert_eq!(type_name("Response"), "Response");
        assert_eq!(value_name("gen"), "r#gen");
        assert_eq!(static_name("All"), "ALL_OPERATION");
        assert_eq!(setter_name("default"), "set_default");
    }

    #[test]
    fn operations_make_room_for_methods_by_hand() {
        assert_eq!(method_name("Call"), "call_request");
        assert_eq!(method_name("GetCall"), "get_call");
    }

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
            "a-b", "a_b", "aB", "A_B", "a b", "AB", "a.b", "a+b", "type", "Type",
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
                    let is_exact = name.trim_start_matches("r#") == word;
                    assert!(
                        meant.is_none_or(|old| *old == word) || is_exact,
                        "{name}: {meant:?} became {word}, {old:?} + {added}"
                    );
                }
            }
        }
    }

    #[test]
    fn every_word_becomes_an_identifier() {
        for word in [
            "", "$", "@type", "1080p", "größe", "m²", "日本", "a.b/c", "🙂", "_", "__",
        ] {
            for name in [
                type_name(word),
                value_name(word),
                static_name(word),
                variant_name(word),
            ] {
                let plain = name.trim_start_matches("r#");
                assert!(
                    syn::parse_str::<syn::Ident>(plain).is_ok() || name.starts_with("r#"),
                    "{word}: {name}"
                );
            }
        }
        assert_eq!(value_name("m²"), "mb2");
        assert_eq!(type_name("$"), "Unnamed");
    }

    #[test]
    fn any_enum_value_gets_a_variant() {
        for (value, name) in [
            ("auto-on", "AutoOn"),
            ("1080p", "V1080p"),
            ("", "Empty"),
            ("*", "All"),
            ("-1", "Minus1"),
            ("+1", "Plus1"),
            ("unknown", "UnknownValue"),
            ("self", "SelfValue"),
        ] {
            assert_eq!(variant_name(value), name, "{value:?}");
        }
    }
}
