//! Faults of connections and bodies.

use std::time::Duration;

use video_api_tests::{OnAccept, Reply};

use crate::bytes::{api, gzip, gzipped, json, response};
use crate::table::{Fault, Row, expect, policy};

const HEAD: &str = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n";

/// The beginning of a success of 50 bytes.
fn part() -> Vec<u8> {
    format!("{HEAD}content-length: 50\r\n\r\n{{\"duration\":").into_bytes()
}

fn chunk(text: &str) -> Vec<u8> {
    format!("{HEAD}transfer-encoding: chunked\r\n\r\n{text}").into_bytes()
}

/// The connection fails before there is a response.
pub(crate) fn connections() -> Vec<Row> {
    let unsent = expect("connect retryable", 3).arrived(0);
    let (again, once) = (expect("broken retryable", 3), expect("broken", 1));
    let unread = (again.arrived(0), once.arrived(0));
    vec![
        Row::new("connection refused", Fault::Refused, unsent, unsent),
        Row::new(
            "TLS expected, HTTP found",
            Fault::NoTls(OnAccept::Serve),
            unsent,
            unsent,
        ),
        Row::new(
            "TLS greeting cut off",
            Fault::NoTls(OnAccept::Close),
            unsent,
            unsent,
        ),
        Row::new(
            "closed unread",
            Fault::Accept(OnAccept::Close),
            unread.0,
            unread.1,
        ),
        Row::new(
            "reset unread",
            Fault::Accept(OnAccept::Reset),
            unread.0,
            unread.1,
        ),
        Row::always(
            "closed before the response",
            Reply::Close(vec![]),
            again,
            once,
        ),
        Row::always(
            "reset before the response",
            Reply::Reset(vec![]),
            again,
            once,
        ),
        Row::always(
            "closed within the head",
            Reply::Close(b"HTTP/1.1 200 OK\r\ncontent-le".to_vec()),
            again,
            once,
        ),
        Row::always(
            "not HTTP",
            Reply::Close(b"SSH-2.0-OpenSSH_9.9\r\n\r\n".to_vec()),
            again,
            once,
        ),
        Row::always(
            "two different lengths",
            Reply::Close(
                format!("{HEAD}content-length: 2\r\ncontent-length: 3\r\n\r\n{{}}").into(),
            ),
            again,
            once,
        ),
        Row::always(
            "endless headers",
            Reply::Stream {
                head: b"HTTP/1.1 200 OK\r\n".to_vec(),
                piece: b"x-more: and more and more and more and more\r\n".repeat(100),
                times: 10_000,
                every: Duration::ZERO,
            },
            again,
            once,
        ),
    ]
}

