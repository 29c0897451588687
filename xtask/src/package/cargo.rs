//! Running cargo on what was staged.

use std::error::Error;
use std::ffi::OsStr;
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

    fn command(&self, arguments: &[&str]) -> Command {
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
