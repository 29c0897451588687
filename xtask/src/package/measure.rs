//! Build cost of a program that depends on the package: the staged form against the build-time form.

use std::collections::BTreeSet;
use std::error::Error;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::cargo::Cargo;
use super::place::{self, cannot};
use super::stage::Files;

const PROGRAM: &str = r#"//! The smallest program that calls the API.

#[tokio::main]
async fn main() -> Result<(), video_api::Error> {
    let client = video_api::Client::from_env()?;
    let response = client.query_calls().limit(25).send().await?;
    println!("{} calls", response.calls.len());
    Ok(())
}
"#;

/// The cost of a build.
struct Figures {
    wall: Duration,
    cpu: Option<Duration>,
    crates: usize,
    bytes: u64,
}

/// Builds the program from clean with either form; returns a table.
pub(super) fn measure(root: &Path) -> Result<String, Box<dyn Error>> {
    let forms = [
        ("build-time", "workspace", "../../../../video-api"),
        ("staged", "staged", "../../video-api"),
    ];
    let mut table =
        "| form | from clean | CPU | crates | binary |\n| --- | --: | --: | --: | --: |\n"
            .to_owned();
    for (form, folder, dependency) in forms {
        let figures = build(root, folder, dependency)?;
        let cpu = figures.cpu.map_or("?".to_owned(), secs);
        table.push_str(&format!(
            "| {form} | {} | {cpu} | {} | {} kB |\n",
            secs(figures.wall),
            figures.crates,
            figures.bytes / 1000
        ));
    }
    Ok(table)
}

fn build(root: &Path, name: &str, dependency: &str) -> Result<Figures, Box<dyn Error>> {
    let folder = place::folder(root).join("dependents").join(name);
    let cargo = Cargo {
        target: folder.join("target"),
        folder,
    };
    let manifest = format!(
        "[package]\nname = \"dependent\"\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n\n\
         [dependencies]\ntokio = {{ version = \"1\", features = [\"macros\", \"rt-multi-thread\"] }}\n\
         video-api = {{ path = \"{dependency}\" }}\n\n[workspace]\n"
    );
    let files = Files::from([
        ("Cargo.toml".to_owned(), manifest.into_bytes()),
        ("src/main.rs".to_owned(), PROGRAM.as_bytes().to_vec()),
    ]);
    place::sync(&cargo.folder, &files)?;
    // Downloads are not part of the figures.
    cargo.lock_as(root)?;
    if cargo.target.exists() {
        fs::remove_dir_all(&cargo.target)
            .map_err(|error| cannot("remove", &cargo.target, error))?;
    }

    println!("\n== cargo build --release (in {})", cargo.folder.display());
    let (started, cpu) = (Instant::now(), cpu_of_children());
    let messages = cargo.output(&[
        "build",
        "--release",
        "--locked",
        "--message-format=json-render-diagnostics",
    ])?;
    let wall = started.elapsed();
    let cpu = cpu_of_children()
        .zip(cpu)
        .map(|(after, before)| after - before);
    let binary = cargo.target.join("release/dependent");
    let bytes = fs::metadata(&binary)
        .map_err(|error| cannot("read", &binary, error))?
        .len();
    Ok(Figures {
        wall,
        cpu,
        crates: compiled(&messages),
        bytes,
    })
}

/// Number of packages compiled, without the program itself.
fn compiled(messages: &str) -> usize {
    let packages: BTreeSet<String> = messages
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter(|message| {
            message.get("reason").and_then(Value::as_str) == Some("compiler-artifact")
        })
        .filter_map(|message| Some(message.get("package_id")?.as_str()?.to_owned()))
        .collect();
    packages.len().saturating_sub(1)
}

/// CPU time of ended child processes, where the system tells (Linux).
fn cpu_of_children() -> Option<Duration> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    // The program's name may contain anything, so counting starts after it; see proc(5).
    let (_, fields) = stat.rsplit_once(')')?;
    let ticks: u64 = fields
        .split_whitespace()
        .skip(13)
        .take(2)
        .map(|field| field.parse::<u64>().ok())
        .sum::<Option<u64>>()?;
    // A tick is 10 ms for programs on every common architecture.
    Some(Duration::from_millis(ticks * 10))
}

fn secs(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_counts_once_and_the_program_not_at_all() {
        let messages = r#"{"reason":"compiler-artifact","package_id":"a"}
{"reason":"build-script-executed","package_id":"a"}
{"reason":"compiler-artifact","package_id":"a"}
{"reason":"compiler-artifact","package_id":"b"}
{"reason":"compiler-artifact","package_id":"dependent"}
{"reason":"build-finished","success":true}"#;
        assert_eq!(compiled(messages), 2);
    }
}
