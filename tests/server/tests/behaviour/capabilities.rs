//! For every operation, whether a user's token and a call's token are enough.

use serde_json::{Value, json};
use video_api_server::{Direction, Operation, Parameter, SampleMode, sample};

use super::api::Api;
use super::common::{Reply, send_as};

/// Allowed to a user without any capability: what is filtered to what they may see, what their
/// own record is, and what everybody may know.
const OPEN: [&str; 5] = [
    "GetEdges",
    "QueryCalls",
    "QueryUsers",
    "UpdateUsers",
    "UpdateUsersPartial",
];

/// The operation with the least that it takes, on the call `closed:one` where it names a call.
async fn try_it(api: &Api, operation: &Operation, claims: &Value) -> Reply {
    let document = api.server.api().document();
    let value = |parameter: &Parameter| {
        let value = sample(
            document,
            parameter.schema(),
            SampleMode::Minimal,
            Direction::Request,
        );
        value.as_str().map_or(value.to_string(), str::to_owned)
    };
    let mut target = operation.path().to_owned();
    for parameter in operation.path_parameters() {
        let value = match parameter.name() {
            "type" | "call_type" => "closed".to_owned(),
            "id" | "call_id" if target.contains("{type}") || target.contains("closed") => {
                "one".to_owned()
            }
            _ => value(parameter),
        };
        target = target.replace(&format!("{{{}}}", parameter.name()), &value);
    }
    let required = operation.query_parameters();
    for parameter in required.iter().filter(|one| one.required()) {
        let separator = if target.contains('?') { '&' } else { '?' };
        target += &format!("{separator}{}={}", parameter.name(), value(parameter));
    }
    let mut body = operation
        .body_schema()
        .map(|schema| sample(document, schema, SampleMode::Minimal, Direction::Request));
    if operation.id() == "QueryCallMembers" {
        body = Some(json!({ "type": "closed", "id": "one" }));
    }
    send_as(
        &api.server,
        claims,
        operation.method(),
        &target,
        body.as_ref(),
    )
    .await
}

async fn with_closed_call() -> Api {
    let api = Api::start().await;
    let nothing = json!({ "name": "closed", "grants": { "user": [] } });
    api.ask("POST /video/calltypes", nothing).await;
    api.call("closed:one", &[]).await;
    api.call("default:other", &[]).await;
    api.users(&["eve"]).await;
    api
}

#[tokio::test]
async fn without_capabilities_a_user_may_do_next_to_nothing() {
    let api = with_closed_call().await;
    let eve = json!({ "user_id": "eve" });
    let mut allowed = Vec::new();
    for operation in api.server.api().operations() {
        let reply = try_it(&api, operation, &eve).await;
        if reply.status != 403 {
            allowed.push(operation.id());
            continue;
        }
        let message = reply.message();
        assert!(
            message.contains("is not allowed to perform action"),
            "{message}"
        );
    }
    allowed.sort_unstable();
    assert_eq!(allowed, OPEN);
}

#[tokio::test]
async fn a_call_token_reaches_its_calls_only() {
    let api = with_closed_call().await;
    // Ana created the call, so that nothing but the token keeps her out.
    let elsewhere = json!({ "user_id": "ana", "call_cids": ["default:other"] });
    let here = json!({ "user_id": "ana", "call_cids": ["closed:one"] });
    let mut of_calls = 0;
    for operation in api.server.api().operations() {
        let path = operation.path();
        if !path.contains("{id}") && !path.contains("{call_id}")
            || path.contains("/sip/")
            || path.contains("/tasks/")
        {
            continue;
        }
        of_calls += 1;
        let reply = try_it(&api, operation, &elsewhere).await;
        assert_eq!(reply.status, 403, "{}: {}", operation.id(), reply.message());
        let message = reply.message();
        assert!(
            message.contains("closed:one"),
            "{}: {message}",
            operation.id()
        );
    }
    assert!(of_calls > 40, "{of_calls}");
    let get = api.server.api().operation("GetCall").unwrap();
    try_it(&api, get, &here).await.ok();
}
