//! Nothing that can arrive panics, and nothing unsigned gets in.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use video_api::Event;
use video_api::webhook::{self, Decoder, Verifier};

use crate::support::{SECRET, STOPPED, STOPPED_SIGNATURE, gzip};

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        Just(json!("2024-06-20T15:22:45.123456789Z")),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            vec((".{0,6}", inner), 0..4)
                .prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

/// An event of a known type whose usual fields hold anything.
fn event() -> impl Strategy<Value = (&'static str, Value)> {
    let names = prop_oneof![
        Just("call_cid".to_owned()),
        Just("call".to_owned()),
        Just("user".to_owned()),
        Just("members".to_owned()),
        Just("created_at".to_owned()),
        Just("custom".to_owned()),
        Just("session_id".to_owned()),
        ".{0,6}".prop_map(String::from),
    ];
    let event_type = proptest::sample::select(Event::KNOWN_TYPES);
    (event_type, vec((names, value()), 0..8)).prop_map(|(event_type, fields)| {
        let mut fields: Map<String, Value> = fields.into_iter().collect();
        fields.insert("type".into(), event_type.into());
        (event_type, fields.into())
    })
}

fn all_ways_in(bytes: &[u8]) {
    let decoder = Decoder::new().with_max_size(4096);
    for result in [decoder.parse(bytes), decoder.sqs(bytes), decoder.sns(bytes)] {
        match result {
            Ok(event) => drop(event),
            Err(error) => {
                assert!(!error.is_signature());
                assert!(!error.to_string().contains('\n'));
                let _ = format!("{error:?} {:?} {:?}", error.path(), error.raw());
            }
        }
    }
    if bytes != STOPPED.as_bytes() {
        assert!(
            Verifier::new(SECRET)
                .event(bytes, STOPPED_SIGNATURE)
                .is_err()
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes(bytes in vec(any::<u8>(), 0..256)) {
        all_ways_in(&bytes);
        all_ways_in(&[&[0x1f, 0x8b], &bytes[..]].concat());
        all_ways_in(&gzip(&bytes));
        all_ways_in(STANDARD.encode(&bytes).as_bytes());
        all_ways_in(json!({ "Message": STANDARD.encode(&bytes) }).to_string().as_bytes());
    }

    #[test]
    fn any_signature(signature in ".{0,70}", hex in "[0-9a-f]{64}") {
        let verifier = Verifier::new(SECRET);
        prop_assert!(verifier.verify(STOPPED.as_bytes(), &signature).is_err());
        prop_assert!(verifier.verify(STOPPED.as_bytes(), &hex).is_err());
    }

    #[test]
    fn an_event_with_bytes_changed(changes in vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)) {
        let mut body = STOPPED.as_bytes().to_vec();
        for (at, byte) in changes {
            let at = at.index(body.len());
            body[at] = byte;
        }
        all_ways_in(&body);
    }

    #[test]
    fn any_fields((event_type, event) in event()) {
        let json = event.to_string();
        match webhook::parse(&json) {
            Ok(read) => prop_assert_eq!(read.event_type(), event_type),
            Err(error) => {
                prop_assert!(error.is_misfit(), "{}", error);
                prop_assert_eq!(error.event_type(), Some(event_type));
                prop_assert_eq!(error.raw(), Some(json.as_str()));
            }
        }
    }
}
