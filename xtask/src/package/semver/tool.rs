//! cargo-semver-checks on two staged crates, and the compiler on code that uses one.

use std::collections::BTreeSet;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::package::cargo::Cargo;
use crate::package::place::{self, cannot};
use crate::package::stage::Files;
use crate::package::stage::stage_for;

const MISSING: &str = "cargo-semver-checks is not installed, or cannot run; \
                       cargo install cargo-semver-checks --locked";

/// One folder for all crates, so that what they depend on is built once.
pub(super) struct Tool {
    root: PathBuf,
    folder: PathBuf,
    cargo: Cargo,
}

impl Tool {
    pub(super) fn new(root: &Path) -> Result<Self, Box<dyn Error>> {
        let folder = place::folder(root).join("semver");
        let cargo = Cargo {
            folder: folder.join("video-api"),
            target: folder.join("build"),
        };
        fs::create_dir_all(&cargo.folder).map_err(|error| cannot("make", &cargo.folder, error))?;
        let version = cargo.output(&["semver-checks", "--version"]);
        println!("{}", version.map_err(|_| MISSING)?.trim());
        Ok(Self {
            root: root.to_path_buf(),
            folder,
            cargo,
        })
    }

    /// Stages the crate of a specification and describes it as rustdoc's JSON, which is all that
    /// the tool looks at.
    pub(super) fn document(
        &self,
        version: &str,
        mut spec: Value,
    ) -> Result<PathBuf, Box<dyn Error>> {
        // Part of the crate's version, which tells its description from an older one.
        spec["info"]["version"] = version.into();
        let path = self.folder.join(format!("{version}.spec.json"));
        fs::write(&path, spec.to_string()).map_err(|error| cannot("write", &path, error))?;
        let staged = stage_for(&self.root, &path)?;
        place::sync(&self.cargo.folder, &staged.files)?;
        self.cargo.lock_as(&self.root)?;

        let arguments = ["--", "-Zunstable-options", "--output-format=json"];
        let arguments = [&["rustdoc", "--lib", "--quiet"][..], &arguments].concat();
        let mut command = self.cargo.command(&arguments);
        // The format is not stable; the tool asks a stable rustdoc for it in the same way.
        let done = command.env("RUSTC_BOOTSTRAP", "1").status()?;
        if !done.success() {
            return Err(format!("rustdoc failed on the crate of {}", path.display()).into());
        }
        let written = self.cargo.target.join("doc/video_api.json");
        let text = fs::read(&written).map_err(|error| cannot("read", &written, error))?;
        let description: Value = serde_json::from_slice(&text)?;
        if description["crate_version"].as_str() != Some(staged.version.as_str()) {
            return Err(format!("{} is not of {}", written.display(), staged.version).into());
        }
        let kept = self.folder.join(format!("{version}.json"));
        fs::write(&kept, text).map_err(|error| cannot("write", &kept, error))?;
        Ok(kept)
    }

    /// The lints that a minor version must not trip, and does.
    pub(super) fn lints(&self, old: &Path, new: &Path) -> Result<Vec<String>, Box<dyn Error>> {
        let (old, new) = (old.display().to_string(), new.display().to_string());
        let output = self
            .cargo
            .command(&["semver-checks", "check-release", "--color=never"])
            .args(["--baseline-rustdoc", &old, "--current-rustdoc", &new])
            .args(["--release-type", "minor"])
            .output()?;
        let text = format!(
            "{}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        let lints: Vec<String> = text.lines().filter_map(lint).collect();
        // Passing says something only when lints ran, and failing only when one did not pass.
        if !text.contains(" checks: ") || output.status.success() != lints.is_empty() {
            return Err(format!("cargo semver-checks gave no result: {text}").into());
        }
        Ok(lints)
    }
}

const PROGRAM: &str = "\
[package]
name = \"caller\"
version = \"0.0.0\"
edition = \"2024\"

[dependencies]
video-api = { path = \"../video-api\" }

[workspace]
";

impl Tool {
    /// The errors, each once, when pieces of code are compiled against the crate staged last.
    pub(super) fn errors(&self, pieces: &[&str]) -> Result<Vec<String>, Box<dyn Error>> {
        let cargo = Cargo {
            folder: self.folder.join("caller"),
            target: self.cargo.target.clone(),
        };
        let mut code = "#![allow(dead_code, unused_imports)]\n".to_owned();
        for (piece, number) in pieces.iter().zip(1..) {
            code.push_str(&format!(
                "mod piece{number} {{ use video_api::{{*, types::*}}; {piece} }}\n"
            ));
        }
        let files = Files::from([
            ("Cargo.toml".to_owned(), PROGRAM.as_bytes().to_vec()),
            ("src/lib.rs".to_owned(), code.into_bytes()),
        ]);
        place::sync(&cargo.folder, &files)?;
        cargo.lock_as(&self.root)?;
        let mut command = cargo.command(&["check", "--quiet", "--color=never"]);
        // As for rustdoc, so that what is built is the same.
        let output = command.env("RUSTC_BOOTSTRAP", "1").output()?;
        let text = String::from_utf8_lossy(&output.stderr);
        let codes = text
            .lines()
            .filter_map(|line| line.strip_prefix("error[")?.split(']').next());
        let codes: BTreeSet<String> = codes.map(str::to_owned).collect();
        // Only errors of these pieces count, not those of the crate or of cargo.
        let own = text.contains("could not compile `caller`");
        if output.status.success() != codes.is_empty() || (!output.status.success() && !own) {
            return Err(format!("no result of compiling {pieces:?}: {text}").into());
        }
        Ok(codes.into_iter().collect())
    }
}

/// The lint of `--- failure struct_missing: pub struct removed or renamed ---`.
fn lint(line: &str) -> Option<String> {
    let rest = line.trim().strip_prefix("--- failure ")?;
    rest.split_once(':').map(|(lint, _)| lint.to_owned())
}
