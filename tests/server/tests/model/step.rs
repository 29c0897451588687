//! The operations of a sequence, and how they are performed.

use std::time::Duration;

use proptest::prelude::*;
use serde_json::{Value, json};
use video_api_server::{Action, Server};

use crate::common::send;

pub(crate) const USERS: usize = 3;
pub(crate) const CALLS: usize = 2;
pub(crate) const BROADCASTS: [&str; 2] = ["one", "two"];
const TYPES: usize = 2;
const TRUNKS: usize = 2;

#[derive(Debug, Clone)]
pub(crate) enum Step {
    Upsert(usize),
    Deactivate(usize),
    Reactivate(usize),
    Create {
        call: usize,
        by: usize,
        members: Vec<usize>,
    },
    Custom(usize, i64),
    Members {
        call: usize,
        put: Vec<usize>,
        remove: Vec<usize>,
    },
    Block(usize, usize),
    Unblock(usize, usize),
    Kick {
        call: usize,
        user: usize,
        block: bool,
    },
    /// Grants or revokes the right to share the screen.
    Permit {
        call: usize,
        user: usize,
        grant: bool,
    },
    Share(usize, usize),
    Mute(usize, usize),
    GoLive(usize),
    StopLive(usize),
    End(usize),
    EndSession(usize),
    Delete {
        call: usize,
        hard: bool,
    },
    Join(usize, usize),
    Leave(usize, usize),
    StartRecording(usize),
    StopRecording(usize),
    StartTranscription(usize),
    StopTranscription(usize),
    StartHls(usize),
    StopHls(usize),
    StartRtmp(usize, usize),
    StopRtmp(usize, usize),
    StopAllRtmp(usize),
    Rate(usize, i64),
    CreateType(usize),
    DeleteType(usize),
    CreateTrunk(usize),
    DeleteTrunk(usize),
    /// Longer than empty sessions last.
    Wait,
    QueryMember(usize),
    QueryRunning,
    QueryCustom(i64),
    QueryRated(i64),
}

/// Sequences, most of which begin with users who are in calls, so that more can happen.
pub(crate) fn sequences() -> impl Strategy<Value = Vec<Step>> {
    let users = (0..USERS).map(Step::Upsert);
    let calls = (0..CALLS).map(|call| Step::Create {
        call,
        by: call,
        members: Vec::new(),
    });
    let joins = (0..CALLS).map(|call| Step::Join(call, call));
    let begun: Vec<Step> = users.chain(calls).chain(joins).collect();
    let begins = prop_oneof![1 => Just(Vec::new()), 3 => Just(begun)];
    let steps = prop::collection::vec(any_step(), 1..100);
    (begins, steps).prop_map(|(begin, steps)| [begin, steps].concat())
}

fn any_step() -> impl Strategy<Value = Step> {
    let on_call = || 0..CALLS;
    let with_user = || (0..CALLS, 0..USERS);
    let some = || {
        prop::collection::btree_set(0..USERS, 0..3)
            .prop_map(|set| set.into_iter().collect::<Vec<_>>())
    };
    let users = prop_oneof![
        6 => (0..USERS).prop_map(Step::Upsert),
        1 => (0..USERS).prop_map(Step::Deactivate),
        1 => (0..USERS).prop_map(Step::Reactivate),
    ];
    let calls = prop_oneof![
        5 => (on_call(), 0..USERS, some()).prop_map(|(call, by, members)| Step::Create { call, by, members }),
        1 => (on_call(), 0_i64..4).prop_map(|(call, n)| Step::Custom(call, n)),
        2 => (on_call(), some(), some()).prop_map(|(call, put, remove)| Step::Members { call, put, remove }),
        1 => on_call().prop_map(Step::GoLive),
        1 => on_call().prop_map(Step::StopLive),
        1 => on_call().prop_map(Step::End),
        1 => (on_call(), any::<bool>()).prop_map(|(call, hard)| Step::Delete { call, hard }),
        1 => (on_call(), 1_i64..6).prop_map(|(call, rating)| Step::Rate(call, rating)),
    ];
    let sessions = prop_oneof![
        6 => with_user().prop_map(|(call, user)| Step::Join(call, user)),
        2 => with_user().prop_map(|(call, user)| Step::Leave(call, user)),
        2 => with_user().prop_map(|(call, user)| Step::Share(call, user)),
        1 => on_call().prop_map(Step::EndSession),
        1 => Just(Step::Wait),
    ];
    let moderation = prop_oneof![
        1 => with_user().prop_map(|(call, user)| Step::Block(call, user)),
        1 => with_user().prop_map(|(call, user)| Step::Unblock(call, user)),
        1 => (on_call(), 0..USERS, any::<bool>()).prop_map(|(call, user, block)| Step::Kick { call, user, block }),
        1 => (on_call(), 0..USERS, any::<bool>()).prop_map(|(call, user, grant)| Step::Permit { call, user, grant }),
        1 => with_user().prop_map(|(call, user)| Step::Mute(call, user)),
    ];
    let name = || 0..BROADCASTS.len();
    let egress = prop_oneof![
        2 => on_call().prop_map(Step::StartRecording),
        2 => on_call().prop_map(Step::StopRecording),
        1 => on_call().prop_map(Step::StartTranscription),
        1 => on_call().prop_map(Step::StopTranscription),
        1 => on_call().prop_map(Step::StartHls),
        1 => on_call().prop_map(Step::StopHls),
        3 => (on_call(), name()).prop_map(|(call, name)| Step::StartRtmp(call, name)),
        2 => (on_call(), name()).prop_map(|(call, name)| Step::StopRtmp(call, name)),
        2 => on_call().prop_map(Step::StopAllRtmp),
    ];
    let others = prop_oneof![
        1 => (0..TYPES).prop_map(Step::CreateType),
        1 => (0..TYPES).prop_map(Step::DeleteType),
        1 => (0..TRUNKS).prop_map(Step::CreateTrunk),
        1 => (0..TRUNKS).prop_map(Step::DeleteTrunk),
        1 => (0..USERS).prop_map(Step::QueryMember),
        1 => Just(Step::QueryRunning),
        1 => (0_i64..4).prop_map(Step::QueryCustom),
        1 => (1_i64..6).prop_map(Step::QueryRated),
    ];
    prop_oneof![3 => users, 6 => calls, 6 => sessions, 3 => moderation, 4 => egress, 3 => others]
}

