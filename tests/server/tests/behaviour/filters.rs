//! Every documented field of every query chooses among two records that differ in it.

use std::time::Duration;

use serde_json::{Value, json};

use super::api::Api;
use super::query::Query;

/// A moment of a response, as requests write it.
fn moment(nanoseconds: &Value) -> Value {
    let nanoseconds = nanoseconds.as_i64().unwrap();
    let moment = jiff::Timestamp::from_nanosecond(nanoseconds.into()).unwrap();
    moment.to_string().into()
}

/// The operators that a field has beside equality.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Text,
    /// The first value is smaller than the second.
    Ordered,
    List,
    Flag,
}

use Kind::{Flag, List, Ordered, Text};

/// Builds the conditions that select a record whose field is `one`, and not one whose field is
/// `two`; then those that select only the latter.
fn conditions(kind: Kind, one: &Value, two: &Value) -> (Vec<Value>, Vec<Value>) {
    let mut first = vec![one.clone(), json!({ "$eq": one }), json!({ "$in": [one] })];
    let mut second = vec![json!({ "$ne": one }), json!({ "$nin": [one] })];
    match kind {
        Ordered => {
            first.extend([json!({ "$lt": two }), json!({ "$lte": one })]);
            second.extend([json!({ "$gt": one }), json!({ "$gte": two })]);
        }
        Text => {
            let text = one.as_str().unwrap();
            let start: String = text.chars().take(text.chars().count().max(2) - 1).collect();
            first.push(json!({ "$autocomplete": start }));
        }
        List => first.push(json!({ "$contains": one })),
        Flag => {}
    }
    (first, second)
}

/// Asks for two records, whose keys are given, by each of their fields.
async fn check(api: &Api, query: &Query, keys: [&str; 2], fields: Vec<(&str, Kind, Value, Value)>) {
    let [first, second] = keys.map(|key| vec![json!(key).to_string()]);
    let found = async |filter: Value| {
        let page = query
            .ask(api, &json!({ "filter_conditions": filter }))
            .await;
        query.keys(&page)
    };
    for (name, kind, one, two) in fields {
        let (of_first, of_second) = conditions(kind, &one, &two);
        for (conditions, expected) in [(of_first, &first), (of_second, &second)] {
            for condition in conditions {
                let filter = json!({ name: condition });
                let alone = found(filter.clone()).await;
                assert_eq!(alone, *expected, "{} {filter}", query.request);
                let both = json!({ "$and": [filter, { name: { "$exists": true } }] });
                let is_empty =
                    (expected == &second && two.is_null()) || (expected == &first && one.is_null());
                let rest: &[String] = if is_empty { &[] } else { expected };
                assert_eq!(found(both.clone()).await, rest, "{} {both}", query.request);
                let none = json!({ "$nor": [filter] });
                let other = if expected == &first { &second } else { &first };
                assert_eq!(
                    found(none.clone()).await,
                    *other,
                    "{} {none}",
                    query.request
                );
            }
        }
        let either = json!({ "$or": [{ name: one }, { name: { "$ne": one } }] });
        assert_eq!(found(either).await.len(), 2, "{} {name}", query.request);
    }
}

fn query(request: &str, list: &'static str, key: &'static str) -> Query {
    Query {
        request: request.to_owned(),
        fixed: json!({}),
        list,
        key,
    }
}

