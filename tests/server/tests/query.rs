//! QueryCalls and QueryCallMembers: filters, order, pages.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod common;

use common::{Reply, post, send};
use serde_json::{Value, json};
use video_api_server::Server;

const CALLS: &str = "/api/v2/video/calls";
const MEMBERS: &str = "/api/v2/video/call/members";

fn path(id: &str) -> String {
    format!("/api/v2/video/call/default/{id}")
}

/// Calls a, b, c, d: made in this order, with different creators, members and data.
async fn four_calls() -> Server {
    let server = Server::builder()
        .strict(true)
        .create_users(true)
        .start()
        .await
        .unwrap();
    for (id, by, color, members, starts) in [
        ("a", "ana", "blue", &["ana"][..], "2025-01-01T00:00:00Z"),
        ("b", "ben", "red", &["ana", "ben"], "2025-02-01T00:00:00Z"),
        ("c", "ana", "blue", &["cyn"], "2025-03-01T00:00:00Z"),
        ("d", "ben", "Bluish", &[], "2025-04-01T00:00:00Z"),
    ] {
        let members: Vec<Value> = members
            .iter()
            .map(|user| json!({ "user_id": user }))
            .collect();
        let data = json!({
            "created_by_id": by,
            "custom": { "color": color, "deep": { "size": id.len() } },
            "members": members,
            "starts_at": starts,
        });
        post(&server, &path(id), json!({ "data": data })).await.ok();
    }
    let end = format!("{}/mark_ended", path("b"));
    send(&server, "POST", &end, None).await.ok();
    server
}

