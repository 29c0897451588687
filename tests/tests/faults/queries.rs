//! Queries are sent by POST and repeated like a GET.

use video_api_tests::{FaultServer, Reply};

use crate::bytes::{json, response};
use crate::client;

#[tokio::test]
async fn a_query_is_repeated_where_another_post_is_not() {
    let server = FaultServer::start(|_| Reply::Send(response("503 Service Unavailable", "", "")))
        .await
        .unwrap();
    let client = client(&server);
    let query = client.query_calls().send().await.unwrap_err();
    assert!(query.is_retryable() && query.attempts() == 3, "{query}");
    assert!(
        query.to_string().contains("it is safe to try again"),
        "{query}"
    );
    let call = client.call("default", "x");
    let change = call.get_or_create().send().await.unwrap_err();
    assert!(!change.is_retryable() && change.attempts() == 1, "{change}");
    let report = "it may have been processed, so read the state";
    assert!(change.to_string().contains(report), "{change}");
}

#[tokio::test]
async fn a_read_that_rings_may_have_rung() {
    let server = FaultServer::start(|_| Reply::Close(Vec::new()))
        .await
        .unwrap();
    let call = client(&server).call("default", "x");
    let error = call.get().ring(true).send().await.unwrap_err();
    assert!(!error.is_retryable() && error.attempts() == 1, "{error}");
    assert!(
        error.to_string().contains("it may have been processed"),
        "{error}"
    );
}

#[tokio::test]
async fn a_query_whose_connection_breaks_is_repeated() {
    let server = FaultServer::start(|seen| match seen.number {
        0 => Reply::Close(Vec::new()),
        _ => Reply::Send(json("200 OK", r#"{"calls":[],"duration":"1ms"}"#)),
    })
    .await
    .unwrap();
    let calls = client(&server).query_calls().send().await.unwrap();
    assert_eq!(calls.attempts(), 2);
}

#[test]
fn the_specification_says_which_posts_only_read() {
    let reading = video_api::operations::ALL.iter().filter(|o| o.only_reads);
    let mut ids: Vec<&str> = reading.map(|operation| operation.id).collect();
    ids.sort_unstable();
    assert_eq!(
        ids,
        [
            "QueryAggregateCallStats",
            "QueryCallMembers",
            "QueryCallParticipants",
            "QueryCallSessionStats",
            "QueryCallStats",
            "QueryCalls",
            "QueryUserFeedback"
        ]
    );
}
