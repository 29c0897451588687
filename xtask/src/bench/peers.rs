//! The Rust peers: a package each below target/bench.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::Relaxed;

use super::process::{cargo, folder, output};
use super::{Args, progenitor};
use crate::workspace::{self, Done};

/// A Rust client to compare with.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Peer {
    VideoApi,
    Progenitor,
    Getstream,
    ByHand,
}

impl Peer {
    /// The peers to measure, this project's first.
    pub(super) fn all(args: &Args) -> Vec<Self> {
        let mut all = vec![Self::VideoApi, Self::Progenitor, Self::ByHand];
        if !args.without_getstream {
            all.insert(2, Self::Getstream);
        }
        all
    }

    pub(super) fn title(self) -> &'static str {
        match self {
            Self::VideoApi => "video-api",
            Self::Progenitor => "progenitor",
            Self::Getstream => "getstream (vendor, Rust)",
            Self::ByHand => "reqwest by hand",
        }
    }

    /// The name of its package and its program.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::VideoApi => "peer-video-api",
            Self::Progenitor => "peer-progenitor",
            Self::Getstream => "peer-getstream",
            Self::ByHand => "peer-by-hand",
        }
    }

    fn source(self) -> &'static str {
        match self {
            Self::VideoApi => "video_api.rs",
            Self::Progenitor => "progenitor.rs",
            Self::Getstream => "getstream.rs",
            Self::ByHand => "by_hand.rs",
        }
    }

    fn dependencies(self) -> &'static str {
        match self {
            // The published form, as dependents get it.
            Self::VideoApi => {
                "video-api = { path = \"../../package/video-api\" }\nserde_json = \"1\"\n"
            }
            Self::Progenitor => {
                "progenitor-peer = { path = \"../progenitor-peer\" }\njsonwebtoken = { version = \"11\", default-features = false, features = [\"aws_lc_rs\"] }\nreqwest = { version = \"0.13\", default-features = false, features = [\"rustls\", \"gzip\", \"http2\"] }\nserde_json = \"1\"\n"
            }
            Self::Getstream => "getstream = \"0.2\"\nserde_json = \"1\"\n",
            Self::ByHand => {
                "jsonwebtoken = { version = \"11\", default-features = false, features = [\"aws_lc_rs\"] }\nreqwest = { version = \"0.13\", default-features = false, features = [\"rustls\", \"gzip\", \"http2\", \"json\", \"query\"] }\nserde = { version = \"1\", features = [\"derive\"] }\nserde_json = \"1\"\nuuid = { version = \"1\", features = [\"v4\"] }\n"
            }
        }
    }

    /// The folder of its package.
    pub(super) fn folder(self) -> PathBuf {
        folder().join(self.name())
    }

    /// Its program below a target directory.
    pub(super) fn program(self, target: &Path) -> PathBuf {
        target.join("release").join(self.name())
    }

    /// Writes the package and downloads what it needs.
    pub(super) fn prepare(self) -> Done {
        match self {
            Self::VideoApi => stage()?,
            Self::Progenitor => write_progenitor()?,
            Self::Getstream | Self::ByHand => {}
        }
        let dependencies = format!(
            "{}futures-util = {{ version = \"0.3\", default-features = false, features = [\"std\"] }}\n\
             tokio = {{ version = \"1\", features = [\"macros\", \"rt\"] }}\n",
            self.dependencies()
        );
        package(
            &self.folder(),
            self.name(),
            &dependencies,
            &[(self.source(), "main.rs")],
        )
    }

    /// Its program, built of the present sources.
    pub(super) fn build(self, args: &Args) -> Result<PathBuf, Box<dyn Error>> {
        if !args.prepared {
            self.prepare()?;
            println!("building {}", self.title());
            build(&self.folder())?;
        }
        Ok(self.program(&target()))
    }
}

/// The target directory of all packages here, so that what they share is built once.
pub(super) fn target() -> PathBuf {
    folder().join("build")
}

/// Builds a package for release.
pub(super) fn build(package: &Path) -> Done {
    let mut command = cargo(package);
    command.args(["build", "--release", "--target-dir"]);
    output(command.arg(target())).map(drop)
}

/// Writes a package of sources in tests/benches/peers, and locks it to the workspace's versions.
pub(super) fn package(
    folder: &Path,
    name: &str,
    dependencies: &str,
    sources: &[(&str, &str)],
) -> Done {
    let root = workspace::root();
    let own = root.join("tests/benches");
    fs::create_dir_all(folder.join("src"))?;
    let manifest = format!(
        "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n\n\
         [dependencies]\n{dependencies}\n[workspace]\n"
    );
    fs::write(folder.join("Cargo.toml"), manifest)?;
    for (from, to) in sources {
        fs::copy(own.join("peers").join(from), folder.join("src").join(to))?;
    }
    for shared in ["peers/measure.rs", "peers/serve.rs", "plain_types.rs"] {
        let from = own.join(shared);
        if let Some(file) = from.file_name() {
            fs::copy(&from, folder.join("src").join(file))?;
        }
    }
    fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock"))?;
    output(cargo(folder).args(["fetch", "--quiet"])).map(drop)
}

/// Stages video-api as it is published, once, because cargo takes staged files for changed.
fn stage() -> Done {
    static STAGED: AtomicBool = AtomicBool::new(false);
    if STAGED.swap(true, Relaxed) {
        return Ok(());
    }
    let mut command = Command::new(std::env::current_exe()?);
    command
        .args(["package", "--no-verify"])
        .current_dir(workspace::root());
    output(&mut command).map(drop)
}

/// Writes the client that progenitor generates.
pub(super) fn write_progenitor() -> Done {
    let folder = folder().join("progenitor-peer");
    fs::create_dir_all(folder.join("src"))?;
    let manifest = "[package]\nname = \"progenitor-peer\"\nversion = \"0.0.0\"\nedition = \"2021\"\npublish = false\n\n\
        [dependencies]\nbytes = \"1\"\nchrono = { version = \"0.4\", default-features = false, features = [\"serde\"] }\n\
        futures = \"0.3\"\nprogenitor-client = \"=0.15.1\"\nregress = \"0.11\"\nreqwest = { version = \"0.13\", default-features = false, features = [\"json\", \"stream\", \"query\"] }\n\
        serde = { version = \"1\", features = [\"derive\"] }\nserde_json = \"1\"\nserde_urlencoded = \"0.7\"\nuuid = { version = \"1\", features = [\"serde\"] }\n\n[workspace]\n";
    fs::write(folder.join("Cargo.toml"), manifest)?;
    let source = progenitor::generate(&workspace::root().join("spec/video-api.json"))?;
    Ok(fs::write(folder.join("src/lib.rs"), source)?)
}