/// Two calls that differ in everything; the second is over.
async fn two_calls(api: &Api) -> [Value; 2] {
    api.users(&["ana", "ben", "cyn", "dan"]).await;
    let create = async |cid: &str, data: Value| {
        let path = format!("/video/call/{cid}");
        api.ask(&format!("POST {path}"), json!({ "data": data }))
            .await;
        path
    };
    let two = json!({ "created_by_id": "ben", "team": "blue", "members": [{ "user_id": "cyn" }],
        "custom": { "topic": "money", "size": 2 }, "starts_at": "2031-01-01T00:00:00Z" });
    let one = json!({ "created_by_id": "ana", "team": "red", "members": [{ "user_id": "ben" }],
        "custom": { "topic": "chess", "size": 1 }, "starts_at": "2030-01-01T00:00:00Z" });
    let one = create("default/one", one).await;
    let two = create("livestream/two", two).await;
    api.join("livestream:two", "ben").await;
    api.server.clock().advance(Duration::from_secs(30));
    let rated = async |path: &str, rating: i64| {
        let said = json!({ "rating": rating, "sdk": format!("sdk-{rating}"), "sdk_version": rating.to_string(),
            "reason": format!("reason {rating}"), "custom": { "topic": format!("topic {rating}") } });
        api.ask(&format!("POST {path}/feedback"), said).await;
    };
    rated(&two, 2).await;
    api.ask(&format!("POST {two}/block"), json!({ "user_id": "dan" }))
        .await;
    api.ask(&format!("POST {two}/mark_ended"), Value::Null)
        .await;
    api.join("default:one", "ana").await;
    rated(&one, 1).await;
    api.ask(&format!("POST {one}/block"), json!({ "user_id": "cyn" }))
        .await;
    for start in ["recordings/composite/start", "start_transcription"] {
        api.ask(&format!("POST {one}/{start}"), json!({})).await;
    }
    let calls = [one, two].map(async |path| api.get(&path).await["call"].clone());
    let [one, two] = calls;
    [one.await, two.await]
}

#[tokio::test]
async fn calls() {
    let api = Api::start().await;
    let [one, two] = two_calls(&api).await;
    let at = |name: &str| (moment(&one[name]), moment(&two[name]));
    let ((made, made_too), starts) = (at("created_at"), at("starts_at"));
    let session = one["current_session_id"].clone();
    let fields = vec![
        ("id", Text, json!("one"), json!("two")),
        ("type", Text, json!("default"), json!("livestream")),
        ("cid", Text, json!("default:one"), json!("livestream:two")),
        ("team", Text, json!("red"), json!("blue")),
        ("created_by_user_id", Text, json!("ana"), json!("ben")),
        ("created_at", Ordered, made, made_too),
        ("starts_at", Ordered, starts.0, starts.1),
        ("ended_at", Flag, Value::Null, moment(&two["ended_at"])),
        (
            "updated_at",
            Flag,
            moment(&one["updated_at"]),
            moment(&two["updated_at"]),
        ),
        ("backstage", Flag, json!(false), json!(true)),
        ("ongoing", Flag, json!(true), json!(false)),
        ("members", List, json!("ben"), json!("cyn")),
        ("blocked_user_ids", List, json!("cyn"), json!("dan")),
        ("current_session_id", Flag, session, Value::Null),
        ("recording", Flag, json!(true), json!(false)),
        ("transcribing", Flag, json!(true), json!(false)),
        ("custom.topic", Text, json!("chess"), json!("money")),
        ("custom.size", Ordered, json!(1), json!(2)),
    ];
    let query = query("POST /video/calls", "calls", "/call/id");
    check(&api, &query, ["one", "two"], fields).await;
}

