//! Every query goes through its pages in both directions, in every documented order.

use serde_json::{Value, json};

use super::api::Api;
use super::query::Query;

/// Goes to the end and back, two records at a time.
async fn walk(query: &Query, api: &Api, sort: Option<Value>) {
    let ask = async |more: Value| {
        let mut more = more;
        if let Some(sort) = &sort {
            more["sort"] = sort.clone();
        }
        query.ask(api, &more).await
    };
    let name = format!("{} {sort:?}", query.request);
    let all = query.keys(&ask(json!({ "limit": 100 })).await);
    assert_eq!(all.len(), 5, "{name}: {all:?}");
    let mut page = ask(json!({ "limit": 2 })).await;
    assert!(page.get("prev").is_none(), "{name}");
    let mut forwards = query.keys(&page);
    while let Some(next) = page.get("next").cloned() {
        page = ask(json!({ "limit": 2, "next": next })).await;
        forwards.extend(query.keys(&page));
    }
    assert_eq!(forwards, all, "{name}");
    let mut backwards = query.keys(&page);
    while let Some(prev) = page.get("prev").cloned() {
        page = ask(json!({ "limit": 2, "prev": prev })).await;
        backwards.splice(0..0, query.keys(&page));
    }
    assert_eq!(backwards, all, "{name}, backwards");
}

/// Five of everything that can be asked for; returns the session that all were in.
async fn five_of_everything(api: &Api) -> String {
    let users = ["u1", "u2", "u3", "u4", "u5"];
    let together = api.call("default:together", &users).await;
    for (rating, user) in (1..).zip(users) {
        api.join("default:together", user).await;
        let path = api.call(&format!("livestream:of-{user}"), &[]).await;
        api.join(&format!("livestream:of-{user}"), "ana").await;
        let said = json!({ "rating": rating, "sdk": "s", "sdk_version": "1" });
        api.ask(&format!("POST {path}/feedback"), said).await;
        let start = json!({ "starts_at": format!("2030-01-0{rating}T00:00:00Z") });
        api.ask(&format!("PATCH {path}"), start).await;
        api.ask(&format!("POST {path}/mark_ended"), Value::Null)
            .await;
    }
    let call = api.get(&together).await["call"].clone();
    call["current_session_id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn every_query_has_pages_in_both_directions() {
    let api = Api::start().await;
    let session = five_of_everything(&api).await;
    let live = json!({ "filter_conditions": { "type": "livestream" } });
    let of_live = json!({ "filter_conditions": { "call_type": "livestream" } });
    let of_ended = json!({ "filter_conditions": { "call_status": "ended" } });
    let row = |request: &str, fixed: Value, list, key, orders: &'static [&'static str]| {
        let request = request.to_owned();
        let query = Query {
            request,
            fixed,
            list,
            key,
        };
        (query, orders)
    };
    let presences = "/video/call/default/together/session";
    for (query, orders) in [
        row(
            "POST /video/calls",
            live,
            "calls",
            "/call/cid",
            &[
                "created_at",
                "updated_at",
                "starts_at",
                "ended_at",
                "type",
                "id",
                "cid",
            ],
        ),
        row(
            "POST /video/call/members",
            json!({ "type": "default", "id": "together" }),
            "members",
            "/user_id",
            &["user_id", "role", "created_at", "updated_at"],
        ),
        row(
            "POST /video/call/feedback",
            json!({}),
            "user_feedback",
            "/cid",
            &["rating", "cid", "user_id"],
        ),
        row(
            "POST /video/call/stats",
            of_ended,
            "reports",
            "/call_cid",
            &[
                "created_at",
                "first_stats_time",
                "call_duration_seconds",
                "quality_score",
            ],
        ),
        row(
            "POST /video/call_stats",
            of_live,
            "call_stats",
            "/call_id",
            &["call_started_at", "call_ended_at"],
        ),
        row(
            &format!("GET {presences}/{session}/participant_sessions"),
            json!({}),
            "participants_sessions",
            "/user_id",
            &[],
        ),
        row(
            &format!("GET /video/call_stats/default/together/{session}/participants"),
            json!({}),
            "participants",
            "/user_id",
            &["user_id", "latest_activity_at"],
        ),
    ] {
        walk(&query, &api, None).await;
        for field in orders {
            for direction in [1, -1] {
                let sort = json!([{ "field": field, "direction": direction }]);
                walk(&query, &api, Some(sort)).await;
            }
        }
    }
}

#[tokio::test]
async fn a_falling_order_is_the_rising_one_from_behind() {
    let api = Api::start().await;
    five_of_everything(&api).await;
    let starts = async |direction: i64| -> Vec<String> {
        let query = json!({
            "filter_conditions": { "type": "livestream" },
            "sort": [{ "field": "starts_at", "direction": direction }],
        });
        let found = api.ask("POST /video/calls", query).await;
        let calls = found["calls"].as_array().unwrap().iter();
        calls.map(|one| one["call"]["id"].to_string()).collect()
    };
    let mut falling = starts(-1).await;
    falling.reverse();
    assert_eq!(falling, starts(1).await);
    assert_eq!(falling.first().map(String::as_str), Some("\"of-u1\""));
}
