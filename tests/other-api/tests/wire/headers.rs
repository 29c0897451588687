//! Header parameters.

use other_api::Timestamp;
use other_api::by_name::Arguments;
use other_api::types::Shirt;
use serde_json::json;

use crate::{last, responding_with, server};

#[tokio::test]
async fn header_parameters_are_arguments_and_setters() {
    let (server, client) = server(r#"{"id":"a"}"#).await;
    let shirt = || Shirt::new().color("red").size(5);
    let at: Timestamp = "2026-01-31T12:00:00Z".parse().unwrap();
    client
        .put_document("a", "\"v1\"", "text")
        .x_tenant("acme")
        .x_ids([1, 2])
        .x_shirt(shirt())
        .x_flat(shirt())
        .x_meta(json!({"a": 1}).as_object().unwrap().clone())
        .x_since(at)
        .send()
        .await
        .unwrap();
    let seen = last(&server);
    for (name, value) in [
        ("if-match", "\"v1\""),
        ("x-tenant", "acme"),
        ("x-ids", "1,2"),
        ("x-shirt", "color=red,size=5"),
        ("x-flat", "color,red,size,5"),
        ("x-meta", r#"{"a":1}"#),
        ("x-since", "2026-01-31T12:00:00Z"),
    ] {
        assert_eq!(seen.header(name), [value], "{name}");
    }
    // The document lists these three, and OpenAPI says that it means nothing.
    assert_eq!(seen.header("accept"), ["application/json, text/plain"]);
    assert_eq!(seen.header("content-type"), ["text/plain"]);
    assert_eq!(seen.header("authorization").len(), 1);
}

#[tokio::test]
async fn a_header_that_is_not_set_is_not_sent_and_the_last_value_counts() {
    let (server, client) = server(r#"{"id":"a"}"#).await;
    let put = || client.put_document("a", "*", "text");
    put().send().await.unwrap();
    let seen = last(&server);
    assert!(seen.header("x-tenant").is_empty() && seen.header("x-ids").is_empty());
    put()
        .x_tenant("a")
        .x_tenant("b")
        .x_ids([1])
        .x_ids([])
        .send()
        .await
        .unwrap();
    let seen = last(&server);
    assert_eq!(seen.header("x-tenant"), ["b"]);
    assert!(seen.header("x-ids").is_empty());
}

#[tokio::test]
async fn a_value_that_a_header_cannot_carry_is_an_error_before_anything_is_sent() {
    let (server, client) = server(r#"{"id":"a"}"#).await;
    for value in ["a\r\nx-evil: 1", "größe", "a\0", " padded", "padded\t"] {
        let request = client.put_document("a", value, "text");
        let error = request.send().await.unwrap_err();
        assert!(
            error.to_string().contains("the header `If-Match`"),
            "{error}"
        );
        assert!(!error.to_string().contains(value), "{error}");
        let request = client.put_document("a", "*", "text").x_tenant(value);
        let error = request.send().await.unwrap_err();
        assert!(
            error.to_string().contains("the header `X-Tenant`"),
            "{error}"
        );
    }
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn header_parameters_have_names_in_json_too() {
    let (server, client) = responding_with(200, "application/json", br#"{"id":"a"}"#).await;
    let arguments = || Arguments::new().path("id", "a").body("text");
    let given = arguments()
        .header("If-Match", "*")
        .header("X-Ids", json!([1, 2]))
        .header("X-Shirt", json!({"size": 5}));
    let read = client.call_operation("PutDocument", given).await.unwrap();
    assert_eq!(*read, json!({"id": "a"}));
    let seen = last(&server);
    assert_eq!(seen.header("if-match"), ["*"]);
    assert_eq!(seen.header("x-ids"), ["1,2"]);
    assert_eq!(seen.header("x-shirt"), ["size=5"]);
    assert_eq!(seen.text(), "text");
    for (given, reason) in [
        (arguments(), "the header parameter `If-Match` is missing"),
        (
            arguments().header("If-Match", "*").header("X-Tenent", "a"),
            "unknown header parameter `X-Tenent`; did you mean `X-Tenant`?",
        ),
        (
            arguments().header("If-Match", "*").header("X-Ids", "a"),
            "invalid header parameter `X-Ids`",
        ),
        (
            arguments().header("If-Match", "a\nb"),
            "the header `If-Match` may only hold",
        ),
    ] {
        let error = client
            .call_operation("PutDocument", given)
            .await
            .unwrap_err();
        assert!(error.to_string().contains(reason), "{error}");
    }
    assert_eq!(server.seen().len(), 1);
    // As JSON, which is what scripts and other languages have.
    let given: Arguments = serde_json::from_value(json!({
        "path": {"id": "a"}, "header": {"If-Match": "*"}, "body": "text"
    }))
    .unwrap();
    client.call_operation("PutDocument", given).await.unwrap();
    // An operation without header parameters takes none.
    let given = Arguments::new().path("id", "a").header("X-Tenant", "a");
    let error = client
        .call_operation("GetDocument", given)
        .await
        .unwrap_err();
    assert!(
        error.to_string().contains("unknown header parameter"),
        "{error}"
    );
}
