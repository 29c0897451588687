//! Rust names for the API's words, decided in one place.

use heck::{ToShoutySnakeCase, ToSnakeCase, ToUpperCamelCase};

/// Names that would hide items every generated module uses.
const RESERVED_TYPES: [&str; 19] = [
    "Box",
    "Call",
    "Client",
    "Debug",
    "Default",
    "Err",
    "Error",
    "Event",
    "JsonObject",
    "None",
    "Ok",
    "Option",
    "Result",
    "Self",
    "Some",
    "String",
    "Timestamp",
    "Value",
    "Vec",
];

/// A type name: `SIPTrunkResponse` becomes `SipTrunkResponse`.
pub(crate) fn type_name(word: &str) -> String {
    let name = starting_with_letter(word.to_upper_camel_case(), 'T');
    if RESERVED_TYPES.contains(&name.as_str()) {
        format!("{name}Model")
    } else {
        name
    }
}

/// A field, argument or method name, raw where it is a keyword (`type` becomes `r#type`).
pub(crate) fn value_name(word: &str) -> String {
    escaped(starting_with_letter(word.to_snake_case(), 'n'))
}

/// A method argument: `type` reads `call_type`, everything else as [`value_name`].
pub(crate) fn argument_name(word: &str) -> String {
    if word == "type" {
        "call_type".to_owned()
    } else {
        value_name(word)
    }
}

/// A static: `QueryCalls` becomes `QUERY_CALLS`.
pub(crate) fn static_name(word: &str) -> String {
    starting_with_letter(word.to_shouty_snake_case(), 'N')
}

/// An enum variant for a wire value, or `None` when nothing readable is left of it.
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
    let name = starting_with_letter(spelled.to_upper_camel_case(), 'V');
    match name.as_str() {
        "Unknown" => "UnknownValue".to_owned(),
        "Self" => "SelfValue".to_owned(),
        "" => "Symbol".to_owned(),
        _ => name,
    }
}

/// Appends 2, 3, … until the name is not yet taken, ignoring case.
pub(crate) fn unique(name: String, taken: &mut std::collections::BTreeSet<String>) -> String {
    let mut candidate = name.clone();
    let mut number = 2;
    while !taken.insert(candidate.to_lowercase()) {
        candidate = format!("{name}{number}");
        number += 1;
    }
    candidate
}

fn starting_with_letter(name: String, prefix: char) -> String {
    match name.chars().next() {
        Some(first) if first.is_ascii_digit() => format!("{prefix}{name}"),
        _ => name,
    }
}

fn escaped(name: String) -> String {
    match name.as_str() {
        // These four cannot be raw identifiers.
        "self" | "super" | "crate" | "_" => format!("{name}_"),
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
