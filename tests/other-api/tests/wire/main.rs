//! Requests and responses for constructs of OpenAPI that our own API does not have.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // Helpers of tests.

mod bodies;
mod headers;
mod responses;

use other_api::types::{
    Holding, HoldingGlobal, Off, Place, Retry, SearchPage, Shirt, Switch, User, Versioned,
};
use other_api::{Client, Nullable};
use serde_json::{Value, json};
use video_api_tests::{RawRequest, RawServer};

async fn server(body: &str) -> (RawServer, Client) {
    let server = RawServer::json(body).await.unwrap();
    let client = client(&server);
    (server, client)
}

fn client(server: &RawServer) -> Client {
    let client = Client::builder("key")
        .secret("secret")
        .base_url(server.url());
    client.build().unwrap()
}

/// A server that answers with a status, a media type and a body.
async fn responding_with(status: u16, media: &str, body: &[u8]) -> (RawServer, Client) {
    let head = match media {
        "" => format!("HTTP/1.1 {status} x\r\n"),
        media => format!("HTTP/1.1 {status} x\r\ncontent-type: {media}\r\n"),
    };
    let mut response = match status {
        204 => format!("{head}\r\n"),
        _ => format!("{head}content-length: {}\r\n\r\n", body.len()),
    }
    .into_bytes();
    response.extend_from_slice(body);
    let server = RawServer::start(response).await.unwrap();
    let client = client(&server);
    (server, client)
}

fn last(server: &RawServer) -> RawRequest {
    server.seen().pop().unwrap()
}

fn sent(server: &RawServer) -> Value {
    serde_json::from_slice(&server.seen().last().unwrap().body).unwrap()
}

