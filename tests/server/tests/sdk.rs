//! The official SDKs for Python and Node, unmodified, perform every operation, and the README's
//! snippets for them run. They run where they are installed: Python's in `python3` (or
//! `$VIDEO_API_SDK_PYTHON`), Node's in the folder `$VIDEO_API_SDK_NODE`.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use video_api_server::Server;

fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../sdk")
        .join(name)
}

/// Past the capturing of test output, because nobody would see it there.
fn skip(reason: &str) {
    drop(writeln!(std::io::stderr(), "SKIPPED: {reason}"));
}

async fn output(mut command: Command) -> Output {
    let output = tokio::task::spawn_blocking(move || command.output());
    output.await.unwrap().unwrap()
}

fn texts(output: &Output) -> (String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (text(&output.stdout), text(&output.stderr))
}

async fn run_every_operation(mut command: Command) {
    let server = Server::start().await.unwrap();
    command
        .env("STREAM_BASE_URL", server.url())
        .env("STREAM_API_KEY", server.api_key())
        .env("STREAM_API_SECRET", server.secret());
    let output = output(command).await;
    let (out, err) = texts(&output);
    let refused = server
        .recorded()
        .into_iter()
        .rev()
        .find(|one| !one.problems.is_empty());
    assert!(
        output.status.success(),
        "{out}\n{err}\nlast refusal: {refused:?}"
    );
    assert!(out.contains("67 operations"), "{out}");
}

/// The interpreter that has the SDK, if there is one.
fn python() -> Option<Command> {
    let python = std::env::var_os("VIDEO_API_SDK_PYTHON").unwrap_or_else(|| "python3".into());
    let probe = Command::new(&python)
        .args(["-c", "import getstream"])
        .output();
    if !probe.is_ok_and(|probe| probe.status.success()) {
        skip("the Python SDK: `pip install getstream` for it");
        return None;
    }
    let mut command = Command::new(python);
    command.args(["-W", "ignore"]);
    Some(command)
}

/// The folder that the SDK is installed in, if there is one.
fn node_folder() -> Option<PathBuf> {
    let folder = std::env::var_os("VIDEO_API_SDK_NODE").map(PathBuf::from);
    let folder = folder.filter(|folder| folder.join("node_modules/@stream-io/node-sdk").is_dir());
    if folder.is_none() {
        skip(
            "the Node SDK: `npm install @stream-io/node-sdk` in a folder, and name it in VIDEO_API_SDK_NODE",
        );
    }
    folder
}

#[tokio::test(flavor = "multi_thread")]
async fn the_python_sdk_performs_every_operation() {
    let Some(mut command) = python() else {
        return;
    };
    command.arg(script("python_sdk.py"));
    run_every_operation(command).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_node_sdk_performs_every_operation() {
    let Some(folder) = node_folder() else {
        return;
    };
    let mut command = Command::new("node");
    command
        .arg(script("node_sdk.mjs").canonicalize().unwrap())
        .current_dir(folder);
    run_every_operation(command).await;
}

/// The README's code in a language, pointed at a server.
fn snippet(language: &str, server: &Server) -> String {
    let readme = include_str!("../README.md");
    let fence = format!("```{language}\n");
    let blocks = readme.split(&fence).skip(1);
    let code: String = blocks
        .map(|block| block.split_once("```").unwrap().0)
        .collect();
    let usual = "http://127.0.0.1:8787";
    assert!(code.contains(usual), "{code}");
    code.replace(usual, &server.url())
}

async fn run_snippet(command: Command) {
    let output = output(command).await;
    let (out, err) = texts(&output);
    assert!(output.status.success(), "{out}\n{err}");
    for call_type in ["default", "audio_room", "livestream", "development"] {
        assert!(out.contains(call_type), "{call_type} is not in {out}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_snippet_for_python_runs() {
    let server = Server::start().await.unwrap();
    let Some(mut command) = python() else {
        return;
    };
    command.args(["-c", &snippet("python", &server)]);
    run_snippet(command).await;
    assert_eq!(server.export()["calls"][0]["id"], "standup");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_snippet_for_node_runs() {
    let server = Server::start().await.unwrap();
    let Some(folder) = node_folder() else {
        return;
    };
    let mut command = Command::new("node");
    let code = snippet("js", &server);
    command
        .args(["--input-type=module", "--eval", &code])
        .current_dir(folder);
    run_snippet(command).await;
}

/// The lines that make things happen with curl, one after the other.
#[tokio::test(flavor = "multi_thread")]
async fn the_lines_with_curl_do_what_they_say() {
    if Command::new("curl").arg("--version").output().is_err() {
        return skip("the README's lines with curl: there is no curl");
    }
    let server = Server::start().await.unwrap();
    let seed = serde_json::json!({
        "users": [{ "id": "ana" }],
        "calls": [{ "type": "default", "id": "standup", "data": { "created_by_id": "ana" } }],
    });
    server.seed(&seed).await.unwrap();
    let readme = include_str!("../README.md");
    let (_, rest) = readme.split_once("$ local=").unwrap();
    let (block, _) = rest.split_once("```").unwrap();
    let lines = format!("$ local={block}").replace("http://127.0.0.1:8787", &server.url());
    let lines: Vec<&str> = lines
        .lines()
        .map(|line| line.strip_prefix("$ ").unwrap())
        .collect();
    assert!(lines.len() > 6, "{lines:?}");
    // The last line resets what the others did.
    let (reset, others) = lines.split_last().unwrap();
    let fail = "set -e; curl() { command curl -sS --fail-with-body \"$@\"; }";
    let shell = |lines: &[&str]| {
        let mut command = Command::new("bash");
        command.args(["-c", &format!("{fail}\n{}", lines.join("\n"))]);
        command
    };
    let done = output(shell(others)).await;
    let (out, err) = texts(&done);
    assert!(done.status.success(), "{out}\n{err}");
    let events = server.webhooks();
    let events: Vec<&str> = events.iter().map(|one| one.event.as_str()).collect();
    for event in ["call.session_participant_joined", "call.recording_ready"] {
        assert!(events.contains(&event), "{events:?}");
    }
    assert!(server.clock().offset() > 0);
    assert_eq!(server.faults().len(), 1);
    let done = output(shell(&[lines.first().unwrap(), reset])).await;
    assert!(done.status.success());
    assert!(server.webhooks().is_empty());
    assert_eq!(server.clock().offset(), 0);
}
