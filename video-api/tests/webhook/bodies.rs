//! Bodies without an event, each with its outcome.

use std::error::Error as _;

use video_api::Event;
use video_api::webhook::{self, DEFAULT_MAX_SIZE, Decoder, Error, Verifier};

use crate::support::{SECRET, STOPPED, STOPPED_SIGNATURE, gzip, is_stopped};

fn fails(body: impl AsRef<[u8]>) -> Error {
    let error = webhook::parse(body).unwrap_err();
    let outcomes = [
        error.is_signature(),
        error.is_too_large(),
        error.is_encoding(),
        error.is_envelope(),
        error.is_not_json(),
        error.is_missing_type(),
        error.is_misfit(),
    ];
    assert_eq!(
        outcomes.iter().filter(|holds| **holds).count(),
        1,
        "{error}"
    );
    assert_eq!(
        error.is_decode(),
        !error.is_signature() && !error.is_too_large()
    );
    assert_eq!(error.to_string().lines().count(), 1);
    error
}

#[test]
fn plain_and_gzip_bodies_are_told_apart_by_their_first_bytes() {
    assert!(is_stopped(&webhook::parse(STOPPED).unwrap()));
    assert!(is_stopped(
        &webhook::parse(gzip(STOPPED.as_bytes())).unwrap()
    ));
    assert!(is_stopped(
        &webhook::parse(format!("\r\n {STOPPED} ")).unwrap()
    ));
}

#[test]
fn errors_travel_between_threads() {
    let error: Box<dyn std::error::Error + Send + Sync> = fails("").into();
    assert!(error.downcast_ref::<Error>().is_some());
}

#[test]
fn what_is_no_json_says_so() {
    for (body, says) in [
        (&b""[..], "empty"),
        (b" \n\t", "empty"),
        (b"\xff\xfe{}", "UTF-8"),
        (b"{\"type\":\"call.ended\",\"x\":\"\xff\"}", "UTF-8"),
        (b"<html>502</html>", "not JSON"),
        (b"{\"type\":\"call.ended\"", "arrive whole"),
        (b"{\"type\":\"call.ended\"} {}", "not JSON"),
        (b"{type:1}", "not JSON"),
        (b"[1", "not JSON"),
        (b"[{\"type\":\"call.ended\"}]", "not an object"),
        (b"\"call.ended\"", "not an object"),
        (b"null", "not an object"),
        (b"7", "not an object"),
    ] {
        let error = fails(body);
        assert!(error.is_not_json(), "{error}");
        assert!(error.to_string().contains(says), "{error}");
        let is_json = says == "not an object";
        assert_eq!(error.raw().is_some(), is_json, "{error}");
    }
    assert!(
        fails(b"{\"type\"")
            .source()
            .unwrap()
            .is::<serde_json::Error>()
    );
}

