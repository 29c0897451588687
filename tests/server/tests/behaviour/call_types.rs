use serde_json::{Value, json};

use super::api::Api;

pub(crate) async fn story(api: &Api) {
    let types = api.get("/video/calltypes").await;
    for name in ["default", "audio_room", "livestream", "development"] {
        assert_eq!(types["call_types"][name]["name"], name);
    }
    assert_eq!(
        types["call_types"]["livestream"]["settings"]["backstage"]["enabled"],
        true
    );

    let created = api
        .ask("POST /video/calltypes", json!({
            "name": "clinic",
            "settings": { "audio": { "default_device": "earpiece" }, "limits": { "max_participants": 2 } },
            "grants": { "nurse": ["join-call", "read-call"] },
            "notification_settings": { "enabled": false, "call_ring": { "apns": { "title": "Ring", "body": "now" } } },
        }))
        .await;
    assert_eq!(created["settings"]["audio"]["default_device"], "earpiece");
    assert_eq!(created["settings"]["audio"]["mic_default_on"], true);
    assert_eq!(
        created["grants"]["nurse"],
        json!(["join-call", "read-call"])
    );
    assert!(created["grants"]["user"].is_array());
    assert_eq!(created["notification_settings"]["enabled"], false);
    assert_eq!(
        created["notification_settings"]["call_ring"]["apns"]["title"],
        "Ring"
    );

    // A call has the settings of its type, with its own on top; a change of the type shows.
    api.call("clinic:one", &[]).await;
    let own = json!({ "settings_override": { "limits": { "max_duration_seconds": 90 } } });
    api.ask("PATCH /video/call/clinic/one", own).await;
    let change =
        json!({ "settings": { "limits": { "max_participants": 3 } }, "grants": { "nurse": [] } });
    let updated = api.ask("PUT /video/calltypes/clinic", change).await;
    assert_eq!(updated["settings"]["limits"]["max_participants"], 3);
    assert_eq!(updated["settings"]["audio"]["default_device"], "earpiece");
    assert_eq!(updated["grants"]["nurse"], json!([]));
    let read = api.get("/video/calltypes/clinic").await;
    assert_eq!(read["settings"], updated["settings"]);
    let limits = api.get("/video/call/clinic/one").await["call"]["settings"]["limits"].clone();
    assert_eq!(limits["max_participants"], 3);
    assert_eq!(limits["max_duration_seconds"], 90);

    api.ask("DELETE /video/calltypes/clinic", Value::Null).await;
    for (request, body) in [
        ("GET /video/calltypes/clinic", Value::Null),
        ("PUT /video/calltypes/clinic", json!({})),
        ("DELETE /video/calltypes/clinic", Value::Null),
        (
            "POST /video/call/clinic/two",
            json!({ "data": { "created_by_id": "ana" } }),
        ),
    ] {
        api.refused(request, body, 404, "call type with name clinic")
            .await;
    }
    // Its calls are still there.
    assert_eq!(api.get("/video/call/clinic/one").await["call"]["id"], "one");
    assert!(api.get("/video/edges").await["edges"][0]["id"].is_string());
}

#[tokio::test]
async fn only_members_may_join_where_users_are_kept_from_it() {
    let api = Api::start().await;
    api.call("default:standup", &["bob"]).await;
    api.users(&["eve"]).await;
    let grants = api.get("/video/calltypes/default").await["grants"].clone();
    let roles: Vec<&String> = grants.as_object().unwrap().keys().collect();
    let expected = [
        "admin",
        "anonymous",
        "call_member",
        "guest",
        "host",
        "moderator",
        "user",
    ];
    assert_eq!(roles, expected);
    let mut without_joining = grants["user"].as_array().unwrap().clone();
    without_joining.retain(|capability| capability != "join-call");
    let change = json!({ "grants": { "user": without_joining } });
    api.ask("PUT /video/calltypes/default", change).await;
    let may_join = async |user: &str| {
        let claims = json!({ "user_id": user });
        let request = "GET /video/call/default/standup";
        let call = api.send(&claims, request, None).await.ok();
        let capabilities = call["own_capabilities"].as_array().unwrap();
        capabilities.iter().any(|one| one == "join-call")
    };
    assert!(may_join("bob").await);
    assert!(!may_join("eve").await);
}

#[tokio::test]
async fn call_types_are_made_changed_and_deleted() {
    story(&Api::start().await).await;
}

#[tokio::test]
async fn what_requests_leave_out_of_ingress_settings_is_in_responses() {
    let api = Api::start().await;
    let audio = json!({ "bitrate": 64000, "channels": 2 });
    let settings = json!({ "ingress": { "enabled": true, "audio_encoding_options": audio } });
    let webinar = json!({ "name": "webinar", "settings": settings });
    let created = api.ask("POST /video/calltypes", webinar).await;
    let complete = json!({ "bitrate": 64000, "channels": 2, "enable_dtx": false });
    assert_eq!(
        created["settings"]["ingress"]["audio_encoding_options"],
        complete
    );
}
