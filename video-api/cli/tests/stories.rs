//! A day of a video backend, through the command line against the local server.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a failure here is a failed test"
)]

use std::time::Duration;

use serde_json::{Value, json};
use video_api::Event;
use video_api::webhook::Verifier;
use video_api_server::{Action, Delivery, Server};

mod common;

use common::{Ran, at, run};

/// The strict local server, with users, and the binary to reach it with.
struct Backend {
    server: Server,
}

impl Backend {
    async fn start(users: &[&str]) -> Self {
        let server = Server::builder().strict(true).start().await.unwrap();
        let backend = Self { server };
        let users: serde_json::Map<String, Value> = users
            .iter()
            .map(|id| ((*id).to_owned(), json!({ "id": id })))
            .collect();
        backend.json(&["update-users", &json!(users).to_string()]);
        backend
    }

    /// Runs a command that has to succeed; returns what it says beside the data.
    fn remark(&self, words: &[&str]) -> String {
        let ran = self.run(words);
        let remark = ran.err.clone();
        ran.ok();
        remark.trim_end().to_owned()
    }

    /// Runs a command, whatever comes of it.
    fn run(&self, words: &[&str]) -> Ran {
        run(at(&self.server), words)
    }

    /// Runs a command that has to succeed, as people read it.
    fn text(&self, words: &[&str]) -> String {
        self.run(words).ok()
    }

    /// Returns the JSON that a command prints, which has to succeed.
    fn json(&self, words: &[&str]) -> Value {
        let out = self.text(&[words, &["--json"]].concat());
        serde_json::from_str(&out).unwrap_or_else(|error| panic!("{words:?}: {error}: {out}"))
    }

    /// Creates a call of Ana's.
    fn create(&self, kind: &str, id: &str, members: Value) {
        let data = json!({ "created_by_id": "ana", "members": members }).to_string();
        self.json(&["get-or-create-call", kind, id, "--data", &data]);
    }

    /// Does on the server what media would.
    async fn act(&self, cid: &str, action: Value) -> Result<Value, String> {
        let action: Action = serde_json::from_value(action).unwrap();
        self.server.simulate(cid, action).await
    }

    async fn join(&self, cid: &str, user: &str, tracks: &[&str]) -> Result<Value, String> {
        let action = json!({ "action": "join", "user_id": user, "tracks": tracks });
        self.act(cid, action).await
    }

    fn pass(&self, seconds: u64) {
        self.server.clock().advance(Duration::from_secs(seconds));
    }
}

