//! Messages of SQS and SNS.

use std::error::Error as _;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use serde_json::json;
use video_api::webhook::{self, Error};

use crate::support::{STOPPED, STOPPED_GZIP_BASE64, gzip, is_stopped};

/// Every form in which a queue carries `STOPPED`.
fn messages() -> Vec<String> {
    vec![
        STOPPED.to_owned(),
        format!("\n {STOPPED}\n"),
        STANDARD.encode(STOPPED),
        STANDARD_NO_PAD.encode(format!("{STOPPED} ")),
        format!("{}\n", STANDARD.encode(STOPPED)),
        STANDARD.encode(gzip(STOPPED.as_bytes())),
        STANDARD_NO_PAD.encode(gzip(STOPPED.as_bytes())),
        STOPPED_GZIP_BASE64.to_owned(),
    ]
}

fn notification(message: &str) -> String {
    json!({
        "Type": "Notification",
        "MessageId": "00000000-0000-4000-8000-000000000000",
        "TopicArn": "arn:aws:sns:eu-west-1:000000000000:video",
        "Message": message,
        "Timestamp": "2024-06-20T15:22:46.000Z",
        "SignatureVersion": "1",
        "Signature": "EXAMPLE",
    })
    .to_string()
}

#[test]
fn every_form_of_a_message_is_read() {
    for message in messages() {
        assert!(
            is_stopped(&webhook::from_sqs(&message).unwrap()),
            "{message}"
        );
        assert!(
            is_stopped(&webhook::from_sns(notification(&message)).unwrap()),
            "{message}"
        );
        let bare = json!({ "Message": message }).to_string();
        assert!(is_stopped(&webhook::from_sns(bare).unwrap()), "{message}");
    }
    assert!(is_stopped(
        &webhook::from_sqs(gzip(STOPPED.as_bytes())).unwrap()
    ));
}

/// The same outcome whether it comes alone or inside a notification.
fn fails(message: &str) -> Error {
    let inside = webhook::from_sns(notification(message)).unwrap_err();
    let alone = webhook::from_sqs(message).unwrap_err();
    assert_eq!(inside.to_string(), alone.to_string());
    alone
}

#[test]
fn messages_that_are_no_events_have_their_outcomes() {
    for not_base64 in ["hello, world", "abcde", "e30=e30=", "e31=", "ü", "<xml/>"] {
        let error = fails(not_base64);
        assert!(error.is_encoding(), "{not_base64}: {error}");
        assert!(
            error.to_string().contains("neither JSON nor base64"),
            "{error}"
        );
        assert!(error.source().unwrap().is::<base64::DecodeError>());
    }
    assert!(fails("").is_not_json());
    assert!(fails("{").is_not_json());
    assert!(fails("[]").is_not_json());
    assert!(fails("null").is_not_json());
    assert!(fails(&STANDARD.encode("hello")).is_not_json());
    assert!(fails(&STANDARD.encode("{}")).is_missing_type());
    assert!(fails(&STANDARD.encode([0x1f, 0x8b, 0])).is_encoding());
    let misfit = STOPPED.replace("\"default:standup\"", "7");
    let error = fails(&STANDARD.encode(gzip(misfit.as_bytes())));
    assert!(error.is_misfit());
    assert_eq!(
        (error.path(), error.raw()),
        (Some("call_cid"), Some(misfit.as_str()))
    );
}

#[test]
fn a_bomb_in_a_message_stops_at_the_limit() {
    let bomb = STANDARD.encode(gzip(&vec![b' '; 17 * 1024 * 1024]));
    assert!(bomb.len() < 32 * 1024);
    assert!(fails(&bomb).is_too_large());
    let plain = STANDARD.encode(vec![b' '; 16 * 1024 * 1024 + 1]);
    assert!(fails(&plain).is_too_large());
}

#[test]
fn a_wrong_envelope_says_what_it_is() {
    let confirmation = r#"{"Type":"SubscriptionConfirmation","Message":"You have chosen to subscribe","SubscribeURL":"https://sns.invalid/"}"#;
    for (envelope, says) in [
        (confirmation, "`SubscriptionConfirmation`"),
        (r#"{"Type":"Notification"}"#, "no `Message`"),
        (STOPPED, "no `Message`"),
        ("{}", "no `Message`"),
        (r#"{"Message":null}"#, "no `Message`"),
        (
            r#"{"Message":{"type":"call.ended"}}"#,
            "not an SNS notification",
        ),
        ("", "not an SNS notification"),
        ("e30=", "not an SNS notification"),
        ("[1,2]", "not an SNS notification"),
    ] {
        let error = webhook::from_sns(envelope).unwrap_err();
        assert!(error.is_envelope() && error.is_decode(), "{error}");
        assert!(error.to_string().contains(says), "{error}");
    }
    // The other mistake: a notification where a bare message was expected.
    let error = webhook::from_sqs(notification(STOPPED)).unwrap_err();
    assert!(
        error.is_missing_type() && error.to_string().contains("SNS"),
        "{error}"
    );
}