#[tokio::test]
async fn feedback_and_statistics_of_sessions() {
    let api = Api::start().await;
    let [one, two] = two_calls(&api).await;
    let all = api.ask("POST /video/call/feedback", json!({})).await;
    let session = |index: usize| all["user_feedback"][index]["session_id"].clone();
    let of_feedback = vec![
        ("cid", Text, json!("default:one"), json!("livestream:two")),
        ("session_id", Flag, session(0), session(1)),
        ("rating", Ordered, json!(1), json!(2)),
        ("sdk", Flag, json!("sdk-1"), json!("sdk-2")),
        ("sdk_version", Flag, json!("1"), json!("2")),
        ("reason", Flag, json!("reason 1"), json!("reason 2")),
        ("custom.topic", Flag, json!("topic 1"), json!("topic 2")),
    ];
    let feedback = query("POST /video/call/feedback", "user_feedback", "/cid");
    let cids = ["default:one", "livestream:two"];
    check(&api, &feedback, cids, of_feedback).await;

    let [started, ended] = [&one, &two].map(|call| moment(&call["session"]["started_at"]));
    let stats = api.ask("POST /video/call/stats", json!({})).await["reports"].clone();
    let of_reports = vec![
        (
            "call_cid",
            Text,
            json!("default:one"),
            json!("livestream:two"),
        ),
        ("call_session_id", Flag, session(0), session(1)),
        ("call_status", Text, json!("active"), json!("ended")),
        ("first_stats_time", Flag, started.clone(), ended.clone()),
        (
            "created_at",
            Flag,
            moment(&stats[0]["created_at"]),
            moment(&stats[1]["created_at"]),
        ),
        ("min_user_rating", Ordered, json!(1), json!(2)),
        ("quality_score", Ordered, json!(20), json!(40)),
    ];
    let reports = query("POST /video/call/stats", "reports", "/call_cid");
    check(&api, &reports, cids, of_reports).await;
    // The first session still goes on, so only bounds hold for its duration.
    for (bound, expected) in [("$lt", "default:one"), ("$gte", "livestream:two")] {
        let filter = json!({ "call_duration_seconds": { bound: 30 } });
        let page = reports
            .ask(&api, &json!({ "filter_conditions": filter }))
            .await;
        assert_eq!(reports.keys(&page), [json!(expected).to_string()]);
    }

    let of_sessions = vec![
        ("call_type", Text, json!("default"), json!("livestream")),
        ("call_id", Text, json!("one"), json!("two")),
        ("call_session_id", Flag, session(0), session(1)),
        ("call_started_at", Flag, started, ended),
        (
            "call_ended_at",
            Flag,
            Value::Null,
            moment(&two["session"]["ended_at"]),
        ),
    ];
    let sessions = query("POST /video/call_stats", "call_stats", "/call_id");
    check(&api, &sessions, ["one", "two"], of_sessions).await;
}

