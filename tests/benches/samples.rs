//! Responses of the size that production sees.

use serde_json::{Value, json};
use video_api_server::{Direction, SampleMode, embedded_spec, sample};

/// A QueryCalls response with `count` calls: every third has every field set, the others only what is
/// required, so that 200 of them are close to a megabyte.
pub(crate) fn query_calls(count: usize) -> Vec<u8> {
    let spec = embedded_spec();
    let made = |name, mode| sample(&spec, &reference(name), mode, Direction::Response);
    let call = |mode| made("CallStateResponseFields", mode);
    let (full, small) = (call(SampleMode::Maximal), call(SampleMode::Minimal));
    let calls = (0..count).map(|number| {
        let mut call = if number % 3 == 0 { &full } else { &small }.clone();
        call["call"]["id"] = json!(format!("call-{number}"));
        call["call"]["cid"] = json!(format!("default:call-{number}"));
        call
    });
    let mut whole = made("QueryCallsResponse", SampleMode::Maximal);
    whole["calls"] = calls.collect();
    whole.to_string().into_bytes()
}

/// A GetCall response with every field set.
#[allow(dead_code)] // Not every benchmark needs it.
pub(crate) fn get_call() -> Vec<u8> {
    let spec = embedded_spec();
    sample(
        &spec,
        &reference("GetCallResponse"),
        SampleMode::Maximal,
        Direction::Response,
    )
    .to_string()
    .into_bytes()
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}
