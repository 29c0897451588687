//! Credentials and the tokens that are signed with them.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a failure here is a failed test"
)]

use serde_json::{Value, json};
use video_api_server::BodyMode;

mod common;

use common::{Folder, at, bare, run, server};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn credentials_from_environment_file_and_arguments() {
    let server = server(BodyMode::Minimal).await;
    run(bare(), ["get-edges"]).failed(4, "STREAM_API_KEY");
    let mut only_key = bare();
    only_key.env("STREAM_API_KEY", "k");
    run(only_key, ["get-edges"]).failed(4, "STREAM_API_SECRET");

    let folder = Folder::new();
    std::fs::create_dir(folder.file("video-api")).unwrap();
    let file = folder.file("video-api/config.json");
    let config = json!({"api_key": server.api_key(), "api_secret": server.secret(), "base_url": server.url()});
    std::fs::write(&file, config.to_string()).unwrap();
    let with_file = || {
        let mut command = bare();
        command.env("XDG_CONFIG_HOME", folder.file(""));
        command
    };
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
        let ran = run(with_file(), ["get-edges"]);
        assert!(
            ran.err.contains("other users can read the secret"),
            "{}",
            ran.err
        );
        ran.ok();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
    }
    let ran = run(with_file(), ["get-edges", "--json"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));

    // The environment comes before the file, and arguments before both, with a warning.
    let mut both = with_file();
    both.env("STREAM_API_SECRET", "not-the-right-one");
    run(both, ["get-edges"]).failed(4, "401");
    let mut all = with_file();
    all.env("STREAM_API_SECRET", "not-the-right-one");
    let ran = run(all, ["get-edges", "--api-secret", server.secret()]);
    assert!(
        ran.err
            .contains("--api-secret leaves a secret in the shell's history"),
        "{}",
        ran.err
    );
    ran.ok();

    // As a user, with a token made before.
    let token = run(with_file(), ["token", "user", "ana"]).ok();
    let mut user = with_file();
    user.env("STREAM_USER_TOKEN", token.trim());
    server.clear_recorded();
    run(user, ["get-call", "a", "b"]).ok();
    assert_eq!(
        server.recorded()[0].header("authorization"),
        Some(token.trim())
    );

    let config = folder.file("none.json").display().to_string();
    run(bare(), ["get-edges", "--config", &config]).failed(2, "none.json");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_broken_configuration_file_is_explained_and_stops_only_who_needs_it() {
    let server = server(BodyMode::Minimal).await;
    let folder = Folder::new();
    std::fs::create_dir(folder.file("video-api")).unwrap();
    let file = folder.file("video-api/config.json");
    for (text, says) in [
        (
            "{\n  \"api_key\": \"k\",\n  \"api_secrt\": \"hush-hush\"\n}",
            "config.json, line 3: the key `api_secrt` is not known; did you mean `api_secret`?",
        ),
        (
            "{\n\"api_key\": [\"hush-hush\"]}",
            "config.json, line 2: `api_key` must be a text; write \"api_key\": \"…\"",
        ),
        (
            "{\"api_key\": hush-hush}",
            "config.json, line 1, column 13: not JSON; write {\"api_key\": \"…\"",
        ),
        (
            "[\"hush-hush\"]",
            "config.json, line 1, column 0: must be a JSON object; write {",
        ),
    ] {
        std::fs::write(&file, text).unwrap();
        let mut without = bare();
        without.env("XDG_CONFIG_HOME", folder.file(""));
        let ran = run(without, ["get-edges"]);
        ran.failed(2, says);
        assert!(!ran.err.contains("hush"), "{}", ran.err);

        let mut complete = at(&server);
        complete.env("XDG_CONFIG_HOME", folder.file(""));
        let ran = run(complete, ["get-edges", "--json"]);
        assert!(ran.err.starts_with("warning: "), "{}", ran.err);
        assert!(
            ran.err.contains(says) && !ran.err.contains("hush"),
            "{}",
            ran.err
        );
        ran.ok();

        // One that was asked for has to be right.
        let path = file.display().to_string();
        run(at(&server), ["get-edges", "--config", &path]).failed(2, says);
    }
}

/// The claims of a token.
fn claims(token: &str) -> Value {
    let part = token.trim().split('.').nth(1).unwrap();
    let bits: Vec<u8> = part
        .bytes()
        .map(|byte| {
            const ALPHABET: &[u8] =
                b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
            u8::try_from(ALPHABET.iter().position(|letter| *letter == byte).unwrap()).unwrap()
        })
        .collect();
    let bytes: Vec<u8> = bits
        .chunks(4)
        .flat_map(|chunk| {
            let word = chunk
                .iter()
                .fold(0_u32, |word, six| (word << 6) | u32::from(*six))
                << (6 * (4 - chunk.len()));
            word.to_be_bytes()[1..chunk.len()].to_vec()
        })
        .collect();
    serde_json::from_slice(&bytes).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tokens_are_signed() {
    let server = server(BodyMode::Minimal).await;
    let user = claims(
        &run(
            at(&server),
            [
                "token",
                "user",
                "ana",
                "--role",
                "admin",
                "--claim",
                "team={\"a\":null}",
            ],
        )
        .ok(),
    );
    assert_eq!(
        (&user["user_id"], &user["role"]),
        (&json!("ana"), &json!("admin"))
    );
    assert_eq!(user["team"], json!({"a": null}));
    let lifetime = user["exp"].as_i64().unwrap() - user["iat"].as_i64().unwrap();
    assert!(
        (3600..3610).contains(&lifetime),
        "an hour by default: {lifetime}"
    );

    let json = run(
        at(&server),
        [
            "token",
            "call",
            "ana",
            "default:x",
            "default:y",
            "--expires-in",
            "never",
            "--json",
        ],
    )
    .ok();
    let json: Value = serde_json::from_str(&json).unwrap();
    let call = claims(json["token"].as_str().unwrap());
    assert_eq!(call["call_cids"], json!(["default:x", "default:y"]));
    assert_eq!(
        (&call["exp"], &json["expires_at"]),
        (&Value::Null, &Value::Null)
    );

    let expired = ["token", "user", "ana", "--expires-in", "-5m"];
    let expired = claims(&run(at(&server), expired).ok());
    let lifetime = expired["exp"].as_i64().unwrap() - expired["iat"].as_i64().unwrap();
    assert!((-300..=-290).contains(&lifetime), "{lifetime}");

    let own = claims(&run(at(&server), ["token", "server"]).ok());
    assert_eq!(own, json!({"server": true}));

    run(at(&server), ["token", "call", "ana", "nonsense"]).failed(2, "type:id");
    run(at(&server), ["token", "user", ""]).failed(2, "needs a user id");
    run(at(&server), ["token", "user", "ana", "--claim", "exp=1"])
        .failed(2, "exp is set by --expires-in");
    run(at(&server), ["token", "user", "ana", "--expires-in", "1w"]).failed(2, "--expires-in");
    let mut as_user = at(&server);
    as_user
        .env_remove("STREAM_API_SECRET")
        .env("STREAM_USER_TOKEN", "t");
    run(as_user, ["token", "server"]).failed(4, "set STREAM_API_SECRET");
    run(bare(), ["token", "user", "ana"]).failed(4, "STREAM_API_KEY");
    assert!(server.recorded().is_empty());
}
