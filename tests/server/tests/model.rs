//! Random sequences of operations against a small reference model. What fails is shrunk; the seed
//! is fixed, `PROPTEST_CASES` sets how many sequences are tried.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod common;

use std::collections::{BTreeMap, BTreeSet};

use common::send;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed};
use serde_json::{Value, json};
use video_api_server::{Action, Server};

const USERS: usize = 4;
const CALLS: usize = 3;

#[derive(Debug, Clone)]
enum Step {
    Upsert(usize),
    Create {
        call: usize,
        by: usize,
        members: Vec<usize>,
    },
    Members {
        call: usize,
        put: Vec<usize>,
        remove: Vec<usize>,
    },
    Block(usize, usize),
    Unblock(usize, usize),
    GoLive(usize),
    StopLive(usize),
    End(usize),
    Delete {
        call: usize,
        hard: bool,
    },
    Join(usize, usize),
    Leave(usize, usize),
    StartRecording(usize),
    StopRecording(usize),
    QueryMember(usize),
    QueryRunning,
}

fn step() -> impl Strategy<Value = Step> {
    let user = 0..USERS;
    let call = 0..CALLS;
    let some = || {
        prop::collection::btree_set(0..USERS, 0..3)
            .prop_map(|set| set.into_iter().collect::<Vec<_>>())
    };
    prop_oneof![
        3 => user.clone().prop_map(Step::Upsert),
        4 => (call.clone(), user.clone(), some()).prop_map(|(call, by, members)| Step::Create { call, by, members }),
        2 => (call.clone(), some(), some()).prop_map(|(call, put, remove)| Step::Members { call, put, remove }),
        1 => (call.clone(), user.clone()).prop_map(|(call, user)| Step::Block(call, user)),
        1 => (call.clone(), user.clone()).prop_map(|(call, user)| Step::Unblock(call, user)),
        1 => call.clone().prop_map(Step::GoLive),
        1 => call.clone().prop_map(Step::StopLive),
        1 => call.clone().prop_map(Step::End),
        1 => (call.clone(), any::<bool>()).prop_map(|(call, hard)| Step::Delete { call, hard }),
        3 => (call.clone(), user.clone()).prop_map(|(call, user)| Step::Join(call, user)),
        2 => (call.clone(), user.clone()).prop_map(|(call, user)| Step::Leave(call, user)),
        2 => call.clone().prop_map(Step::StartRecording),
        2 => call.prop_map(Step::StopRecording),
        1 => user.prop_map(Step::QueryMember),
        1 => Just(Step::QueryRunning),
    ]
}

/// What is expected of a call.
#[derive(Debug, Default, Clone)]
struct Call {
    /// Oldest first.
    members: Vec<usize>,
    blocked: Vec<usize>,
    backstage: bool,
    ended: bool,
    present: BTreeSet<usize>,
    has_session: bool,
    recording: bool,
    recordings: usize,
    by: usize,
    age: usize,
}

/// What is expected of the server.
#[derive(Debug, Default)]
struct Model {
    users: BTreeSet<usize>,
    calls: BTreeMap<usize, Call>,
    /// Calls so far, for the order of queries.
    made: usize,
}

fn user(id: usize) -> String {
    format!("u{id}")
}

fn path(call: usize) -> String {
    format!("/api/v2/video/call/default/c{call}")
}