fn texts<'a>(list: &'a Value, pointer: &str) -> Vec<&'a str> {
    let entries = list.as_array().unwrap().iter();
    entries
        .map(|entry| entry.pointer(pointer).and_then(Value::as_str).unwrap())
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_livestream_from_backstage_to_recording_and_report() {
    let backend = Backend::start(&["ana", "ben", "cyn"]).await;
    let cid = "livestream:launch";
    let launch = ["livestream", "launch"];
    let of_call = |command: &'static str| [&[command][..], &launch].concat();
    let host = json!([{ "user_id": "ana", "role": "host" }]);
    backend.create("livestream", "launch", host);
    let shown = backend.text(&of_call("get-call"));
    assert!(shown.contains("backstage                true"), "{shown}");
    let refused = backend.join(cid, "ben", &[]).await.unwrap_err();
    assert!(refused.contains("backstage"), "{refused}");
    let nobody = [&of_call("start-recording")[..], &["composite"]].concat();
    backend.run(&nobody).failed(1, "there is no active session");

    backend.join(cid, "ana", &["audio", "video"]).await.unwrap();
    let flags = ["--start-recording", "--start-hls", "--start-transcription"];
    let live = backend.json(&[&of_call("go-live")[..], &flags].concat());
    assert_eq!(live["call"]["backstage"], false);
    assert_eq!(live["call"]["recording"], true);
    assert!(live["call"]["egress"]["hls"]["playlist_url"].is_string());
    for viewer in ["ben", "cyn"] {
        backend.join(cid, viewer, &[]).await.unwrap();
    }
    let said = json!({ "action": "speak", "user_id": "ana", "text": "Welcome" });
    backend.act(cid, said).await.unwrap();
    backend.pass(600);
    let status = backend.json(&["get-active-calls-status"]);
    assert_eq!(status["summary"]["active_subscribers"], 2);

    let off = backend.json(&of_call("stop-live"));
    assert_eq!(off["call"]["backstage"], true);
    assert_eq!(off["call"]["recording"], false);
    backend.json(&of_call("end-call"));
    let recordings = backend.json(&of_call("list-recordings"))["recordings"].clone();
    let part = |name: &str| recordings[0][name].as_str().unwrap();
    assert!(part("url").starts_with(&backend.server.url()));
    let transcripts = backend.json(&of_call("list-transcriptions"));
    assert_eq!(transcripts["transcriptions"].as_array().unwrap().len(), 1);
    let report = backend.json(&of_call("get-call-report"))["report"].clone();
    assert_eq!(report["participants"]["unique"], 3);
    assert_eq!(report["participants"]["max_concurrent"], 3);
    assert_eq!(report["participants"]["publishers"]["unique"], 1);

    let file = [part("session_id"), part("filename")];
    let delete = [&of_call("delete-recording")[..], &file].concat();
    backend.text(&delete);
    backend.run(&delete).failed(1, "recording doesn't exist");
    let left = backend.json(&of_call("list-recordings"));
    assert_eq!(left["recordings"], json!([]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_moderated_audio_room() {
    let backend = Backend::start(&["ana", "ben", "eve"]).await;
    let cid = "audio_room:talk";
    let of_call = |command: &'static str, more: &[&'static str]| {
        [&[command, "audio_room", "talk"][..], more].concat()
    };
    let host = json!([{ "user_id": "ana", "role": "host" }]);
    backend.create("audio_room", "talk", host);
    backend.json(&of_call("go-live", &[]));
    for user in ["ana", "ben", "eve"] {
        backend.join(cid, user, &[]).await.unwrap();
    }
    let speak = json!({ "action": "publish", "user_id": "ben", "tracks": ["audio"] });
    assert!(backend.act(cid, speak.clone()).await.is_err());
    let grant = ["ben", "--grant-permissions", "send-audio"];
    backend.json(&of_call("update-user-permissions", &grant));
    backend.act(cid, speak.clone()).await.unwrap();
    let mute = ["--user-ids", "ben", "--audio", "--muted-by-id", "ana"];
    backend.json(&of_call("mute-users", &mute));
    let revoke = ["ben", "--revoke-permissions", "send-audio"];
    backend.json(&of_call("update-user-permissions", &revoke));
    assert!(backend.act(cid, speak).await.is_err());

    let kick = ["eve", "--block", "--kicked-by-id", "ana"];
    backend.json(&of_call("kick-user", &kick));
    let present = backend.json(&of_call("query-call-participants", &[]));
    assert_eq!(
        texts(&present["participants"], "/user/id"),
        ["ana", "ben"],
        "{present}"
    );
    let call = backend.json(&of_call("get-call", &[]));
    assert_eq!(call["call"]["blocked_user_ids"], json!(["eve"]));
    let back = backend.join(cid, "eve", &[]).await.unwrap_err();
    assert!(back.contains("blocked"), "{back}");
    let shown = backend.text(&of_call("query-call-participants", &[]));
    assert!(shown.starts_with("user.id\t"), "{shown}");
    assert!(
        shown.contains("\nana\t") && shown.contains("\nben\t"),
        "{shown}"
    );
    let columns = ["--columns", "cid,members,id"];
    let shown = backend.text(&[&["query-calls"][..], &columns].concat());
    assert_eq!(shown, "cid\tmembers\tcall.id\naudio_room:talk\tana\ttalk\n");
    backend.json(&of_call("unblock-user", &["eve"]));
    backend.join(cid, "eve", &[]).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sip_call_from_trunk_to_resolution() {
    let backend = Backend::start(&["ana"]).await;
    let created = backend.json(&["create-sip-trunk", "Office", "+31201234567"]);
    let trunk = created["sip_trunk"]["id"].as_str().unwrap();
    let auth = backend.json(&["resolve-sip-auth", "+5550199", "+31201234567"]);
    assert_eq!(auth["auth_result"], "password");
    assert_eq!(auth["trunk_id"], trunk);
    let dialled = ["resolve-sip-inbound", "+5550199", "+31201234567"];
    backend.run(&dialled).failed(1, "routing rule");

    let caller = r#"{"id":"phone-{{caller_number}}"}"#;
    let lobby = r#"{"call_id":"lobby","call_type":"default"}"#;
    let mut rule = vec!["create-sip-inbound-routing-rule", caller, "Everyone", trunk];
    rule.extend(["--direct-routing-configs", lobby]);
    let rule = backend.json(&rule);
    let led = backend.json(&dialled);
    assert_eq!(led["sip_routing_rule"]["id"], rule["id"]);
    let credentials = &led["credentials"];
    assert_eq!(credentials["user_id"], "phone-+5550199");

    // The token lets exactly this caller into exactly this call.
    let token = credentials["token"].as_str().unwrap();
    let as_caller = |call: &str| {
        let mut command = at(&backend.server);
        command.env_remove("STREAM_API_SECRET");
        command.env("STREAM_USER_TOKEN", token);
        run(command, ["get-call", "default", call, "--json"])
    };
    let reached: Value = serde_json::from_str(&as_caller("lobby").ok()).unwrap();
    assert_eq!(reached["call"]["created_by"]["id"], "phone-+5550199");
    backend.create("default", "other", json!([]));
    as_caller("other").failed(4, "403");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_day_of_a_backend() {
    let backend = Backend::start(&[]).await;
    let early = r#"{"created_by_id":"ana"}"#;
    let create = ["get-or-create-call", "default", "early", "--data", early];
    backend.run(&create).failed(1, "don't exist: [ana]");
    let staff = ["ana", "ben", "cyn", "dan"];
    for user in staff {
        backend.json(&["update-users", &json!({ user: { "id": user } }).to_string()]);
    }

    for hour in 0..4_u64 {
        let id = format!("meeting-{hour}");
        let cid = format!("default:{id}");
        let members = json!([{ "user_id": "ben" }, { "user_id": "cyn" }]);
        backend.create("default", &id, members);
        for user in staff.iter().take(usize::try_from(hour).unwrap() + 1) {
            backend.join(&cid, user, &["audio"]).await.unwrap();
        }
        backend.pass(60 * (hour + 1));
        let rating = (hour + 1).to_string();
        let feedback = ["collect-user-feedback", "default", &id, &rating, "cli", "1"];
        backend.json(&feedback);
        backend.json(&["end-call", "default", &id]);
    }
    let of_ben = r#"{"members":{"$in":["ben"]},"ended_at":{"$exists":true}}"#;
    let pages = ["--filter-conditions", of_ben, "--limit", "3", "--all"];
    let lines = backend.text(&[&["query-calls", "--json"], &pages[..]].concat());
    let ids: Vec<String> = lines
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["call"]["id"].to_string())
        .collect();
    let newest_first = [3, 2, 1, 0].map(|hour| format!("\"meeting-{hour}\""));
    assert_eq!(ids, newest_first);

    let stats = backend.json(&["query-call-stats", "--limit", "100"]);
    assert_eq!(stats["reports"].as_array().unwrap().len(), 4);
    let longest = &stats["reports"][0];
    assert!(longest["call_duration_seconds"].as_i64() >= Some(240));
    let low = r#"{"rating":{"$lte":2}}"#;
    let low = backend.json(&["query-user-feedback", "--filter-conditions", low]);
    assert_eq!(low["user_feedback"].as_array().unwrap().len(), 2);

    let gone = backend.json(&["delete-call", "default", "meeting-0", "--hard"]);
    let task = backend.json(&["get-task", gone["task_id"].as_str().unwrap()]);
    assert_eq!(task["status"], "completed");
    assert_eq!(task["result"]["default:meeting-0"]["status"], "ok");
    let missing = ["get-call", "default", "meeting-0"];
    backend.run(&missing).failed(1, "Can't find call");

    // All of it was told to the backend, too, signed as its receiver checks it.
    let verifier = Verifier::new(backend.server.secret().to_owned());
    let is_over = |one: &Delivery| one.event == "call.deleted";
    while !backend.server.webhooks().iter().any(is_over) {
        tokio::task::yield_now().await;
    }
    let told = backend.server.webhooks();
    let of_last = told
        .iter()
        .filter(|one| one.call_cid.as_deref() == Some("default:meeting-3"));
    let mut ended = 0;
    for webhook in of_last {
        let event = verifier.event(webhook.body.as_bytes(), &webhook.signature);
        if let Event::CallEnded(event) = event.unwrap() {
            assert_eq!(event.call_cid, "default:meeting-3");
            ended += 1;
        }
    }
    assert_eq!(ended, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_command_without_data_in_its_response_says_that_it_is_done() {
    let backend = Backend::start(&["ana", "bo"]).await;
    assert_eq!(backend.remark(&["query-calls"]), "No calls.");
    assert_eq!(backend.remark(&["query-calls", "--all"]), "No calls.");
    backend.create("default", "standup", json!([]));
    let block = ["block-user", "default", "standup", "bo"];
    let ran = backend.run(&block);
    assert_eq!(
        (ran.code, ran.out.as_str(), ran.err.as_str()),
        (0, "", "Done: block-user default standup bo\n")
    );
    let json = backend.run(&[&block[..], &["--json"]].concat());
    assert_eq!((json.code, json.err.as_str()), (0, ""));
    assert!(json.out.contains("duration"), "{json:?}");
    assert_eq!(backend.remark(&["get-call", "default", "standup"]), "");

    let members = json!([{ "user_id": "ana" }, { "user_id": "bo" }]).to_string();
    let update = ["update-call-members", "default:standup"];
    assert_eq!(
        backend.remark(&[&update[..], &["--update-members", &members]].concat()),
        ""
    );
    let remove = [&update[..], &["--remove-members", "ana,bo"]].concat();
    assert_eq!(
        backend.remark(&remove),
        "Done: update-call-members default standup"
    );
    let left = backend.remark(&["query-call-members", "default:standup"]);
    assert_eq!(left, "No members.");

    let mute = ["mute-users", "default", "standup", "--user-ids", "bo"];
    let flags = "needs one of --audio, --screenshare, --screenshare-audio, --video";
    backend.run(&mute).failed(2, flags);
    let unset = [&mute[..], &["--audio=false"]].concat();
    backend.run(&unset).failed(2, flags);
    let everything = ["mute-users", "default", "standup", "--audio"];
    let users = "needs one of --mute-all-users, --user-ids";
    backend.run(&everything).failed(2, users);

    let users = json!({ "cyn": { "id": "cyn" } }).to_string();
    backend.json(&["upsert-users", &users]);
    let newest = ["query-calls", "--sort", "-created_at", "--columns", "id"];
    assert_eq!(backend.text(&newest), "call.id\nstandup\n");
}
