//! Responses that are errors, limits or redirects.

use std::time::Duration;

use video_api_tests::Reply;

use crate::bytes::{api, json, response};
use crate::table::{Row, expect, policy};

pub(crate) fn errors() -> Vec<Row> {
    let html = "content-type: text/html\r\n";
    let passing = [
        (
            "HTML 502",
            "502",
            "502 retryable",
            response("502 Bad Gateway", html, "<html>"),
        ),
        (
            "empty 503",
            "503",
            "503 retryable",
            response("503 Service Unavailable", "", ""),
        ),
        (
            "API 504",
            "504 api",
            "504 api retryable",
            json("504 Gateway Timeout", api(9, "")),
        ),
    ];
    let mut rows: Vec<Row> = passing
        .into_iter()
        .map(|(name, once, again, bytes)| {
            Row::always(name, Reply::Send(bytes), expect(again, 3), expect(once, 1))
        })
        .collect();
    let cut = b"HTTP/1.1 503 Busy\r\ncontent-length: 500\r\n\r\n{\"code\"".to_vec();
    rows.push(Row::always(
        "503 cut off",
        Reply::Close(cut),
        expect("503 retryable", 3),
        expect("503", 1),
    ));
    rows.push(Row::script(
        "502 once, then works",
        |seen, good| match seen.number {
            0 => Reply::Send(response("502 Bad Gateway", "", "")),
            _ => Reply::Send(good.to_vec()),
        },
        expect("ok", 2),
        expect("502", 1),
    ));
    let fatal = ",\"unrecoverable\":true";
    let lasting = [
        (
            "unrecoverable 503",
            "503 api",
            json("503 Service Unavailable", api(9, fatal)),
        ),
        (
            "API 500",
            "500 api",
            json("500 Internal Server Error", api(-1, "")),
        ),
        ("501", "501", response("501 Not Implemented", "", "")),
        (
            "API 400",
            "400 api invalid_request",
            json("400 Bad Request", api(4, "")),
        ),
        (
            "400 cut short",
            "400 invalid_request",
            json("400 Bad Request", "{\"code\":4"),
        ),
        (
            "API 401",
            "401 api auth",
            json("401 Unauthorized", api(43, "")),
        ),
        (
            "API 403",
            "403 api auth",
            json("403 Forbidden", api(17, "")),
        ),
        (
            "API 404",
            "404 api not_found",
            json("404 Not Found", api(16, "")),
        ),
        (
            "HTML 404",
            "404 not_found",
            response("404 Not Found", html, "<html>"),
        ),
        ("409", "409", response("409 Conflict", "", "")),
        (
            "413",
            "413 invalid_request",
            response("413 Content Too Large", "", ""),
        ),
        ("a status nobody knows", "599", response("599 What", "", "")),
        (
            "an error of another shape",
            "400 invalid_request",
            json("400 Bad Request", "[1]"),
        ),
        (
            "details that are not a list",
            "400 api invalid_request",
            json(
                "400 Bad Request",
                api(4, ",\"details\":{\"a\":[null]},\"exception_fields\":7"),
            ),
        ),
    ];
    rows.extend(lasting.into_iter().map(|(name, outcome, bytes)| {
        Row::always(
            name,
            Reply::Send(bytes),
            expect(outcome, 1),
            expect(outcome, 1),
        )
    }));
    rows
}

