//! However QueryCalls looks for calls, by an index or one after the other, it finds the same ones in
//! the same order.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod common;

use common::post;
use fastrand::Rng;
use serde_json::{Map, Value, json};
use video_api_server::{Action, Server};

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
        3 => json!([
            rng.i64(0..12),
            format!("text-{}", rng.usize(..12)),
            [1],
            null
        ]),
        // Too large for a float to tell from its neighbours.
        5 => json!((1_i64 << 53) + rng.i64(0..3)),
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
    // Fields that are a number and a text wherever they are, and one that no condition reaches.
    let number = (rng.usize(..6) > 0).then(|| ("n".to_owned(), json!(rng.i64(0..12))));
    let text = (rng.usize(..6) > 0).then(|| ("t".to_owned(), json!(format!("t {}", rng.u8(..20)))));
    let dotted = (rng.usize(..4) == 0).then(|| ("a.b".to_owned(), json!(rng.i64(0..12))));
    few.into_iter()
        .chain(many)
        .chain(number)
        .chain(text)
        .chain(dotted)
        .collect()
}

/// Conditions of every kind on a field of free data.
fn operand(rng: &mut Rng) -> Value {
    let (value, other) = (value(rng), value(rng));
    let bound = json!(rng.i64(-3..12));
    match rng.usize(..13) {
        0 => json!({ "$in": [value, other, null] }),
        1 => json!({ "$eq": value }),
        2 => json!({ "$ne": value }),
        3 => json!({ "$contains": value }),
        4 => json!({ "$contains": rng.choice(["text-1", "ext", "-7", ""]) }),
        5 => json!({ "$gt": bound }),
        6 => json!({ "$lte": bound }),
        7 => json!({ "$gte": bound, "$lt": bound.as_i64().unwrap() + 3 }),
        8 => json!({ "$exists": rng.bool() }),
        9 => json!({ "$nin": [value, other] }),
        10 => json!({ "$autocomplete": rng.choice(["text", "TEXT-1", "1", "x"]) }),
        11 => {
            json!({ (rng.choice(["$gt", "$lte"]).unwrap()): format!("text-{}", rng.usize(..12)) })
        }
        _ => value,
    }
}

/// Conditions on every field that has an index, and on some that have none.
fn filter(rng: &mut Rng, depth: usize) -> Value {
    let id = |rng: &mut Rng| format!("call-{}", rng.usize(..CALLS));
    let day = |rng: &mut Rng| format!("2030-01-{:02}T00:00:00Z", rng.u8(1..28));
    match rng.usize(..if depth == 0 { 19 } else { 24 }) {
        0 => json!({ "members": { "$in": [user(rng), user(rng)] } }),
        1 => json!({ "members": { "$contains": user(rng) } }),
        2 => json!({ "created_by_user_id": user(rng) }),
        3 => json!({ "team": { "$nin": [format!("team-{}", rng.usize(..12)), null] } }),
        4 => json!({ "custom.c.inner": rng.i64(0..12) }),
        5 => json!({ "id": { "$in": [id(rng), id(rng)] } }),
        6 => json!({ "cid": format!("default:{}", id(rng)) }),
        7 => json!({ "type": { "$ne": rng.choice(["default", "livestream"]) } }),
        8 => json!({ "starts_at": { "$gte": day(rng) } }),
        9 => json!({ "starts_at": { "$gt": day(rng), "$exists": true } }),
        10 => {
            json!({ (rng.choice(["starts_at", "ended_at", "team"]).unwrap()): { "$exists": rng.bool() } })
        }
        11 => {
            let flag = rng.choice(["ongoing", "backstage", "recording", "transcribing"]);
            let operator = rng.choice(["$eq", "$ne"]).unwrap();
            json!({ (flag.unwrap()): { (operator): rng.bool() } })
        }
        12 => json!({ "id": { "$autocomplete": rng.choice(["call-1", "7", "11", "CALL"]) } }),
        13 => json!({ "id": { "$gte": id(rng) } }),
        14 => json!({ "blocked_user_ids": { "$contains": user(rng) } }),
        // Free data cannot be reached by a name with a dot in it.
        15 => json!({ "custom.a.b": { "$ne": rng.i64(0..12) } }),
        16 => json!({ "custom.n": { "$lt": rng.i64(0..12) } }),
        17 => json!({ "custom.t": { (rng.choice(["$gt", "$lte"]).unwrap()): "t 5" } }),
        18 => json!({ "members": { (rng.choice(["$eq", "$ne"]).unwrap()): [user(rng)] } }),
        19 => json!({ "$or": [filter(rng, depth - 1), filter(rng, depth - 1)] }),
        20 => json!({ "$and": [filter(rng, depth - 1), filter(rng, depth - 1)] }),
        21 => json!({ "$nor": [filter(rng, depth - 1)] }),
        22 => json!({ "$nor": [filter(rng, depth - 1), filter(rng, depth - 1)] }),
        _ => json!({ (format!("custom.{}", field(rng))): operand(rng) }),
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
        let starts_at = (rng.usize(..5) > 0).then(|| format!("2030-01-{day:02}T00:00:00Z"));
        let data = json!({
            "starts_at": starts_at,
            "created_by_id": user(rng),
            "members": [{ "user_id": user(rng) }],
            "team": format!("team-{}", rng.usize(..12)),
            "custom": custom(rng, wide),
        });
        post(&server, &path, json!({ "data": data })).await.ok();
        // Changes and deletions have to be followed, too.
        match rng.usize(..9) {
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
            3 => {
                post(&server, &format!("{path}/mark_ended"), json!({}))
                    .await
                    .ok();
            }
            4 => {
                let block = json!({ "user_id": user(rng) });
                post(&server, &format!("{path}/block"), block).await.ok();
            }
            5 => join_and_record(&server, kind, number).await,
            _ => {}
        }
    }
    server
}