impl Model {
    /// The status that a step answers, and the change it makes.
    fn perform(&mut self, step: &Step) -> u16 {
        let known =
            |users: &BTreeSet<usize>, ids: &[usize]| ids.iter().all(|id| users.contains(id));
        match step {
            Step::Upsert(id) => {
                self.users.insert(*id);
                201
            }
            Step::Create { call, by, members } => {
                if self.calls.contains_key(call) {
                    return 201;
                }
                if !known(&self.users, members) || !self.users.contains(by) {
                    return 400;
                }
                self.made += 1;
                let members = members.clone();
                let new = Call {
                    members,
                    by: *by,
                    age: self.made,
                    ..Call::default()
                };
                self.calls.insert(*call, new);
                201
            }
            Step::Members { call, put, remove } => {
                let Some(known_call) = self.calls.get_mut(call) else {
                    return 404;
                };
                if put.iter().any(|id| remove.contains(id)) || !known(&self.users, put) {
                    return 400;
                }
                for id in put {
                    if !known_call.members.contains(id) {
                        known_call.members.push(*id);
                    }
                }
                known_call.members.retain(|id| !remove.contains(id));
                201
            }
            Step::Block(call, id) => self.on_call(*call, Some(*id), |call| {
                if !call.blocked.contains(id) {
                    call.blocked.push(*id);
                    call.present.remove(id);
                }
                201
            }),
            Step::Unblock(call, id) => self.on_call(*call, Some(*id), |call| {
                call.blocked.retain(|blocked| blocked != id);
                201
            }),
            Step::GoLive(call) => self.on_call(*call, None, |call| {
                call.backstage = false;
                201
            }),
            Step::StopLive(call) => self.on_call(*call, None, |call| {
                call.backstage = true;
                call.stop_recording();
                201
            }),
            Step::End(call) => self.on_call(*call, None, |call| {
                if !call.ended {
                    call.ended = true;
                    call.end_session();
                }
                201
            }),
            Step::Delete { call, .. } => match self.calls.remove(call) {
                Some(_) => 201,
                None => 404,
            },
            Step::Join(call, id) => {
                let is_known = self.users.contains(id);
                let Some(call) = self.calls.get_mut(call) else {
                    return 404;
                };
                if !is_known {
                    return 400;
                }
                // Owners may join whatever they like, members what ended, others neither that nor
                // what is backstage.
                let is_owner = call.by == *id;
                let may_join_ended = is_owner || call.members.contains(id);
                let is_closed = (call.ended && !may_join_ended) || (call.backstage && !is_owner);
                if call.blocked.contains(id) || is_closed {
                    return 403;
                }
                call.has_session = true;
                call.present.insert(*id);
                200
            }
            Step::Leave(call, id) => {
                let Some(call) = self.calls.get_mut(call) else {
                    return 404;
                };
                if call.present.remove(id) { 200 } else { 400 }
            }
            Step::StartRecording(call) => self.on_call(*call, None, |call| {
                if !call.has_session || call.recording {
                    return 400;
                }
                call.recording = true;
                201
            }),
            Step::StopRecording(call) => {
                self.on_call(
                    *call,
                    None,
                    |call| {
                        if call.stop_recording() { 201 } else { 400 }
                    },
                )
            }
            Step::QueryMember(_) | Step::QueryRunning => 201,
        }
    }

    fn on_call(
        &mut self,
        call: usize,
        id: Option<usize>,
        change: impl FnOnce(&mut Call) -> u16,
    ) -> u16 {
        let Some(call) = self.calls.get_mut(&call) else {
            return 404;
        };
        if id.is_some_and(|id| !self.users.contains(&id)) {
            return 400;
        }
        change(call)
    }

    /// Ids of the calls that fit, the newest first.
    fn found(&self, fits: impl Fn(&Call) -> bool) -> Vec<String> {
        let mut found: Vec<(usize, usize)> = self
            .calls
            .iter()
            .filter(|(_, call)| fits(call))
            .map(|(id, call)| (call.age, *id))
            .collect();
        found.sort_unstable();
        found.iter().rev().map(|(_, id)| format!("c{id}")).collect()
    }
}

impl Call {
    fn stop_recording(&mut self) -> bool {
        let ran = std::mem::take(&mut self.recording);
        self.recordings += usize::from(ran);
        ran
    }

    fn end_session(&mut self) {
        self.stop_recording();
        self.has_session = false;
        self.present.clear();
    }
}

