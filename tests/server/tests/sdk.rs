//! The official SDKs for Python and Node, unmodified, perform every operation. They run where they
//! are installed: Python's in `python3` (or `$VIDEO_API_SDK_PYTHON`), Node's in the folder
//! `$VIDEO_API_SDK_NODE`.
#![allow(clippy::unwrap_used, reason = "tests")]

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

async fn run(mut command: Command) {
    let server = Server::start().await.unwrap();
    command
        .env("STREAM_BASE_URL", server.url())
        .env("STREAM_API_KEY", server.api_key())
        .env("STREAM_API_SECRET", server.secret());
    let output: Output = tokio::task::spawn_blocking(move || command.output())
        .await
        .unwrap()
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (out, err) = (text(&output.stdout), text(&output.stderr));
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

#[tokio::test(flavor = "multi_thread")]
async fn the_python_sdk_performs_every_operation() {
    let python = std::env::var_os("VIDEO_API_SDK_PYTHON").unwrap_or_else(|| "python3".into());
    let probe = Command::new(&python)
        .args(["-c", "import getstream"])
        .output();
    if !probe.is_ok_and(|probe| probe.status.success()) {
        return skip("the Python SDK: `pip install getstream` for it");
    }
    let mut command = Command::new(python);
    command.arg("-W").arg("ignore").arg(script("python_sdk.py"));
    run(command).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_node_sdk_performs_every_operation() {
    let folder = std::env::var_os("VIDEO_API_SDK_NODE").map(PathBuf::from);
    let folder = folder.filter(|folder| folder.join("node_modules/@stream-io/node-sdk").is_dir());
    let Some(folder) = folder else {
        return skip(
            "the Node SDK: `npm install @stream-io/node-sdk` in a folder, and name it in VIDEO_API_SDK_NODE",
        );
    };
    let mut command = Command::new("node");
    command
        .arg(script("node_sdk.mjs").canonicalize().unwrap())
        .current_dir(folder);
    run(command).await;
}
