//! Batches: order, values, bad lines, failures and limits.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a failure here is a failed test"
)]

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use video_api_server::{BodyMode, RecordedRequest, Scripted, Server};

mod common;

use common::{Folder, at, bare, feed, run, server};

fn get(id: &str) -> String {
    json!({"operation_id": "GetCall", "path": {"type": "default", "id": id}}).to_string()
}

fn create(id: &str, body: &Value) -> String {
    json!({"operation_id": "GetOrCreateCall", "path": {"type": "default", "id": id}, "body": body})
        .to_string()
}

fn slow(server: &Server, operation: &str, count: usize, delay: Duration) {
    for _ in 0..count {
        server.respond_with(
            operation,
            Scripted {
                status: 200,
                delay: Some(delay),
                ..Scripted::default()
            },
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn results_come_in_the_order_of_the_input_with_everything_known() {
    let server = server(BodyMode::Stateful).await;
    // The first one is overtaken by all others.
    slow(&server, "GetOrCreateCall", 1, Duration::from_millis(300));
    let input = [
        create("one", &json!({"data": {"created_by_id": "ana"}})),
        get("missing"),
        String::new(),
        "{".to_owned(),
        json!({"operation_id": "GetEdges"}).to_string(),
    ]
    .join("\n");
    let ran = feed(at(&server), ["batch"], &input);
    assert_eq!(ran.code, 5, "{}", ran.err);
    let lines = ran.lines();
    let numbers: Vec<&Value> = lines.iter().map(|line| &line["line"]).collect();
    assert_eq!(numbers, [1, 2, 4, 5]);
    assert_eq!(lines[0]["ok"], true);
    assert_eq!(lines[0]["body"]["call"]["cid"], "default:one");
    assert_eq!(lines[0]["attempts"], 1);
    assert!(lines[0]["duration_ms"].as_f64().unwrap() >= 300.0);
    assert_eq!(lines[0]["request_id"].as_str().unwrap().len(), 36);
    assert_eq!(
        (&lines[1]["status"], &lines[1]["ok"]),
        (&json!(404), &json!(false))
    );
    assert_eq!(lines[1]["error"]["kind"], "api");
    assert_eq!(lines[1]["error"]["code"], 16);
    assert_eq!(lines[2]["status"], Value::Null);
    assert_eq!(lines[2]["error"]["kind"], "invalid");
    assert_eq!(
        (&lines[3]["status"], &lines[3]["operation_id"]),
        (&json!(200), &json!("GetEdges"))
    );
    assert!(ran.err.contains("line 4: not JSON"), "{}", ran.err);
    assert!(
        ran.err.contains("warning: line 2: GetCall: 404"),
        "{}",
        ran.err
    );
    assert!(
        ran.err
            .contains("4 lines: 2 ok, 1 with an error response, 1 invalid and not sent"),
        "{}",
        ran.err
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn values_arrive_on_the_wire_as_given() {
    let server = server(BodyMode::Minimal).await;
    let custom = json!({"null": null, "list": [], "map": {}, "no": false, "zero": 0, "empty": "",
        "deep": [[null, {"x": null}]], "big": 9_007_199_254_740_993_u64, "float": 0.1, "text": "\u{0}ü\u{1f600}\""});
    let body = json!({"data": {"custom": custom, "members": [], "video": false}, "members_limit": 0, "ring": false});
    let ran = feed(at(&server), ["batch"], &create("x", &body));
    ran.ok();
    let recorded = server.recorded();
    assert_eq!(recorded[0].json(), body);
    let text = String::from_utf8(recorded[0].body.to_vec()).unwrap();
    assert!(
        text.contains("9007199254740993") && text.contains("\"float\":0.1,"),
        "{text}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bad_lines_are_named_and_nothing_is_sent_for_them() {
    let server = server(BodyMode::Minimal).await;
    let bad = [
        ("nonsense", "not JSON"),
        ("[]", "must be a JSON object"),
        ("{}", "`operation_id` is missing"),
        (r#"{"operation_id":5}"#, "`operation_id` must be a string"),
        (
            r#"{"operation_id":"GetCal"}"#,
            "unknown operation `GetCal`; did you mean `GetCall`?",
        ),
        (
            r#"{"operation_id":"GetCall","path":{"type":"a"}}"#,
            "the path parameter `id` is missing",
        ),
        (
            r#"{"operation_id":"GetCall","path":["a"]}"#,
            "`path` must be an object",
        ),
        (
            r#"{"operation_id":"GetCall","path":{"type":"a","id":".."}}"#,
            "address another resource",
        ),
        (
            r#"{"operation_id":"GetCall","path":{"type":"a","id":""}}"#,
            "is empty",
        ),
        (
            r#"{"operation_id":"GetEdges","boddy":{}}"#,
            "unknown field `boddy`",
        ),
        (r#"{"operation_id":"GetEdges","body":{}}"#, "takes no body"),
        (
            r#"{"operation_id":"GetEdges","query":{"x":1}}"#,
            "unknown query parameter `x`",
        ),
        (
            r#"{"operation_id":"QueryCalls","body":{"limit":"5"}}"#,
            "`body.limit` must be an integer",
        ),
        (
            r#"{"operation_id":"QueryCalls","body":{"limits":5}}"#,
            "`body.limits` is not known here",
        ),
        (
            r#"{"operation_id":"QueryCalls","body":{"limit":5,"limit":6}}"#,
            "`body.limit` occurs twice",
        ),
        (
            r#"{"operation_id":"QueryCalls","body":{"filter_conditions":{"n":0.12345678901234567890}}}"#,
            "more digits",
        ),
        (
            r#"{"operation_id":"UpdateCall","path":{"type":"a","id":"b"},"body":{"starts_at":1700000000}}"#,
            "RFC 3339",
        ),
        (
            r#"{"operation_id":"BlockUser","path":{"type":"a","id":"b"}}"#,
            "`body.user_id` is required but missing",
        ),
    ];
    let input: String = bad.iter().map(|(line, _)| format!("{line}\n")).collect();
    let ran = feed(at(&server), ["batch"], &format!("{input}{}\n", get("fine")));
    assert_eq!(ran.code, 5);
    let lines = ran.lines();
    assert_eq!(lines.len(), bad.len() + 1);
    for (number, ((text, says), line)) in bad.iter().zip(&lines).enumerate() {
        let message = line["error"]["message"].as_str().unwrap();
        assert!(message.contains(says), "{text}: {message}");
        assert_eq!(
            (&line["attempts"], &line["line"]),
            (&json!(0), &json!(number + 1))
        );
        assert!(
            ran.err.contains(&format!("line {}: ", number + 1)),
            "{}",
            ran.err
        );
    }
    let recorded = server.recorded();
    assert_eq!(recorded.len(), 1, "only the last line is sent");
    assert!(recorded[0].path.ends_with("/fine"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn failures_are_results_and_limits_are_waited_for() {
    let server = server(BodyMode::Minimal).await;
    server.respond_with("GetCall", Scripted::status(429).header("retry-after", "1"));
    server.respond_with("GetEdges", Scripted::raw(502, "text/html", "<html>"));
    server.respond_with("EndCall", Scripted::raw(504, "text/html", "<html>"));
    let end = json!({"operation_id": "EndCall", "path": {"type": "a", "id": "b"}});
    let input = [
        get("x"),
        json!({"operation_id": "GetEdges"}).to_string(),
        end.to_string(),
    ]
    .join("\n");
    let ran = feed(at(&server), ["batch", "--json"], &input);
    assert_eq!(ran.code, 5);
    let lines = ran.lines();
    assert_eq!(
        (&lines[0]["ok"], &lines[0]["attempts"]),
        (&json!(true), &json!(2)),
        "{}",
        lines[0]
    );
    assert!(
        lines[0]["duration_ms"].as_f64().unwrap() >= 1000.0,
        "{}",
        lines[0]
    );
    assert_eq!(
        (&lines[1]["ok"], &lines[1]["attempts"]),
        (&json!(true), &json!(2)),
        "{}",
        lines[1]
    );
    assert_eq!(
        (&lines[2]["status"], &lines[2]["attempts"]),
        (&json!(504), &json!(1)),
        "{}",
        lines[2]
    );
    let summary: Value = serde_json::from_str(ran.err.lines().last().unwrap()).unwrap();
    assert_eq!(summary["summary"]["ok"], 2);
    assert_eq!(summary["summary"]["refused"], 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_more_requests_at_a_time_than_allowed() {
    let server = server(BodyMode::Minimal).await;
    let input: String = (0..12).map(|n| get(&format!("c{n}")) + "\n").collect();
    let delay = Duration::from_millis(300);
    let mut most = Vec::new();
    for concurrency in ["3", "12"] {
        slow(&server, "GetCall", 12, delay);
        feed(at(&server), ["batch", "--concurrency", concurrency], &input).ok();
        most.push(most_at_a_time(&server.recorded(), delay));
        server.clear_recorded();
    }
    assert!((2..=3).contains(&most[0]), "{most:?}");
    assert!((4..=12).contains(&most[1]), "{most:?}");
}

/// The largest number of requests that arrived before the first of them was answered.
fn most_at_a_time(requests: &[RecordedRequest], delay: Duration) -> usize {
    let delay = i64::try_from(delay.as_nanos()).unwrap();
    let counts = requests.iter().map(|one| {
        let under_way = one.received_at..one.received_at + delay;
        let others = requests.iter();
        others
            .filter(|other| under_way.contains(&other.received_at))
            .count()
    });
    counts.max().unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_stops_a_batch_before_it_begins() {
    let server = server(BodyMode::Minimal).await;
    feed(bare(), ["batch"], &get("x")).failed(4, "STREAM_API_KEY");
    run(at(&server), ["batch", "/no/such/file"]).failed(2, "/no/such/file");
    run(at(&server), ["batch", "--resume"]).failed(2, "--output");
    run(at(&server), ["batch", "--concurrency", "0"]).failed(2, "--concurrency");
    run(at(&server), ["batch", "-o", "/no/such/folder/out"]).failed(2, "/no/such/folder/out");
    let folder = Folder::new();
    let output = folder.file("out");
    std::fs::write(&output, "{}\n").unwrap();
    let args = ["batch", "-o", output.to_str().unwrap()];
    feed(at(&server), args, &get("x")).failed(2, "has results already");
    assert!(server.recorded().is_empty());
    // An empty batch succeeds.
    assert_eq!(feed(at(&server), ["batch"], "\n\n").ok(), "");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dry_run_checks_everything_and_sends_nothing() {
    let server = server(BodyMode::Minimal).await;
    let input = [create("a b", &json!({"ring": true})), "{}".to_owned()].join("\n");
    let mut command = bare();
    command.env("STREAM_BASE_URL", server.url());
    let ran = feed(command, ["batch", "--dry-run"], &input);
    assert_eq!(ran.code, 5);
    let lines = ran.lines();
    assert_eq!(lines[0]["request"]["method"], "POST");
    assert_eq!(
        lines[0]["request"]["url"],
        format!("{}/api/v2/video/call/default/a%20b", server.url())
    );
    assert_eq!(lines[0]["request"]["body"], json!({"ring": true}));
    assert_eq!(lines[1]["ok"], false);
    assert!(server.recorded().is_empty());
}

/// The highest memory that a process has used, in KiB.
#[cfg(target_os = "linux")]
fn peak(pid: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn memory_does_not_grow_with_the_input() {
    compare_memory([200, 2_000]).await;
}

/// The same with the number of lines that is promised; slow without optimisation.
#[cfg(target_os = "linux")]
#[ignore = "takes a minute in a debug build"]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn memory_does_not_grow_with_ten_thousand_lines() {
    compare_memory([500, 10_000]).await;
}

#[cfg(target_os = "linux")]
async fn compare_memory(counts: [u32; 2]) {
    let server = Server::builder()
        .strict(true)
        .create_users(true)
        .body_mode(BodyMode::Minimal)
        .recording(false)
        .start()
        .await
        .unwrap();
    let folder = Folder::new();
    let mut peaks = Vec::new();
    for count in counts {
        let input = folder.file("in");
        let lines: String = (0..count)
            .map(|n| get(&format!("call-{n}")) + "\n")
            .collect();
        std::fs::write(&input, lines).unwrap();
        let output = folder.file(&format!("out-{count}"));
        let args = [
            "batch",
            input.to_str().unwrap(),
            "-o",
            output.to_str().unwrap(),
        ];
        let begun = Instant::now();
        let mut child = at(&server)
            .args(args)
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        let mut highest = 0;
        while child.try_wait().unwrap().is_none() {
            highest = peak(child.id()).unwrap_or(0).max(highest);
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let seconds = begun.elapsed().as_secs_f64();
        println!(
            "{count} lines: {highest} KiB at most, {seconds:.1} s, {:.0} lines/s",
            f64::from(count) / seconds
        );
        assert!(child.wait().unwrap().success());
        let results = std::fs::read_to_string(&output).unwrap();
        assert_eq!(results.lines().count(), usize::try_from(count).unwrap());
        peaks.push(highest);
    }
    assert!(peaks[0] > 0);
    assert!(peaks[1] < peaks[0] + 8 * 1024, "{peaks:?} KiB");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lines_that_depend_on_each_other_are_sent_in_order() {
    let server = server(BodyMode::Minimal).await;
    let late = |milliseconds| Scripted {
        status: 200,
        delay: Some(Duration::from_millis(milliseconds)),
        ..Scripted::default()
    };
    for delay in [200, 0, 100] {
        server.respond_with("GetCall", late(delay));
    }
    let input: String = ["c1", "c2", "c3"].map(|id| get(id) + "\n").concat();
    let ran = feed(at(&server), ["batch", "--in-order"], &input);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let recorded = server.recorded();
    let ids: Vec<&str> = recorded
        .iter()
        .map(|request| request.path.rsplit('/').next().unwrap())
        .collect();
    assert_eq!(ids, ["c1", "c2", "c3"]);
    feed(
        at(&server),
        ["batch", "--in-order", "--concurrency", "2"],
        "",
    )
    .failed(2, "cannot be used with");
}
