//! A day of a video backend, through the client against the local server.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests: a failure here is a failed test"
)]

use std::time::Duration;

use futures_util::TryStreamExt;
use serde_json::json;
use video_api::types::{
    CallRequest, MemberRequest, SipCallerConfigsRequest, SipDirectRoutingRuleCallConfigsRequest,
    UserRequest,
};
use video_api::webhook::Verifier;
use video_api::{Call, Client, Event};
use video_api_server::{Action, Delivery, Server};

/// The local server, strict, and a client of it.
async fn start() -> (Server, Client) {
    let server = Server::builder().strict(true).start().await.unwrap();
    let client = Client::builder(server.api_key())
        .secret(server.secret())
        .base_url(server.url())
        .build()
        .unwrap();
    (server, client)
}

async fn users(client: &Client, ids: &[&str]) {
    let users = ids.iter().map(|id| UserRequest::new(*id));
    client.upsert_users(users).send().await.unwrap();
}

async fn create(client: &Client, kind: &str, id: &str, members: &[(&str, &str)]) -> Call {
    let members = members
        .iter()
        .map(|(user, role)| MemberRequest::new(*user).role(*role));
    let call = client.call(kind, id);
    let data = CallRequest::new().created_by_id("ana").members(members);
    call.get_or_create().data(data).send().await.unwrap();
    call
}

/// Does on the server what media would.
async fn act(server: &Server, cid: &str, action: serde_json::Value) -> Result<(), String> {
    let action: Action = serde_json::from_value(action).unwrap();
    server.simulate(cid, action).await.map(|_| ())
}

#[tokio::test]
async fn a_livestream_from_backstage_to_recording_and_report() {
    let (server, client) = start().await;
    users(&client, &["ana", "ben", "cyn"]).await;
    let call = create(&client, "livestream", "launch", &[("ana", "host")]).await;
    assert!(call.get().send().await.unwrap().call.backstage);
    let join = |user: &str| json!({ "action": "join", "user_id": user });
    let refused = act(&server, "livestream:launch", join("ben")).await;
    assert!(refused.unwrap_err().contains("backstage"));

    // Nothing can be recorded yet, whichever way it is asked for.
    let early = call.go_live().start_recording(true).send().await;
    assert!(early.unwrap_err().to_string().contains("no active session"));
    let early = call.start_recording("composite").send().await;
    assert!(early.unwrap_err().to_string().contains("no active session"));
    let early = call.get().send().await.unwrap();
    assert!(early.call.backstage && !early.call.recording);

    let host = json!({ "action": "join", "user_id": "ana", "tracks": ["audio", "video"] });
    act(&server, "livestream:launch", host).await.unwrap();
    let live = call
        .go_live()
        .start_recording(true)
        .start_hls(true)
        .send()
        .await
        .unwrap();
    assert!(!live.call.backstage);
    assert!(live.call.recording);
    assert!(live.call.egress.hls.is_some());
    for viewer in ["ben", "cyn"] {
        act(&server, "livestream:launch", join(viewer))
            .await
            .unwrap();
    }
    server.clock().advance(Duration::from_secs(600));
    let status = client.get_active_calls_status().send().await.unwrap();
    assert_eq!(status.summary.as_ref().unwrap().active_subscribers, 2);

    call.stop_live().send().await.unwrap();
    call.end().send().await.unwrap();
    let recordings = call.list_recordings().send().await.unwrap();
    let recording = &recordings.recordings[0];
    assert!(recording.url.starts_with(&server.url()));
    let report = call.get_report().send().await.unwrap();
    assert_eq!(report.report.participants.unique, 3);
    assert_eq!(report.report.participants.max_concurrent, Some(3));
    let publishers = report.report.participants.publishers.as_ref().unwrap();
    assert_eq!(publishers.unique, 1);

    let file = call.delete_recording(&recording.session_id, &recording.filename);
    file.send().await.unwrap();
    let gone = call.delete_recording(&recording.session_id, &recording.filename);
    assert!(gone.send().await.unwrap_err().is_not_found());
}

#[tokio::test]
async fn a_moderated_audio_room() {
    let (server, client) = start().await;
    users(&client, &["ana", "ben", "eve"]).await;
    let call = create(&client, "audio_room", "talk", &[("ana", "host")]).await;
    call.go_live().send().await.unwrap();
    for user in ["ana", "ben", "eve"] {
        act(
            &server,
            "audio_room:talk",
            json!({ "action": "join", "user_id": user }),
        )
        .await
        .unwrap();
    }
    let speak = json!({ "action": "publish", "user_id": "ben", "tracks": ["audio"] });
    assert!(
        act(&server, "audio_room:talk", speak.clone())
            .await
            .is_err()
    );
    call.update_user_permissions("ben")
        .grant_permissions(["send-audio"])
        .send()
        .await
        .unwrap();
    act(&server, "audio_room:talk", speak.clone())
        .await
        .unwrap();
    call.mute_users()
        .user_ids(["ben"])
        .audio(true)
        .muted_by_id("ana")
        .send()
        .await
        .unwrap();
    call.update_user_permissions("ben")
        .revoke_permissions(["send-audio"])
        .send()
        .await
        .unwrap();
    assert!(act(&server, "audio_room:talk", speak).await.is_err());

    call.kick_user("eve")
        .block(true)
        .kicked_by_id("ana")
        .send()
        .await
        .unwrap();
    let there = call.query_participants().send().await.unwrap();
    let there: Vec<&str> = there
        .participants
        .iter()
        .map(|one| one.user.id.as_str())
        .collect();
    assert_eq!(there, ["ana", "ben"]);
    let back = act(
        &server,
        "audio_room:talk",
        json!({ "action": "join", "user_id": "eve" }),
    )
    .await;
    assert!(back.unwrap_err().contains("blocked"));
    call.unblock_user("eve").send().await.unwrap();
    act(
        &server,
        "audio_room:talk",
        json!({ "action": "join", "user_id": "eve" }),
    )
    .await
    .unwrap();
}

