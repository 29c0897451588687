//! Rust names for the API's words, decided in one place.

mod settle;
mod words;

use std::collections::BTreeSet;

use heck::ToShoutySnakeCase;

pub(crate) use settle::{Claim, assign, settle, unique};
pub(crate) use words::{letter_case, spelled};

use words::{camel, escaped, identifier, snake};

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

/// Names that only the module of the requests imports.
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
    let name = identifier(camel(word), 'T');
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
    escaped(identifier(snake(word), 'n'))
}

/// Names of the client's hand-written methods, which no generated one may take.
pub const CLIENT_METHODS: [&str; 14] = [
    "base_url",
    "builder",
    "call",
    "call_operation",
    "call_token",
    "from_env",
    "new",
    "prepare_operation",
    "request",
    "server_token",
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

/// A method argument: `r#type` reads `call_type`, everything else as the field.
pub(crate) fn argument_name(field: &str) -> String {
    match field {
        "r#type" => "call_type".to_owned(),
        _ => field.to_owned(),
    }
}

/// Names of setters for fields, each given by its wire name and its name.
pub(crate) fn setters<'a>(
    fields: impl Iterator<Item = (&'a str, &'a str)>,
    taken: &mut BTreeSet<String>,
) -> Vec<String> {
    let (wires, names): (Vec<&str>, Vec<String>) =
        fields.map(|(wire, name)| (wire, setter_name(name))).unzip();
    if settle::take_all(&names, taken) {
        return names;
    }
    let claims: Vec<Claim> = wires
        .into_iter()
        .zip(names)
        .map(|(wire, name)| Claim {
            exact: name == wire,
            names: vec![name],
        })
        .collect();
    settle(&claims, |name| name.to_lowercase(), taken)
}

/// A setter never hides a method that every request or type has.
fn setter_name(name: &str) -> String {
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
    match camel(&spelled).as_str() {
        "Unknown" => "UnknownValue".to_owned(),
        "Self" => "SelfValue".to_owned(),
        // Nothing but marks.
        "" => match camel(&self::spelled(value)) {
            name if name.is_empty() => "Symbol".to_owned(),
            name => identifier(name, 'V'),
        },
        name => identifier(name.to_owned(), 'V'),
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
        assert_eq!(argument_name("r#type"), "call_type");
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
