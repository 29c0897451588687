//! Completion scripts load in the shells they are for, where these are installed.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a failure here is a failed test"
)]

use std::io::ErrorKind;
use std::path::Path;
use std::process::Command;

mod common;

use common::{Folder, bare, ran, run};

/// Runs a script that has the completions in `$1`; `None` if the shell is not installed.
fn shell(name: &str, options: &[&str], script: &str, completions: &Path) -> Option<common::Ran> {
    let binary = Path::new(env!("CARGO_BIN_EXE_video-api")).parent().unwrap();
    let path = format!(
        "{}:{}",
        binary.display(),
        std::env::var("PATH").unwrap_or_default()
    );
    let mut command = Command::new(name);
    command
        .args(options)
        .args(["-c", script, "shell"])
        .arg(completions)
        .env("PATH", path);
    match command.output() {
        Ok(output) => Some(ran(output)),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            println!("{name} is not installed; its completions were not loaded");
            None
        }
        Err(error) => panic!("{name}: {error}"),
    }
}

fn script(shell: &str, folder: &Folder) -> std::path::PathBuf {
    let script = run(bare(), ["completions", shell]).ok();
    for operation in video_api::operations::ALL {
        assert!(
            script.contains(&operation.name.replace('_', "-")),
            "{shell}: {}",
            operation.id
        );
    }
    assert!(
        script.contains("members-limit"),
        "{shell}: flags are completed"
    );
    let file = folder.file(if shell == "zsh" { "_video-api" } else { shell });
    std::fs::write(&file, script).unwrap();
    file
}

#[test]
fn bash() {
    let folder = Folder::new();
    let complete = "set -eu; source \"$1\"; words=($(complete -p video-api))
        COMP_WORDS=(video-api get-ca); COMP_CWORD=1; COMPREPLY=()
        for n in \"${!words[@]}\"; do [ \"${words[$n]}\" != -F ] || function=${words[$((n + 1))]}; done
        \"$function\" video-api get-ca video-api; printf '%s\\n' \"${COMPREPLY[@]}\"";
    if let Some(ran) = shell(
        "bash",
        &["--norc", "--noprofile"],
        complete,
        &script("bash", &folder),
    ) {
        let names = ran.ok();
        assert!(names.lines().any(|name| name == "get-call"), "{names}");
        assert!(
            names.lines().all(|name| name.starts_with("get-ca")),
            "{names}"
        );
    }
}

#[test]
fn zsh() {
    let folder = Folder::new();
    let file = script("zsh", &folder);
    let load = "setopt errexit; fpath=(${1:h} $fpath); autoload -Uz compinit; compinit -D -u
        [[ ${_comps[video-api]} == _video-api ]]; autoload +X -Uz _video-api; print loaded";
    if let Some(ran) = shell("zsh", &["-f"], load, &file) {
        assert_eq!(ran.ok(), "loaded\n");
    }
}

#[test]
fn fish() {
    let folder = Folder::new();
    let file = script("fish", &folder);
    let load = "source $argv[2]; complete -C 'video-api get-ca' | string split -f 1 \\t";
    if let Some(ran) = shell("fish", &["--no-config"], load, &file) {
        let names = ran.ok();
        assert!(names.lines().any(|name| name == "get-call"), "{names}");
    }
}

#[test]
fn other_shells_are_refused() {
    run(bare(), ["completions", "tcsh"]).failed(2, "bash, zsh, fish");
}