#[tokio::test]
async fn a_sip_call_from_trunk_to_resolution() {
    let (server, client) = start().await;
    users(&client, &["ana"]).await;
    let trunk = client
        .create_sip_trunk("Office", ["+31201234567"])
        .send()
        .await
        .unwrap();
    let trunk = trunk.sip_trunk.as_ref().unwrap();
    let rule = client
        .create_sip_inbound_routing_rule(
            SipCallerConfigsRequest::new("phone-{{caller_number}}"),
            "Everyone",
            [trunk.id.as_str()],
        )
        .direct_routing_configs(SipDirectRoutingRuleCallConfigsRequest::new(
            "lobby", "default",
        ))
        .send()
        .await
        .unwrap();
    let led = client
        .resolve_sip_inbound("+5550199", "+31201234567")
        .send()
        .await
        .unwrap();
    assert_eq!(led.sip_routing_rule.as_ref().unwrap().id, rule.id);
    assert_eq!(led.credentials.user_id, "phone-+5550199");

    // The token it answers lets exactly this caller into exactly this call.
    let caller = Client::builder(&led.credentials.api_key)
        .user_token(led.credentials.token.clone())
        .base_url(server.url())
        .build()
        .unwrap();
    let call = caller.call(&led.credentials.call_type, &led.credentials.call_id);
    assert_eq!(
        call.get().send().await.unwrap().call.created_by.id,
        "phone-+5550199"
    );
    create(&client, "default", "other", &[]).await;
    let other = caller.call("default", "other").get().send().await;
    let status = other.unwrap_err().status().map(|status| status.as_u16());
    assert_eq!(status, Some(403));
}

#[tokio::test]
async fn a_day_of_a_backend() {
    let (server, client) = start().await;
    let staff = ["ana", "ben", "cyn", "dan"];
    let missing = client.call("default", "early").get_or_create();
    let missing = missing
        .data(CallRequest::new().created_by_id("ana"))
        .send()
        .await
        .unwrap_err();
    assert!(
        missing.to_string().contains("don't exist: [ana]"),
        "{missing}"
    );
    users(&client, &staff).await;
    for hour in 0..8 {
        let id = format!("meeting-{hour}");
        let cid = format!("default:{id}");
        let call = create(&client, "default", &id, &[("ben", "user"), ("cyn", "user")]).await;
        for user in &staff[..=hour % 4] {
            let join = json!({ "action": "join", "user_id": user, "tracks": ["audio"] });
            act(&server, &cid, join).await.unwrap();
        }
        server
            .clock()
            .advance(Duration::from_secs(60 * (hour as u64 + 1)));
        call.collect_user_feedback(i32::try_from(hour % 5 + 1).unwrap(), "rust", "1")
            .send()
            .await
            .unwrap();
        call.end().send().await.unwrap();
    }
    let of_ben = json!({ "members": { "$in": ["ben"] }, "ended_at": { "$exists": true } });
    let calls = client
        .query_calls()
        .filter_conditions(of_ben)
        .limit(3)
        .items();
    let ids: Vec<String> = calls
        .map_ok(|state| state.call.id.clone())
        .try_collect()
        .await
        .unwrap();
    assert_eq!(ids.len(), 8);
    assert_eq!(ids.first().map(String::as_str), Some("meeting-7"));

    let reports = client.query_call_stats().limit(100).send().await.unwrap();
    assert_eq!(reports.reports.len(), 8);
    assert!(reports.reports[0].call_duration_seconds >= 480);
    let low = client
        .query_user_feedback()
        .filter_conditions(json!({ "rating": { "$lte": 2 } }));
    assert_eq!(low.send().await.unwrap().user_feedback.len(), 4);

    // The backend was told of every meeting, in order and signed.
    let verifier = Verifier::new(server.secret().to_owned());
    let is_over = |one: &Delivery| {
        one.event == "call.ended" && one.call_cid.as_deref() == Some("default:meeting-7")
    };
    while !server.webhooks().iter().any(is_over) {
        tokio::task::yield_now().await;
    }
    let told = server.webhooks().into_iter();
    let of_last: Vec<Event> = told
        .filter(|one| one.call_cid.as_deref() == Some("default:meeting-7"))
        .map(|one| verifier.event(one.body.as_bytes(), &one.signature).unwrap())
        .collect();
    let kinds: Vec<&str> = of_last.iter().map(Event::event_type).collect();
    let position = |kind: &str| kinds.iter().position(|known| *known == kind).unwrap();
    assert!(position("call.created") < position("call.session_started"));
    assert!(position("call.session_started") < position("call.session_ended"));
    assert!(position("call.session_ended") < position("call.ended"));
    let joined = kinds.iter();
    let joined = joined.filter(|kind| **kind == "call.session_participant_joined");
    assert_eq!(joined.count(), 4);

    let deleted = client
        .call("default", "meeting-0")
        .delete()
        .hard(true)
        .send()
        .await
        .unwrap();
    let task = client
        .wait_for_task(deleted.task_id.as_ref().unwrap())
        .send()
        .await
        .unwrap();
    assert_eq!(
        task.result.as_ref().unwrap()["default:meeting-0"]["status"],
        "ok"
    );
    let reports = client.query_call_stats().limit(100).send().await.unwrap();
    assert_eq!(reports.reports.len(), 7);
}
