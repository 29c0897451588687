//! Bodies that are not JSON: forms, files, text and bytes.

use other_api::by_name::Arguments;
use other_api::types::Shirt;
use other_api::{RetryPolicy, Upload};
use serde_json::json;
use video_api_tests::RawRequest;

use crate::{last, responding_with, sent, server};

/// A part of a form: its headers in lower case without the boundary, and its content.
fn parts(request: &RawRequest) -> Vec<(String, Vec<u8>)> {
    let media = request.header("content-type")[0];
    let (kind, boundary) = media.split_once("; boundary=").unwrap();
    assert_eq!(kind, "multipart/form-data");
    let between = format!("--{boundary}");
    let mut found = Vec::new();
    let mut rest = request.body.as_slice();
    let at = |text: &[u8], word: &str| {
        text.windows(word.len())
            .position(|window| window == word.as_bytes())
    };
    loop {
        rest = rest.strip_prefix(between.as_bytes()).unwrap();
        if rest == b"--\r\n" {
            return found;
        }
        rest = rest.strip_prefix(b"\r\n").unwrap();
        let end = at(rest, "\r\n\r\n").unwrap();
        let head = String::from_utf8(rest[..end].to_vec()).unwrap();
        let content = &rest[end + 4..];
        let end = at(content, &format!("\r\n{between}")).unwrap();
        found.push((head.to_lowercase(), content[..end].to_vec()));
        rest = &content[end + 2..];
    }
}

fn field(name: &str, more: &str, content: impl Into<Vec<u8>>) -> (String, Vec<u8>) {
    let head = format!("content-disposition: form-data; name=\"{name}\"{more}");
    (head, content.into())
}

