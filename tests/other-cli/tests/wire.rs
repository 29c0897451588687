//! Constructs that our own API does not have, as the command line sends and prints them.
#![allow(clippy::unwrap_used)] // Helpers of tests.

use std::process::Output;

use tokio::process::Command;
use video_api_tests::{RawRequest, RawServer};

async fn run(server: &RawServer, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_other-cli"))
        .args(arguments)
        .env_clear()
        .env("STREAM_API_KEY", "key")
        .env("STREAM_API_SECRET", "secret")
        .env("STREAM_BASE_URL", server.url())
        .output()
        .await
        .unwrap()
}

async fn responding_with(media: &str, body: &[u8]) -> RawServer {
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: {media}\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    let response = [head.as_bytes(), body].concat();
    RawServer::start(response).await.unwrap()
}

fn last(server: &RawServer) -> RawRequest {
    server.seen().pop().unwrap()
}

#[tokio::test]
async fn header_parameters_are_flags_and_positions() {
    let server = responding_with("application/json", br#"{"id":"a"}"#).await;
    let arguments = [
        "put-document",
        "a",
        "v1",
        "--body",
        "grün",
        "--x-tenant",
        "acme",
        "--json",
    ];
    let output = run(&server, &arguments).await;
    assert!(output.status.success(), "{output:?}");
    let seen = last(&server);
    assert_eq!(seen.header("if-match"), ["v1"]);
    assert_eq!(seen.header("x-tenant"), ["acme"]);
    assert_eq!(seen.text(), "grün");
    let output = run(&server, &["put-document", "a", "--body", "x"]).await;
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(
        !output.status.success() && error.contains("IF-MATCH"),
        "{error}"
    );
}

#[tokio::test]
async fn files_are_uploaded_from_disk() {
    let server = responding_with("application/json", br#"{"ok":true}"#).await;
    let folder = tempfile();
    let path = folder.join("picture.png");
    std::fs::write(&path, [0x89, 0, 255]).unwrap();
    let file = format!("@{}", path.display());
    let arguments = [
        "upload-files",
        "a",
        &file,
        "title",
        "--tags",
        "x",
        "--tags",
        "y",
        "--more",
        "one",
        "--more",
        &file,
    ];
    let output = run(&server, &arguments).await;
    assert!(output.status.success(), "{output:?}");
    let seen = last(&server);
    let text = seen.text();
    assert_eq!(
        text.matches("filename=\"picture.png\"").count(),
        2,
        "{text}"
    );
    assert_eq!(text.matches("name=\"tags\"").count(), 2, "{text}");
    let bytes = seen
        .body
        .windows(3)
        .filter(|window| *window == [0x89, 0, 255]);
    assert_eq!(bytes.count(), 2);
    let arguments = ["put-file", "a", "image/png", "--body", &file];
    assert!(run(&server, &arguments).await.status.success());
    let seen = last(&server);
    assert_eq!(seen.header("content-type"), ["image/png"]);
    assert_eq!(seen.body, [0x89, 0, 255]);
    std::fs::remove_dir_all(folder).unwrap();
}

#[tokio::test]
async fn bytes_and_text_are_printed_or_written_as_they_are() {
    let server = responding_with("application/octet-stream", &[0x89, 0, 255]).await;
    let output = run(&server, &["get-file", "a"]).await;
    assert_eq!(output.stdout, [0x89, 0, 255]);
    let folder = tempfile();
    let path = folder.join("out.bin");
    let output = run(
        &server,
        &["get-file", "a", "--output", path.to_str().unwrap()],
    )
    .await;
    assert!(
        output.status.success() && output.stdout.is_empty(),
        "{output:?}"
    );
    assert_eq!(std::fs::read(&path).unwrap(), [0x89, 0, 255]);
    std::fs::remove_dir_all(folder).unwrap();
    let server = responding_with("text/plain", "grün".as_bytes()).await;
    let output = run(&server, &["get-document", "a"]).await;
    assert_eq!(output.stdout, "grün".as_bytes());
}

#[tokio::test]
async fn fields_of_a_form_are_flags() {
    let server = responding_with("application/json", br#"{"ok":true}"#).await;
    let arguments = [
        "submit-form",
        "a b",
        "--tags",
        "x",
        "--tags",
        "y",
        "--done",
        "--kind",
        "a",
    ];
    let output = run(&server, &arguments).await;
    assert!(output.status.success(), "{output:?}");
    let text = last(&server).text();
    let mut pairs: Vec<&str> = text.split('&').collect();
    pairs.sort_unstable();
    assert_eq!(
        pairs,
        ["done=true", "kind=a", "name=a+b", "tags=x", "tags=y"]
    );
    let output = run(&server, &["replace-form"]).await;
    assert!(output.status.success(), "{output:?}");
    assert!(last(&server).body.is_empty());
}

/// A folder of this test run alone.
fn tempfile() -> std::path::PathBuf {
    static NUMBER: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);
    let number = NUMBER.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    let name = format!("other-cli-{}-{number}", std::process::id());
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}
