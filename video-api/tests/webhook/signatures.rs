//! Signatures: accepted and refused senders.

use video_api::webhook::{Error, Signer, Verifier};

use crate::support::{
    PREVIOUS_SECRET, SECRET, STOPPED, STOPPED_EMPTY_KEY_SIGNATURE, STOPPED_PREVIOUS_SIGNATURE,
    STOPPED_SIGNATURE, gzip, is_stopped,
};

/// Body and signature with `SECRET`, made with Python's `hmac` module.
const VECTORS: [(&str, &str); 3] = [
    (STOPPED, STOPPED_SIGNATURE),
    (
        "",
        "3ac601e30bceed9121b8f9b6446ecfb14b62435ed245b3ced9a229d81a9b7235",
    ),
    (
        r#"{"type":"custom","text":"ü ✓"}"#,
        "40c9eb00ab24e759f5572de30c45ea0f5319240d55132eae651ff5571b2f4f45",
    ),
];

fn refused(result: Result<(), Error>, says: &str) {
    let error = result.unwrap_err();
    assert!(error.is_signature() && !error.is_too_large() && !error.is_decode());
    assert!(error.to_string().contains(says), "{error}");
    assert_eq!(
        (error.raw(), error.path(), error.event_type()),
        (None, None, None)
    );
}

#[test]
fn signatures_made_elsewhere_are_accepted() {
    for (body, signature) in VECTORS {
        Verifier::new(SECRET)
            .verify(body.as_bytes(), signature)
            .unwrap();
    }
    let long = "k".repeat(200);
    let signature = "4224beb2f370bc3781941c16b13185551b676af8462448b8404f27ec543c99f5";
    Verifier::new(long)
        .verify(br#"{"type":"x"}"#, signature)
        .unwrap();
    let event = Verifier::new(SECRET)
        .event(STOPPED.as_bytes(), STOPPED_SIGNATURE)
        .unwrap();
    assert!(is_stopped(&event));
}

#[test]
fn the_signer_signs_as_the_api_does() {
    let signer = Signer::new(SECRET);
    for (body, signature) in VECTORS {
        assert_eq!(signer.sign(body.as_bytes()), signature);
    }
    assert!(!format!("{signer:?}").contains(SECRET));
}

#[test]
fn the_signature_is_that_of_the_uncompressed_body() {
    let body = gzip(STOPPED.as_bytes());
    let event = Verifier::new(SECRET)
        .event(&body, STOPPED_SIGNATURE)
        .unwrap();
    assert!(is_stopped(&event));
}

#[test]
fn one_changed_bit_anywhere_is_noticed() {
    let verifier = Verifier::new(SECRET);
    for at in 0..STOPPED.len() {
        let mut body = STOPPED.as_bytes().to_vec();
        body[at] ^= 1;
        refused(verifier.verify(&body, STOPPED_SIGNATURE), "does not match");
    }
    for at in 0..STOPPED_SIGNATURE.len() {
        let mut signature = STOPPED_SIGNATURE.to_owned();
        let other = if &signature[at..=at] == "0" { "1" } else { "0" };
        signature.replace_range(at..=at, other);
        refused(
            verifier.verify(STOPPED.as_bytes(), &signature),
            "does not match",
        );
    }
    for body in [
        &STOPPED[1..],
        &STOPPED[..STOPPED.len() - 1],
        &format!("{STOPPED}\n"),
    ] {
        refused(
            verifier.verify(body.as_bytes(), STOPPED_SIGNATURE),
            "does not match",
        );
    }
}

#[test]
fn only_the_written_form_of_a_signature_counts() {
    let verifier = Verifier::new(SECRET);
    refused(verifier.verify(STOPPED.as_bytes(), ""), "not signed");
    let upper = STOPPED_SIGNATURE.to_uppercase();
    let prefixed = format!("sha256={STOPPED_SIGNATURE}");
    let not_ascii = format!("{}é", &STOPPED_SIGNATURE[..62]);
    for signature in [
        upper.as_str(),
        prefixed.as_str(),
        not_ascii.as_str(),
        &STOPPED_SIGNATURE[..63],
        &STOPPED_SIGNATURE[..62],
        &format!("{STOPPED_SIGNATURE}0"),
        &format!("{STOPPED_SIGNATURE}00"),
        &format!(" {STOPPED_SIGNATURE}"),
        &STOPPED_SIGNATURE.replace('7', "g"),
    ] {
        refused(
            verifier.verify(STOPPED.as_bytes(), signature),
            "64 lower-case hex digits",
        );
    }
}

#[test]
fn during_a_rotation_either_secret_will_do() {
    let both = Verifier::new(SECRET).with_secret(PREVIOUS_SECRET);
    both.verify(STOPPED.as_bytes(), STOPPED_SIGNATURE).unwrap();
    both.verify(STOPPED.as_bytes(), STOPPED_PREVIOUS_SIGNATURE)
        .unwrap();
    let after = Verifier::new(SECRET);
    refused(
        after.verify(STOPPED.as_bytes(), STOPPED_PREVIOUS_SIGNATURE),
        "does not match",
    );
}

#[test]
fn an_empty_secret_accepts_nothing() {
    let body = STOPPED.as_bytes();
    refused(
        Verifier::new("").verify(body, STOPPED_EMPTY_KEY_SIGNATURE),
        "secret is empty",
    );
    let one_real = Verifier::new(SECRET).with_secret("");
    refused(
        one_real.verify(body, STOPPED_EMPTY_KEY_SIGNATURE),
        "does not match",
    );
    one_real.verify(body, STOPPED_SIGNATURE).unwrap();
}

#[test]
fn an_unsigned_bomb_is_not_even_opened() {
    // Damaged gzip shows whether anyone looked inside.
    let damaged = [0x1f, 0x8b, 0xff];
    refused(Verifier::new(SECRET).verify(&damaged, ""), "not signed");
    refused(
        Verifier::new("").verify(&damaged, STOPPED_SIGNATURE),
        "secret is empty",
    );
    let opened = Verifier::new(SECRET)
        .verify(&damaged, STOPPED_SIGNATURE)
        .unwrap_err();
    assert!(opened.is_encoding());
}

#[test]
fn nothing_shows_the_secrets() {
    let verifier = Verifier::new(SECRET).with_secret(PREVIOUS_SECRET);
    let error = verifier.verify(b"{}", STOPPED_SIGNATURE).unwrap_err();
    for shown in [
        format!("{verifier:?}"),
        format!("{error:?}"),
        error.to_string(),
    ] {
        assert!(!shown.contains("test-only"), "{shown}");
    }
}
