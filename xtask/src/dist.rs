//! `cargo xtask dist`: the folder of the command line that a release archives, with its manual
//! pages, completions and licences.

use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::workspace::{self, Done};

/// Arguments of `dist`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Build without optimisation, to see what is in the folder.
    #[arg(long)]
    debug: bool,
}

/// Files of the repository that come along.
const FILES: [(&str, &str); 4] = [
    ("video-api/cli/README.md", "README.md"),
    ("CHANGELOG.md", "CHANGELOG.md"),
    ("LICENSE-APACHE", "LICENSE-APACHE"),
    ("LICENSE-MIT", "LICENSE-MIT"),
];

pub(crate) fn run(args: &Args) -> Done {
    let root = workspace::root();
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut build = Command::new(cargo);
    build
        .args(["build", "--locked", "--package", "video-api-cli"])
        .args((!args.debug).then_some("--release"))
        .args(["--target-dir", "target"])
        .current_dir(&root);
    output(&mut build)?;
    let profile = if args.debug { "debug" } else { "release" };
    let name = format!("video-api{}", std::env::consts::EXE_SUFFIX);
    let binary = root.join("target").join(profile).join(&name);

    let folder = root.join("target/dist").join(format!(
        "video-api-{}-{}",
        env!("CARGO_PKG_VERSION"),
        host()?
    ));
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    for part in ["man", "completions"] {
        fs::create_dir_all(folder.join(part))?;
    }
    fs::copy(&binary, folder.join(&name))?;
    for (from, to) in FILES {
        fs::copy(root.join(from), folder.join(to))
            .map_err(|error| format!("cannot copy {from}: {error}"))?;
    }
    fill(&binary, &folder)?;
    println!("made {}", folder.display());
    Ok(())
}

/// Lets the program write its manual pages and completions.
fn fill(binary: &Path, folder: &Path) -> Done {
    output(
        Command::new(binary)
            .args(["man", "--output"])
            .arg(folder.join("man")),
    )?;
    for (shell, file) in [
        ("bash", "video-api.bash"),
        ("zsh", "_video-api"),
        ("fish", "video-api.fish"),
    ] {
        let script = output(Command::new(binary).args(["completions", shell]))?;
        fs::write(folder.join("completions").join(file), script)?;
    }
    Ok(())
}

/// The target that is built for, such as `x86_64-unknown-linux-gnu`.
fn host() -> Result<String, Box<dyn Error>> {
    let version = String::from_utf8(output(Command::new("rustc").arg("-vV"))?)?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.ok_or("rustc -vV does not name the host")?.to_owned())
}

fn output(command: &mut Command) -> Result<Vec<u8>, Box<dyn Error>> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command
        .stderr(std::process::Stdio::inherit())
        .output()
        .map_err(|error| format!("cannot run {name}: {error}"))?;
    match output.status.success() {
        true => Ok(output.stdout),
        false => Err(format!("{name} failed: {}", output.status).into()),
    }
}
