//! Words of the wire as identifiers of Rust.

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

pub(crate) fn escaped(name: String) -> String {
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
