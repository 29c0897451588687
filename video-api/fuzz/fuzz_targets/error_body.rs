//! Parsers of bodies that could not be decoded. The modules are private, so they are
//! compiled here once more.
#![no_main]
#![allow(dead_code, unreachable_pub)] // Only parts of the modules are used here.

#[path = "../../src/error/api.rs"]
mod api;
#[path = "../../src/json_path.rs"]
mod json_path;
#[path = "../../src/error/scrub.rs"]
mod scrub;
#[path = "../../src/transport/server_duration.rs"]
mod server_duration;

use libfuzzer_sys::fuzz_target;
use secrecy::SecretString;
use video_api::types::GetCallResponse;

const SECRET: &str = "hush-0123456789";

fuzz_target!(|body: &[u8]| {
    let secrets = [SecretString::from(SECRET)];
    let text = String::from_utf8_lossy(body);
    let scrubbed = scrub::secrets(&text, &secrets);
    assert!(!scrubbed.contains(SECRET));
    for api in [
        api::ApiError::from_error_body(&scrubbed),
        api::ApiError::inside_success(body),
    ]
    .into_iter()
    .flatten()
    {
        assert!(api.code().is_some() || !api.message().is_empty());
        let _ = (
            format!("{api:?}"),
            api.exception_fields(),
            api.status_code(),
        );
    }
    let excerpt = scrub::excerpt(body, &secrets);
    assert!(excerpt.chars().count() <= scrub::EXCERPT_CHARS + 1);
    assert!(!excerpt.chars().any(char::is_control) && !excerpt.contains(SECRET));
    let _ = server_duration::find(body);
    // The path of whatever a decoder complains about.
    match serde_json::from_slice::<GetCallResponse>(body) {
        Err(error) => {
            let path = json_path::of(&error, body);
            assert!(!path.is_empty());
        }
        Ok(call) => {
            let again = serde_json::to_vec(&call)
                .and_then(|json| serde_json::from_slice::<GetCallResponse>(&json));
            assert!(again.is_ok_and(|again| again == call));
        }
    }
});
