//! Responses of several kinds, and those that are not JSON.

use other_api::by_name::Arguments;
use other_api::types::PutDocumentResponse;
use serde_json::{Value, json};

use crate::{last, responding_with};

#[tokio::test]
async fn every_documented_success_is_readable() {
    let (_server, client) =
        responding_with(200, "application/json", br#"{"id":"a","text":"x"}"#).await;
    let read = client.put_document("a", "*", "text").send().await.unwrap();
    assert!(matches!(&*read, PutDocumentResponse::Ok(document) if document.id == "a"));
    let (_server, client) = responding_with(202, "application/json", br#"{"job":"j"}"#).await;
    let read = client.put_document("a", "*", "text").send().await.unwrap();
    assert!(matches!(&*read, PutDocumentResponse::Accepted(later) if later.job == "j"));
    let (_server, client) = responding_with(204, "", b"").await;
    let read = client.put_document("a", "*", "text").send().await.unwrap();
    assert_eq!(*read, PutDocumentResponse::NoContent);
    let (_server, client) = responding_with(206, "text/plain", b"part").await;
    let read = client.put_document("a", "*", "text").send().await.unwrap();
    assert_eq!(
        *read,
        PutDocumentResponse::PartialContent("part".to_owned())
    );
    // A success that nobody documented keeps its bytes.
    let (_server, client) = responding_with(203, "image/png", b"\x89PNG\0").await;
    let read = client.put_document("a", "*", "text").send().await.unwrap();
    let PutDocumentResponse::Other(bytes) = &*read else {
        unreachable!("{read:?}")
    };
    assert_eq!(
        (&bytes[..], read.status().as_u16()),
        (&b"\x89PNG\0"[..], 203)
    );
}

#[tokio::test]
async fn one_of_several_responses_is_held_to_its_own_type() {
    // What 200 answers is not what 202 does.
    let (_server, client) = responding_with(202, "application/json", br#"{"id":"a"}"#).await;
    let error = client
        .put_document("a", "*", "text")
        .send()
        .await
        .unwrap_err();
    assert!(
        error.to_string().contains("none of the documented fields"),
        "{error}"
    );
    let (_server, client) = responding_with(202, "application/json", br#"{"job":5}"#).await;
    let error = client
        .put_document("a", "*", "text")
        .send()
        .await
        .unwrap_err();
    assert!(error.to_string().contains("job"), "{error}");
    let (_server, client) = responding_with(202, "text/html", b"<p>").await;
    let error = client
        .put_document("a", "*", "text")
        .send()
        .await
        .unwrap_err();
    assert!(error.to_string().contains("text/html"), "{error}");
    let (_server, client) = responding_with(202, "application/json", b"").await;
    assert!(client.put_document("a", "*", "text").send().await.is_err());
    let (_server, client) = responding_with(206, "text/plain", b"\xff\xfe").await;
    let error = client
        .put_document("a", "*", "text")
        .send()
        .await
        .unwrap_err();
    assert!(error.to_string().contains("UTF-8"), "{error}");
}

#[tokio::test]
async fn several_responses_have_one_json_by_name() {
    for (status, media, body, json) in [
        (
            200,
            "application/json",
            &br#"{"id":"a"}"#[..],
            json!({"id": "a"}),
        ),
        (
            202,
            "application/json",
            br#"{"job":"j"}"#,
            json!({"job": "j"}),
        ),
        (204, "", b"", Value::Null),
        (206, "text/plain", b"part", json!("part")),
    ] {
        let (_server, client) = responding_with(status, media, body).await;
        let arguments = Arguments::new()
            .path("id", "a")
            .header("If-Match", "*")
            .body("text");
        let read = client
            .call_operation("PutDocument", arguments)
            .await
            .unwrap();
        assert_eq!((&*read, read.status().as_u16()), (&json, status));
    }
}

#[tokio::test]
async fn a_body_that_only_some_successes_have_is_optional() {
    let (_server, client) = responding_with(200, "application/json", br#"{"id":"a"}"#).await;
    let read = client.delete_document("a").send().await.unwrap();
    assert_eq!(
        read.as_ref().map(|document| document.id.as_str()),
        Some("a")
    );
    let (_server, client) = responding_with(204, "", b"").await;
    let read = client.delete_document("a").send().await.unwrap();
    assert_eq!(*read, None);
    let arguments = Arguments::new().path("id", "a");
    let read = client
        .call_operation("DeleteDocument", arguments)
        .await
        .unwrap();
    assert_eq!(*read, Value::Null);
    // The same body with two statuses is one type.
    let (_server, client) = responding_with(201, "application/json", br#"{"id":"b"}"#).await;
    let read = client.copy_document("a").send().await.unwrap();
    assert_eq!(read.id, "b");
}

#[tokio::test]
async fn text_and_bytes_are_read_as_they_are() {
    let (server, client) =
        responding_with(200, "text/plain; charset=utf-8", "grün\n".as_bytes()).await;
    let read = client.get_document("a").send().await.unwrap();
    assert_eq!(*read, "grün\n");
    assert_eq!(last(&server).header("accept"), ["text/plain"]);
    let bytes: Vec<u8> = (0..=255).collect();
    let (server, client) = responding_with(200, "application/zip", &bytes).await;
    let read = client.get_file("a").send().await.unwrap();
    assert_eq!(read[..], bytes);
    assert_eq!(last(&server).header("accept"), ["application/octet-stream"]);
    // What looks like an error in JSON is a file's content here, and so is nothing.
    let looks = br#"{"code":4,"message":"no","StatusCode":400}"#;
    let (_server, client) = responding_with(200, "application/json", looks).await;
    assert_eq!(client.get_file("a").send().await.unwrap()[..], looks[..]);
    let (_server, client) = responding_with(200, "application/octet-stream", b"").await;
    assert!(client.get_file("a").send().await.unwrap().is_empty());
}

#[tokio::test]
async fn the_size_limit_holds_for_bytes_and_text() {
    for status in [200, 203] {
        let (server, _) = responding_with(status, "application/octet-stream", &[7; 2000]).await;
        let client = other_api::Client::builder("key")
            .secret("secret")
            .base_url(server.url())
            .max_response_size(1999)
            .build()
            .unwrap();
        let error = client.get_file("a").send().await.unwrap_err();
        assert!(error.to_string().contains("1999"), "{error}");
        let error = client.get_document("a").send().await.unwrap_err();
        assert!(error.to_string().contains("1999"), "{error}");
        let error = client.put_document("a", "*", "x").send().await.unwrap_err();
        assert!(error.to_string().contains("1999"), "{error}");
    }
}

#[tokio::test]
async fn bytes_are_handed_out_by_name_and_refused_as_json() {
    let (_server, client) = responding_with(200, "image/png", b"\x89PNG\0").await;
    let arguments = || Arguments::new().path("id", "a");
    let error = client
        .call_operation("GetFile", arguments())
        .await
        .unwrap_err();
    assert!(error.to_string().contains("send_for_bytes"), "{error}");
    let prepared = client.prepare_operation("GetFile", &arguments()).unwrap();
    let read = prepared.send_for_bytes().await.unwrap();
    assert_eq!(read[..], b"\x89PNG\0"[..]);
    let (_server, client) = responding_with(200, "text/plain", b"text").await;
    let read = client
        .call_operation("GetDocument", arguments())
        .await
        .unwrap();
    assert_eq!(*read, json!("text"));
    // Errors are errors, whatever a success would be.
    let (_server, client) =
        responding_with(404, "application/json", br#"{"code":16,"message":"gone"}"#).await;
    let prepared = client.prepare_operation("GetFile", &arguments()).unwrap();
    let error = prepared.send_for_bytes().await.unwrap_err();
    assert!(
        error.is_not_found() && error.to_string().contains("gone"),
        "{error}"
    );
    let error = client.get_file("a").send().await.unwrap_err();
    assert!(error.is_not_found(), "{error}");
}
