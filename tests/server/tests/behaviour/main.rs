//! The changes and refusals of every operation.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod api;
mod call_types;
mod calls;
mod capabilities;
#[path = "../common/mod.rs"]
mod common;
mod egress;
mod feedback;
mod leniency;
mod moderation;
mod pages;
mod permissions;
mod refusals;
mod sessions;
mod sip;
mod stats;
mod storage;
mod time;
mod users;

use std::collections::BTreeSet;

use api::Api;

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
}