#[tokio::test]
async fn members_participants_and_users() {
    let api = Api::start().await;
    api.users(&["ana"]).await;
    let users = json!({ "users": {
        "ben": { "id": "ben", "name": "Ben", "role": "admin", "language": "nl", "teams": ["red"],
            "invisible": true, "custom": { "topic": "chess" } },
        "cyn": { "id": "cyn", "name": "Cyn", "role": "user", "language": "en", "teams": ["blue"],
            "custom": { "topic": "money" } },
    } });
    api.ask("POST /users", users).await;
    let members = json!([
        { "user_id": "ben", "role": "host", "custom": { "topic": "chess" } },
        { "user_id": "cyn", "role": "speaker", "custom": { "topic": "money" } },
    ]);
    let data = json!({ "created_by_id": "ana", "members": members });
    let path = "/video/call/default/both";
    api.ask(&format!("POST {path}"), json!({ "data": data }))
        .await;
    let join = async |user: &str, tracks: Value| {
        let join = json!({ "action": "join", "user_id": user, "tracks": tracks });
        api.act("default:both", join).await["user_session_id"].clone()
    };
    let ben = join("ben", json!(["audio"])).await;
    api.server.clock().advance(Duration::from_secs(1));
    let cyn = join("cyn", json!(["video"])).await;
    let call = api.get(path).await;
    let member = |index: usize, name: &str| moment(&call["members"][index][name]);
    let of_members = vec![
        ("user_id", Text, json!("ben"), json!("cyn")),
        ("role", Text, json!("host"), json!("speaker")),
        (
            "created_at",
            Ordered,
            member(1, "created_at"),
            member(0, "created_at"),
        ),
        (
            "updated_at",
            Ordered,
            member(1, "updated_at"),
            member(0, "updated_at"),
        ),
        ("custom.topic", Text, json!("chess"), json!("money")),
    ];
    let mut members = query("POST /video/call/members", "members", "/user_id");
    members.fixed = json!({ "type": "default", "id": "both" });
    check(&api, &members, ["ben", "cyn"], of_members).await;

    let session = &call["call"]["session"];
    let joined = |index: usize| moment(&session["participants"][index]["joined_at"]);
    let of_participants = vec![
        ("user_id", Text, json!("ben"), json!("cyn")),
        ("user_session_id", Flag, ben.clone(), cyn.clone()),
        ("role", Text, json!("host"), json!("speaker")),
        ("joined_at", Ordered, joined(0), joined(1)),
        ("published_tracks", List, json!("audio"), json!("video")),
    ];
    let request = format!("POST {path}/participants");
    let participants = query(&request, "participants", "/user/id");
    check(&api, &participants, ["ben", "cyn"], of_participants).await;

    api.act(
        "default:both",
        json!({ "action": "leave", "user_id": "cyn" }),
    )
    .await;
    let id = session["id"].as_str().unwrap();
    let request = format!("GET {path}/session/{id}/participant_sessions");
    let presences = query(&request, "participants_sessions", "/user_id");
    let listed = presences.ask(&api, &json!({})).await;
    let of_presences = vec![
        ("user_id", Text, json!("ben"), json!("cyn")),
        ("user_session_id", Flag, ben, cyn),
        ("joined_at", Ordered, joined(0), joined(1)),
        (
            "left_at",
            Flag,
            Value::Null,
            moment(&listed["participants_sessions"][1]["left_at"]),
        ),
    ];
    check(&api, &presences, ["ben", "cyn"], of_presences).await;

    let request = format!("GET /video/call_stats/default/both/{id}/participants");
    let rows = query(&request, "participants", "/user_id");
    let listed = rows.ask(&api, &json!({})).await["participants"].clone();
    let active = |index: usize| moment(&listed[index]["latest_activity_at"]);
    let of_rows = vec![
        ("user_id", Text, json!("ben"), json!("cyn")),
        ("name", Text, json!("Ben"), json!("Cyn")),
        ("roles", List, json!("host"), json!("speaker")),
        ("latest_activity_at", Ordered, active(1), active(0)),
    ];
    check(&api, &rows, ["ben", "cyn"], of_rows).await;

    let found = async |filter: Value| -> Vec<String> {
        let only = json!({ "$and": [{ "id": { "$in": ["ben", "cyn"] } }, filter] });
        let payload = json!({ "filter_conditions": only }).to_string();
        let payload: String = payload.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let response = api.get(&format!("/users?payload={payload}")).await;
        let users = response["users"].as_array().unwrap().iter();
        users
            .map(|user| user["id"].as_str().unwrap().to_owned())
            .collect()
    };
    for (name, kind, one, two) in [
        ("id", Text, json!("ben"), json!("cyn")),
        ("name", Text, json!("Ben"), json!("Cyn")),
        ("role", Text, json!("admin"), json!("user")),
        ("language", Text, json!("nl"), json!("en")),
        ("teams", List, json!("red"), json!("blue")),
        ("invisible", Flag, json!(true), json!(false)),
        ("custom.topic", Text, json!("chess"), json!("money")),
    ] {
        let (of_first, of_second) = conditions(kind, &one, &two);
        for (conditions, expected) in [(of_first, "ben"), (of_second, "cyn")] {
            for condition in conditions {
                let filter = json!({ name: condition });
                assert_eq!(found(filter.clone()).await, [expected], "{filter}");
            }
        }
    }
    for never in ["banned", "shadow_banned"] {
        assert_eq!(found(json!({ never: true })).await, [""; 0]);
        assert_eq!(found(json!({ never: false })).await.len(), 2);
    }
    api.ask("POST /users/cyn/deactivate", json!({})).await;
    for moments in ["created_at", "updated_at", "last_active"] {
        let past = json!({ moments: { "$gt": "2020-01-01T00:00:00Z" } });
        assert_eq!(found(past).await, ["ben"], "{moments}");
        let future = json!({ moments: { "$gt": "2120-01-01T00:00:00Z" } });
        assert_eq!(found(future).await, [""; 0], "{moments}");
    }
    assert_eq!(found(json!({ "deactivated_at": null })).await, ["ben"]);
}