#[test]
fn an_event_needs_a_type() {
    for (body, says) in [
        ("{}", "no `type`"),
        (
            r#"{"Type":"call.ended","data":{"type":"call.ended"}}"#,
            "no `type`",
        ),
        (r#"{"type":null}"#, "no `type`"),
        (r#"{"type":7}"#, "not a string"),
        (r#"{"type":-7.5}"#, "not a string"),
        (r#"{"type":true}"#, "not a string"),
        (r#"{"type":["call.ended"]}"#, "not a string"),
        (r#"{"type":{"type":"call.ended"}}"#, "not a string"),
    ] {
        let error = fails(body);
        assert!(error.is_missing_type(), "{error}");
        assert!(error.to_string().contains(says), "{error}");
        assert_eq!(error.raw(), Some(body));
    }
    // Written with an escape it is still the same key and value.
    let escaped = STOPPED
        .replace("type", "t\\u0079pe")
        .replace("call.hls", "call\\u002ehls");
    assert!(is_stopped(&webhook::parse(escaped).unwrap()));
}

#[test]
fn a_known_type_that_does_not_fit_keeps_everything() {
    let body = STOPPED.replace("\"default:standup\"", "{\"id\":7}");
    let error = fails(&body);
    assert!(error.is_misfit() && error.is_decode());
    assert_eq!(error.event_type(), Some("call.hls_broadcasting_stopped"));
    assert_eq!(error.path(), Some("call_cid"));
    assert_eq!(error.raw(), Some(body.as_str()));
    assert!(error.source().unwrap().is::<serde_json::Error>());
    let text = error.to_string();
    assert!(
        text.starts_with("unexpected JSON in the event `call.hls_broadcasting_stopped` at `call_cid`: invalid type: map, expected a string"),
        "{text}"
    );

    let compressed = webhook::parse(gzip(body.as_bytes())).unwrap_err();
    assert_eq!(compressed.raw(), Some(body.as_str()));
}

#[test]
fn an_error_shows_neither_much_of_the_payload_nor_tokens() {
    let token = "eyJhbGciOiJIUzI1NiJ9.eyJzZXJ2ZXIiOnRydWV9.abcdefghijklmnop";
    let long = "x".repeat(10_000);
    let body = format!(
        r#"{{"type":"call.hls_broadcasting_stopped","call_cid":"c","created_at":"{token}\n{long}"}}"#
    );
    let error = fails(&body);
    for shown in [error.to_string(), format!("{error:?}")] {
        assert!(!shown.contains("eyJ") && shown.len() < 600, "{shown}");
    }
    assert_eq!(error.raw(), Some(body.as_str()));
}

#[test]
fn an_unknown_type_is_no_error_whatever_it_holds() {
    let deep = format!("{}{}", "[".repeat(5_000), "]".repeat(5_000));
    for rest in ["7", "1e999", "\"\\ud800\"", deep.as_str()] {
        let body = format!(r#"{{"type":"call.teleported","x":{rest}}}"#);
        let event = webhook::parse(&body).unwrap();
        assert_eq!(event.event_type(), "call.teleported");
        let Event::Unknown(unknown) = event else {
            panic!("known: {body}");
        };
        assert_eq!(unknown.raw(), body);
        let read = unknown.to::<serde_json::Value>();
        assert_eq!(read.is_ok(), rest == "7", "{rest}");
    }

    #[derive(Debug, serde::Deserialize)]
    #[expect(dead_code, reason = "only decoded")]
    struct Mine {
        x: String,
    }
    let Event::Unknown(unknown) = webhook::parse(r#"{"type":"mine","x":7}"#).unwrap() else {
        panic!("known");
    };
    let error = unknown.to::<Mine>().unwrap_err();
    assert!(
        error.is_decode() && error.to_string().contains("`x`"),
        "{error}"
    );
    assert!(Event::KNOWN_TYPES.iter().all(|known| *known != "mine"));
}

#[test]
fn depth_is_no_danger_to_known_types() {
    for nesting in ["[", "{\"a\":"] {
        let deep = nesting.repeat(100_000);
        assert!(fails(STOPPED.replace('}', &format!(",\"x\":{deep}"))).is_not_json());
    }
    let closed = format!(",\"x\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(is_stopped(
        &webhook::parse(STOPPED.replace('}', &closed)).unwrap()
    ));
    // Free-form data is kept as a value, which has a limit of depth.
    let custom = STOPPED
        .replace("call.hls_broadcasting_stopped", "custom")
        .replace(
            '}',
            &closed
                .replace("\"x\":", "\"custom\":{\"a\":")
                .replace("]}", "]}}"),
        );
    let error = fails(custom);
    assert!(
        error.is_misfit() && error.to_string().contains("recursion"),
        "{error}"
    );
}

#[test]
fn a_bomb_stops_at_the_limit() {
    let mut bomb = gzip(&vec![b' '; DEFAULT_MAX_SIZE + 64 * 1024]);
    assert!(bomb.len() < 64 * 1024);
    // Whoever decompresses all of it finds the damage at the end.
    bomb.truncate(bomb.len() - 4);
    let error = fails(&bomb);
    assert!(error.is_too_large());
    assert!(
        error.to_string().contains(&DEFAULT_MAX_SIZE.to_string()),
        "{error}"
    );

    let signed = Verifier::new(SECRET)
        .event(&bomb, STOPPED_SIGNATURE)
        .unwrap_err();
    assert!(signed.is_too_large());
}

#[test]
fn the_limit_can_be_set() {
    let size = STOPPED.len();
    let small = || Decoder::new().with_max_size(size - 1);
    for body in [STOPPED.as_bytes(), &gzip(STOPPED.as_bytes())] {
        assert!(Decoder::new().with_max_size(size).parse(body).is_ok());
        assert!(small().parse(body).unwrap_err().is_too_large());
        let verifier = Verifier::new(SECRET).with_max_size(size);
        assert!(verifier.event(body, STOPPED_SIGNATURE).is_ok());
        let verifier = verifier.with_max_size(size - 1);
        assert!(
            verifier
                .event(body, STOPPED_SIGNATURE)
                .unwrap_err()
                .is_too_large()
        );
    }
    assert!(small().sqs(STOPPED).unwrap_err().is_too_large());
    let padded = format!("{}{STOPPED}", " ".repeat(DEFAULT_MAX_SIZE));
    assert!(fails(&padded).is_too_large());
    assert!(
        Decoder::default()
            .with_max_size(usize::MAX)
            .parse(padded)
            .is_ok()
    );
}
