//! Reading any delivery gives an event or an error, and never more than allowed.
#![no_main]

use libfuzzer_sys::fuzz_target;
use serde::Serialize;
use serde::de::DeserializeOwned;
use video_api::Event;
use video_api::webhook::{Decoder, Error, Verifier};

const LIMIT: usize = 64 * 1024;
const SMALL: usize = 16;

fuzz_target!(|body: &[u8]| {
    let decoder = Decoder::new().with_max_size(LIMIT);
    check(decoder.parse(body));
    check(decoder.sqs(body));
    check(decoder.sns(body));
    if body.len() > SMALL && !body.starts_with(&[0x1f, 0x8b]) {
        let small = Decoder::new().with_max_size(SMALL).parse(body);
        assert!(small.is_err_and(|error| error.is_too_large()));
    }
    // The body says what its signature is, which must never be right.
    let verifier = Verifier::new("secret");
    let signature = String::from_utf8_lossy(body.get(..64).unwrap_or(body));
    assert!(verifier.verify(body, &signature).is_err());
});

fn check(result: Result<Event, Error>) {
    match result {
        Ok(Event::Unknown(event)) => {
            assert!(event.raw().len() <= LIMIT);
            assert!(!Event::KNOWN_TYPES.contains(&event.event_type()));
            // JSON it is, but perhaps too deep or with numbers out of range.
            let _ = event.to::<serde_json::Value>();
        }
        Ok(event) => {
            assert!(Event::KNOWN_TYPES.contains(&event.event_type()));
            let _ = format!("{event:?}");
            written_and_read_again(&event);
        }
        Err(error) => {
            assert!(error.is_too_large() != error.is_decode() && !error.is_signature());
            let line = error.to_string();
            assert_eq!(line.lines().count(), 1, "{line:?}");
            assert!(line.len() < 4096, "{line}");
            assert_eq!(error.is_misfit(), error.path().is_some());
            assert!(error.raw().is_none_or(|raw| raw.len() <= LIMIT));
            let _ = (format!("{error:?}"), error.event_type());
        }
    }
}

/// Only a few types, but of all kinds of fields.
fn written_and_read_again(event: &Event) {
    match event {
        Event::CallCreated(event) => same(event),
        Event::CallMemberUpdatedPermission(event) => same(event),
        Event::CallReactionNew(event) => same(event),
        Event::CallSessionStarted(event) => same(event),
        Event::CallUserFeedbackSubmitted(event) => same(event),
        Event::Custom(event) => same(event),
        _ => {}
    }
}

fn same<T: Serialize + DeserializeOwned + PartialEq>(event: &T) {
    let again = serde_json::to_string(event).and_then(|json| serde_json::from_str::<T>(&json));
    assert!(again.is_ok_and(|again| again == *event));
}
