//! Digest authentication of callers, as RFC 2617 and RFC 8760 define it for SIP.

use md5::Md5;
use serde_json::Value;
use sha2::digest::Digest;
use sha2::{Sha256, Sha512_256};

use crate::input::{Fields, ReadFields};

type Hash = fn(&str) -> String;

/// Reasons to refuse a challenge.
#[derive(Debug, PartialEq)]
pub(crate) enum Refusal {
    /// It lacks something, or has something that is not known here.
    Malformed(String),
    /// The credentials are not those of the trunk.
    Wrong(String),
}

/// Checks the response to a challenge against a user name and password. An empty challenge
/// counts as none given: the caller was let in by address.
pub(crate) fn check(challenge: &Fields, username: &str, password: &str) -> Result<(), Refusal> {
    if challenge.values().all(is_empty) {
        return Ok(());
    }
    let wrong = |reason: &str| Err(Refusal::Wrong(reason.to_owned()));
    let (hash, is_session) = algorithm(given(challenge, "algorithm").unwrap_or("MD5"))?;
    let realm = required(challenge, "realm")?;
    let expected_name = if challenge.flag("userhash") {
        hash(&format!("{username}:{realm}"))
    } else {
        username.to_owned()
    };
    if given(challenge, "username").is_some_and(|name| name != expected_name) {
        return wrong("the user name of the challenge is not that of the SIP trunk");
    }
    let credentials = hash(&format!("{username}:{realm}:{password}"));
    let fits = if let Some(response) = given(challenge, "response") {
        let expected = response_to(challenge, hash, is_session, credentials)?;
        response.eq_ignore_ascii_case(&expected)
    } else {
        // Older clients send the hash of their credentials.
        let a1 = given(challenge, "a1");
        a1.ok_or_else(|| missing("response"))?
            .eq_ignore_ascii_case(&credentials)
    };
    if fits {
        return Ok(());
    }
    wrong("the response of the challenge does not fit the user name and password of the SIP trunk")
}

/// Computes the response that fits these credentials.
fn response_to(
    challenge: &Fields,
    hash: Hash,
    is_session: bool,
    mut credentials: String,
) -> Result<String, Refusal> {
    let required = |name| required(challenge, name);
    let nonce = required("nonce")?;
    if is_session {
        credentials = hash(&format!("{credentials}:{nonce}:{}", required("cnonce")?));
    }
    let method = given(challenge, "method").unwrap_or("INVITE");
    let request = hash(&format!("{method}:{}", required("uri")?));
    let qop = challenge.texts("qop");
    if qop.is_empty() {
        return Ok(hash(&format!("{credentials}:{nonce}:{request}")));
    }
    if !qop.iter().any(|one| one == "auth") {
        let message = "the qop of the challenge is not auth";
        return Err(Refusal::Malformed(message.to_owned()));
    }
    let (count, client_nonce) = (required("nc")?, required("cnonce")?);
    Ok(hash(&format!(
        "{credentials}:{nonce}:{count}:{client_nonce}:auth:{request}"
    )))
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}

fn required<'a>(challenge: &'a Fields, name: &str) -> Result<&'a str, Refusal> {
    given(challenge, name).ok_or_else(|| missing(name))
}

fn missing(name: &str) -> Refusal {
    Refusal::Malformed(format!("the challenge lacks its {name}"))
}

/// Returns a text of the challenge, unless it is empty.
fn given<'a>(challenge: &'a Fields, name: &str) -> Option<&'a str> {
    challenge.text(name).filter(|text| !text.is_empty())
}

/// Returns the hash of an algorithm, and whether it mixes the nonces into the credentials.
fn algorithm(name: &str) -> Result<(Hash, bool), Refusal> {
    let upper = name.to_ascii_uppercase();
    let (base, is_session) = match upper.strip_suffix("-SESS") {
        Some(base) => (base, true),
        None => (upper.as_str(), false),
    };
    let hash: Hash = match base {
        "MD5" => hex::<Md5>,
        "SHA-256" => hex::<Sha256>,
        "SHA-512-256" => hex::<Sha512_256>,
        _ => {
            return Err(Refusal::Malformed(format!(
                "the algorithm {name} of the challenge is not known; these are: MD5, SHA-256, SHA-512-256"
            )));
        }
    };
    Ok((hash, is_session))
}