async fn join_and_record(server: &Server, kind: &str, number: usize) {
    let join = json!({ "action": "join", "user_id": "host", "role": "admin" });
    let join = serde_json::from_value::<Action>(join).unwrap();
    let cid = format!("{kind}:call-{number}");
    // Calls behind the stage let nobody in.
    if server.simulate(&cid, join).await.is_ok() {
        let record = format!("/api/v2/video/call/{kind}/call-{number}/recordings/composite/start");
        post(server, &record, json!({})).await.ok();
    }
}

/// The calls that fit, page by page, each with the value of a field.
async fn found(
    server: &Server,
    filter: &Value,
    sort: &Value,
    limit: usize,
) -> Vec<(String, Value)> {
    let mut body = json!({ "filter_conditions": filter, "sort": sort, "limit": limit });
    let mut found = Vec::new();
    loop {
        let response = post(server, "/api/v2/video/calls", body.clone()).await.ok();
        for state in response["calls"].as_array().unwrap() {
            let call = &state["call"];
            let name = sort[0]["field"].as_str().unwrap();
            let value = match name.strip_prefix("custom.") {
                Some(name) => &call["custom"][name],
                None => &call[name],
            };
            found.push((call["cid"].as_str().unwrap().to_owned(), value.clone()));
        }
        match response.get("next") {
            Some(next) => body["next"] = next.clone(),
            None => return found,
        }
    }
}

/// Sorts calls found in the order of their ids by the values they hold: numbers and moments, or
/// texts; those without a value come last.
fn sorted(mut calls: Vec<(String, Value)>, direction: i64) -> Vec<(String, Value)> {
    calls.sort_by(|(left_cid, left), (right_cid, right)| {
        let order = match (left.as_i64(), right.as_i64()) {
            (Some(left), Some(right)) => left.cmp(&right),
            _ => left.as_str().cmp(&right.as_str()),
        };
        let order = if direction < 0 {
            order.reverse()
        } else {
            order
        };
        let by_value = match (left.is_null(), right.is_null()) {
            (false, false) => order,
            (left, right) => left.cmp(&right),
        };
        by_value.then_with(|| left_cid.cmp(right_cid))
    });
    calls
}

async fn compare(rng: &mut Rng, wide: bool) {
    let server = server_with_calls(rng, wide).await;
    let mut matches = 0;
    for _ in 0..120 {
        let filter = filter(rng, 2);
        let field = rng.choice([
            "created_at",
            "updated_at",
            "starts_at",
            "ended_at",
            "cid",
            "id",
            "type",
            "team",
            "custom.n",
            "custom.t",
        ]);
        let direction: i64 = rng.choice([-1, 1]).unwrap();
        let sort = json!([{ "field": field, "direction": direction }]);
        // No index helps with a double negation, and the order of ids is that of the table.
        let scanned = json!({ "$nor": [{ "$nor": [filter] }] });
        let by_cid = json!([{ "field": "cid", "direction": 1 }]);
        let cids = found(&server, &scanned, &by_cid, 100).await;
        let values = found(&server, &scanned, &sort, 100).await;
        let with_values = cids.into_iter().map(|(cid, _)| {
            let value = values.iter().find(|(known, _)| *known == cid);
            (cid, value.unwrap().1.clone())
        });
        let by_scan = sorted(with_values.collect(), direction);
        let by_index = found(&server, &filter, &sort, rng.usize(8..40)).await;
        assert_eq!(by_index, by_scan, "{filter} {sort}");
        matches += by_scan.len();
    }
    assert!(matches > 500, "{matches} matches");
}

#[tokio::test]
async fn an_index_finds_what_a_scan_finds() {
    for seed in [5, 7] {
        compare(&mut Rng::with_seed(seed), false).await;
    }
}

#[tokio::test]
async fn an_index_finds_calls_that_are_too_wide_for_it() {
    compare(&mut Rng::with_seed(6), true).await;
}
