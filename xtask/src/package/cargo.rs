//! Running cargo on what was staged.

use std::error::Error;
use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs};

use super::place::cannot;
use crate::workspace::Done;

/// Cargo in a folder, with the target directory that its builds share.
pub(super) struct Cargo {
    pub(super) folder: PathBuf,
    pub(super) target: PathBuf,
}

impl Cargo {
    /// Runs it and shows its output; returns how long it took.
    pub(super) fn run(&self, arguments: &[&str]) -> Result<Duration, Box<dyn Error>> {
        let shown = shown(arguments);
        println!("\n== {shown} (in {})", self.folder.display());
        let started = Instant::now();
        let status = self.command(arguments).status()?;
        if !status.success() {
            return Err(format!("{shown} failed in {}", self.folder.display()).into());
        }
        Ok(started.elapsed())
    }

    /// Runs tests and shows their output; returns how many passed, which is never none.
    pub(super) fn test(&self, arguments: &[&str]) -> Result<u64, Box<dyn Error>> {
        let shown = shown(arguments);
        println!("\n== {shown} (in {})", self.folder.display());
        let mut child = self.command(arguments).stdout(Stdio::piped()).spawn()?;
        let mut count = 0;
        if let Some(output) = child.stdout.take() {
            for line in BufReader::new(output).lines() {
                let line = line?;
                println!("{line}");
                count += passed(&line);
            }
        }
        if !child.wait()?.success() {
            return Err(format!("{shown} failed in {}", self.folder.display()).into());
        }
        if count == 0 {
            return Err(format!("{shown} ran no test in {}", self.folder.display()).into());
        }
        Ok(count)
    }

    /// Runs it and returns what it printed; complaints are shown as they come.
    pub(super) fn output(&self, arguments: &[&str]) -> Result<String, Box<dyn Error>> {
        let output = self.command(arguments).stderr(Stdio::inherit()).output()?;
        if !output.status.success() {
            let (shown, folder) = (shown(arguments), self.folder.display());
            return Err(format!("{shown} failed in {folder}").into());
        }
        Ok(String::from_utf8(output.stdout)?)
    }

    /// The workspace's versions, pruned to what this package needs, and everything downloaded.
    pub(super) fn lock_as(&self, root: &Path) -> Done {
        let (from, to) = (root.join("Cargo.lock"), self.folder.join("Cargo.lock"));
        fs::copy(&from, &to).map_err(|error| cannot("copy to", &to, error))?;
        self.output(&["fetch", "--quiet"]).map(drop)
    }

    /// The command, for those who read its result themselves.
    pub(super) fn command(&self, arguments: &[&str]) -> Command {
        let program = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = Command::new(program);
        command
            .args(arguments)
            .current_dir(&self.folder)
            .env("CARGO_TARGET_DIR", &self.target)
            // As the workspace's profile has it: smaller and quicker.
            .env("CARGO_PROFILE_DEV_DEBUG", "line-tables-only")
            // Both forms are made from the workspace's own specification.
            .env_remove("VIDEO_API_SPEC");
        // Set for this program by the cargo that runs it; build scripts would see them as changed.
        for (name, _) in env::vars_os().filter(|(name, _)| is_of_the_runner(name)) {
            command.env_remove(name);
        }
        command
    }
}

/// The count in `test result: ok. 3 passed; …`, 0 for every other line.
fn passed(line: &str) -> u64 {
    line.strip_prefix("test result: ok. ")
        .and_then(|rest| rest.split_once(" passed"))
        .and_then(|(count, _)| count.parse().ok())
        .unwrap_or(0)
}

fn is_of_the_runner(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    [
        "CARGO_PKG_",
        "CARGO_MANIFEST_",
        "CARGO_BIN_",
        "CARGO_CRATE_",
    ]
    .iter()
    .any(|prefix| name.starts_with(prefix))
}

fn shown(arguments: &[&str]) -> String {
    format!("cargo {}", arguments.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_result_lines_count() {
        assert_eq!(
            passed("test result: ok. 142 passed; 0 failed; 0 ignored"),
            142
        );
        assert_eq!(passed("test result: FAILED. 3 passed; 1 failed"), 0);
        assert_eq!(passed("test a::b ... ok"), 0);
    }
}
