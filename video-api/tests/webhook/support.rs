//! Helpers of these tests.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

/// Only for tests; the signatures below were made with Python's `hmac` module.
pub(crate) const SECRET: &str = "test-only-webhook-key";
pub(crate) const PREVIOUS_SECRET: &str = "test-only-previous-key";

pub(crate) const STOPPED: &str = r#"{"type":"call.hls_broadcasting_stopped","call_cid":"default:standup","created_at":"2024-06-20T15:22:45.123456789Z"}"#;
pub(crate) const STOPPED_SIGNATURE: &str =
    "2c5c6902ac94062ab43919db429184a0f0011218f4d6947d7b4422973aa7f25a";
pub(crate) const STOPPED_PREVIOUS_SIGNATURE: &str =
    "c62dbc7372819700f79bccbd519e30594baa784b8a302c012b21681f64edd2e7";
pub(crate) const STOPPED_EMPTY_KEY_SIGNATURE: &str =
    "29de360894edf71b1c76aca9c3528d2eae15c5e78c4cbb74cce5e081d6af4a68";

/// `STOPPED`, compressed and base64-encoded by Python's `gzip` and `base64` modules.
pub(crate) const STOPPED_GZIP_BASE64: &str = "H4sIAAAAAAACAx3KMQ6DMAwAwL94BhTchLZ5B1OXyI0NRYogImZAqH8vZb47QPcs4CFSSs0nlfBeF+JIRad5DEWXnIWhujzEic/KMtCW1Belmbf8x1VIhQPpyWjQ1qar0fSt84jeuqbFm3Xd/fF8wfcHNC3D5HMAAAA=";

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub(crate) fn is_stopped(event: &video_api::Event) -> bool {
    matches!(event, video_api::Event::CallHlsBroadcastingStopped(event)
        if event.call_cid == "default:standup" && event.created_at.as_nanos() == 1_718_896_965_123_456_789)
}
