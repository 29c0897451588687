//! The bytes of a request: one test for each thing that the crate promises of them, on what a
//! socket received.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)] // Helpers of tests.

use std::time::Duration;

use serde_json::{Value, json};
use video_api::operation::Method;
use video_api::types::{
    CallRequest, CallSettingsRequest, IngressAudioEncodingOptionsRequest, IngressSettingsRequest,
    IngressSourceRequest, IngressVideoEncodingOptionsRequest, IngressVideoLayerRequest,
    QueryUsersPayload, SortParamRequest,
};
use video_api::{AuthorizationForm, Client, Timestamp};
use video_api_tests::{RawRequest, RawServer};

const KEY: &str = "the-key";
const SECRET: &str = "a-secret-only-for-tests-0123456789";
const ODD: &str = "a/b?c#d %+ü:$&";
const ODD_ENCODED: &str = "a%2Fb%3Fc%23d%20%25%2B%C3%BC%3A%24%26";

fn client(server: &RawServer) -> Client {
    Client::builder(KEY)
        .secret(SECRET)
        .base_url(server.url())
        .build()
        .unwrap()
}

/// A server whose response satisfies no type: what was sent is all that counts here.
async fn server() -> RawServer {
    RawServer::json("{\"duration\":\"1ms\"}").await.unwrap()
}

fn only(server: &RawServer) -> RawRequest {
    let seen = server.seen();
    assert_eq!(seen.len(), 1, "one request was sent: {seen:?}");
    seen[0].clone()
}

/// Sends what the closure builds and returns what arrived.
macro_rules! sent {
    (|$client:ident| $request:expr) => {{
        let server = server().await;
        let $client = client(&server);
        let _ = $request.send().await;
        only(&server)
    }};
}

#[tokio::test]
async fn base_url_is_the_documented_host_unless_overridden() {
    let default = Client::new(KEY, SECRET).unwrap();
    assert_eq!(default.base_url(), "https://video.stream-io-api.com");
    let server = server().await;
    let behind_proxy = Client::builder(KEY)
        .secret(SECRET)
        .base_url(format!("{}/proxy/", server.url()))
        .build()
        .unwrap();
    let _ = behind_proxy.get_edges().send().await;
    assert_eq!(only(&server).path(), "/proxy/api/v2/video/edges");
}

#[tokio::test]
async fn api_key_is_in_the_query_of_every_request() {
    let request = sent!(|client| client.get_edges());
    assert_eq!(request.query("api_key"), [KEY]);
    let request = sent!(|client| client.call("default", "x").get().ring(true));
    assert_eq!(request.query("api_key"), [KEY]);
    assert_eq!(request.query("ring"), ["true"]);
}

#[tokio::test]
async fn authorization_is_the_bare_jwt_and_bearer_only_on_request() {
    let request = sent!(|client| client.get_edges());
    let header = request.header("authorization");
    assert_eq!(header.len(), 1);
    assert_eq!(header[0].split('.').count(), 3, "a JWT: {}", header[0]);
    assert!(!header[0].contains(' '));

    let server = server().await;
    let bearer = Client::builder(KEY)
        .secret(SECRET)
        .base_url(server.url())
        .authorization_form(AuthorizationForm::Bearer)
        .build()
        .unwrap();
    let _ = bearer.get_edges().send().await;
    assert!(only(&server).header("authorization")[0].starts_with("Bearer ey"));
}

#[tokio::test]
async fn auth_type_is_jwt() {
    assert_eq!(
        sent!(|client| client.get_edges()).header("stream-auth-type"),
        ["jwt"]
    );
}

#[tokio::test]
async fn the_client_names_itself_and_nobody_else() {
    let request = sent!(|client| client.get_edges());
    let [name] = request.header("x-stream-client")[..] else {
        panic!("one x-stream-client header: {}", request.head);
    };
    let version = name.strip_prefix("video-api-rust-").expect(name);
    assert!(version.starts_with(|c: char| c.is_ascii_digit()), "{name}");
    assert!(!name.contains("stream-"), "{name}");
}

#[tokio::test]
async fn each_call_has_its_own_request_id() {
    let server = server().await;
    let client = client(&server);
    let _ = client.get_edges().send().await;
    let _ = client.get_edges().send().await;
    let ids: Vec<String> = server
        .seen()
        .iter()
        .map(|r| r.header("x-client-request-id")[0].to_owned())
        .collect();
    assert_ne!(ids[0], ids[1]);
    for id in ids {
        let parts: Vec<usize> = id.split('-').map(str::len).collect();
        assert_eq!(parts, [8, 4, 4, 4, 12], "{id}");
        assert_eq!(id.as_bytes()[14], b'4', "version 4: {id}");
    }
}

