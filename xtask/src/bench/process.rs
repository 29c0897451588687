//! Running programs and measuring them.

use std::error::Error;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use serde::{Deserialize, Serialize};

use crate::workspace;

/// The folder of everything that is measured.
pub(super) fn folder() -> PathBuf {
    workspace::root().join("target/bench")
}

/// Runs a program and returns what it printed.
pub(super) fn output(command: &mut Command) -> Result<String, Box<dyn Error>> {
    let output = command.output().map_err(|error| cannot(command, &error))?;
    if !output.status.success() {
        let err = String::from_utf8_lossy(&output.stderr);
        let last: Vec<&str> = err.lines().rev().take(12).collect();
        let last: Vec<&str> = last.into_iter().rev().collect();
        return Err(format!("{} failed:\n{}", name(command), last.join("\n")).into());
    }
    Ok(String::from_utf8(output.stdout)?)
}

/// Resources that a program used, its children included.
#[derive(Clone, Copy, Serialize, Deserialize)]
pub(super) struct Used {
    /// Seconds of CPU.
    pub(super) cpu: f64,
    /// Seconds.
    pub(super) wall: f64,
    /// The largest resident set of one process, in megabytes.
    pub(super) memory: f64,
}

/// Runs a program under GNU time.
pub(super) fn time(command: &Command) -> Result<Used, Box<dyn Error>> {
    let mut timed = Command::new("/usr/bin/time");
    timed.args(["--format", "\n%U %S %M"]);
    timed.arg(command.get_program()).args(command.get_args());
    if let Some(folder) = command.get_current_dir() {
        timed.current_dir(folder);
    }
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => timed.env(name, value),
            None => timed.env_remove(name),
        };
    }
    // GNU time rounds the wall time to hundredths of a second.
    let started = Instant::now();
    let output = timed.output().map_err(|error| cannot(&timed, &error))?;
    let wall = started.elapsed().as_secs_f64();
    let err = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        return Err(format!("{} failed:\n{err}", name(command)).into());
    }
    let last = err.lines().last().unwrap_or_default();
    let figures: Vec<f64> = last
        .split(' ')
        .filter_map(|figure| figure.parse().ok())
        .collect();
    let [user, system, kilobytes] = figures[..] else {
        return Err(format!("GNU time is needed at /usr/bin/time; it printed {last:?}").into());
    };
    Ok(Used {
        cpu: user + system,
        wall,
        memory: kilobytes / 1000.0,
    })
}

/// Wall and CPU time in seconds that a peer printed.
#[derive(Clone, Copy, Deserialize)]
pub(super) struct Times {
    pub(super) wall: f64,
    pub(super) cpu: f64,
}

/// A server in a process of its own, stopped when dropped.
pub(super) struct Server {
    child: Child,
    pub(super) url: String,
}

impl Server {
    /// Starts a server and waits until it prints its address.
    pub(super) fn start(command: &mut Command) -> Result<Self, Box<dyn Error>> {
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| cannot(command, &error))?;
        let out = child.stdout.take();
        let mut server = Self {
            child,
            url: String::new(),
        };
        for line in out.into_iter().flat_map(|out| BufReader::new(out).lines()) {
            let line = line?;
            if let Some(start) = line.find("http://127.0.0.1:") {
                let rest = line.get(start..).unwrap_or_default();
                let url = rest.split(['"', '\'', ' ']).next().unwrap_or_default();
                server.url = url.trim_end_matches('/').to_owned();
                return Ok(server);
            }
        }
        Err(format!("{} printed no address", name(command)).into())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It has nothing to save, and may be gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Cargo in a folder, without what the cargo that runs this program has set.
pub(super) fn cargo(folder: &Path) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(folder).env_remove("VIDEO_API_SPEC");
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("CARGO_PKG_")
            || name.to_string_lossy().starts_with("CARGO_MANIFEST_")
        {
            command.env_remove(name);
        }
    }
    command
}

pub(super) fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_unstable_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

fn cannot(command: &Command, error: &std::io::Error) -> String {
    format!("cannot run {}: {error}", name(command))
}

fn name(command: &Command) -> String {
    command.get_program().to_string_lossy().into_owned()
}
