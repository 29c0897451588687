//! Words of the wire as identifiers of Rust.

use heck::{ToSnakeCase, ToUpperCamelCase};

/// The word in upper camel case. Most names of types are written so already.
pub(super) fn camel(word: &str) -> String {
    match is_camel(word) {
        true => word.to_owned(),
        false => word.to_upper_camel_case(),
    }
}

/// Returns true for a word of letters and digits in which only the first of each part is a capital.
fn is_camel(word: &str) -> bool {
    let bytes = word.as_bytes();
    let follows = |index: usize, test: fn(&u8) -> bool| bytes.get(index + 1).is_some_and(test);
    bytes.first().is_some_and(u8::is_ascii_uppercase)
        && bytes.iter().enumerate().all(|(index, byte)| match byte {
            b'A'..=b'Z' if index == 0 => !follows(index, u8::is_ascii_uppercase),
            b'A'..=b'Z' => follows(index, u8::is_ascii_lowercase),
            byte => byte.is_ascii_alphanumeric(),
        })
}

/// The word in snake case. Most names of fields are written so already.
pub(super) fn snake(word: &str) -> String {
    match is_snake(word) {
        true => word.to_owned(),
        false => word.to_snake_case(),
    }
}

fn is_snake(word: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    word.bytes().all(is_plain)
        && !word.contains("__")
        && !word.starts_with('_')
        && !word.ends_with('_')
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

pub(crate) fn letter_case(word: &str) -> &'static str {
    let mut letters = word.chars().filter(|c| c.is_alphabetic());
    let is_upper = |c: char| c.is_uppercase();
    match letters.clone().next() {
        Some(_) if letters.clone().all(is_upper) => "upper",
        Some(first) if first.is_uppercase() => "pascal",
        Some(_) if letters.any(is_upper) => "camel",
        _ => "",
    }
}

/// Makes a word an identifier, keywords aside: it starts with a letter, and what Rust does not
/// take in a name is spelled as its number.
pub(crate) fn identifier(word: String, prefix: char) -> String {
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

/// Keywords of Rust, which are identifiers only with `r#`.
const KEYWORDS: [&str; 48] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let",
    "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return",
    "static", "struct", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use",
    "virtual", "where", "while", "yield",
];

pub(crate) fn escaped(name: String) -> String {
    match name.as_str() {
        // These four cannot be raw identifiers.
        "self" | "super" | "crate" | "_" => format!("{name}_"),
        word if KEYWORDS.contains(&word) => format!("r#{name}"),
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_are_written_so_already_are_what_they_would_become() {
        let mut words = vec![String::new()];
        let mut counts = (0, 0);
        for _ in 0..6 {
            let longer = words
                .iter()
                .flat_map(|start| ['A', 'b', '1', '_'].map(|next| format!("{start}{next}")));
            words = longer.collect();
            for word in &words {
                assert_eq!(camel(word), word.to_upper_camel_case(), "{word}");
                assert_eq!(snake(word), word.to_snake_case(), "{word}");
                counts.0 += usize::from(is_camel(word));
                counts.1 += usize::from(is_snake(word));
            }
        }
        assert!(counts.0 > 50 && counts.1 > 50, "{counts:?}");
    }

    /// Tries every word of up to three letters, and longer ones that are keywords elsewhere.
    #[test]
    fn keywords_are_what_the_parser_refuses() {
        let is_refused = |word: &str| syn::parse_str::<syn::Ident>(word).is_err();
        for word in KEYWORDS {
            // A keyword since edition 2024, which the parser does not know as one.
            assert!(is_refused(word) || word == "gen", "{word}");
        }
        let letters: Vec<char> = ('a'..='z').collect();
        let mut short = vec![String::new()];
        for _ in 0..3 {
            let longer = short
                .iter()
                .flat_map(|start| letters.iter().map(move |letter| format!("{start}{letter}")));
            short = longer.collect();
            for word in &short {
                assert_eq!(
                    is_refused(word),
                    KEYWORDS.contains(&word.as_str()) && word != "gen",
                    "{word}"
                );
            }
        }
        for word in [
            "default",
            "macro_rules",
            "raw",
            "safe",
            "static",
            "union",
            "auto",
            "yield",
            "dyn",
        ] {
            assert_eq!(is_refused(word), KEYWORDS.contains(&word), "{word}");
        }
    }
}
