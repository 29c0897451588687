//! Faults that only HTTP/2 has. The HTTP client is the user's own, with prior knowledge.

use std::time::Duration;

use video_api_tests::{Step, StreamRequest};

use crate::table::{Row, expect};

const NO_ERROR: u32 = 0;
const INTERNAL_ERROR: u32 = 2;
const REFUSED_STREAM: u32 = 7;
const CANCEL: u32 = 8;
const ENHANCE_YOUR_CALM: u32 = 11;

fn response(good: &[u8]) -> Vec<Step> {
    let bytes = good.to_vec();
    vec![Step::Headers, Step::Data { bytes, end: true }]
}

fn go_away(accepted: bool, code: u32) -> Step {
    Step::GoAway { accepted, code }
}

/// A fault for the first request, good responses to all others.
fn first(steps: Vec<Step>) -> impl Fn(StreamRequest, &[u8]) -> Vec<Step> + Send + Sync {
    move |request, good| match request.number {
        0 => steps.clone(),
        _ => response(good),
    }
}

fn always(steps: Vec<Step>) -> impl Fn(StreamRequest, &[u8]) -> Vec<Step> + Send + Sync {
    move |_, _| steps.clone()
}

pub(crate) fn rows() -> Vec<Row> {
    let fine = expect("ok", 1);
    let recovers = expect("ok", 2);
    let (again, once) = (expect("broken retryable", 3), expect("broken", 1));
    let (again_200, once_200) = (expect("200 broken retryable", 3), expect("200 broken", 1));
    let half = || Step::Data {
        bytes: b"{\"duration\":".to_vec(),
        end: false,
    };
    vec![
        Row::http2("h2: kept alive", |_, good| response(good), fine, fine).warm(),
        Row::http2(
            "h2: GOAWAY after a response",
            |_, good| [response(good), vec![go_away(true, NO_ERROR)]].concat(),
            fine,
            fine,
        )
        .warm(),
        Row::http2(
            "h2: GOAWAY before a response",
            |_, good| {
                [
                    vec![go_away(true, NO_ERROR)],
                    response(good),
                    vec![Step::Close],
                ]
                .concat()
            },
            fine,
            fine,
        )
        .warm(),
        Row::http2(
            // hyper reports the same error for a stream that was accepted, so a POST is not repeated.
            "h2: GOAWAY, not looked at",
            first(vec![go_away(false, NO_ERROR)]),
            recovers,
            once,
        ),
        Row::http2(
            "h2: REFUSED_STREAM once",
            first(vec![Step::Reset {
                code: REFUSED_STREAM,
            }]),
            recovers,
            recovers,
        ),
        Row::http2(
            "h2: REFUSED_STREAM for ever",
            always(vec![Step::Reset {
                code: REFUSED_STREAM,
            }]),
            again,
            again,
        ),
        Row::http2(
            "h2: GOAWAY for ever",
            always(vec![go_away(false, NO_ERROR)]),
            again,
            once,
        ),
        // The stream may have been processed, so only what is idempotent goes again.
        Row::http2(
            "h2: GOAWAY, looked at, closed",
            first(vec![go_away(true, NO_ERROR), Step::Close]),
            recovers,
            once,
        ),
        Row::http2(
            "h2: GOAWAY with an error",
            first(vec![go_away(true, INTERNAL_ERROR), Step::Close]),
            recovers,
            once,
        ),
        Row::http2(
            "h2: GOAWAY, calm down",
            first(vec![go_away(false, ENHANCE_YOUR_CALM), Step::Close]),
            recovers,
            once,
        ),
        Row::http2(
            "h2: closed without a word",
            always(vec![Step::Close]),
            again,
            once,
        ),
        Row::http2(
            "h2: reset before the response",
            always(vec![Step::Reset {
                code: INTERNAL_ERROR,
            }]),
            again,
            once,
        ),
        Row::http2(
            "h2: reset within the body",
            always(vec![Step::Headers, half(), Step::Reset { code: CANCEL }]),
            again_200,
            once_200,
        ),
        Row::http2(
            "h2: closed within the body",
            always(vec![Step::Headers, half(), Step::Close]),
            again_200,
            once_200,
        ),
        Row::http2(
            "h2: GOAWAY within the body",
            always(vec![
                Step::Headers,
                half(),
                go_away(true, NO_ERROR),
                Step::Close,
            ]),
            again_200,
            once_200,
        ),
        Row::http2(
            "h2: silence",
            always(vec![]),
            expect("timeout retryable", 3),
            expect("timeout", 1),
        )
        .tune(|builder| builder.attempt_timeout(Duration::from_millis(500)))
        .takes(500),
        Row::http2(
            "h2: stalled within the body",
            always(vec![Step::Headers, half()]),
            expect("200 timeout retryable", 3),
            expect("200 timeout", 1),
        )
        .tune(|builder| builder.attempt_timeout(Duration::from_millis(500)))
        .takes(500),
        Row::http2(
            "h2: 100 MB",
            |_, _| {
                // The client's window closes long before; only as much is sent as one write takes.
                vec![
                    Step::Headers,
                    Step::Data {
                        bytes: vec![b' '; 1_500_000],
                        end: false,
                    },
                ]
            },
            expect("200 decode", 1),
            expect("200 decode", 1),
        ),
    ]
}
