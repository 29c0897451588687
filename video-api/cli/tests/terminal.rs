//! Progress on a real terminal, which the program `script` of Linux provides.
#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a failure here is a failed test"
)]

use std::fmt::Write as _;
use std::io::ErrorKind;
use std::process::Command;

use serde_json::json;
use video_api_server::{BodyMode, Server};

mod common;

use common::{Folder, server};

/// Returns the output on a terminal while a shell runs this line; `None` where `script` is not installed.
/// `$V` is the program.
fn on_a_terminal(server: &Server, folder: &Folder, line: &str) -> Option<String> {
    let typescript = folder.file("typescript");
    let output = Command::new("script")
        .args(["--quiet", "--return", "--command", line])
        .arg(&typescript)
        .current_dir(folder.file(""))
        .env("V", env!("CARGO_BIN_EXE_video-api"))
        .env("TERM", "xterm-256color")
        .env("XDG_CONFIG_HOME", "/nonexistent")
        .env("STREAM_API_KEY", server.api_key())
        .env("STREAM_API_SECRET", server.secret())
        .env("STREAM_BASE_URL", server.url())
        .output();
    match output {
        Ok(output) => {
            let shown = String::from_utf8(output.stdout).unwrap();
            assert!(output.status.success(), "{shown}");
            Some(shown)
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {
            println!("script is not installed; nothing was tested");
            None
        }
        Err(error) => panic!("{error}"),
    }
}

/// Returns whether a text moves the cursor or erases something, apart from setting colours.
fn draws(shown: &str) -> bool {
    let mut rest = shown;
    while let Some((_, after)) = rest.split_once("\u{1b}[") {
        let end = after.find(|letter: char| letter.is_ascii_alphabetic());
        let end = end.unwrap_or(after.len());
        if !after[end..].starts_with('m') {
            return true;
        }
        rest = &after[end..];
    }
    shown.replace("\r\n", "").contains('\r')
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_terminal_of_unknown_size_gets_a_table_of_the_usual_width() {
    let (server, folder) = (server(BodyMode::Stateful).await, Folder::new());
    let data = r#"'{"created_by":{"id":"ana"}}'"#;
    let create = format!("$V get-or-create-call default standup --data {data} > call");
    let line = format!("stty rows 0 cols 0; {create}; $V query-calls");
    let Some(shown) = on_a_terminal(&server, &folder, &line) else {
        return;
    };
    let plain = anstream::adapter::strip_str(&shown).to_string();
    let heading = plain.lines().next().unwrap();
    assert!(
        heading.starts_with("cid              backstage  ") && heading.contains("created_at"),
        "{plain:?}"
    );
    assert!(plain.contains("\ndefault:standup  "), "{plain:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn progress_is_drawn_only_where_it_disturbs_nothing() {
    let (server, folder) = (server(BodyMode::Stateful).await, Folder::new());
    let mut requests = String::new();
    for id in 0..40 {
        let line = json!({"operation_id": "GetOrCreateCall", "path": {"type": "default", "id": format!("c{id}")},
            "body": {"data": {"created_by": {"id": "ana"}}}});
        writeln!(requests, "{line}").unwrap();
    }
    std::fs::write(folder.file("requests"), requests).unwrap();
    for (line, is_drawn) in [
        // Results go to a file, so the terminal is free.
        ("$V batch requests --output results", true),
        ("$V query-calls --limit 1 --all > calls", true),
        // The program after the pipe may write to the terminal at any time.
        ("$V batch requests | cat", false),
        ("$V query-calls --limit 1 --all | cat", false),
        ("$V batch requests", false),
        ("$V query-calls --limit 1 --all", false),
    ] {
        let Some(shown) = on_a_terminal(&server, &folder, line) else {
            return;
        };
        assert_eq!(draws(&shown), is_drawn, "{line}: {shown:?}");
    }
}
