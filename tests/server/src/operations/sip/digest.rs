//! Digest authentication of callers, as RFC 2617 and RFC 8760 define it for SIP.

use md5::Md5;
use sha2::digest::Digest;
use sha2::{Sha256, Sha512_256};

use crate::input::{Fields, ReadFields};

type Hash = fn(&str) -> String;

/// Checks the response to a challenge against a user name and password; the error says what is
/// wrong. A challenge without a response only has its user name checked.
pub(crate) fn check(challenge: &Fields, username: &str, password: &str) -> Result<(), String> {
    let (hash, is_session) = algorithm(given(challenge, "algorithm").unwrap_or("MD5"))?;
    let realm = given(challenge, "realm").unwrap_or_default();
    let expected_name = if challenge.flag("userhash") {
        hash(&format!("{username}:{realm}"))
    } else {
        username.to_owned()
    };
    if given(challenge, "username").is_some_and(|name| name != expected_name) {
        return Err("the user name of the challenge is not that of the SIP trunk".to_owned());
    }
    let credentials = hash(&format!("{username}:{realm}:{password}"));
    let fits = if let Some(response) = given(challenge, "response") {
        let expected = response_to(challenge, hash, is_session, credentials)?;
        response.eq_ignore_ascii_case(&expected)
    } else if let (Some(a1), false) = (given(challenge, "a1"), realm.is_empty()) {
        // Older clients send the hash of their credentials.
        a1.eq_ignore_ascii_case(&credentials)
    } else {
        true
    };
    if fits {
        Ok(())
    } else {
        let wrong = "the response of the challenge does not fit the user name and password";
        Err(format!("{wrong} of the SIP trunk"))
    }
}

/// Computes the response that fits these credentials.
fn response_to(
    challenge: &Fields,
    hash: Hash,
    is_session: bool,
    mut credentials: String,
) -> Result<String, String> {
    let required = |name: &'static str| {
        let missing = || format!("the challenge has a response and no {name}");
        given(challenge, name).ok_or_else(missing)
    };
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
        return Err("the qop of the challenge is not auth".to_owned());
    }
    let (count, client_nonce) = (required("nc")?, required("cnonce")?);
    Ok(hash(&format!(
        "{credentials}:{nonce}:{count}:{client_nonce}:auth:{request}"
    )))
}

/// Returns a text of the challenge, unless it is empty.
fn given<'a>(challenge: &'a Fields, name: &str) -> Option<&'a str> {
    challenge.text(name).filter(|text| !text.is_empty())
}

/// Returns the hash of an algorithm, and whether it mixes the nonces into the credentials.
fn algorithm(name: &str) -> Result<(Hash, bool), String> {
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
            return Err(format!(
                "the algorithm {name} of the challenge is not known; these are: MD5, SHA-256, SHA-512-256"
            ));
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

    use super::check;
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
        assert!(wrong.unwrap_err().contains("does not fit"));
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
    fn what_cannot_be_checked_says_so() {
        for (challenge, message) in [
            (json!({ "algorithm": "ROT13" }), "ROT13"),
            (json!({ "username": "other" }), "user name"),
            (json!({ "response": "x", "uri": "sip:a" }), "no nonce"),
            (
                json!({ "response": "x", "uri": "sip:a", "nonce": "n", "qop": ["auth-int"] }),
                "qop",
            ),
            (json!({ "a1": "x", "realm": "r" }), "does not fit"),
        ] {
            let refused = check(&fields(challenge.clone()), "trunk", "secret");
            assert!(refused.unwrap_err().contains(message), "{challenge}");
        }
        assert_eq!(
            check(&fields(json!({ "realm": "r" })), "trunk", "secret"),
            Ok(())
        );
    }
}
