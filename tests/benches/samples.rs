//! Answers of the size that production sees.

use serde_json::{Value, json};
use video_api_server::{Direction, SampleMode, embedded_spec, sample};

/// A QueryCalls answer with `count` calls, every field set.
pub(crate) fn query_calls(count: usize) -> Vec<u8> {
    let spec = embedded_spec();
    let mut answer = sample(
        &spec,
        &reference("QueryCallsResponse"),
        SampleMode::Maximal,
        Direction::Response,
    );
    let call = answer["calls"][0].clone();
    answer["calls"] = Value::Array(
        (0..count)
            .map(|number| {
                let mut call = call.clone();
                call["call"]["id"] = json!(format!("call-{number}"));
                call["call"]["cid"] = json!(format!("default:call-{number}"));
                call
            })
            .collect(),
    );
    answer.to_string().into_bytes()
}

/// A GetCall answer with every field set.
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
