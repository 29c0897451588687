//! Faults of time.

use std::time::Duration;

use video_api_tests::{OnAccept, Reply};

use crate::table::{Fault, Row, expect};

const ATTEMPT: Duration = Duration::from_millis(500);

pub(crate) fn rows() -> Vec<Row> {
    let silent = (expect("timeout retryable", 3), expect("timeout", 1));
    let started = (expect("200 timeout retryable", 3), expect("200 timeout", 1));
    let part = || {
        b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 5000\r\n\r\n{"
            .to_vec()
    };
    let trickle = |head: Vec<u8>, piece: &[u8]| Reply::Stream {
        head,
        piece: piece.to_vec(),
        times: 4000,
        every: Duration::from_millis(10),
    };
    let mut rows = vec![
        timed("silence", Reply::Stall(vec![]), silent),
        timed(
            "stalled within the head",
            Reply::Stall(b"HTTP/1.1 200".to_vec()),
            silent,
        ),
        timed("stalled within the body", Reply::Stall(part()), started),
        timed(
            "trickled head",
            trickle(b"HTTP/1.1 200 OK\r\nx: ".to_vec(), b"y"),
            silent,
        ),
        timed("trickled body", trickle(part(), b" "), started),
        timed(
            "endless early hints",
            trickle(vec![], b"HTTP/1.1 103 Early Hints\r\n\r\n"),
            silent,
        ),
        timed(
            "stalled error",
            Reply::Stall(b"HTTP/1.1 503 Busy\r\ncontent-length: 50\r\n\r\n{".to_vec()),
            (expect("503 retryable", 3), expect("503", 1)),
        ),
    ];
    let unsent = expect("timeout connect retryable", 3).arrived(0);
    rows.push(
        Row::new(
            "TLS greeting unanswered",
            Fault::NoTls(OnAccept::Ignore),
            unsent,
            unsent,
        )
        .tune(|builder| builder.connect_timeout(Duration::from_millis(100)))
        .takes(300),
    );
    rows.push(
        Row::always(
            "silence longer than the operation",
            Reply::Stall(vec![]),
            expect("timeout retryable", 1),
            expect("timeout", 1),
        )
        .tune(|builder| builder.timeout(Duration::from_millis(200)))
        .takes(200),
    );
    rows.push(
        Row::script(
            "silent once, then works",
            |seen, good| match seen.number {
                0 => Reply::Stall(vec![]),
                _ => Reply::Send(good.to_vec()),
            },
            expect("ok", 2),
            expect("timeout", 1),
        )
        .tune(|builder| builder.attempt_timeout(Duration::from_secs(1)))
        .takes(1000),
    );
    rows.push(
        Row::script(
            "slow, but in time",
            |_, good| {
                Reply::After(
                    Duration::from_millis(300),
                    Box::new(Reply::Send(good.to_vec())),
                )
            },
            expect("ok", 1),
            expect("ok", 1),
        )
        .takes(300),
    );
    rows
}

fn timed(
    name: &'static str,
    reply: Reply,
    (idempotent, other): (crate::table::Expected, crate::table::Expected),
) -> Row {
    // POST and PATCH try once, the others three times.
    Row::always(name, reply, idempotent, other)
        .tune(|builder| builder.attempt_timeout(ATTEMPT))
        .takes(500)
}