async fn perform(server: &Server, step: &Step) -> (u16, Value) {
    let members = |ids: &[usize]| -> Vec<Value> {
        ids.iter()
            .map(|id| json!({ "user_id": user(*id) }))
            .collect()
    };
    let ask = async |method: &str, target: String, body: Value| {
        let reply = send(server, method, &target, Some(&body)).await;
        (reply.status, reply.json())
    };
    let act = async |call: usize, action: Value| {
        let action: Action = serde_json::from_value(action).unwrap();
        match server.simulate(&format!("default:c{call}"), action).await {
            Ok(session) => (200, session),
            Err(message) if message.contains("Can't find call") => (404, message.into()),
            Err(message)
                if ["blocked", "has ended", "backstage"]
                    .iter()
                    .any(|why| message.contains(why)) =>
            {
                (403, message.into())
            }
            Err(message) => (400, message.into()),
        }
    };
    match step {
        Step::Upsert(id) => {
            let users = json!({ "users": { user(*id): { "id": user(*id) } } });
            ask("POST", "/api/v2/users".into(), users).await
        }
        Step::Create {
            call,
            by,
            members: ids,
        } => {
            let data = json!({ "created_by_id": user(*by), "members": members(ids) });
            ask("POST", path(*call), json!({ "data": data })).await
        }
        Step::Members { call, put, remove } => {
            let remove: Vec<String> = remove.iter().map(|id| user(*id)).collect();
            let body = json!({ "update_members": members(put), "remove_members": remove });
            ask("POST", format!("{}/members", path(*call)), body).await
        }
        Step::Block(call, id) => {
            ask(
                "POST",
                format!("{}/block", path(*call)),
                json!({ "user_id": user(*id) }),
            )
            .await
        }
        Step::Unblock(call, id) => {
            ask(
                "POST",
                format!("{}/unblock", path(*call)),
                json!({ "user_id": user(*id) }),
            )
            .await
        }
        Step::GoLive(call) => ask("POST", format!("{}/go_live", path(*call)), json!({})).await,
        Step::StopLive(call) => ask("POST", format!("{}/stop_live", path(*call)), json!({})).await,
        Step::End(call) => ask("POST", format!("{}/mark_ended", path(*call)), json!({})).await,
        Step::Delete { call, hard } => {
            ask(
                "POST",
                format!("{}/delete", path(*call)),
                json!({ "hard": hard }),
            )
            .await
        }
        Step::Join(call, id) => act(*call, json!({ "action": "join", "user_id": user(*id) })).await,
        Step::Leave(call, id) => {
            act(*call, json!({ "action": "leave", "user_id": user(*id) })).await
        }
        Step::StartRecording(call) => {
            ask(
                "POST",
                format!("{}/recordings/composite/start", path(*call)),
                json!({}),
            )
            .await
        }
        Step::StopRecording(call) => {
            ask(
                "POST",
                format!("{}/recordings/composite/stop", path(*call)),
                json!({}),
            )
            .await
        }
        Step::QueryMember(id) => {
            let filter = json!({ "filter_conditions": { "members": { "$in": [user(*id)] } } });
            ask("POST", "/api/v2/video/calls".into(), filter).await
        }
        Step::QueryRunning => {
            let filter = json!({ "filter_conditions": { "ended_at": null } });
            ask("POST", "/api/v2/video/calls".into(), filter).await
        }
    }
}

fn texts<'a>(list: &'a Value, pointer: &str) -> Vec<&'a str> {
    let list = list.as_array().unwrap().iter();
    list.map(|entry| entry.pointer(pointer).unwrap().as_str().unwrap())
        .collect()
}

/// Every call is as the model has it.
async fn compare(server: &Server, model: &Model) {
    for id in 0..CALLS {
        let reply = send(server, "GET", &path(id), None).await;
        let Some(expected) = model.calls.get(&id) else {
            assert_eq!(reply.status, 404);
            continue;
        };
        let state = reply.ok();
        let members: Vec<String> = expected.members.iter().rev().map(|id| user(*id)).collect();
        assert_eq!(texts(&state["members"], "/user_id"), members);
        let call = &state["call"];
        let blocked: Vec<String> = expected.blocked.iter().map(|id| user(*id)).collect();
        assert_eq!(call["blocked_user_ids"], json!(blocked));
        assert_eq!(call["backstage"], expected.backstage);
        assert_eq!(call["recording"], expected.recording);
        assert_eq!(call["ended_at"].is_i64(), expected.ended);
        assert_eq!(call["current_session_id"] != "", expected.has_session);
        let there = match call.get("session") {
            Some(session) => texts(&session["participants"], "/user/id")
                .into_iter()
                .collect(),
            None => BTreeSet::new(),
        };
        let present: Vec<String> = expected.present.iter().map(|id| user(*id)).collect();
        assert_eq!(there, present.iter().map(String::as_str).collect());
        let listed = send(server, "GET", &format!("{}/recordings", path(id)), None)
            .await
            .ok();
        assert_eq!(
            listed["recordings"].as_array().unwrap().len(),
            expected.recordings
        );
    }
}

async fn follow(steps: &[Step]) {
    let server = Server::builder().recording(false).start().await.unwrap();
    let mut model = Model::default();
    for step in steps {
        // Being there twice is fine for the API; the model knows users, not their devices.
        if let Step::Join(call, id) = step
            && model
                .calls
                .get(call)
                .is_some_and(|call| call.present.contains(id))
        {
            continue;
        }
        let expected = model.perform(step);
        let (status, answer) = perform(&server, step).await;
        assert_eq!(status, expected, "{step:?}: {answer}");
        let found = match step {
            Step::QueryMember(id) => model.found(|call| call.members.contains(id)),
            Step::QueryRunning => model.found(|call| !call.ended),
            _ => continue,
        };
        assert_eq!(texts(&answer["calls"], "/call/id"), found, "{step:?}");
    }
    compare(&server, &model).await;
}

proptest! {
    #![proptest_config(Config {
        cases: 96,
        rng_seed: RngSeed::Fixed(13),
        failure_persistence: None,
        ..Config::default()
    })]

    #[test]
    fn the_server_does_what_the_model_says(steps in prop::collection::vec(step(), 1..60)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(follow(&steps));
    }
}
