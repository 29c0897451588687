//! Requests that are shown instead of sent, also as curl.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a failure here is a failed test"
)]

use serde_json::{Value, json};
use video_api_server::BodyMode;

mod common;

use common::{at, bare, golden, run, server};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dry_run_shows_the_request_and_its_curl_command_works() {
    let server = server(BodyMode::Minimal).await;
    let args = [
        "get-or-create-call",
        "default",
        "a/b'c",
        "--data",
        "{\"custom\":{\"q\":\"it's\"}}",
    ];
    let dry: Vec<&str> = args.iter().copied().chain(["--dry-run"]).collect();
    let mut without = bare();
    without.env("STREAM_BASE_URL", "https://api.example");
    let ran = run(without, &dry);
    let tip = "export STREAM_TOKEN=\"$(";
    assert!(
        ran.err.contains(tip) && ran.err.contains("token server"),
        "{ran:?}"
    );
    golden("dry-run.txt", &ran.ok());
    let shown = run(at(&server), &dry).ok();
    assert!(
        !shown.contains(server.api_key())
            && !shown.contains(server.secret())
            && !shown.contains("eyJ"),
        "{shown}"
    );
    let json: Value =
        serde_json::from_str(&run(at(&server), dry.iter().chain(&["--json"])).ok()).unwrap();
    assert_eq!(json["body"], json!({"data": {"custom": {"q": "it's"}}}));
    assert!(server.recorded().is_empty());

    let token = run(at(&server), ["token", "server"]).ok();
    let curl = std::process::Command::new("sh")
        .arg("-c")
        .arg(format!(
            "{} --silent --noproxy '*'",
            json["curl"].as_str().unwrap()
        ))
        .env("STREAM_API_KEY", server.api_key())
        .env("STREAM_TOKEN", token.trim())
        .output()
        .unwrap();
    if curl.status.code() == Some(127) {
        println!("curl is not installed; its command was not tried");
        return;
    }
    assert!(
        curl.status.success(),
        "{}",
        String::from_utf8_lossy(&curl.stderr)
    );
    run(at(&server), args).ok();
    let recorded = server.recorded();
    assert_eq!(recorded.len(), 2);
    let essence = |n: usize| {
        let request = &recorded[n];
        (
            request.method.clone(),
            request.path.clone(),
            request.query.clone(),
            request.body.clone(),
            request.problems.clone(),
        )
    };
    assert_eq!(essence(0), essence(1), "curl sends what the command sends");
}
