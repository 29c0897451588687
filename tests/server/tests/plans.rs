//! However QueryCalls looks for calls, by an index or one after the other, it finds the same ones in
//! the same order.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod common;

use common::post;
use fastrand::Rng;
use serde_json::{Map, Value, json};
use video_api_server::Server;

const CALLS: usize = 120;

fn user(rng: &mut Rng) -> String {
    format!("user-{}", rng.usize(..30))
}

/// A value of custom data: few enough of each kind that calls share them.
fn value(rng: &mut Rng) -> Value {
    match rng.usize(..7) {
        0 => json!(rng.i64(-3..12)),
        // Equal to the whole number.
        1 => json!(f64::from(rng.i32(0..12))),
        2 => json!(rng.bool()),
        3 => json!([rng.i64(0..12), format!("text-{}", rng.usize(..12)), [1]]),
        4 => json!({ "inner": rng.i64(0..12) }),
        _ => json!(format!("text-{}", rng.usize(..12))),
    }
}

fn field(rng: &mut Rng) -> &'static str {
    rng.choice(["a", "b", "c"]).unwrap()
}

/// Custom data; `wide` calls have now and then more of it than the index takes of one call.
fn custom(rng: &mut Rng, wide: bool) -> Map<String, Value> {
    let many = if wide && rng.usize(..20) == 0 { 300 } else { 0 };
    let many = (0..many).map(|n| (format!("many-{n}"), json!(n)));
    let few = (0..rng.usize(..4)).map(|_| (field(rng).to_owned(), value(rng)));
    let few: Vec<_> = few.collect();
    few.into_iter().chain(many).collect()
}

/// Conditions of every kind that names values, and of some that do not.
fn filter(rng: &mut Rng, depth: usize) -> Value {
    let operand = |rng: &mut Rng| {
        let value = value(rng);
        let bound = json!(rng.i64(-3..12));
        match rng.usize(..9) {
            5 => json!({ "$gt": bound }),
            6 => json!({ "$lte": bound }),
            7 => json!({ "$gte": bound, "$lt": bound.as_i64().unwrap() + 3 }),
            8 => json!({ "$exists": rng.bool() }),
            0 => json!({ "$in": [value, self::value(rng)] }),
            1 => json!({ "$eq": value }),
            2 => json!({ "$ne": value }),
            3 => json!({ "$contains": value }),
            _ => value,
        }
    };
    let id = |rng: &mut Rng| format!("call-{}", rng.usize(..CALLS));
    match rng.usize(..if depth == 0 { 11 } else { 14 }) {
        0 => json!({ "members": { "$in": [user(rng), user(rng)] } }),
        1 => json!({ "members": { "$contains": user(rng) } }),
        2 => json!({ "created_by_user_id": user(rng) }),
        3 => json!({ "team": format!("team-{}", rng.usize(..12)) }),
        4 => json!({ "custom.c.inner": rng.i64(0..12) }),
        5 => json!({ (format!("custom.{}", field(rng))): operand(rng) }),
        6 => json!({ "id": { "$in": [id(rng), id(rng)] } }),
        7 => json!({ "cid": format!("default:{}", id(rng)) }),
        8 => json!({ "type": rng.choice(["default", "livestream"]) }),
        9 => json!({ "starts_at": { "$gte": format!("2030-01-{:02}T00:00:00Z", rng.u8(1..28)) } }),
        10 => json!({ (rng.choice(["ongoing", "backstage"]).unwrap()): rng.bool() }),
        11 => json!({ "$or": [filter(rng, depth - 1), filter(rng, depth - 1)] }),
        12 => json!({ "$and": [filter(rng, depth - 1), filter(rng, depth - 1)] }),
        _ => json!({ "$nor": [filter(rng, depth - 1)] }),
    }
}

async fn server_with_calls(rng: &mut Rng, wide: bool) -> Server {
    let server = Server::builder().create_users(true).start().await.unwrap();
    for number in 0..CALLS {
        let kind = if number % 10 == 0 {
            "livestream"
        } else {
            "default"
        };
        let path = format!("/api/v2/video/call/{kind}/call-{number}");
        let day = rng.u8(1..28);
        let data = json!({
            "starts_at": format!("2030-01-{day:02}T00:00:00Z"),
            "created_by_id": user(rng),
            "members": [{ "user_id": user(rng) }],
            "team": format!("team-{}", rng.usize(..12)),
            "custom": custom(rng, wide),
        });
        post(&server, &path, json!({ "data": data })).await.ok();
        // Changes and deletions have to be followed, too.
        match rng.usize(..6) {
            0 => {
                let change = json!({ "custom": custom(rng, wide) });
                common::send(&server, "PATCH", &path, Some(&change))
                    .await
                    .ok();
            }
            1 => {
                let change = json!({ "update_members": [{ "user_id": user(rng) }] });
                post(&server, &format!("{path}/members"), change).await.ok();
            }
            2 => {
                let hard = json!({ "hard": true });
                post(&server, &format!("{path}/delete"), hard).await.ok();
            }
            _ => {}
        }
    }
    server
}

async fn found(server: &Server, filter: &Value, sort: &Value) -> Vec<String> {
    let body = json!({ "filter_conditions": filter, "sort": sort, "limit": 100 });
    let answer = post(server, "/api/v2/video/calls", body).await.ok();
    let calls = answer["calls"].as_array().unwrap().iter();
    let cid = |state: &Value| state["call"]["cid"].as_str().unwrap().to_owned();
    calls.map(cid).collect()
}

async fn compare(rng: &mut Rng, wide: bool) {
    let server = server_with_calls(rng, wide).await;
    let mut matches = 0;
    for _ in 0..400 {
        let filter = filter(rng, 2);
        let field = rng.choice([
            "created_at",
            "updated_at",
            "starts_at",
            "cid",
            "custom.a",
            "id",
        ]);
        let sort = json!([{ "field": field, "direction": rng.choice([-1, 1]) }]);
        // No index helps with what is not otherwise.
        let scanned = json!({ "$nor": [{ "$nor": [filter] }] });
        let by_scan = found(&server, &scanned, &sort).await;
        let by_index = found(&server, &filter, &sort).await;
        assert_eq!(by_index, by_scan, "{filter} {sort}");
        matches += by_scan.len();
    }
    assert!(matches > 1000, "{matches} matches");
}

#[tokio::test]
async fn an_index_finds_what_a_scan_finds() {
    compare(&mut Rng::with_seed(5), false).await;
}

#[tokio::test]
async fn an_index_finds_calls_that_are_too_wide_for_it() {
    compare(&mut Rng::with_seed(6), true).await;
}
