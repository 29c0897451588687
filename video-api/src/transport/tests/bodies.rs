//! Bodies: compression, size, and what errors say about them.

use std::io::Write;
use std::sync::{Arc, Mutex};

use flate2::Compression;
use flate2::write::GzEncoder;

use super::server::{json, response};
use super::*;
use crate::{CorrectionEvent, Observer};

fn gzip(data: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

const GZIP: &str = "content-type: application/json\r\ncontent-encoding: gzip\r\n";

fn limited(server: &Server, bytes: usize) -> Client {
    builder(server).max_response_size(bytes).build().unwrap()
}

#[tokio::test]
async fn gzip_is_decoded() {
    let server = Server::always(|| Reply::Raw(response("200 OK", GZIP, gzip(OK.as_bytes())))).await;
    assert_eq!(call(&client(&server), &GET).await.unwrap().name, "x");
    let error = r#"{"code":4,"message":"bad"}"#;
    let server = Server::always(move || {
        Reply::Raw(response("400 Bad Request", GZIP, gzip(error.as_bytes())))
    })
    .await;
    assert_eq!(
        call(&client(&server), &GET)
            .await
            .unwrap_err()
            .api()
            .unwrap()
            .code(),
        Some(4)
    );
}

#[tokio::test]
async fn corrupt_gzip_is_a_decode_error_and_cut_off_gzip_a_broken_connection() {
    let mut corrupt = gzip(OK.repeat(10).as_bytes());
    corrupt[12] ^= 0xff;
    corrupt[20] ^= 0xff;
    let server = Server::always(move || Reply::Raw(response("200 OK", GZIP, &corrupt))).await;
    let error = call(&client(&server), &GET).await.unwrap_err();
    assert!(error.is_decode() && error.attempts() == 1, "{error:?}");
    let whole = gzip(OK.as_bytes());
    let cut = whole[..whole.len() - 9].to_vec();
    let server = Server::always(move || Reply::Raw(response("200 OK", GZIP, &cut))).await;
    let error = call(&client(&server), &GET).await.unwrap_err();
    assert_eq!(
        (error.error_type(), error.attempts()),
        ("connection_reset", 3),
        "{error:?}"
    );
    // The same when the connection ends within what it announced.
    let mut announced = response("200 OK", GZIP, gzip(OK.as_bytes()));
    announced.truncate(announced.len() - 20);
    for reset in [false, true] {
        let bytes = announced.clone();
        let server = Server::always(move || match reset {
            true => Reply::Reset(bytes.clone()),
            false => Reply::Close(bytes.clone()),
        })
        .await;
        let error = call(&client(&server), &GET).await.unwrap_err();
        assert_eq!(
            (error.error_type(), error.attempts()),
            ("connection_reset", 3),
            "{error:?}"
        );
    }
}

#[tokio::test]
async fn a_client_of_ones_own_may_decompress_or_not() {
    let mut corrupt = gzip(OK.repeat(10).as_bytes());
    corrupt[12] ^= 0xff;
    corrupt[20] ^= 0xff;
    for decompresses in [false, true] {
        let own = || {
            let own = reqwest::Client::builder().gzip(decompresses).no_proxy();
            own.build().unwrap()
        };
        let whole = || Reply::Raw(response("200 OK", GZIP, gzip(OK.as_bytes())));
        let server = Server::always(whole).await;
        let client = builder(&server).http_client(own()).build().unwrap();
        assert_eq!(call(&client, &GET).await.unwrap().name, "x");
        assert_eq!(server.seen()[0].header("accept-encoding"), ["gzip"]);

        let corrupt = corrupt.clone();
        let server = Server::always(move || Reply::Raw(response("200 OK", GZIP, &corrupt))).await;
        let client = builder(&server).http_client(own()).build().unwrap();
        let error = call(&client, &GET).await.unwrap_err();
        assert!(error.is_decode() && error.attempts() == 1, "{error:?}");
    }
}

#[tokio::test]
async fn an_encoding_that_was_not_asked_for_is_an_error() {
    const BROTLI: &str = "content-type: application/json\r\ncontent-encoding: br\r\n";
    let server = Server::always(|| Reply::Raw(response("200 OK", BROTLI, OK))).await;
    let error = call(&client(&server), &GET).await.unwrap_err();
    assert!(
        error.is_decode() && error.to_string().contains("cannot be decompressed"),
        "{error}"
    );
}

#[tokio::test]
async fn a_bomb_is_stopped_at_the_limit() {
    let bomb = gzip(&vec![b' '; 50_000_000]);
    assert!(bomb.len() < 100_000);
    let server = Server::always(move || Reply::Raw(response("200 OK", GZIP, &bomb))).await;
    let error = call(&limited(&server, 1_000_000), &GET).await.unwrap_err();
    assert!(
        error.is_decode() && error.to_string().contains("larger than 1000000 bytes"),
        "{error}"
    );
    assert_eq!(error.attempts(), 1);
}

#[tokio::test]
async fn the_limit_is_exact_whether_announced_or_not() {
    let body = format!("{{\"name\":\"{}\"}}", "x".repeat(200_000));
    let announced = json("200 OK", &body);
    let mut chunked =
        b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n"
            .to_vec();
    for piece in body.as_bytes().chunks(7000) {
        chunked.extend_from_slice(format!("{:x}\r\n", piece.len()).as_bytes());
        chunked.extend_from_slice(piece);
        chunked.extend_from_slice(b"\r\n");
    }
    chunked.extend_from_slice(b"0\r\n\r\n");
    for bytes in [announced, chunked] {
        let server = Server::always(move || Reply::Raw(bytes.clone())).await;
        let thing = call(&limited(&server, body.len()), &GET).await.unwrap();
        assert_eq!(thing.name.len(), 200_000);
        let error = call(&limited(&server, body.len() - 1), &GET)
            .await
            .unwrap_err();
        assert!(error.is_decode(), "{error}");
    }
}

#[tokio::test]
async fn a_hundred_megabytes_are_not_read() {
    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n";
    let announced = format!("{head}content-length: 100000000\r\n\r\n");
    let endless = format!("{head}transfer-encoding: chunked\r\n\r\n");
    let piece = [b"10000\r\n".to_vec(), vec![b' '; 65536], b"\r\n".to_vec()].concat();
    for (head, piece) in [(announced, vec![b' '; 65536]), (endless, piece)] {
        let reply = move || {
            Reply::Repeat(
                head.clone().into_bytes(),
                piece.clone(),
                1600,
                Duration::ZERO,
            )
        };
        let server = Server::always(reply).await;
        let patient = builder(&server)
            .attempt_timeout(Duration::from_secs(5))
            .build()
            .unwrap();
        let error = call(&patient, &GET).await.unwrap_err();
        assert!(
            error.is_decode() && error.to_string().contains("larger than 16777216"),
            "{error}"
        );
    }
    // An error's body may be as large as it likes, its beginning is enough.
    let head = "HTTP/1.1 500 Oops\r\ncontent-length: 100000000\r\n\r\n";
    let reply = move || Reply::Repeat(head.into(), vec![b'x'; 65536], 1600, Duration::ZERO);
    let error = call(&client(&Server::always(reply).await), &GET)
        .await
        .unwrap_err();
    assert_eq!(error.status().unwrap(), 500);
    assert_eq!(error.body_excerpt().unwrap().chars().count(), 513);
}

#[tokio::test]
async fn a_mismatch_names_operation_path_and_excerpt() {
    let body = r#"{"name": "ok", "at": {"wrong": "shape"}}"#;
    let server = Server::always(move || Reply::Raw(json("200 OK", body))).await;
    let error = call(&client(&server), &POST).await.unwrap_err();
    assert!(error.is_decode() && !error.is_retryable());
    let text = error.to_string();
    assert!(
        text.starts_with("PostThing: unexpected JSON at `at`: invalid type: map, "),
        "{text}"
    );
    assert_eq!(error.body_excerpt(), Some(body));
    assert!(
        std::error::Error::source(&error).is_none(),
        "the message is told once"
    );
}

#[tokio::test]
async fn content_types_that_are_json() {
    for kind in [
        "application/json",
        "Application/JSON; charset=utf-8",
        "application/problem+json",
        "text/json",
    ] {
        let headers = format!("content-type: {kind}\r\n");
        let server = Server::always(move || Reply::Raw(response("200 OK", &headers, OK))).await;
        assert!(call(&client(&server), &GET).await.is_ok(), "{kind}");
    }
    let server = Server::always(|| Reply::Raw(response("200 OK", "", OK))).await;
    assert!(call(&client(&server), &GET).await.is_ok(), "none at all");
}

#[tokio::test]
async fn a_body_that_is_not_utf_8_is_an_error_with_its_position() {
    let body = b"{\"name\":\n \"\xff\"}";
    let server = Server::always(move || Reply::Raw(json("200 OK", body))).await;
    let error = call(&client(&server), &GET).await.unwrap_err();
    assert!(error.is_decode(), "{error:?}");
    let text = error.to_string();
    assert!(
        text.contains("not valid JSON (invalid utf-8 sequence of 1 bytes from index 11)"),
        "{text}"
    );
}

#[tokio::test]
async fn missing_fields_are_zero_and_reported_once_per_client_and_path() {
    #[derive(Clone, Default)]
    struct Seen(Arc<Mutex<Vec<String>>>);
    impl Observer for Seen {
        fn on_correction(&self, event: &CorrectionEvent<'_>) {
            let seen = format!("{} {}", event.operation.id, event.path);
            self.0.lock().unwrap().push(seen);
        }
    }
    let server = Server::always(|| Reply::Raw(json("200 OK", r#"{"name":null,"at":1}"#))).await;
    let seen = Seen::default();
    let client = builder(&server).observer(seen.clone()).build().unwrap();
    for operation in [&GET, &GET, &POST] {
        let response = call(&client, operation).await.unwrap();
        assert_eq!(
            (response.name.as_str(), response.duration.as_str()),
            ("", "")
        );
        assert_eq!(
            response.corrected(),
            ["duration"],
            "`null` is an empty string"
        );
    }
    let reported = seen.0.lock().unwrap().clone();
    assert_eq!(reported, ["GetThing duration", "PostThing duration"]);
    call(
        &builder(&server).observer(seen.clone()).build().unwrap(),
        &GET,
    )
    .await
    .unwrap();
    assert_eq!(
        seen.0.lock().unwrap().len(),
        3,
        "another client reports again"
    );
}

#[tokio::test]
async fn a_success_without_any_documented_field_is_an_error() {
    for body in ["{}", r#"{"ok":true}"#, r#"{"status":"up","names":["x"]}"#] {
        let server = Server::always(move || Reply::Raw(json("200 OK", body))).await;
        let error = call(&client(&server), &GET).await.unwrap_err();
        assert!(error.is_decode(), "{body}: {error}");
        let expected = "unexpected JSON at `.`: none of the documented fields of `Thing` occurs";
        assert!(error.to_string().contains(expected), "{error}");
    }
}

#[tokio::test]
async fn without_a_documented_body_nothing_and_any_json_are_fine() {
    for response in [
        response("204 No Content", "", ""),
        response("200 OK", "", ""),
        json("200 OK", "{}"),
        json("201 Created", r#"{"anything":[1]}"#),
    ] {
        let server = Server::always(move || Reply::Raw(response.clone())).await;
        let client = client(&server);
        parts(&client, &POST_EMPTY).send::<()>().await.unwrap();
        let error = call(&client, &POST_EMPTY).await.unwrap_err();
        assert!(
            error.is_decode() && error.status().unwrap().is_success(),
            "{error}"
        );
    }
}