fn ids(reply: &Reply) -> String {
    let body = reply.ok();
    let calls = body["calls"].as_array().unwrap().iter();
    calls
        .map(|state| state["call"]["id"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn filters_select() {
    let server = four_calls().await;
    for (filter, expected) in [
        (json!({}), "dcba"),
        (json!({ "id": "a" }), "a"),
        (
            json!({ "cid": { "$in": ["default:a", "default:c", "default:x"] } }),
            "ca",
        ),
        (json!({ "id": { "$nin": ["a", "c"] } }), "db"),
        (json!({ "id": { "$ne": "a" } }), "dcb"),
        (
            json!({ "type": { "$eq": "default" }, "created_by_user_id": "ana" }),
            "ca",
        ),
        (json!({ "ended_at": null }), "dca"),
        (json!({ "ended_at": { "$ne": null } }), "b"),
        (json!({ "ended_at": { "$exists": true } }), "b"),
        (json!({ "team": { "$exists": true } }), ""),
        (
            json!({ "starts_at": { "$gt": "2025-02-01T00:00:00Z" } }),
            "dc",
        ),
        (
            json!({ "starts_at": { "$gte": "2025-02-01T00:00:00Z", "$lt": "2025-04-01T00:00:00Z" } }),
            "cb",
        ),
        (
            json!({ "starts_at": { "$lte": "2025-01-01T00:00:00.000000000Z" } }),
            "a",
        ),
        (json!({ "starts_at": "2025-03-01T00:00:00Z" }), "c"),
        (json!({ "members": { "$in": ["ana", "cyn"] } }), "cba"),
        (json!({ "members": { "$contains": "ben" } }), "b"),
        (json!({ "custom.color": "blue" }), "ca"),
        (json!({ "custom.color": { "$autocomplete": "BLU" } }), "dca"),
        (json!({ "custom.deep.size": { "$gte": 1 } }), "dcba"),
        (json!({ "custom.missing": null }), "dcba"),
        (
            json!({ "$or": [{ "id": "a" }, { "custom.color": "red" }] }),
            "ba",
        ),
        (
            json!({ "$and": [{ "created_by_user_id": "ana" }, { "id": { "$gt": "a" } }] }),
            "c",
        ),
        (json!({ "$nor": [{ "id": "a" }, { "id": "b" }] }), "dc"),
    ] {
        let reply = post(&server, CALLS, json!({ "filter_conditions": filter })).await;
        assert_eq!(ids(&reply), expected, "{filter}");
    }
}

#[tokio::test]
async fn filters_that_are_not_understood_are_refused() {
    let server = four_calls().await;
    for (filter, message) in [
        (json!({ "nope": 1 }), "nope is not a field"),
        (
            json!({ "id": { "$near": 1 } }),
            "$near on id is not supported",
        ),
        (json!({ "$not": [{ "id": "a" }] }), "$not is not supported"),
        (json!({ "$or": [] }), "$or needs a list"),
        (json!({ "$or": ["a"] }), "$or needs a list of objects"),
        (json!({ "id": { "$in": "a" } }), "$in on id needs a list"),
        (json!({ "starts_at": { "$gt": 1 } }), "RFC 3339"),
        (json!({ "team": { "$exists": 1 } }), "needs a boolean"),
    ] {
        let reply = post(&server, CALLS, json!({ "filter_conditions": filter })).await;
        reply.refused(400, 4, message);
    }
}

#[tokio::test]
async fn sorting_follows_the_fields_given() {
    let server = four_calls().await;
    for (sort, expected) in [
        (json!([]), "dcba"),
        (json!([{ "field": "created_at", "direction": 1 }]), "abcd"),
        (json!([{ "field": "created_at" }]), "abcd"),
        (json!([{ "field": "starts_at", "direction": -1 }]), "dcba"),
        (
            json!([{ "field": "created_by_user_id", "direction": -1 }, { "field": "id", "direction": -1 }]),
            "dbca",
        ),
        (json!([{ "field": "custom.color", "direction": 1 }]), "dacb"),
        (json!([{ "field": "ended_at", "direction": -1 }]), "bacd"),
    ] {
        let reply = post(&server, CALLS, json!({ "sort": sort })).await;
        assert_eq!(ids(&reply), expected, "{sort}");
    }
    for (sort, message) in [
        (json!([{ "field": "nope" }]), "nope is not a field"),
        (json!([{ "field": "id", "direction": 2 }]), "1 or -1"),
        (json!([{}, {}, {}]), "more than 2"),
    ] {
        let reply = post(&server, CALLS, json!({ "sort": sort })).await;
        reply.refused(400, 4, message);
    }
}

fn cursor(reply: &Reply, name: &str) -> Option<String> {
    reply.json().get(name)?.as_str().map(str::to_owned)
}

#[tokio::test]
async fn pages_go_forwards_and_backwards() {
    let server = four_calls().await;
    let first = post(&server, CALLS, json!({ "limit": 3 })).await;
    assert_eq!(ids(&first), "dcb");
    assert_eq!(cursor(&first, "prev"), None);
    let next = cursor(&first, "next").unwrap();
    let second = post(&server, CALLS, json!({ "limit": 3, "next": next })).await;
    assert_eq!(ids(&second), "a");
    assert_eq!(cursor(&second, "next"), None);
    let prev = cursor(&second, "prev").unwrap();
    let back = post(&server, CALLS, json!({ "limit": 2, "prev": prev })).await;
    assert_eq!(ids(&back), "cb");
    let prev = cursor(&back, "prev").unwrap();
    let start = post(&server, CALLS, json!({ "limit": 2, "prev": prev })).await;
    assert_eq!(ids(&start), "d");
    assert_eq!(cursor(&start, "prev"), None);
    let next = cursor(&start, "next").unwrap();
    let again = post(&server, CALLS, json!({ "next": next })).await;
    assert_eq!(ids(&again), "cba");
    let body = again.json();
    let problems = server.api().response_problems("QueryCalls", &body);
    assert!(problems.is_empty(), "{problems:?}");
}

#[tokio::test]
async fn pages_hold_when_calls_come_and_go() {
    let server = four_calls().await;
    let first = post(&server, CALLS, json!({ "limit": 2 })).await;
    assert_eq!(ids(&first), "dc");
    let next = cursor(&first, "next").unwrap();
    post(&server, &path("e"), json!({})).await.ok();
    let query = json!({ "limit": 1, "next": next });
    assert_eq!(ids(&post(&server, CALLS, query.clone()).await), "b");
    post(&server, &format!("{}/delete", path("e")), json!({}))
        .await
        .ok();
    post(&server, &format!("{}/delete", path("c")), json!({}))
        .await
        .ok();
    assert_eq!(ids(&post(&server, CALLS, query).await), "b");
}

#[tokio::test]
async fn cursors_are_held_to_their_query() {
    let server = four_calls().await;
    let first = post(&server, CALLS, json!({ "limit": 1 })).await;
    let next = cursor(&first, "next").unwrap();
    let other = json!({ "next": next, "filter_conditions": { "ended_at": null } });
    post(&server, CALLS, other)
        .await
        .refused(400, 4, "another filter or sort order");
    post(&server, CALLS, json!({ "prev": next }))
        .await
        .refused(400, 4, "prev cursor is not valid");
    post(&server, CALLS, json!({ "next": "nonsense" }))
        .await
        .refused(400, 4, "next cursor is not valid");
    post(&server, CALLS, json!({ "next": next, "prev": next }))
        .await
        .refused(400, 4, "exclude each other");
}

#[tokio::test]
async fn limits_and_defaults() {
    let server = Server::builder()
        .strict(true)
        .create_users(true)
        .start()
        .await
        .unwrap();
    for n in 0..26 {
        post(&server, &path(&format!("{n:02}")), json!({}))
            .await
            .ok();
    }
    let default = post(&server, CALLS, json!({})).await;
    assert_eq!(default.ok()["calls"].as_array().unwrap().len(), 25);
    assert!(cursor(&default, "next").is_some());
    let all = post(&server, CALLS, json!({ "limit": 100 })).await;
    assert_eq!(all.ok()["calls"].as_array().unwrap().len(), 26);
    assert!(cursor(&all, "next").is_none());
    post(&server, CALLS, json!({ "limit": 101 }))
        .await
        .refused(400, 4, "100");
}

#[tokio::test]
async fn members_are_queried_likewise() {
    let server = Server::builder()
        .strict(true)
        .create_users(true)
        .start()
        .await
        .unwrap();
    let members: Vec<Value> = (0..5)
        .map(
            |n| json!({ "user_id": format!("u{n}"), "role": if n < 3 { "host" } else { "guest" } }),
        )
        .collect();
    let data = json!({ "data": { "members": members } });
    post(&server, &path("a"), data).await.ok();
    let query = async |mut body: Value| {
        body["type"] = "default".into();
        body["id"] = "a".into();
        post(&server, MEMBERS, body).await
    };
    let users = |reply: &Reply| -> String {
        let body = reply.ok();
        let members = body["members"].as_array().unwrap().iter();
        members
            .map(|member| member["user_id"].as_str().unwrap().trim_start_matches('u'))
            .collect()
    };
    assert_eq!(users(&query(json!({})).await), "43210");
    let hosts = json!({
        "filter_conditions": { "role": "host" },
        "sort": [{ "field": "user_id", "direction": -1 }],
        "limit": 2,
    });
    let first = query(hosts.clone()).await;
    assert_eq!(users(&first), "21");
    let problems = server
        .api()
        .response_problems("QueryCallMembers", &first.json());
    assert!(problems.is_empty(), "{problems:?}");
    let mut second = hosts;
    second["next"] = cursor(&first, "next").unwrap().into();
    assert_eq!(users(&query(second).await), "0");
    let unknown = json!({ "filter_conditions": { "cid": "default:a" } });
    query(unknown).await.refused(400, 4, "cid is not a field");
}

/// Sorting needs a total order, also where calls hold values of different kinds in a field.
#[tokio::test]
async fn pages_by_values_of_every_kind_neither_repeat_nor_skip() {
    let server = Server::builder().create_users(true).start().await.unwrap();
    let kinds = [
        json!(9_007_199_254_740_993_i64),
        json!(9_007_199_254_740_992.0),
        json!(9_007_199_254_740_992_i64),
        json!("text"),
        json!(true),
        json!(["a", "b"]),
        json!({ "x": 1 }),
        json!(null),
    ];
    for number in 0..64 {
        let custom = json!({ "mixed": kinds[number * 5 % kinds.len()] });
        let members = json!([{ "user_id": format!("user-{}", number % 7) }]);
        let data = json!({ "created_by_id": "ana", "custom": custom, "members": members });
        let body = json!({ "data": data });
        post(&server, &path(&format!("{number}")), body).await.ok();
    }
    for field in ["custom.mixed", "members"] {
        let mut seen = Vec::new();
        let mut next = Value::Null;
        loop {
            let body = json!({ "limit": 10, "sort": [{ "field": field }], "next": next });
            let page = post(&server, CALLS, body).await.ok();
            let calls = page["calls"].as_array().unwrap();
            seen.extend(calls.iter().map(|state| state["call"]["id"].to_string()));
            next = page["next"].clone();
            if next.is_null() {
                break;
            }
        }
        let all = seen.len();
        seen.sort();
        seen.dedup();
        assert_eq!((all, seen.len()), (64, 64), "{field}");
    }
}