#[tokio::test]
async fn a_form_with_files_has_a_part_for_each_field() {
    let (server, client) = server(r#"{"ok":true}"#).await;
    let binary: Vec<u8> = (0..=255).collect();
    client
        .upload_files("a", binary.clone(), "Grün & \"rot\"")
        .count(3)
        .shirt(Shirt::new().size(5))
        .tags(["a", "b"])
        .shirts([Shirt::new().size(1), Shirt::new().size(2)])
        .more([
            Upload::new("one")
                .file_name("1.txt")
                .content_type("text/plain"),
            Upload::new("two"),
        ])
        .sheet("a,b")
        .cover(Upload::new("png").file_name("a\"b\r\n.png"))
        .send()
        .await
        .unwrap();
    let seen = last(&server);
    let octets = "\r\ncontent-type: application/octet-stream";
    let json = "\r\ncontent-type: application/json";
    let mut found = parts(&seen);
    found.sort();
    let mut wanted = vec![
        field("count", "", "3"),
        field(
            "cover",
            &format!("; filename=\"a%22b%0d%0a.png\"{octets}"),
            "png",
        ),
        field("file", &format!("; filename=\"file\"{octets}"), binary),
        field(
            "more",
            "; filename=\"1.txt\"\r\ncontent-type: text/plain",
            "one",
        ),
        field("more", &format!("; filename=\"more\"{octets}"), "two"),
        field("sheet", "\r\ncontent-type: text/csv", "a,b"),
        field("shirt", json, r#"{"size":5}"#),
        field("shirts", json, r#"{"size":1}"#),
        field("shirts", json, r#"{"size":2}"#),
        field("tags", "", "a"),
        field("tags", "", "b"),
        field("title", "", "Grün & \"rot\""),
    ];
    wanted.sort();
    assert_eq!(found, wanted);
}

#[tokio::test]
async fn a_field_that_is_set_again_is_replaced_and_extra_fields_are_sent() {
    let (server, client) = server(r#"{"ok":true}"#).await;
    client
        .upload_files("a", "content", "title")
        .tags(["old", "older"])
        .tags(["new"])
        .more([Upload::new("old")])
        .more(Vec::<Upload>::new())
        .extra("later", 7)
        .extra("object", json!({"a": 1}))
        .send()
        .await
        .unwrap();
    let heads = parts(&last(&server)).into_iter();
    let mut found: Vec<_> = heads
        .map(|(head, content)| {
            let name = head.split('"').nth(1).unwrap().to_owned();
            (name, String::from_utf8(content).unwrap())
        })
        .collect();
    found.sort();
    let wanted = [
        ("file", "content"),
        ("later", "7"),
        ("object", r#"{"a":1}"#),
        ("tags", "new"),
        ("title", "title"),
    ];
    assert_eq!(
        found,
        wanted.map(|(name, text)| (name.to_owned(), text.to_owned()))
    );
}

#[tokio::test]
async fn a_form_is_repeated_byte_for_byte() {
    let (server, client) = responding_with(503, "application/json", b"{}").await;
    let policy = || RetryPolicy::new().base_delay(std::time::Duration::from_millis(1));
    let upload = client.upload_files("a", vec![1, 2, 3], "title");
    upload.with_retry_policy(policy()).send().await.unwrap_err();
    let seen = server.seen();
    assert!(seen.len() > 1, "{}", seen.len());
    let (first, others) = seen.split_first().unwrap();
    assert_eq!(parts(first).len(), 2);
    for other in others {
        assert_eq!(other.body, first.body);
        assert_eq!(other.header("content-type"), first.header("content-type"));
    }
    let before = server.seen().len();
    let upload = client.put_file("a", "image/png", "bytes");
    upload.with_retry_policy(policy()).send().await.unwrap_err();
    let seen = server.seen().split_off(before);
    assert!(seen.len() > 1 && seen.iter().all(|it| it.body == b"bytes"));
}

#[tokio::test]
async fn a_media_type_cannot_break_out_of_its_header() {
    let (server, client) = server(r#"{"ok":true}"#).await;
    let file = Upload::new("x").content_type("text/plain\r\n\r\nevil");
    let error = client
        .upload_files("a", file, "title")
        .send()
        .await
        .unwrap_err();
    assert!(
        error.to_string().contains("media type of the field `file`"),
        "{error}"
    );
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn a_form_as_in_the_url_has_the_documented_styles() {
    let (server, client) = responding_with(200, "application/json", br#"{"ok":true}"#).await;
    let shirt = || Shirt::new().color("dark red").size(5);
    client
        .submit_form("a b&c=d+ü")
        .tags(["x", "y z"])
        .ids([1, 2])
        .page(shirt())
        .address(shirt())
        .flat(shirt())
        .kind("a")
        .done(true)
        .extra("later", "z")
        .send()
        .await
        .unwrap();
    let seen = last(&server);
    assert_eq!(
        seen.header("content-type"),
        ["application/x-www-form-urlencoded"]
    );
    let text = seen.text();
    let mut pairs: Vec<&str> = text.split('&').collect();
    pairs.sort_unstable();
    assert_eq!(
        pairs,
        [
            "address=%7B%22color%22%3A%22dark+red%22%2C%22size%22%3A5%7D",
            "color=dark+red",
            "done=true",
            "ids=1%2C2",
            "kind=a",
            "later=z",
            "name=a+b%26c%3Dd%2B%C3%BC",
            "page%5Bcolor%5D=dark+red",
            "page%5Bsize%5D=5",
            "size=5",
            "tags=x",
            "tags=y+z",
        ]
    );
}

#[tokio::test]
async fn a_form_that_is_optional_can_be_left_out() {
    let (server, client) = server(r#"{"ok":true}"#).await;
    client.replace_form().send().await.unwrap();
    let seen = last(&server);
    assert!(seen.body.is_empty() && seen.header("content-type").is_empty());
    client.replace_form().name("a").send().await.unwrap();
    assert_eq!(last(&server).text(), "name=a");
}

#[tokio::test]
async fn text_and_bytes_are_sent_as_they_are() {
    let (server, client) = responding_with(204, "", b"").await;
    let bytes: Vec<u8> = (0..=255).collect();
    client
        .put_file("a", "image/png", bytes.clone())
        .send()
        .await
        .unwrap();
    let seen = last(&server);
    assert_eq!(seen.header("content-type"), ["image/png"]);
    assert_eq!(seen.body, bytes);
    client
        .put_document("a", "*", "grün\n")
        .send()
        .await
        .unwrap();
    let seen = last(&server);
    assert_eq!(seen.header("content-type"), ["text/plain"]);
    assert_eq!(seen.text(), "grün\n");
    // One that is optional.
    let (server, client) = responding_with(200, "application/json", br#"{"size":0}"#).await;
    client.append_file("a").send().await.unwrap();
    assert!(last(&server).header("content-type").is_empty());
    client
        .append_file("a")
        .body(bytes.clone())
        .send()
        .await
        .unwrap();
    let seen = last(&server);
    assert_eq!(seen.header("content-type"), ["application/octet-stream"]);
    assert_eq!(seen.body, bytes);
}

#[tokio::test]
async fn any_media_type_with_a_schema_is_json() {
    let (server, client) = server(r#"{"id":"a"}"#).await;
    let read = client.send_star().size(5).send().await.unwrap();
    assert_eq!(read.id, "a");
    assert_eq!(sent(&server), json!({"size": 5}));
    let seen = last(&server);
    assert_eq!(seen.header("content-type"), ["application/json"]);
    assert_eq!(seen.header("accept"), ["application/json"]);
}

#[tokio::test]
async fn forms_are_filled_by_name() {
    let (server, client) = server(r#"{"ok":true}"#).await;
    let arguments = || Arguments::new().path("id", "a");
    let given = arguments()
        .body(json!({"title": "t", "count": 3, "tags": ["a"], "shirt": {"size": 5}, "more": ["x", "y"]}))
        .file("file", Upload::new(vec![0, 255]).file_name("f.bin"));
    let read = client.call_operation("UploadFiles", given).await.unwrap();
    assert_eq!(*read, json!({"ok": true}));
    let found = parts(&last(&server));
    let file = found
        .iter()
        .find(|(head, _)| head.contains("\"f.bin\""))
        .unwrap();
    assert_eq!(file.1, [0, 255]);
    let more = found
        .iter()
        .filter(|(head, _)| head.contains("name=\"more\""));
    assert_eq!(more.count(), 2);
    assert_eq!(found.len(), 7);
    for (given, reason) in [
        (
            arguments().body(json!({"title": "t"})),
            "the field `file` is missing",
        ),
        (
            arguments().body(json!({"file": "x"})),
            "the field `title` is missing",
        ),
        (
            arguments().body(json!({"title": "t", "file": "x", "titel": 1})),
            "`body.titel` is not known here; did you mean `title`?",
        ),
        (
            arguments().body(json!({"title": "t", "file": 5})),
            "given as a string",
        ),
        (
            arguments().body(json!({"title": "t", "file": "x", "count": "many"})),
            "invalid field `count`",
        ),
        (
            arguments()
                .body(json!({"title": "t", "file": "x"}))
                .file("title", "x"),
            "`title` is not a field that takes a file",
        ),
        (arguments().bytes("x"), "takes no bytes"),
    ] {
        let error = client
            .call_operation("UploadFiles", given)
            .await
            .unwrap_err();
        assert!(error.to_string().contains(reason), "{error}");
    }
    let given = Arguments::new().body(json!({"name": "a b", "ids": [1, 2]}));
    client.call_operation("SubmitForm", given).await.unwrap();
    assert_eq!(last(&server).text(), "name=a+b&ids=1%2C2");
}

#[tokio::test]
async fn bytes_are_handed_in_by_name() {
    let (server, client) = responding_with(204, "", b"").await;
    let arguments = || {
        Arguments::new()
            .path("id", "a")
            .header("Content-Type", "image/png")
    };
    let given = arguments().bytes(vec![0, 255]);
    let prepared = client.prepare_operation("PutFile", &given).unwrap();
    let preview = prepared.preview().unwrap();
    assert_eq!(preview.body.as_deref(), Some("[2 bytes]"));
    assert!(preview.to_curl().contains("--data-binary @FILE"));
    prepared.send().await.unwrap();
    let seen = last(&server);
    assert_eq!(seen.header("content-type"), ["image/png"]);
    assert_eq!(seen.body, [0, 255]);
    client
        .call_operation("PutFile", arguments().body("text"))
        .await
        .unwrap();
    assert_eq!(last(&server).text(), "text");
    for (given, reason) in [
        (arguments(), "the body is missing"),
        (arguments().body(json!({})), "the body is text or bytes"),
    ] {
        let error = client.call_operation("PutFile", given).await.unwrap_err();
        assert!(error.to_string().contains(reason), "{error}");
    }
}