#[tokio::test]
async fn any_id_survives_in_the_path() {
    let request = sent!(|client| client.call("my type", ODD).get());
    assert_eq!(
        request.path(),
        format!("/api/v2/video/call/my%20type/{ODD_ENCODED}")
    );
    let request = sent!(|client| client.delete_sip_trunk(ODD));
    assert_eq!(
        request.path(),
        format!("/api/v2/video/sip/inbound_trunks/{ODD_ENCODED}")
    );
    let request = sent!(|client| client.get_call_type("a\\b-._~"));
    assert_eq!(request.path(), "/api/v2/video/calltypes/a%5Cb-._~");
}

#[tokio::test]
async fn ids_that_a_url_loses_are_refused_before_sending() {
    let server = server().await;
    let client = client(&server);
    for id in ["", ".", ".."] {
        for error in [
            client
                .call("default", id)
                .delete()
                .send()
                .await
                .unwrap_err(),
            client.call(id, "standup").get().send().await.unwrap_err(),
        ] {
            assert!(error.is_invalid_request(), "{id:?}: {error}");
        }
        assert!(
            client
                .delete_sip_trunk(id)
                .send()
                .await
                .unwrap_err()
                .is_invalid_request()
        );
    }
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn timestamps_are_rfc_3339_in_utc_with_full_precision() {
    let moment = Timestamp::from_nanos(1_760_000_000_123_456_789);
    let request = sent!(|client| client.call("default", "x").update().starts_at(moment));
    assert_eq!(
        request.text(),
        r#"{"starts_at":"2025-10-09T08:53:20.123456789Z"}"#
    );
    let request = sent!(|client| {
        client
            .call("default", "x")
            .get_stats_map("s")
            .start_time(moment)
    });
    let encoded = ["2025-10-09T08%3A53%3A20.123456789Z"];
    assert_eq!(request.query("start_time"), encoded);
}

#[tokio::test]
async fn objects_in_the_query_are_compact_json_and_absent_when_unset() {
    let filter = json!({"ended_at": null, "x": [1, false]});
    let request = sent!(|client| {
        client
            .call("default", "x")
            .query_participant_sessions("s")
            .filter_conditions(filter)
    });
    let sent = request.query("filter_conditions");
    assert_eq!(
        sent,
        ["%7B%22ended_at%22%3Anull%2C%22x%22%3A%5B1%2Cfalse%5D%7D"]
    );
    let request = sent!(|client| client.call("default", "x").query_participant_sessions("s"));
    assert!(request.query("filter_conditions").is_empty());
}

#[tokio::test]
async fn lists_of_objects_in_the_query_are_one_json_array() {
    let sort = [SortParamRequest::new().field("joined_at").direction(-1)];
    let request = sent!(|client| {
        client
            .call("default", "x")
            .query_session_participant_stats("s")
            .sort(sort)
    });
    let [text] = request.query("sort")[..] else {
        panic!("one sort parameter: {}", request.head);
    };
    let decoded = text
        .replace("%22", "\"")
        .replace("%5B", "[")
        .replace("%5D", "]");
    let decoded = decoded
        .replace("%7B", "{")
        .replace("%7D", "}")
        .replace("%3A", ":")
        .replace("%2C", ",");
    let value: Value = serde_json::from_str(&decoded).expect(&decoded);
    assert_eq!(value, json!([{"direction": -1, "field": "joined_at"}]));
}

#[tokio::test]
async fn lists_of_strings_in_the_query_are_comma_joined_and_encoded_once() {
    let request = sent!(|client| {
        client
            .call("default", "x")
            .get_session_participant_stats_timeline("s", "u", "us")
            .severity(["info", "warning 1"])
    });
    assert_eq!(request.query("severity"), ["info%2Cwarning%201"]);
}

#[tokio::test]
async fn unset_fields_are_omitted_and_falsy_values_are_sent() {
    let request = sent!(|client| {
        client
            .call("default", "x")
            .get_or_create()
            .ring(false)
            .members_limit(0)
            .data(
                CallRequest::new()
                    .team("")
                    .members(Vec::<video_api::types::MemberRequest>::new())
                    .custom(json!({})),
            )
    });
    let body: Value = serde_json::from_str(&request.text()).unwrap();
    let expected = json!({
        "ring": false,
        "members_limit": 0,
        "data": {"team": "", "members": [], "custom": {}},
    });
    assert_eq!(body, expected);
}

#[tokio::test]
async fn the_payload_of_a_user_query_is_json_text() {
    let payload = QueryUsersPayload::new(json!({"deactivated_at": null})).limit(2);
    let request = sent!(|client| client.query_users().payload(payload));
    assert_eq!(
        request.query("payload"),
        ["%7B%22filter_conditions%22%3A%7B%22deactivated_at%22%3Anull%7D%2C%22limit%22%3A2%7D"]
    );
}

#[tokio::test]
async fn channels_and_frames_per_second_are_numbers() {
    let request = sent!(|client| {
        let source = IngressSourceRequest::new(30, 720, 1280);
        let layer = IngressVideoLayerRequest::new(2_000_000, "h264", 30, 1280, 720);
        let ingress = IngressSettingsRequest::new()
            .audio_encoding_options(IngressAudioEncodingOptionsRequest::new(64_000, 2))
            .video_encoding_options([(
                "high",
                IngressVideoEncodingOptionsRequest::new([layer], source),
            )]);
        let settings = CallSettingsRequest::new().ingress(ingress);
        client
            .call("default", "x")
            .update()
            .settings_override(settings)
    });
    let body: Value = serde_json::from_str(&request.text()).unwrap();
    let ingress = &body["settings_override"]["ingress"];
    assert_eq!(ingress["audio_encoding_options"]["channels"], json!(2));
    let video = &ingress["video_encoding_options"]["high"];
    assert_eq!(video["source"]["fps"], json!(30));
}

#[tokio::test]
async fn null_inside_free_form_data_is_kept() {
    let filter = json!({"ended_at": null, "custom": {"a": [null, {"b": null}]}});
    let request = sent!(|client| client.query_calls().filter_conditions(filter.clone()));
    let body: Value = serde_json::from_str(&request.text()).unwrap();
    assert_eq!(body, json!({"filter_conditions": filter}));
}

#[tokio::test]
async fn a_post_without_body_schema_has_no_body() {
    let ended = sent!(|client| client.call("default", "x").end());
    let stopped = sent!(|client| client.call("default", "x").stop_all_rtmp_broadcasts());
    let hls = sent!(|client| client.call("default", "x").start_hls_broadcasting());
    let no_hls = sent!(|client| client.call("default", "x").stop_hls_broadcasting());
    let frames = sent!(|client| client.call("default", "x").stop_frame_recording());
    for request in [ended, stopped, hls, no_hls, frames] {
        assert!(request.head.starts_with("POST "), "{}", request.head);
        assert_eq!(request.header("content-length"), ["0"], "{}", request.head);
        assert!(
            request.header("content-type").is_empty(),
            "{}",
            request.head
        );
        assert!(request.body.is_empty());
    }
}

#[tokio::test]
async fn a_post_whose_body_has_nothing_set_sends_an_empty_object() {
    let recording = sent!(|client| client.call("default", "x").stop_recording("composite"));
    let broadcast = sent!(|client| client.call("default", "x").stop_rtmp_broadcast("b"));
    let live = sent!(|client| client.call("default", "x").go_live());
    for request in [recording, broadcast, live] {
        assert_eq!(request.text(), "{}", "{}", request.head);
        assert_eq!(
            request.header("content-type"),
            ["application/json"],
            "{}",
            request.head
        );
    }
}

#[tokio::test]
async fn get_and_delete_have_no_body() {
    let get = sent!(|client| client.call("default", "x").get());
    let delete = sent!(|client| client.delete_call_type("x"));
    for request in [get, delete] {
        assert!(request.body.is_empty());
        assert!(
            request.header("content-type").is_empty(),
            "{}",
            request.head
        );
        assert!(
            request.header("transfer-encoding").is_empty(),
            "{}",
            request.head
        );
    }
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let target = server().await;
    let redirecting = RawServer::start(format!(
        "HTTP/1.1 307 Temporary Redirect\r\nlocation: {}/elsewhere\r\ncontent-length: 0\r\n\r\n",
        target.url()
    ))
    .await
    .unwrap();
    let error = client(&redirecting).get_edges().send().await.unwrap_err();
    assert_eq!(error.status().map(|s| s.as_u16()), Some(307), "{error}");
    assert!(target.seen().is_empty(), "credentials must not travel");
}

#[tokio::test]
async fn gzip_is_offered_and_decoded() {
    use std::io::Write as _;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder
        .write_all(br#"{"duration":"7ms","edges":[]}"#)
        .unwrap();
    let body = encoder.finish().unwrap();
    let mut response = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-encoding: gzip\r\ncontent-length: {}\r\n\r\n",
        body.len()
    )
    .into_bytes();
    response.extend(body);
    let server = RawServer::start(response).await.unwrap();
    let edges = client(&server).get_edges().send().await.unwrap();
    assert_eq!(edges.duration, "7ms");
    assert_eq!(only(&server).header("accept-encoding"), ["gzip"]);
}

#[tokio::test]
async fn nothing_is_sent_that_the_conventions_do_not_name() {
    let request = sent!(|client| client.call("default", "x").get());
    let known = [
        "accept",
        "accept-encoding",
        "authorization",
        "host",
        "stream-auth-type",
        "user-agent",
        "x-client-request-id",
        "x-stream-client",
    ];
    for line in request.head.lines().skip(1) {
        let name = line.split(':').next().unwrap().to_lowercase();
        assert!(known.contains(&name.as_str()), "unexpected header: {line}");
    }
}

#[tokio::test]
async fn a_user_token_is_sent_as_it_is_and_cannot_sign() {
    let server = server().await;
    let signer = Client::new(KEY, SECRET).unwrap();
    let token = signer
        .user_token("ana")
        .expires_in(Duration::from_secs(60))
        .sign()
        .unwrap();
    let client = Client::builder(KEY)
        .user_token(token.as_str())
        .base_url(server.url())
        .build()
        .unwrap();
    let _ = client.get_edges().send().await;
    assert_eq!(only(&server).header("authorization"), [token.as_str()]);
    assert!(
        client
            .user_token("ana")
            .sign()
            .unwrap_err()
            .is_invalid_request()
    );
}

#[tokio::test]
async fn fields_of_tomorrow_go_into_the_body_or_the_query() {
    let request = sent!(|client| {
        let call = client.call("default", "x");
        call.get_or_create()
            .ring(false)
            .extra("level", 3)
            .extra("ring", true)
    });
    assert_eq!(
        serde_json::from_str::<Value>(&request.text()).unwrap(),
        json!({"level": 3, "ring": true}),
        "an extra field replaces one of its name"
    );
    let request = sent!(|client| client.call("default", "x").get().extra("level", "a&b"));
    assert_eq!(
        (request.query("level"), request.text()),
        (vec!["a%26b"], String::new())
    );
    let request = sent!(|client| client.get_edges().extra("near", json!({"lat": 1})));
    assert_eq!(request.query("near"), ["%7B%22lat%22%3A1%7D"]);
}

#[tokio::test]
async fn operations_of_tomorrow_are_sent_like_all_others() {
    let server = server().await;
    let response: Value = client(&server)
        .request(Method::Post, "/api/v2/video/call/{type}/{id}/new_feature")
        .path("type", "default")
        .path("id", ODD)
        .query("dry_run", true)
        .json(&json!({"level": null}))
        .send::<Value>()
        .await
        .unwrap()
        .into_inner();
    assert_eq!(response, json!({"duration": "1ms"}));
    let request = only(&server);
    assert!(request.head.starts_with("POST "), "{}", request.head);
    assert_eq!(
        request.path(),
        format!("/api/v2/video/call/default/{ODD_ENCODED}/new_feature")
    );
    assert_eq!(
        (request.query("api_key"), request.query("dry_run")),
        (vec![KEY], vec!["true"])
    );
    assert_eq!(request.header("stream-auth-type"), ["jwt"]);
    assert_eq!(request.text(), r#"{"level":null}"#);
}

#[tokio::test]
async fn paths_that_would_address_something_else_are_refused() {
    let server = server().await;
    for (path, id, says) in [
        ("video/edges", None, "begin with /"),
        ("/video/edges?x=1", None, "with `query`"),
        ("/video/%2e%2e/edges", None, "with `path`"),
        ("/video/../edges", None, "remove the segments"),
        ("/video/{id}", None, "set the placeholder `id`"),
        ("/video/{id}", Some(".."), "`id` is `..`"),
        ("/video", Some("x"), "no placeholder `id`"),
    ] {
        let mut request = client(&server).request(Method::Get, path);
        if let Some(id) = id {
            request = request.path("id", id);
        }
        let error = request.send::<Value>().await.unwrap_err();
        assert!(
            error.is_invalid_request() && error.to_string().contains(says),
            "{error}"
        );
    }
    assert!(server.seen().is_empty());
}
