//! Running the binary against the local server.
#![allow(dead_code, reason = "every test file uses a part")]
#![allow(
    unreachable_pub,
    reason = "shared by crates that are nothing but tests"
)]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a failure here is a failed test"
)]

use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use video_api_server::{BodyMode, Server};

pub async fn server(mode: BodyMode) -> Server {
    Server::builder()
        .strict(true)
        .create_users(true)
        .body_mode(mode)
        .start()
        .await
        .unwrap()
}

/// The binary in an environment without credentials or configuration.
pub fn bare() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_video-api"));
    command
        .env_clear()
        .env("XDG_CONFIG_HOME", "/nonexistent")
        .stdin(Stdio::null());
    command
}

/// The binary pointed at a server.
pub fn at(server: &Server) -> Command {
    let mut command = bare();
    command
        .env("STREAM_API_KEY", server.api_key())
        .env("STREAM_API_SECRET", server.secret())
        .env("STREAM_BASE_URL", server.url());
    command
}

/// The output and the exit code of a run.
#[derive(Debug, PartialEq, Eq)]
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Ran {
    #[track_caller]
    pub fn ok(self) -> String {
        assert_eq!(self.code, 0, "{}", self.err);
        self.out
    }

    /// Checks how it failed and that it says so.
    #[track_caller]
    pub fn failed(&self, code: i32, says: &str) {
        assert_eq!(self.code, code, "{} {}", self.out, self.err);
        assert!(self.err.contains(says), "{says:?} is not in {:?}", self.err);
    }

    pub fn lines(&self) -> Vec<serde_json::Value> {
        self.out
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }
}

pub fn run<S: AsRef<OsStr>>(mut command: Command, args: impl IntoIterator<Item = S>) -> Ran {
    let output = command.args(args).output().unwrap();
    ran(output)
}

/// Runs with this on standard input.
pub fn feed<S: AsRef<OsStr>>(
    command: Command,
    args: impl IntoIterator<Item = S>,
    input: &str,
) -> Ran {
    ran(start(command, args, input).wait_with_output().unwrap())
}

/// Starts with this on standard input and does not wait.
pub fn start<S: AsRef<OsStr>>(
    mut command: Command,
    args: impl IntoIterator<Item = S>,
    input: &str,
) -> Child {
    let mut child = command
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_owned();
    // A program that reads no further breaks the pipe.
    std::thread::spawn(move || drop(stdin.write_all(input.as_bytes())));
    child
}

pub fn ran(output: std::process::Output) -> Ran {
    Ran {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// A directory of its own for one test, removed at the end.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!(
            "cli-{}-{}",
            std::process::id(),
            COUNT.fetch_add(1, Ordering::Relaxed)
        );
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(&self.0).unwrap();
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Compares with a file in `tests/golden`; `UPDATE_GOLDEN=1` writes it instead.
#[track_caller]
pub fn golden(name: &str, text: &str) {
    // Another spec has other operations; the goldens are of the one from the page.
    if video_api_server::is_adopted() {
        return;
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/golden")
        .join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, text).unwrap();
        return;
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        text == expected,
        "{name} differs; run the tests with UPDATE_GOLDEN=1 and review the change\n{text}"
    );
}
