//! The local server under load.

use std::error::Error;
use std::process::Command;

use super::group::Group;
use super::peers::Peer;
use super::plot::{Panel, Plot};
use super::process::{Server, Times, cargo, median, output};
use crate::workspace;

const ROUNDS: usize = 5;
const KEY: &str = "local-api-key";
const SECRET: &str = "local-secret-that-protects-nothing-at-all";

pub(super) fn measure() -> Result<Group, Box<dyn Error>> {
    let root = workspace::root();
    println!("building the local server for release");
    let packages = [
        "--package",
        "video-api-server",
        "--package",
        "video-api-cli",
    ];
    output(
        cargo(&root)
            .args(["build", "--release", "--target-dir", "target"])
            .args(packages),
    )?;
    let release = root.join("target/release");
    let server =
        Server::start(Command::new(release.join("video-api-server")).args(["--port", "0"]))?;
    for number in 0..100 {
        let id = match number {
            0 => "standup".to_owned(),
            number => format!("call-{number}"),
        };
        let data =
            r#"{"created_by":{"id":"ana"},"members":[{"user":{"id":"ana"},"user_id":"ana"}]}"#;
        create(&server, &release, &id, data)?;
    }
    let client = Peer::VideoApi.build()?;
    let mut rows = Vec::new();
    let mut bars = Vec::new();
    for (operation, count) in [("GetCall", 4000.0), ("QueryCalls", 300.0)] {
        for in_flight in [1, 64] {
            let mut speeds = Vec::new();
            for _ in 0..ROUNDS {
                let mut command = Command::new(&client);
                command.args([operation, &server.url, KEY, SECRET]);
                command.args([count.to_string(), in_flight.to_string()]);
                let times: Times = serde_json::from_str(output(&mut command)?.trim())?;
                speeds.push(count / times.wall);
            }
            let low = speeds.iter().copied().fold(f64::INFINITY, f64::min);
            let high = speeds.iter().copied().fold(0.0, f64::max);
            let speed = median(speeds);
            let name = match operation {
                "QueryCalls" => "QueryCalls, 100 calls",
                other => other,
            };
            rows.push(vec![
                name.to_owned(),
                in_flight.to_string(),
                format!("{speed:.0}"),
                format!("{low:.0} to {high:.0}"),
            ]);
            bars.push((
                format!("{name}, {in_flight} in flight"),
                speed,
                format!("{speed:.0}/s"),
            ));
        }
    }
    Ok(Group {
        name: "serving",
        headings: vec!["operation", "in flight", "requests per second", "spread"],
        rows,
        notes: vec![format!(
            "Release build with its checks and its store, 100 calls kept; {ROUNDS} rounds with \
             video-api as the client, on the other core."
        )],
        plot: Plot {
            title: "The local server under load",
            panels: vec![Panel {
                title: "Requests per second".to_owned(),
                bars,
                logarithmic: true,
            }],
        },
    })
}

fn create(
    server: &Server,
    release: &std::path::Path,
    id: &str,
    data: &str,
) -> Result<(), Box<dyn Error>> {
    let mut command = Command::new(release.join("video-api"));
    command
        .args(["get-or-create-call", "default", id, "--data", data])
        .env("STREAM_API_KEY", KEY)
        .env("STREAM_API_SECRET", SECRET)
        .env("STREAM_BASE_URL", &server.url);
    output(&mut command).map(drop)
}
