//! The changes and refusals of every operation.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod addresses;
mod api;
mod call_types;
mod calls;
mod capabilities;
#[path = "../common/mod.rs"]
mod common;
mod dialects;
mod egress;
mod failures;
mod feedback;
mod filters;
mod frames;
mod ids;
mod leniency;
mod moderation;
mod pages;
mod permissions;
mod query;
mod refusals;
mod sessions;
mod sip;
mod stats;
mod storage;
mod time;
mod users;

use std::collections::BTreeSet;

use api::Api;
use serde_json::Value;

/// Every story, on one server after the other.
#[tokio::test]
async fn the_stories_leave_no_operation_out() {
    let api = Api::start().await;
    users::story(&api).await;
    call_types::story(&api).await;
    calls::story(&api).await;
    moderation::story(&api).await;
    sessions::story(&api).await;
    egress::story(&api).await;
    sip::story(&api).await;
    feedback::story(&api).await;
    stats::story(&api).await;
    storage::story(&api).await;
    let recorded = api.server.recorded();
    let succeeded = recorded.iter().filter(|request| request.status < 300);
    let succeeded: BTreeSet<&str> = succeeded
        .filter_map(|request| request.operation_id.as_deref())
        .collect();
    let operations = api.server.api().operations().iter();
    let missing: Vec<&str> = operations
        .map(|operation| operation.id())
        .filter(|id| !succeeded.contains(id))
        .collect();
    assert_eq!(missing, [""; 0]);
    for request in recorded.iter().filter(|request| request.status < 300) {
        let response = serde_json::from_slice(&request.response_body).unwrap();
        let mut found = Vec::new();
        placeholders(&response, "", &mut found);
        assert!(found.is_empty(), "{}: {found:?}", request.path);
    }
    // Nothing is made up, but for where the one edge is.
    let samples = recorded
        .iter()
        .filter(|request| request.response_headers.contains_key("x-local-sample"));
    let samples: BTreeSet<&str> = samples
        .filter_map(|request| request.operation_id.as_deref())
        .collect();
    assert_eq!(samples, BTreeSet::from(["GetEdges"]));
}

/// Texts that are a field's name and a number, as samples of a schema are.
fn placeholders(value: &Value, name: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                placeholders(field, name, found);
            }
        }
        Value::Array(items) => items
            .iter()
            .for_each(|item| placeholders(item, name, found)),
        Value::String(text) => {
            let number = text
                .strip_prefix(name)
                .and_then(|rest| rest.strip_prefix('-'));
            if number.is_some_and(|number| number.parse::<u64>().is_ok()) {
                found.push(text.clone());
            }
        }
        _ => {}
    }
}
