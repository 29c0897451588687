//! Arguments by position and by flag, and the explanation of what is missing.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a failure here is a failed test"
)]

use std::process::Command;

use serde_json::{Value, json};
use video_api_server::BodyMode;

mod common;

use common::{Ran, bare, golden, run, server};

/// Runs with `--dry-run` and returns the request.
fn dry_run(args: &[&str]) -> Value {
    let ran = run(bare(), args.iter().chain(&["--dry-run", "--json"]));
    serde_json::from_str(&ran.ok()).unwrap()
}

#[test]
fn required_arguments_are_given_by_position_or_by_flag() {
    for (positions, flags) in [
        (
            &["block-user", "default", "standup", "bo"][..],
            &[
                "block-user",
                "--user-id",
                "bo",
                "--id",
                "standup",
                "--type",
                "default",
            ][..],
        ),
        (
            &["query-call-members", "default", "standup"],
            &["query-call-members", "--type", "default", "standup"],
        ),
        (
            &["query-call-members", "default", "standup"],
            &[
                "query-call-members",
                "--body",
                r#"{"type":"default","id":"standup"}"#,
            ],
        ),
        (
            &["kick-user", "default", "standup", "bo", "--block"],
            &[
                "kick-user",
                "default",
                "standup",
                "--body",
                r#"{"user_id":"bo"}"#,
                "--block",
            ],
        ),
        (
            &["kick-user", "default", "standup", "bo"],
            &[
                "kick-user",
                "default",
                "standup",
                "bo",
                "--body",
                r#"{"user_id":"replaced"}"#,
            ],
        ),
        (
            &["create-sip-trunk", "office", "+15550100", "+15550101"],
            &[
                "create-sip-trunk",
                "office",
                "--numbers",
                "+15550100",
                "--numbers",
                "+15550101",
            ],
        ),
        (
            &["block-user", "default:standup", "bo"],
            &["block-user", "default", "standup", "bo"],
        ),
        (
            &["query-call-members", "default:standup"],
            &["query-call-members", "default", "standup"],
        ),
        (
            &[
                "update-call-members",
                "default:standup",
                "--remove-members",
                "ana,bo",
            ],
            &[
                "update-call-members",
                "default",
                "standup",
                "--body",
                r#"{"remove_members":["ana","bo"]}"#,
            ],
        ),
        (
            &["upsert-users", r#"[{"id":"ana"},{"id":"bo"}]"#],
            &["update-users", r#"{"ana":{"id":"ana"},"bo":{"id":"bo"}}"#],
        ),
        (
            &["query-calls", "--sort", "created_at desc, cid"],
            &[
                "query-calls",
                "--sort",
                r#"[{"field":"created_at","direction":-1},{"field":"cid","direction":1}]"#,
            ],
        ),
    ] {
        let [by_position, by_flag] = [positions, flags].map(dry_run);
        assert_eq!(by_position, by_flag, "{positions:?}");
    }
    let request = dry_run(&["block-user", "default", "standup", "bo"]);
    assert_eq!(request["body"], json!({"user_id": "bo"}));
}

#[test]
fn a_usage_error_shows_all_required_arguments() {
    let shown = |args: &[&str]| {
        let ran = run(bare(), args);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{ran:?}");
        ran.err
    };
    golden("usage-block-user.txt", &shown(&["block-user", "default"]));
    golden(
        "usage-start-rtmp-broadcasts.txt",
        &shown(&["start-rtmp-broadcasts", "default", "x"]),
    );
    golden(
        "usage-json.txt",
        &shown(&["update-call", "a", "b", "--settings-override", "{audio}"]),
    );
}

#[test]
fn a_usage_error_names_the_help_of_its_command() {
    for (args, says) in [
        (
            &["get-call", "--nonsense"][..],
            "try 'video-api get-call --help'",
        ),
        (
            &["token", "user", "--nonsense"],
            "try 'video-api token user --help'",
        ),
        (
            &["batch", "--concurrency", "x"],
            "try 'video-api batch --help'",
        ),
        (&["--nonsense"], "try 'video-api --help'"),
    ] {
        run(bare(), args).failed(2, says);
    }
}

#[test]
fn an_unknown_column_comes_with_the_nearest_one() {
    let ran = run(
        bare(),
        ["list-recordings", "default:x", "--columns", "sesion"],
    );
    ran.failed(2, "there is no column `sesion`; did you mean `session_id`?");
    let ran = run(bare(), ["query-calls", "--columns", "creatd_at"]);
    ran.failed(2, "did you mean `created_at`?");
    assert!(ran.err.lines().all(|line| line.len() <= 100), "{}", ran.err);
}

/// Every flag that takes JSON, with the example of its help, makes a valid request.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_examples_of_json_arguments_are_valid() {
    let server = server(BodyMode::Minimal).await;
    let mut checked = 0;
    for operation in video_api::operations::ALL {
        let command = operation.name.replace('_', "-");
        let help = run(bare(), [command.as_str(), "--help"]).ok();
        // The required arguments are those of the usage line.
        let usage = help
            .lines()
            .find(|line| line.starts_with("Usage: "))
            .unwrap();
        let required: Vec<&str> = usage
            .split('<')
            .skip(1)
            .filter_map(|part| part.split('>').next())
            .collect();
        let examples = examples(&help);
        let mut args = vec![command.clone()];
        for name in &required {
            let example = examples.iter().find(|(of, _)| of == name);
            args.push(example.map_or("1".to_owned(), |(_, example)| example.clone()));
        }
        for (name, example) in &examples {
            if example.starts_with(['{', '[']) && !required.contains(&name.as_str()) {
                args.push(format!("{name}={example}"));
            }
            checked += 1;
        }
        if command == "mute-users" {
            args.extend(["--audio", "--mute-all-users"].map(str::to_owned));
        }
        run(common::at(&server), &args).ok();
        let problems = server.recorded().pop().unwrap().problems;
        assert!(problems.is_empty(), "{args:?}: {problems:?}");
    }
    assert!(checked > 40, "{checked} examples");
}

/// The examples and first known values in a help text, by flag (`--data`) or position (`BROADCASTS`).
fn examples(help: &str) -> Vec<(String, String)> {
    let mut name = String::new();
    let mut found = Vec::new();
    for line in help.lines() {
        let text = line.trim_start();
        if line.starts_with("      --") || line.starts_with("  <") {
            let end = text.find([' ', '>', '[', '=']).unwrap_or(text.len());
            name = text[..end].trim_start_matches('<').to_owned();
        }
        if let Some((_, values)) = text.split_once("[possible values: ") {
            let first = values.split([',', ']']).next().unwrap();
            found.push((name.clone(), first.to_owned()));
        }
        if let Some(example) = text
            .strip_prefix("such as '")
            .and_then(|rest| rest.strip_suffix('\''))
        {
            found.push((name.clone(), example.to_owned()));
        }
    }
    found
}

#[cfg(unix)]
#[test]
fn the_program_calls_itself_as_it_was_called() {
    use std::os::unix::process::CommandExt as _;
    let called = |name: &str, variables: &[(&str, &str)]| -> Ran {
        let mut command: Command = bare();
        command.arg0(name).envs(variables.iter().copied());
        run(command, ["get-call"])
    };
    for (name, variables, says) in [
        ("video-api", &[][..], "Usage: video-api get-call"),
        ("./bin/va", &[], "try './bin/va get-call --help'"),
        ("/usr/local/bin/stream", &[], "Usage: stream get-call"),
        (
            "target/debug/video-api",
            &[("CARGO_PKG_NAME", "video-api-cli")],
            "Usage: cargo video get-call",
        ),
    ] {
        called(name, variables).failed(2, says);
    }
}

#[test]
fn manual_pages_of_all_commands() {
    let folder = common::Folder::new();
    let path = folder.file("");
    run(bare(), ["man", "--output", path.to_str().unwrap()]).ok();
    let names = folder.names();
    for operation in video_api::operations::ALL {
        let page = format!("video-api-{}.1", operation.name.replace('_', "-"));
        assert!(names.contains(&page), "{page}");
    }
    let page = run(bare(), ["man", "block-user"]).ok();
    assert!(page.contains(".TH") && page.contains("USER_ID"), "{page}");
    run(bare(), ["man", "nonsense"]).failed(2, "there is no command `nonsense`");
}