/// A success whose body is of no use.
pub(crate) fn bodies() -> Vec<Row> {
    let (again, once) = (expect("200 broken retryable", 3), expect("200 broken", 1));
    let useless = expect("200 decode", 1);
    let deep = format!("{{\"duration\":{}", "[".repeat(100_000));
    let not_found =
        format!("\"StatusCode\":404,{}", &api(16, "")[1..]).replace(",\"StatusCode\":500", "");
    let bomb = gzip(&vec![b' '; 8 * 1024 * 1024]);
    let mut corrupt = gzip(&b"{\"duration\":\"1ms\"}".repeat(10));
    corrupt[12] ^= 0xff;
    corrupt[20] ^= 0xff;
    let cut = gzip(b"{\"duration\":\"1ms\"}");
    let cut = cut[..cut.len() - 9].to_vec();
    let megabytes = |head: String, piece: Vec<u8>| Reply::Stream {
        head: head.into_bytes(),
        piece,
        times: 1600,
        every: Duration::ZERO,
    };
    let chunk_64k = [b"10000\r\n".to_vec(), vec![b' '; 65_536], b"\r\n".to_vec()].concat();
    let bodies = [
        ("empty body", json("200 OK", "")),
        ("nothing but spaces", json("200 OK", " \r\n ")),
        ("garbage JSON", json("200 OK", "{\"duration\": nope}")),
        ("JSON cut short", json("200 OK", "{\"duration\": \"1m")),
        ("JSON and more", json("200 OK", "{\"duration\":\"1ms\"}{}")),
        ("not UTF-8", json("200 OK", b"{\"duration\":\"\xff\xfe\"}")),
        ("a list instead", json("200 OK", "[1]")),
        ("null instead", json("200 OK", "null")),
        ("another shape", json("200 OK", "{\"duration\":{\"ms\":1}}")),
        ("deeply nested", json("200 OK", deep)),
        (
            "HTML 200",
            response("200 OK", "content-type: text/html\r\n", "<html>"),
        ),
        (
            "JSON called text",
            response("200 OK", "content-type: text/plain\r\n", "{}"),
        ),
        ("corrupt gzip", gzipped("200 OK", corrupt)),
        (
            "gzip that is none",
            gzipped("200 OK", "{\"duration\":\"1ms\"}"),
        ),
        ("gzip bomb", gzipped("200 OK", bomb.clone())),
        (
            "unknown compression",
            response(
                "200 OK",
                "content-type: application/json\r\ncontent-encoding: br\r\n",
                "\u{1}\u{2}",
            ),
        ),
    ];
    let mut rows: Vec<Row> = bodies
        .into_iter()
        .map(|(name, bytes)| Row::always(name, Reply::Send(bytes), useless, useless))
        .collect();
    rows.extend([
        Row::always("closed within the body", Reply::Close(part()), again, once),
        Row::always("reset within the body", Reply::Reset(part()), again, once),
        Row::always(
            "closed within a chunk",
            Reply::Close(chunk("9\r\n{\"dur")),
            again,
            once,
        ),
        Row::always(
            "chunk of no size",
            Reply::Close(chunk("zz\r\n{\"dur")),
            again,
            once,
        ),
        Row::always(
            "gzip cut off",
            Reply::Send(gzipped("200 OK", cut)),
            again,
            once,
        ),
        Row::always(
            "204 without body",
            Reply::Send(b"HTTP/1.1 204 No Content\r\n\r\n".to_vec()),
            expect("204 decode", 1),
            expect("204 decode", 1),
        ),
        Row::always(
            "error inside a 200",
            Reply::Send(json("200 OK", format!("{{{not_found}"))),
            expect("200 api not_found", 1),
            expect("200 api not_found", 1),
        ),
        Row::always(
            "100 MB announced",
            megabytes(
                format!("{HEAD}content-length: 104857600\r\n\r\n"),
                vec![b' '; 65_536],
            ),
            useless,
            useless,
        ),
        Row::always(
            "100 MB in chunks",
            megabytes(
                format!("{HEAD}transfer-encoding: chunked\r\n\r\n"),
                chunk_64k,
            ),
            useless,
            useless,
        ),
        Row::always(
            "100 MB error",
            megabytes(
                "HTTP/1.1 500 Oops\r\ncontent-length: 104857600\r\n\r\n".to_owned(),
                vec![b'x'; 65_536],
            ),
            expect("500", 1),
            expect("500", 1),
        ),
        Row::always(
            "gzip bomb as an error",
            Reply::Send(gzipped("500 Oops", bomb)),
            expect("500", 1),
            expect("500", 1),
        ),
    ]);
    rows
}

/// Faults of connections that are used more than once.
pub(crate) fn keep_alive() -> Vec<Row> {
    let fine = expect("ok", 1);
    let recovers = expect("ok", 2);
    let broken = expect("broken", 1);
    let idle = |pause: u64, more: &[u8]| {
        let more = more.to_vec();
        move |_: &_, good: &[u8]| {
            Reply::SendThenClose(good.to_vec(), Duration::from_millis(pause), more.clone())
        }
    };
    let timeout_408 =
        b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";
    vec![
        Row::script(
            "kept alive",
            |_, good| Reply::Send(good.to_vec()),
            fine,
            fine,
        )
        .warm(),
        Row::script("closed while idle", idle(10, b""), fine, fine).warm(),
        Row::script(
            "408 while idle, then closed",
            idle(10, timeout_408),
            fine,
            fine,
        )
        .warm(),
        Row::script("closed at once, unannounced", idle(0, b""), fine, fine).warm(),
        Row::script(
            "more than was announced",
            |_, good| Reply::Send([good, b"and more"].concat()),
            fine,
            fine,
        )
        .warm(),
        // Only the first request of a connection is answered.
        Row::script(
            "closed when used again",
            |seen, good| second(seen, good, Reply::Close),
            recovers,
            broken,
        )
        .warm(),
        Row::script(
            "reset when used again",
            |seen, good| second(seen, good, Reply::Reset),
            recovers,
            broken,
        )
        .warm(),
        Row::script(
            "resets once, then works",
            |seen, good| match seen.number {
                0 => Reply::Reset(part()),
                _ => Reply::Send(good.to_vec()),
            },
            recovers,
            expect("200 broken", 1),
        ),
        Row::script(
            "never repeated when told so",
            |seen, good| match seen.number {
                0 => Reply::Reset(vec![]),
                _ => Reply::Send(good.to_vec()),
            },
            expect("broken retryable", 1),
            broken,
        )
        .tune(|builder| builder.retry_policy(video_api::RetryPolicy::none())),
        Row::script(
            "repeated once at most",
            |_, _| Reply::Close(vec![]),
            expect("broken retryable", 2),
            broken,
        )
        .tune(|builder| builder.retry_policy(policy().max_attempts(2))),
    ]
}

/// Responds with the first request on a connection; the second of the warm-up's gets a fault.
fn second(seen: &video_api_tests::Seen, good: &[u8], fault: fn(Vec<u8>) -> Reply) -> Reply {
    if seen.number == 1 && seen.connection == 0 {
        fault(Vec::new())
    } else {
        Reply::Send(good.to_vec())
    }
}
