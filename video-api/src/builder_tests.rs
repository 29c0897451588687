//! Making clients.

use super::*;

fn vars(name: &str) -> Option<String> {
    match name {
        "STREAM_API_KEY" => Some("k".into()),
        "STREAM_API_SECRET" => Some("s3cr3t".into()),
        "STREAM_BASE_URL" => Some("http://localhost:1234/".into()),
        _ => None,
    }
}

#[test]
fn the_environment_gives_key_secret_and_base_url() {
    let client = ClientBuilder::from_vars(vars).unwrap().build().unwrap();
    assert_eq!(client.base_url(), "http://localhost:1234");
    assert!(client.user_token("ana").sign().is_ok());

    let without_url = |name: &str| vars(name).filter(|_| name != "STREAM_BASE_URL");
    let client = ClientBuilder::from_vars(without_url)
        .unwrap()
        .build()
        .unwrap();
    assert_eq!(client.base_url(), "https://video.stream-io-api.com");

    for missing in ["STREAM_API_KEY", "STREAM_API_SECRET"] {
        let without = |name: &str| vars(name).map(|v| if name == missing { " ".into() } else { v });
        let error = ClientBuilder::from_vars(without).unwrap_err();
        assert!(
            error.is_invalid_request() && error.to_string().contains(missing),
            "{error}"
        );
    }
}

#[test]
fn settings_that_make_no_sense_are_refused() {
    for (builder, says) in [
        (Client::builder("k"), "no credentials"),
        (Client::builder(" ").secret("s"), "key is empty"),
        (Client::builder("k").secret(""), "secret is empty"),
        (Client::builder("k").user_token("a\u{7f}b"), "characters"),
        (
            Client::builder("k")
                .secret("s")
                .base_url("http://example.com"),
            "plain http",
        ),
    ] {
        let error = builder.build().unwrap_err();
        assert!(error.to_string().contains(says), "{error}");
    }
}

#[test]
fn a_user_client_cannot_sign() {
    let client = Client::with_user_token("k", "abc").unwrap();
    assert!(
        client
            .user_token("ana")
            .sign()
            .unwrap_err()
            .is_invalid_request()
    );
}

#[test]
fn nothing_shows_secret_or_token() {
    let builder = Client::builder("k")
        .secret("hush-secret")
        .user_token("hush-token");
    let shown = format!("{builder:?}");
    let client = builder.build().unwrap();
    let shown = format!(
        "{shown} {client:?} {:?} {:#?}",
        client.call("a", "b"),
        client.user_token("x")
    );
    assert!(!shown.contains("hush"), "{shown}");
}

#[test]
fn jitter_stays_within_bounds_and_varies() {
    let numbers: Vec<f64> = (0..1000).map(|_| random()).collect();
    assert!(numbers.iter().all(|n| (0.0..1.0).contains(n)));
    let mean = numbers.iter().sum::<f64>() / 1000.0;
    assert!((0.4..0.6).contains(&mean), "{mean}");
}

#[test]
fn clients_are_shared_between_threads() {
    fn check<T: Clone + Send + Sync + 'static>() {}
    check::<Client>();
    check::<crate::Call>();
}
