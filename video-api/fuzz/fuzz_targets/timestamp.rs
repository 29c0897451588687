//! A time that was read is written and read again as the same time.
#![no_main]

use libfuzzer_sys::fuzz_target;
use video_api::Timestamp;

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let parsed = text.parse::<Timestamp>();
    if let Err(error) = &parsed {
        let line = error.to_string();
        assert_eq!(line.lines().count(), 1, "{line:?}");
    }
    let as_text = parsed.ok();
    let as_json = serde_json::from_slice::<Timestamp>(bytes).ok();
    let quoted = serde_json::Value::from(text);
    let as_string = serde_json::from_value::<Timestamp>(quoted).ok();
    if let (Some(text), Some(string)) = (as_text, as_string) {
        assert_eq!(text, string);
    }
    for time in [as_text, as_json, as_string].into_iter().flatten() {
        let written = time.to_string();
        assert_eq!(written.parse::<Timestamp>().ok(), Some(time), "{written}");
        let json = serde_json::to_string(&time).unwrap_or_default();
        assert_eq!(
            serde_json::from_str::<Timestamp>(&json).ok(),
            Some(time),
            "{json}"
        );
        if let Ok(nanos) = i64::try_from(time.as_nanos()) {
            assert_eq!(Timestamp::from_nanos(nanos), time);
        }
    }
});
