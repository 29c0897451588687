//! Decoding by example.

use std::collections::BTreeMap;

use super::*;

fn read<T: Decode>(json: &str) -> Result<Option<T>, serde_json::Error> {
    let mut value = T::default();
    let mut json = serde_json::Deserializer::from_str(json);
    let is_some = value.decode_or_null(&mut json, &Context::Document(&Document::default()))?;
    Ok(is_some.then_some(value))
}

#[test]
fn null_is_none_everywhere() {
    assert_eq!(read::<String>("null").unwrap(), None);
    assert_eq!(read::<i32>("null").unwrap(), None);
    assert_eq!(read::<Vec<bool>>("null").unwrap(), None);
    assert_eq!(read::<BTreeMap<String, f64>>("null").unwrap(), None);
    assert_eq!(read::<Box<u8>>("null").unwrap(), None);
    assert_eq!(read::<Option<i64>>("null").unwrap(), Some(None));
    assert_eq!(
        read::<serde_json::Value>("null").unwrap(),
        Some(serde_json::Value::Null)
    );
}

#[test]
fn nulls_inside_collections_are_dropped() {
    let list: Option<Vec<String>> = read(r#"["a",null,"b"]"#).unwrap();
    assert_eq!(list.unwrap(), ["a", "b"]);
    let map: Option<BTreeMap<String, i64>> = read(r#"{"x":1,"y":null}"#).unwrap();
    assert_eq!(map.unwrap(), BTreeMap::from([("x".to_owned(), 1)]));
}

#[test]
fn nulls_inside_collections_of_nullable_values_are_kept() {
    let list: Option<Vec<Option<String>>> = read(r#"["a",null]"#).unwrap();
    assert_eq!(list.unwrap(), [Some("a".to_owned()), None]);
    let map: Option<BTreeMap<String, Option<i64>>> = read(r#"{"x":1,"y":null}"#).unwrap();
    let expected = BTreeMap::from([("x".to_owned(), Some(1)), ("y".to_owned(), None)]);
    assert_eq!(map.unwrap(), expected);
}

#[test]
fn integers_may_be_written_as_floats_but_must_fit() {
    assert_eq!(read::<i32>("-2.0").unwrap(), Some(-2));
    assert_eq!(read::<u64>("18446744073709551615").unwrap(), Some(u64::MAX));
    for bad in ["1.5", "2147483648", "\"1\"", "1e300"] {
        assert!(read::<i32>(bad).is_err(), "{bad}");
    }
    assert!(read::<u64>("-1").is_err());
}

#[test]
fn an_error_names_the_path_and_what_was_expected() {
    type Lists = BTreeMap<String, Vec<Option<i32>>>;
    let failed = |json| {
        let error = document::<Lists>(json).unwrap_err();
        (error.path, error.expected.unwrap())
    };
    assert_eq!(
        failed(r#"{"a":[1],"b":[1,null,"x"]}"#),
        ("b[2]".to_owned(), "an integer in range")
    );
    assert_eq!(failed(r#"{"a":{}}"#), ("a".to_owned(), "a list"));
    assert_eq!(failed("[]"), (".".to_owned(), "an object"));
    assert_eq!(failed("null"), (".".to_owned(), "an object"));
    assert_eq!(failed("{} {}"), (".".to_owned(), "an object"));
}

#[test]
fn what_has_no_documented_body_accepts_nothing_and_any_json() {
    for json in ["", " \n", "{}", "[1]", "null", r#"{"ok":true}"#] {
        assert!(document::<()>(json).is_ok(), "{json:?}");
    }
    assert!(document::<()>("{").is_err());
    assert!(document::<String>("").is_err());
}