pub(crate) fn user(id: usize) -> String {
    format!("u{id}")
}

pub(crate) fn path(call: usize) -> String {
    format!("/api/v2/video/call/default/c{call}")
}

pub(crate) fn call_type(id: usize) -> String {
    format!("type-{id}")
}

pub(crate) fn number(trunk: usize) -> String {
    format!("+310000000{trunk}")
}

pub(crate) fn texts<'a>(list: &'a Value, pointer: &str) -> Vec<&'a str> {
    let list = list.as_array().unwrap().iter();
    list.map(|entry| entry.pointer(pointer).unwrap().as_str().unwrap())
        .collect()
}

fn members(ids: &[usize]) -> Vec<Value> {
    let ids = ids.iter();
    ids.map(|id| json!({ "user_id": user(*id) })).collect()
}

/// Does what media do; the status is that of a request that means the same.
async fn act(server: &Server, call: usize, action: Value) -> (u16, Value) {
    const FORBIDDEN: [&str; 5] = ["blocked", "has ended", "backstage", "deactivated", "lacks"];
    let action: Action = serde_json::from_value(action).unwrap();
    match server.simulate(&format!("default:c{call}"), action).await {
        Ok(session) => (200, session),
        Err(message) if message.contains("Can't find call") => (404, message.into()),
        Err(message) if FORBIDDEN.iter().any(|why| message.contains(why)) => (403, message.into()),
        Err(message) => (400, message.into()),
    }
}

impl Step {
    /// The name of its kind.
    pub(crate) fn name(&self) -> String {
        let shown = format!("{self:?}");
        let letters = shown.chars().take_while(|letter| letter.is_alphabetic());
        letters.collect()
    }

