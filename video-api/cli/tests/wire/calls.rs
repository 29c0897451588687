//! Calls, members, moderation and feedback.

use serde_json::json;
use video_api::Timestamp;
use video_api::types::{CallRequest, MemberRequest, SortParamRequest, UserRequest};

use super::{Case, ID, call, case};

pub(crate) fn cases() -> Vec<Case> {
    vec![
        case!("GetCall", ["default", ID, "--members-limit", "5", "--ring=false", "--notify", "--video"],
            {"path": call(), "query": {"members_limit": 5, "ring": false, "notify": true, "video": "true"}},
            |c| c.get_call("default", ID).members_limit(5).ring(false).notify(true).video(true)),
        case!("GetOrCreateCall",
            ["default", ID, "--data", r#"{"created_by_id":"ana","custom":{"a":null,"b":[],"c":0},"members":[{"user_id":"bo"}]}"#,
                "--members-limit", "0", "--ring"],
            {"path": call(), "body": {
                "data": {"created_by_id": "ana", "custom": {"a": null, "b": [], "c": 0}, "members": [{"user_id": "bo"}]},
                "members_limit": 0, "ring": true, "video": null}},
            |c| c.get_or_create_call("default", ID)
                .data(CallRequest::new().created_by_id("ana").custom(json!({"a": null, "b": [], "c": 0}))
                    .members([MemberRequest::new("bo")]))
                .members_limit(0)
                .ring(true)),
        case!("UpdateCall", ["default", ID, "--custom", r#"{"x":{"y":null}}"#, "--starts-at", "2026-01-31T13:00:00.5+01:00"],
            {"path": call(), "body": {"custom": {"x": {"y": null}}, "starts_at": "2026-01-31T12:00:00.500Z"}},
            |c| c.update_call("default", ID).custom(json!({"x": {"y": null}})).starts_at(time("2026-01-31T12:00:00.5Z"))),
        case!("DeleteCall", ["default", ID, "--hard"],
            {"path": call(), "body": {"hard": true}},
            |c| c.delete_call("default", ID).hard(true)),
        case!("EndCall", ["default", ID], {"path": call()}, |c| c.end_call("default", ID)),
        case!("RingCall", ["default", ID, "--members-ids", "ana", "--members-ids", "bo"],
            {"path": call(), "body": {"members_ids": ["ana", "bo"]}},
            |c| c.ring_call("default", ID).members_ids(["ana", "bo"])),
        case!("SendCallEvent", ["default", ID, "--custom", "{}", "--user-id", "ana"],
            {"path": call(), "body": {"custom": {}, "user_id": "ana"}},
            |c| c.send_call_event("default", ID).custom(json!({})).user_id("ana")),
        case!("QueryCalls", ["--filter-conditions", r#"{"ended_at":null}"#, "--limit", "0",
                "--sort", "created_at desc"],
            {"body": {"filter_conditions": {"ended_at": null}, "limit": 0,
                "sort": [{"field": "created_at", "direction": -1}]}},
            |c| c.query_calls().filter_conditions(json!({"ended_at": null})).limit(0)
                .sort([SortParamRequest::new().field("created_at").direction(-1)])),
        case!("QueryCallMembers", ["default", ID, "--limit", "3"],
            {"body": {"type": "default", "id": ID, "limit": 3}},
            |c| c.query_call_members("default", ID).limit(3)),
        case!("QueryCallParticipants", ["default", ID, "--limit", "2", "--filter-conditions", r#"{"a":false}"#],
            {"path": call(), "query": {"limit": "2"}, "body": {"filter_conditions": {"a": false}}},
            |c| c.query_call_participants("default", ID).limit(2).filter_conditions(json!({"a": false}))),
        case!("UpdateCallMembers", ["default", ID, "--remove-members", "bo",
                "--update-members", r#"[{"user_id":"ana","role":"host","custom":{"n":null}}]"#],
            {"path": call(), "body": {"remove_members": ["bo"],
                "update_members": [{"user_id": "ana", "role": "host", "custom": {"n": null}}]}},
            |c| c.update_call_members("default", ID).remove_members(["bo"])
                .update_members([MemberRequest::new("ana").role("host").custom(json!({"n": null}))])),
        case!("BlockUser", ["default", ID, "ana"],
            {"path": call(), "body": {"user_id": "ana"}},
            |c| c.block_user("default", ID, "ana")),
        case!("UnblockUser", ["default", ID, "--user-id=-ana"],
            {"path": call(), "body": {"user_id": "-ana"}},
            |c| c.unblock_user("default", ID, "-ana")),
        case!("KickUser", ["default", ID, "--user-id", "ana", "--block", "--kicked-by", r#"{"id":"bo"}"#],
            {"path": call(), "body": {"user_id": "ana", "block": true, "kicked_by": {"id": "bo"}}},
            |c| c.kick_user("default", ID, "ana").block(true).kicked_by(UserRequest::new("bo"))),
        case!("MuteUsers", ["default", ID, "--body", r#"{"user_ids":[],"audio":true}"#, "--video=false"],
            {"path": call(), "body": {"user_ids": [], "audio": true, "video": false}},
            |c| c.mute_users("default", ID).user_ids(Vec::<String>::new()).audio(true).video(false)),
        case!("UpdateUserPermissions", ["default", ID, "--user-id", "ana", "--grant-permissions", "send-audio",
                "--revoke-permissions", "screenshare"],
            {"path": call(), "body": {"user_id": "ana", "grant_permissions": ["send-audio"],
                "revoke_permissions": ["screenshare"]}},
            |c| c.update_user_permissions("default", ID, "ana").grant_permissions(["send-audio"])
                .revoke_permissions(["screenshare"])),
        case!("VideoPin", ["default", ID, "s", "ana"],
            {"path": call(), "body": {"session_id": "s", "user_id": "ana"}},
            |c| c.video_pin("default", ID, "s", "ana")),
        case!("VideoUnpin", ["default", ID, "--session-id", "s", "--user-id", "ana"],
            {"path": call(), "body": {"session_id": "s", "user_id": "ana"}},
            |c| c.video_unpin("default", ID, "s", "ana")),
        case!("CollectUserFeedback", ["default", ID, "--rating", "5", "--sdk", "rust", "--sdk-version", "1"],
            {"path": call(), "body": {"rating": 5, "sdk": "rust", "sdk_version": "1"}},
            |c| c.collect_user_feedback("default", ID, 5, "rust", "1")),
        case!("QueryUserFeedback", ["--field-full", "--next", "c&=", "--limit", "1"],
            {"query": {"full": true}, "body": {"next": "c&=", "limit": 1}},
            |c| c.query_user_feedback().full(true).next("c&=").limit(1)),
    ]
}

pub(crate) fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}