fn hex<D: Digest>(text: &str) -> String {
    let digest = D::digest(text.as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Refusal, check};
    use crate::input::Fields;

    fn fields(value: Value) -> Fields {
        match value {
            Value::Object(fields) => fields,
            _ => Fields::new(),
        }
    }

    /// The examples of RFC 2617, section 3.5, and RFC 7616, section 3.9.1.
    #[test]
    fn responses_are_those_of_the_rfcs() {
        let old = json!({
            "username": "Mufasa", "realm": "testrealm@host.com", "method": "GET",
            "nonce": "dcd98b7102dd2f0e8b11d0f600bfb0c093", "uri": "/dir/index.html",
            "qop": ["auth", "auth-int"], "nc": "00000001", "cnonce": "0a4f113b",
            "response": "6629fae49393a05397450978507c4ef1",
        });
        assert_eq!(
            check(&fields(old.clone()), "Mufasa", "Circle Of Life"),
            Ok(())
        );
        let wrong = check(&fields(old), "Mufasa", "Circle of Life");
        assert!(matches!(wrong, Err(Refusal::Wrong(reason)) if reason.contains("does not fit")));
        for (algorithm, response) in [
            ("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
            (
                "SHA-256",
                "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1",
            ),
        ] {
            let new = json!({
                "username": "Mufasa", "realm": "http-auth@example.org", "method": "GET",
                "uri": "/dir/index.html", "algorithm": algorithm, "qop": ["auth"],
                "nonce": "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", "nc": "00000001",
                "cnonce": "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", "response": response,
            });
            assert_eq!(
                check(&fields(new), "Mufasa", "Circle of Life"),
                Ok(()),
                "{algorithm}"
            );
        }
    }

    /// Computed with Python's hashlib.
    #[test]
    fn user_names_may_be_hashed() {
        let challenge = json!({
            "username": "793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b",
            "realm": "api@example.org", "method": "GET", "uri": "/doe.json", "userhash": true,
            "algorithm": "SHA-512-256", "qop": ["auth"], "nc": "00000001",
            "nonce": "5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK",
            "cnonce": "NTg6RKcb9boFIAS3KrFK9BGeh+niz/sm",
            "response": "7a4e1192babbba02e91182d2895bfdbf7adafc6e48d4e517ca301974843d840c",
        });
        let checked = check(&fields(challenge), "J\u{e4}s\u{f8}n Doe", "Secret, or not?");
        assert_eq!(checked, Ok(()));
    }

    #[test]
    fn a_challenge_that_cannot_be_checked_names_what_it_lacks() {
        for (challenge, message) in [
            (json!({ "algorithm": "ROT13" }), "ROT13"),
            (json!({ "username": "other" }), "lacks its realm"),
            (json!({ "realm": "r" }), "lacks its response"),
            (json!({ "realm": "r", "nonce": "n" }), "lacks its response"),
            (json!({ "a1": "x" }), "lacks its realm"),
            (json!({ "response": "x", "nonce": "n" }), "lacks its realm"),
            (json!({ "response": "x", "realm": "r" }), "lacks its nonce"),
            (
                json!({ "response": "x", "realm": "r", "nonce": "n" }),
                "lacks its uri",
            ),
            (
                json!({ "response": "x", "realm": "r", "uri": "sip:a", "nonce": "n", "qop": ["auth-int"] }),
                "qop",
            ),
            (
                json!({ "response": "x", "realm": "r", "uri": "sip:a", "nonce": "n", "qop": ["auth"] }),
                "lacks its nc",
            ),
        ] {
            let refused = check(&fields(challenge.clone()), "trunk", "secret");
            let Err(Refusal::Malformed(reason)) = refused else {
                panic!("{challenge}: {refused:?}");
            };
            assert!(reason.contains(message), "{challenge}: {reason}");
        }
    }

    #[test]
    fn the_credentials_of_another_are_wrong() {
        for (challenge, message) in [
            (
                json!({ "username": "other", "realm": "r", "response": "x" }),
                "user name",
            ),
            (json!({ "a1": "x", "realm": "r" }), "does not fit"),
        ] {
            let refused = check(&fields(challenge.clone()), "trunk", "secret");
            let Err(Refusal::Wrong(reason)) = refused else {
                panic!("{challenge}: {refused:?}");
            };
            assert!(reason.contains(message), "{challenge}: {reason}");
        }
    }

    #[test]
    fn an_empty_challenge_is_not_checked() {
        let empty = json!({ "response": "", "qop": [], "stale": false, "realm": null });
        assert_eq!(check(&fields(empty), "trunk", "secret"), Ok(()));
    }
}
