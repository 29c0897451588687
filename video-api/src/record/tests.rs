//! Records by example.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::decode::document;
use crate::{JsonObject, Timestamp};

#[derive(Clone, Default)]
struct Everything {
    count: i32,
    custom: JsonObject,
    inner: Option<Box<Everything>>,
    kind: String,
    moments: Vec<Timestamp>,
    total: Option<u64>,
    weights: BTreeMap<String, f32>,
}
record!(Everything {
    0 count "count" required,
    1 custom "custom",
    2 inner "inner",
    3 kind "type" required,
    4 moments "moments",
    5 total "total",
    6 weights "weights",
});

fn read(json: Value) -> Result<Everything, String> {
    serde_json::from_str(&json.to_string()).map_err(|error| error.to_string())
}

#[test]
fn fields_are_found_in_any_order_and_unknown_ones_skipped() {
    let forwards = r#"{"count":1,"inner":{"count":2,"type":"b","x":{}},"type":"a","y":[1]}"#;
    let backwards = r#"{"y":[1],"type":"a","inner":{"x":{},"type":"b","count":2},"count":1}"#;
    let one: Everything = serde_json::from_str(forwards).unwrap();
    assert_eq!(one, serde_json::from_str(backwards).unwrap());
    assert_eq!((one.count, one.kind.as_str()), (1, "a"));
    assert_eq!(one.inner.unwrap().count, 2);
}

#[test]
fn names_of_every_length_are_told_apart() {
    #[derive(Clone, Default)]
    struct Lengths {
        a: i32,
        abc: i32,
        abcd: i32,
        abcdefgh: i32,
        abcdefghi: i32,
        abcdefghijklmnop: i32,
        abcdefghijklmnopq: i32,
    }
    record!(Lengths {
        0 a "a",
        1 abc "abc",
        2 abcd "abcd",
        3 abcdefgh "abcdefgh",
        4 abcdefghi "abcdefghi",
        5 abcdefghijklmnop "abcdefghijklmnop",
        6 abcdefghijklmnopq "abcdefghijklmnopq",
    });
    let all = serde_json::to_value(Lengths::default()).unwrap();
    for name in all.as_object().unwrap().keys() {
        let value: Lengths = serde_json::from_value(json!({ name: 1 })).unwrap();
        let mut expected = all.clone();
        *expected.get_mut(name).unwrap() = json!(1);
        assert_eq!(serde_json::to_value(value).unwrap(), expected);
        for (at, _) in name.char_indices() {
            let mut other = name.clone();
            other.replace_range(at..=at, "_");
            let value: Lengths = serde_json::from_value(json!({ other: 1 })).unwrap();
            assert_eq!(value, Lengths::default());
        }
    }
}

#[test]
fn the_last_of_two_equal_keys_counts() {
    let twice = r#"{"count":1,"moments":[1],"type":"a","inner":{"count":1,"type":"","total":1},
        "weights":{"x":1},"count":2,"moments":[2],"type":null,"inner":{"count":3,"type":"b"},
        "weights":{"y":2}}"#;
    let value: Everything = serde_json::from_str(twice).unwrap();
    let expected = json!({
        "count": 2, "custom": {}, "inner": {"count": 3, "custom": {}, "type": "b", "moments": [],
        "weights": {}}, "type": "", "moments": ["1970-01-01T00:00:00.000000002Z"],
        "weights": {"y": 2.0},
    });
    assert_eq!(serde_json::to_value(value).unwrap(), expected);
}

#[test]
fn null_is_unset_or_empty_wherever_it_stands() {
    let nulls = json!({
        "count": null, "custom": null, "inner": null, "type": null, "moments": null,
        "total": null, "weights": null,
    });
    assert_eq!(read(nulls).unwrap(), Everything::default());
}

#[test]
fn missing_values_are_zero_and_their_paths_are_known() {
    let sparse = r#"{"inner":{"inner":{"total":1}},"type":null,"x":1}"#;
    let decoded = document::<Everything>(sparse).unwrap();
    let inner = decoded.value.inner.as_ref().unwrap();
    assert_eq!((inner.count, inner.kind.as_str()), (0, ""));
    let expected = [
        "inner.inner.count",
        "inner.inner.type",
        "inner.count",
        "inner.type",
        "count",
    ];
    assert_eq!(decoded.corrected, expected);
    let whole = r#"{"count":1,"type":"a"}"#;
    assert!(document::<Everything>(whole).unwrap().corrected.is_empty());
    assert_eq!(read(json!({})).unwrap(), Everything::default());
}

#[test]
fn null_in_place_of_a_required_number_is_reported_but_of_a_text_it_is_empty() {
    let nulls = r#"{"count":null,"type":null}"#;
    assert_eq!(document::<Everything>(nulls).unwrap().corrected, ["count"]);
}

#[test]
fn a_document_without_any_documented_field_is_an_error() {
    for json in ["{}", r#"{"ok":true}"#, r#"{"Count":1}"#] {
        let error = document::<Everything>(json).unwrap_err();
        assert_eq!(error.path, ".");
        assert!(
            error.to_string().contains("none of the documented fields"),
            "{error}"
        );
    }
}

#[test]
fn only_objects_are_objects() {
    for json in [json!(null), json!([]), json!("x"), json!(1)] {
        let error = read(json).unwrap_err();
        assert!(error.contains("Everything"), "{error}");
    }
    assert!(read(json!({"count": 1, "type": "", "inner": []})).is_err());
}

#[test]
fn what_is_unset_is_not_written_and_what_is_empty_is() {
    let value = Everything {
        kind: "k".to_owned(),
        ..Everything::default()
    };
    let written = serde_json::to_value(&value).unwrap();
    let expected = json!({"count": 0, "custom": {}, "type": "k", "moments": [], "weights": {}});
    assert_eq!(written, expected);
    assert_eq!(read(written).unwrap(), value);
}

#[test]
fn what_is_unset_is_not_shown() {
    let value = Everything {
        count: 1,
        kind: "k".to_owned(),
        total: Some(2),
        ..Everything::default()
    };
    assert_eq!(
        format!("{value:?}"),
        r#"Everything { count: 1, custom: {}, type: "k", moments: [], total: Some(2), weights: {} }"#
    );
}

#[test]
fn values_differ_when_any_field_does() {
    let same = Everything::default();
    assert_eq!(same, same.clone());
    let each: [fn(&mut Everything); 7] = [
        |value| value.count = 1,
        |value| value.custom = [("a", Value::Null)].into_iter().collect(),
        |value| value.inner = Some(Box::default()),
        |value| value.kind.push('k'),
        |value| value.moments.push(Timestamp::UNIX_EPOCH),
        |value| value.total = Some(0),
        |value| value.weights = BTreeMap::from([("w".to_owned(), 0.5)]),
    ];
    for change in each {
        let mut other = same.clone();
        change(&mut other);
        assert_ne!(same, other);
    }
}