#[tokio::test]
async fn lists_and_objects_in_the_query_have_the_documented_style() {
    let (server, client) = server(r#"{"ok":true}"#).await;
    let shirt = || Shirt::new().color("red").size(5);
    client
        .search()
        .tag(["old"])
        .tag(["rock", "jazz"])
        .ids([1, 2])
        .pipes(["a", "b"])
        .spaces(["a", "b"])
        .page(SearchPage::new().color("red").size(5))
        .shirt(shirt())
        .commas(shirt())
        .filter(json!({"a": 1}).as_object().unwrap().clone())
        .send()
        .await
        .unwrap();
    let seen = server.seen().pop().unwrap();
    assert_eq!(seen.query("tag"), ["rock", "jazz"]);
    let plain = |name: &str| {
        let values = seen.query(name).into_iter().map(|value| {
            let value = value
                .replace("%2C", ",")
                .replace("%7C", "|")
                .replace("%22", "\"");
            value
                .replace("%7B", "{")
                .replace("%7D", "}")
                .replace("%3A", ":")
                .replace('+', "%20")
        });
        values.collect::<Vec<_>>()
    };
    assert_eq!(plain("ids"), ["1,2"]);
    assert_eq!(plain("pipes"), ["a|b"]);
    assert_eq!(plain("spaces"), ["a%20b"]);
    assert_eq!(plain("color"), ["red"]);
    assert_eq!(plain("size"), ["5"]);
    assert_eq!(plain("commas"), ["color,red,size,5"]);
    assert_eq!(plain("filter"), [r#"{"a":1}"#]);
    let target = seen.target().replace("%5B", "[").replace("%5D", "]");
    assert!(target.contains("page[color]=red&page[size]=5"), "{target}");
}

#[tokio::test]
async fn a_placeholder_may_stand_twice_and_a_path_have_fixed_parameters() {
    let (server, client) = responding_with(204, "", b"").await;
    client.copy_folder("a b").deep(true).send().await.unwrap();
    assert_eq!(
        last(&server).target(),
        "/folders/a%20b/copies/a%20b?api_key=key&beta=true&of=a%20b&deep=true"
    );
}

#[tokio::test]
async fn documented_media_types_are_sent_and_asked_for() {
    let body = r#"{"ok":true}"#;
    let server = RawServer::start(format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/vnd.thing+json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    ));
    let server = server.await.unwrap();
    let client = Client::builder("key")
        .secret("secret")
        .base_url(server.url());
    client
        .build()
        .unwrap()
        .patch_thing("a")
        .color("red")
        .send()
        .await
        .unwrap();
    let seen = server.seen().pop().unwrap();
    assert_eq!(
        seen.header("content-type"),
        ["application/merge-patch+json"]
    );
    assert_eq!(seen.header("accept"), ["application/vnd.thing+json"]);
}

#[tokio::test]
async fn a_nullable_field_is_set_cleared_or_left_alone() {
    let (server, client) = server(r#"{"title":null,"ok":true}"#).await;
    let patch = || client.patch_thing("a");
    patch().send().await.unwrap();
    assert_eq!(sent(&server), json!({}));
    patch()
        .title("new")
        .lag(5)
        .tags(vec!["x".to_owned()])
        .send()
        .await
        .unwrap();
    assert_eq!(
        sent(&server),
        json!({"title": "new", "lag": 5, "tags": ["x"]})
    );
    patch()
        .title(Nullable::Null)
        .lag(None)
        .tags(Nullable::Null)
        .send()
        .await
        .unwrap();
    assert_eq!(
        sent(&server),
        json!({"title": null, "lag": null, "tags": null})
    );
    // A required one is always sent.
    client.put_thing("a", Nullable::Null).send().await.unwrap();
    assert_eq!(sent(&server), json!({"name": null}));
    let read = client.put_thing("a", "b").send().await.unwrap();
    assert_eq!(sent(&server), json!({"name": "b"}));
    assert_eq!(read.title, None);
}

#[tokio::test]
async fn null_given_by_name_is_sent() {
    let (server, client) = server(r#"{"ok":true}"#).await;
    let arguments = other_api::by_name::Arguments::new()
        .path("id", "a")
        .body(json!({"lag": null}));
    client
        .call_operation("PatchThing", arguments)
        .await
        .unwrap();
    assert_eq!(sent(&server), json!({"lag": null}));
}

#[tokio::test]
async fn what_the_server_sets_is_not_sent_and_what_is_write_only_need_not_come_back() {
    let (server, client) = server(r#"{"id":7,"created_at":"now","name":"ana"}"#).await;
    let user = client.create_user("ana", "secret").send().await.unwrap();
    assert_eq!(sent(&server), json!({"name": "ana", "password": "secret"}));
    assert_eq!((user.id, user.created_at.as_str()), (7, "now"));
    assert_eq!(user.password, "");
    // One that was read can be sent again, without what the server sets.
    let mut again = User::new("bob", "other");
    again.id = 9;
    client.replace_users([again]).send().await.unwrap();
    assert_eq!(
        sent(&server),
        json!({"users": [{"name": "bob", "password": "other"}]})
    );
}

#[tokio::test]
async fn an_optional_body_can_be_left_out() {
    let (server, client) = server("{}").await;
    client.retry_job("a").send().await.unwrap();
    let seen = server.seen().pop().unwrap();
    assert!(seen.body.is_empty() && seen.header("content-type").is_empty());
    client
        .retry_job("a")
        .body(Retry::new("fast").delay(3))
        .send()
        .await
        .unwrap();
    assert_eq!(sent(&server), json!({"queue": "fast", "delay": 3}));
}

#[tokio::test]
async fn integers_are_as_large_as_their_format() {
    let response = r#"{"big":18446744073709551615,"small":255,"signed":-9223372036854775808,
        "readings":[1.5,null,2.5],"names":{"a":null,"b":"x"},"disks":[null,{"size":1}]}"#;
    let (_server, client) = server(response).await;
    let read = client.retry_job("a").send().await.unwrap();
    assert_eq!(read.big, Some(u64::MAX));
    assert_eq!(read.small, Some(u8::MAX));
    assert_eq!(read.signed, Some(i64::MIN));
    // Items that may be null keep their positions.
    assert_eq!(read.readings, Some(vec![Some(1.5), None, Some(2.5)]));
    assert_eq!(read.names.as_ref().unwrap()["a"], None);
    assert_eq!(read.disks.as_ref().unwrap().len(), 2);
    let json = serde_json::to_value(&*read).unwrap();
    assert_eq!(json, serde_json::from_str::<Value>(response).unwrap());
}

#[tokio::test]
async fn unions_are_told_apart_by_implicit_inherited_and_numeric_tags() {
    let response = json!({
        "disks": [{"type": "blank", "size": 1}, {"type": "snapshot", "id": "s"}, {"type": "new"}],
        "holdings": [
            {"level": "Global", "address": "a", "amount": "1"},
            {"level": "Vault", "address": "b", "vaults": ["v"]},
        ],
        "versions": [{"version": 1, "a": "x"}, {"version": 2, "b": "y"}, {"version": 3}],
    });
    let (server, client) = server(&response.to_string()).await;
    let read = client.list_shapes().send().await.unwrap();
    let tags = |tags: Vec<&str>| tags.join(" ");
    assert_eq!(
        tags(read.disks.iter().map(|d| d.tag()).collect()),
        "blank snapshot new"
    );
    let Holding::Global(global) = &read.holdings[0] else {
        unreachable!("{:?}", read.holdings)
    };
    assert_eq!(
        (global.address.as_str(), global.amount.as_str()),
        ("a", "1")
    );
    assert!(matches!(&read.versions[1], Versioned::V2(second) if second.b == "y"));
    assert!(matches!(&read.versions[2], Versioned::Unknown(_)));
    assert_eq!(serde_json::to_value(&*read).unwrap(), response);
    // And written with their tag; `default` is the only response documented.
    let holding = HoldingGlobal::new("here", "2", "ignored");
    let _ = client.add_holding(holding).send().await.unwrap();
    assert_eq!(sent(&server)["level"], "Global");
}

#[tokio::test]
async fn members_beside_the_properties_are_kept() {
    let (server, client) = server(r#"{"lat":1.5,"name":"x","kind":"y"}"#).await;
    let place = client.put_place(2.5).additional_properties([("name", "z")]);
    let place = place.send().await.unwrap();
    assert_eq!(sent(&server), json!({"lat": 2.5, "name": "z"}));
    assert_eq!(place.additional_properties["kind"], "y");
    let json = serde_json::to_value(&*place).unwrap();
    assert_eq!(json, json!({"lat": 1.5, "name": "x", "kind": "y"}));
    assert_ne!(*place, Place::default());
}

#[tokio::test]
async fn more_than_a_thousand_fields_are_read() {
    let (_server, client) = server(r#"{"f0":1,"f299":2,"f1099":3,"f1099":4,"f1100":5}"#).await;
    let read = client.get_wide().send().await.unwrap();
    assert_eq!((read.f0, read.f299, read.f150), (Some(1), Some(2), None));
    assert_eq!(read.f1099, Some(4));
    let json = serde_json::to_value(&*read).unwrap();
    assert_eq!(json, json!({"f0": 1, "f299": 2, "f1099": 4}));
}

#[tokio::test]
async fn an_object_in_the_query_replaces_the_one_before() {
    let (server, client) = server(r#"{"ok":true}"#).await;
    let both = Shirt::new().color("red").size(5);
    client
        .search()
        .tag(["x"])
        .shirt(both.clone())
        .shirt(Shirt::new().size(6))
        .page(SearchPage::new().color("red").size(5))
        .page(SearchPage::new().size(7))
        .send()
        .await
        .unwrap();
    let seen = last(&server);
    assert_eq!(
        (seen.query("color"), seen.query("size")),
        (vec![], vec!["6"])
    );
    let target = seen.target().replace("%5B", "[").replace("%5D", "]");
    assert!(target.contains("page[size]=7"), "{target}");
    assert!(!target.contains("page[color]"), "{target}");
    // An empty object takes all of it away.
    let gone = client.search().shirt(both).shirt(Shirt::new());
    gone.send().await.unwrap();
    let seen = last(&server);
    assert!(seen.query("color").is_empty() && seen.query("size").is_empty());
}

#[tokio::test]
async fn unions_may_be_told_apart_by_a_boolean() {
    let response = json!({"switches": [{"on": true, "watts": 5}, {"on": false, "since": "noon"}]});
    let (_server, client) = server(&response.to_string()).await;
    let read = client.list_switches().send().await.unwrap();
    assert!(matches!(&read.switches[0], Switch::True(on) if on.watts == Some(5)));
    assert!(matches!(&read.switches[1], Switch::False(off) if off.since.is_some()));
    assert_eq!(serde_json::to_value(&*read).unwrap(), response);
    // The tag of the variant wins over the field.
    let off = serde_json::from_value::<Off>(json!({"on": true})).unwrap();
    let written = serde_json::to_value(Switch::from(off)).unwrap();
    assert_eq!(written, json!({"on": false}));
}
