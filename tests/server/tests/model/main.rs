//! Random sequences of operations against a small reference model. What fails is shrunk; the seed
//! is fixed, `PROPTEST_CASES` sets how many sequences are tried.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

#[path = "../common/mod.rs"]
mod common;
mod expected;
mod step;

use std::collections::BTreeSet;
use std::sync::Mutex;

use common::send;
use expected::{Call, Model};
use proptest::test_runner::{Config, RngSeed, TestRunner};
use serde_json::{Value, json};
use step::{CALLS, Step, USERS, path, texts, user};
use video_api_server::Server;

fn ids(users: &BTreeSet<usize>) -> Vec<String> {
    users.iter().map(|id| user(*id)).collect()
}

/// Every call is as the model has it.
async fn compare_call(server: &Server, model: &Model, id: usize) {
    let get = async |rest: &str| send(server, "GET", &format!("{}{rest}", path(id)), None).await;
    let reply = get("").await;
    let Some(expected) = model.calls.get(&id) else {
        assert_eq!(reply.status, 404);
        return;
    };
    let state = reply.ok();
    let call = &state["call"];
    let members: Vec<String> = expected.members.iter().rev().map(|id| user(*id)).collect();
    assert_eq!(texts(&state["members"], "/user_id"), members);
    let blocked: Vec<String> = expected.blocked.iter().map(|id| user(*id)).collect();
    assert_eq!(call["blocked_user_ids"], json!(blocked));
    assert_eq!(call["custom"]["n"], json!(expected.custom));
    assert_eq!(call["backstage"], expected.backstage);
    assert_eq!(call["recording"], expected.recording);
    assert_eq!(call["transcribing"], expected.transcribing);
    assert_eq!(call["egress"].get("hls").is_some(), expected.hls);
    let rtmps: BTreeSet<&str> = texts(&call["egress"]["rtmps"], "/name")
        .into_iter()
        .collect();
    let known: BTreeSet<&str> = expected
        .rtmps
        .iter()
        .map(|name| step::BROADCASTS[*name])
        .collect();
    assert_eq!(rtmps, known);
    assert_eq!(call["ended_at"].is_i64(), expected.ended);
    assert_eq!(call["current_session_id"] != "", expected.has_session);
    for (kind, count) in [
        ("recordings", expected.recordings),
        ("transcriptions", expected.transcriptions),
    ] {
        let listed = get(&format!("/{kind}")).await.ok();
        assert_eq!(listed[kind].as_array().unwrap().len(), count, "{kind}");
    }
    let there = async |filter: Value| {
        let query = json!({ "filter_conditions": filter });
        let target = format!("{}/participants", path(id));
        let found = send(server, "POST", &target, Some(&query)).await.ok();
        let found = texts(&found["participants"], "/user/id").into_iter();
        found.map(str::to_owned).collect::<BTreeSet<String>>()
    };
    assert_eq!(
        there(json!({})).await,
        ids(&expected.present).into_iter().collect()
    );
    let sharing = there(json!({ "published_tracks": "screenshare" })).await;
    assert_eq!(sharing, ids(&expected.sharing).into_iter().collect());
}

/// Compares everything outside of calls with the model.
async fn compare_others(server: &Server, model: &Model) {
    let get = async |path: &str| {
        send(server, "GET", &format!("/api/v2{path}"), None)
            .await
            .ok()
    };
    let types = get("/video/calltypes").await;
    let made: Vec<&String> = types["call_types"]
        .as_object()
        .unwrap()
        .keys()
        .filter(|name| name.starts_with("type-"))
        .collect();
    let expected: Vec<String> = model
        .types
        .iter()
        .map(|one| step::call_type(*one))
        .collect();
    assert_eq!(made, expected.iter().collect::<Vec<_>>());
    let trunks = get("/video/sip/inbound_trunks").await;
    let numbers: BTreeSet<&str> = texts(&trunks["sip_trunks"], "/numbers/0")
        .into_iter()
        .collect();
    let expected: Vec<String> = model.trunks.keys().map(|one| step::number(*one)).collect();
    assert_eq!(numbers, expected.iter().map(String::as_str).collect());
    let users = get("/users?payload=%7B%22filter_conditions%22%3A%7B%7D%7D").await;
    let active: BTreeSet<&str> = texts(&users["users"], "/id").into_iter().collect();
    let expected = ids(&model
        .users
        .difference(&model.deactivated)
        .copied()
        .collect());
    assert_eq!(active, expected.iter().map(String::as_str).collect());
}

/// The kinds of steps that succeeded, and those that were refused.
type Seen = Mutex<BTreeSet<(String, bool)>>;

async fn follow(steps: &[Step], seen: &Seen) {
    let server = Server::builder().recording(false).start().await.unwrap();
    let mut model = Model::default();
    for step in steps {
        if model.is_beyond(step) {
            continue;
        }
        let trunk = model.trunk_of(step);
        let expected = model.perform(step);
        let (status, response) = step.perform(&server, trunk.as_deref()).await;
        assert_eq!(status, expected, "{step:?}: {response}");
        model.learn(step, &response);
        seen.lock().unwrap().insert((step.name(), status < 300));
        let found = match step {
            Step::QueryMember(id) => model.found(|_, call: &Call| call.members.contains(id)),
            Step::QueryRunning => model.found(|_, call| !call.ended),
            Step::QueryCustom(n) => model.found(|_, call| call.custom >= Some(*n)),
            Step::QueryRated(rating) => {
                let mut ratings = model.ratings.values().flatten();
                let count = ratings.by_ref().filter(|one| *one >= rating).count();
                assert_eq!(response["user_feedback"].as_array().unwrap().len(), count);
                continue;
            }
            _ => continue,
        };
        assert_eq!(texts(&response["calls"], "/call/id"), found, "{step:?}");
    }
    for id in 0..CALLS {
        compare_call(&server, &model, id).await;
    }
    compare_others(&server, &model).await;
    assert!(model.users.len() <= USERS);
}

/// Steps that nothing can refuse.
const NEVER_REFUSED: [&str; 6] = [
    "QueryCustom",
    "QueryMember",
    "QueryRated",
    "QueryRunning",
    "Upsert",
    "Wait",
];

#[test]
fn the_server_does_what_the_model_says() {
    const ENOUGH: u32 = 96;
    let cases = std::env::var("PROPTEST_CASES").ok();
    let cases = cases.map_or(ENOUGH, |cases| cases.parse().unwrap());
    let mut runner = TestRunner::new(Config {
        cases,
        rng_seed: RngSeed::Fixed(13),
        failure_persistence: None,
        ..Config::default()
    });
    let seen = Seen::default();
    let ran = runner.run(&step::sequences(), |steps| {
        let mut builder = tokio::runtime::Builder::new_current_thread();
        let runtime = builder.enable_all().build().unwrap();
        runtime.block_on(follow(&steps, &seen));
        Ok(())
    });
    ran.unwrap_or_else(|failure| panic!("{failure}"));
    if cases < ENOUGH {
        return;
    }
    // Every kind of step was tried where it works and where it does not.
    let seen = seen.into_inner().unwrap();
    let tried: BTreeSet<&str> = seen.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(tried.len(), 38, "{tried:?}");
    for name in tried {
        assert!(
            seen.contains(&(name.to_owned(), true)),
            "{name} never worked"
        );
        let is_refused = seen.contains(&(name.to_owned(), false));
        assert_eq!(is_refused, !NEVER_REFUSED.contains(&name), "{name}");
    }
}