/// Being told to slow down. The policy accepts waits of 40 ms at most.
pub(crate) fn limits() -> Vec<Row> {
    let storm = |headers: &str| response("429 Too Many Requests", headers, "slow down");
    let limited = expect("429 rate_limited retryable", 3);
    let at_once = expect("429 rate_limited retryable", 1);
    let api_limited = expect("429 api rate_limited retryable", 3);
    // The server's clock counts, and it is in 1994.
    let date = "date: Sun, 06 Nov 1994 08:49:37 GMT\r\n";
    let waiting = [
        (
            "429 with seconds to wait",
            "retry-after: 3600\r\n".to_owned(),
        ),
        (
            "429 with a date to wait for",
            format!("{date}retry-after: Sun, 06 Nov 1994 09:49:37 GMT\r\n"),
        ),
        (
            "429 with the window's end",
            format!(
                "{date}x-ratelimit-limit: 10\r\nx-ratelimit-remaining: 0\r\nx-ratelimit-reset: 784119999\r\n"
            ),
        ),
    ];
    let mut rows: Vec<Row> = waiting
        .into_iter()
        .map(|(name, headers)| Row::always(name, Reply::Send(storm(&headers)), at_once, at_once))
        .collect();
    let passes = |seen: &video_api_tests::Seen, good: &[u8]| match seen.number {
        0 | 1 => Reply::Send(response("429 Too Many Requests", "", "")),
        _ => Reply::Send(good.to_vec()),
    };
    let second = |seen: &video_api_tests::Seen, good: &[u8]| match seen.number {
        0 => Reply::Send(response("429 Too Many Requests", "retry-after: 1\r\n", "")),
        _ => Reply::Send(good.to_vec()),
    };
    let past = format!("{date}x-ratelimit-reset: 784100000\r\n");
    let fatal = json("429 Too Many Requests", api(9, ",\"unrecoverable\":true"));
    let unrecoverable = expect("429 api rate_limited", 1);
    let busy = response("503 Busy", "retry-after: 3600\r\n", "");
    rows.extend([
        Row::always(
            "429 without headers",
            Reply::Send(storm("")),
            limited,
            limited,
        ),
        Row::always(
            "API 429",
            Reply::Send(json("429 Too Many Requests", api(9, ""))),
            api_limited,
            api_limited,
        ),
        Row::always(
            "429 with an end that is past",
            Reply::Send(storm(&past)),
            limited,
            limited,
        ),
        Row::always(
            "429 with nonsense",
            Reply::Send(storm("retry-after: later\r\n")),
            limited,
            limited,
        ),
        Row::script(
            "429 storm that passes",
            passes,
            expect("ok", 3),
            expect("ok", 3),
        ),
        Row::script(
            "429 that really takes a second",
            second,
            expect("ok", 2),
            expect("ok", 2),
        )
        .tune(|builder| builder.retry_policy(policy().max_server_delay(Duration::from_secs(30))))
        .takes(1000),
        // Waiting longer than the operation may take is of no use.
        Row::always(
            "429 for longer than there is time",
            Reply::Send(storm("retry-after: 5\r\n")),
            expect("429 rate_limited retryable", 1),
            expect("429 rate_limited retryable", 1),
        )
        .tune(|builder| {
            let patient = policy().max_server_delay(Duration::from_secs(30));
            builder
                .retry_policy(patient)
                .timeout(Duration::from_secs(4))
        }),
        Row::always(
            "unrecoverable 429",
            Reply::Send(fatal),
            unrecoverable,
            unrecoverable,
        ),
        Row::always(
            "503 with seconds to wait",
            Reply::Send(busy),
            expect("503 retryable", 1),
            expect("503", 1),
        ),
    ]);
    rows
}

pub(crate) fn redirects() -> Vec<Row> {
    let to = |status: &str, location: &str| {
        Reply::Send(response(status, &format!("location: {location}\r\n"), ""))
    };
    let (found, moved) = (expect("302 redirect", 1), expect("308 redirect", 1));
    let rows = [
        ("302 loop", to("302 Found", "/api/v2/video/again"), found),
        (
            "308 elsewhere",
            to("308 Permanent Redirect", "https://127.0.0.1:1/"),
            moved,
        ),
        (
            "302 without location",
            Reply::Send(response("302 Found", "", "")),
            found,
        ),
        (
            "304",
            Reply::Send(b"HTTP/1.1 304 Not Modified\r\n\r\n".to_vec()),
            expect("304 redirect", 1),
        ),
    ];
    let mut rows: Vec<Row> = rows
        .into_iter()
        .map(|(name, reply, outcome)| Row::always(name, reply, outcome, outcome))
        .collect();
    // An HTTP client of the user's own that follows redirects: 10 of them, then it gives up. A body
    // is sent only once, so a request that would take it along is not redirected.
    let not_followed = expect("302 redirect", 1);
    let gave_up = expect("redirect", 1).arrived(11);
    rows.push(
        Row::always(
            "302 loop, followed",
            to("302 Found", "/api/v2/video/again"),
            gave_up,
            gave_up,
        )
        .replacing(not_followed)
        .tune(|builder| {
            builder.http_client(reqwest::Client::builder().no_proxy().build().unwrap())
        }),
    );
    let followed = expect("200 redirect", 1).arrived(2);
    rows.push(
        Row::script(
            "302, followed",
            |seen, good| match seen.number {
                0 => Reply::Send(response("302 Found", "location: /elsewhere\r\n", "")),
                _ => Reply::Send(good.to_vec()),
            },
            followed,
            followed,
        )
        .replacing(not_followed)
        .tune(|builder| {
            builder.http_client(reqwest::Client::builder().no_proxy().build().unwrap())
        }),
    );
    rows
}