    /// Status and response; `trunk` is the id of the trunk that is meant, if it exists.
    pub(crate) async fn perform(&self, server: &Server, trunk: Option<&str>) -> (u16, Value) {
        let ask = async |method: &str, target: String, body: Option<Value>| {
            let reply = send(server, method, &target, body.as_ref()).await;
            (reply.status, reply.json())
        };
        let post = async |target: &str, body: Value| {
            ask("POST", format!("/api/v2{target}"), Some(body)).await
        };
        let on = async |call: &usize, rest: &str, body: Value| {
            ask("POST", format!("{}/{rest}", path(*call)), Some(body)).await
        };
        match self {
            Self::Upsert(id) => {
                let users = json!({ "users": { user(*id): { "id": user(*id) } } });
                post("/users", users).await
            }
            Self::Deactivate(id) => post(&format!("/users/u{id}/deactivate"), json!({})).await,
            Self::Reactivate(id) => post(&format!("/users/u{id}/reactivate"), json!({})).await,
            Self::Create {
                call,
                by,
                members: ids,
            } => {
                let data = json!({ "created_by_id": user(*by), "members": members(ids) });
                ask("POST", path(*call), Some(json!({ "data": data }))).await
            }
            Self::Custom(call, n) => {
                let custom = json!({ "custom": { "n": n } });
                ask("PATCH", path(*call), Some(custom)).await
            }
            Self::Members { call, put, remove } => {
                let remove: Vec<String> = remove.iter().map(|id| user(*id)).collect();
                let body = json!({ "update_members": members(put), "remove_members": remove });
                on(call, "members", body).await
            }
            Self::Block(call, id) => on(call, "block", json!({ "user_id": user(*id) })).await,
            Self::Unblock(call, id) => on(call, "unblock", json!({ "user_id": user(*id) })).await,
            Self::Kick {
                call,
                user: id,
                block,
            } => {
                on(
                    call,
                    "kick",
                    json!({ "user_id": user(*id), "block": block }),
                )
                .await
            }
            Self::Permit {
                call,
                user: id,
                grant,
            } => {
                let list = if *grant {
                    "grant_permissions"
                } else {
                    "revoke_permissions"
                };
                let body = json!({ "user_id": user(*id), list: ["screenshare"] });
                on(call, "user_permissions", body).await
            }
            Self::Mute(call, id) => {
                let body = json!({ "user_ids": [user(*id)], "screenshare": true });
                on(call, "mute_users", body).await
            }
            Self::GoLive(call) => on(call, "go_live", json!({})).await,
            Self::StopLive(call) => on(call, "stop_live", json!({})).await,
            Self::End(call) => on(call, "mark_ended", json!({})).await,
            Self::Delete { call, hard } => on(call, "delete", json!({ "hard": hard })).await,
            Self::Join(call, id) => {
                act(
                    server,
                    *call,
                    json!({ "action": "join", "user_id": user(*id) }),
                )
                .await
            }
            Self::Leave(call, id) => {
                act(
                    server,
                    *call,
                    json!({ "action": "leave", "user_id": user(*id) }),
                )
                .await
            }
            Self::Share(call, id) => {
                let tracks = ["screenshare"];
                let share = json!({ "action": "publish", "user_id": user(*id), "tracks": tracks });
                act(server, *call, share).await
            }
            Self::EndSession(call) => act(server, *call, json!({ "action": "end_session" })).await,
            Self::StartRecording(call) => on(call, "recordings/composite/start", json!({})).await,
            Self::StopRecording(call) => on(call, "recordings/composite/stop", json!({})).await,
            Self::StartTranscription(call) => on(call, "start_transcription", json!({})).await,
            Self::StopTranscription(call) => on(call, "stop_transcription", json!({})).await,
            Self::StartHls(call) => on(call, "start_broadcasting", json!({})).await,
            Self::StopHls(call) => on(call, "stop_broadcasting", json!({})).await,
            Self::StartRtmp(call, name) => {
                let broadcast = json!({ "name": BROADCASTS[*name], "stream_url": "rtmp://x" });
                on(
                    call,
                    "rtmp_broadcasts",
                    json!({ "broadcasts": [broadcast] }),
                )
                .await
            }
            Self::StopRtmp(call, name) => {
                let rest = format!("rtmp_broadcasts/{}/stop", BROADCASTS[*name]);
                on(call, &rest, json!({})).await
            }
            Self::StopAllRtmp(call) => on(call, "rtmp_broadcasts/stop", json!({})).await,
            Self::Rate(call, rating) => {
                let body = json!({ "rating": rating, "sdk": "s", "sdk_version": "1" });
                on(call, "feedback", body).await
            }
            Self::CreateType(id) => {
                post("/video/calltypes", json!({ "name": call_type(*id) })).await
            }
            Self::DeleteType(id) => {
                let target = format!("/api/v2/video/calltypes/{}", call_type(*id));
                ask("DELETE", target, None).await
            }
            Self::CreateTrunk(id) => {
                let body = json!({ "name": "office", "numbers": [number(*id)] });
                post("/video/sip/inbound_trunks", body).await
            }
            Self::DeleteTrunk(_) => {
                let id = trunk.unwrap_or("none");
                let target = format!("/api/v2/video/sip/inbound_trunks/{id}");
                ask("DELETE", target, None).await
            }
            Self::Wait => {
                server.clock().advance(Duration::from_secs(31));
                (200, Value::Null)
            }
            Self::QueryMember(id) => {
                let filter = json!({ "members": { "$in": [user(*id)] } });
                post("/video/calls", json!({ "filter_conditions": filter })).await
            }
            Self::QueryRunning => {
                let filter = json!({ "ended_at": null });
                post("/video/calls", json!({ "filter_conditions": filter })).await
            }
            Self::QueryCustom(n) => {
                let filter = json!({ "custom.n": { "$gte": n } });
                post("/video/calls", json!({ "filter_conditions": filter })).await
            }
            Self::QueryRated(rating) => {
                let filter = json!({ "rating": { "$gte": rating } });
                let query = json!({ "filter_conditions": filter, "limit": 100 });
                post("/video/call/feedback", query).await
            }
        }
    }
}
