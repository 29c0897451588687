//! Calls over loopback: CPU and wall time of a call, each client in a process of its own, against
//! a server that always sends the same response.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::Args;
use super::bodies::{Bodies, bodies};
use super::decoding;
use super::group::Group;
use super::peers::Peer;
use super::plot::{Panel, Plot};
use super::process::{Server, Times, median, output};
use crate::workspace;

const KEY: &str = "bench-key";
const SECRET: &str = "bench-secret-0123456789-0123456789";
/// Every client runs once a round, so that a slow moment of the machine hits all.
const ROUNDS: usize = 5;
/// Rounds of the clients that an interpreter runs, whose calls take up to half a second.
const INTERPRETED_ROUNDS: usize = 3;

/// glibc keeps that much free memory. By itself it returns the memory of a large response to the
/// system after every call, or does not, as the heap of a program that holds little else happens to lie.
const KEPT: (&str, &str) = ("MALLOC_TOP_PAD_", "4194304");

#[derive(Clone)]
struct Client {
    title: String,
    program: PathBuf,
    /// The script of an interpreter.
    script: Option<PathBuf>,
    /// Slower clients make fewer calls.
    scale: f64,
}

/// Figures of one client for one operation.
struct Row {
    title: String,
    cpu: Vec<f64>,
    wall: Vec<f64>,
}

/// The programs and files of the group, built.
pub(super) struct Prepared {
    clients: Vec<Client>,
    bodies: Bodies,
    server: PathBuf,
}

pub(super) fn prepare(args: &Args) -> Result<Prepared, Box<dyn Error>> {
    Ok(Prepared {
        clients: clients(args)?,
        bodies: bodies(args)?,
        server: decoding::program(args)?,
    })
}

pub(super) fn measure(args: &Args) -> Result<Group, Box<dyn Error>> {
    let Prepared {
        clients,
        bodies,
        server,
    } = prepare(args)?;
    let is_program = |client: &&Client| client.script.is_none();
    let programs: Vec<Client> = clients.iter().filter(is_program).cloned().collect();
    let mut rows = Vec::new();
    let mut panels = Vec::new();
    for (operation, body, status, count) in [
        ("GetCall", &bodies.get_call, "200", 4000.0),
        ("QueryCalls", &bodies.query_calls, "201", 400.0),
    ] {
        let mut command = Command::new(&server);
        let server = Server::start(command.arg("serve").arg(body).arg(status))?;
        for in_flight in [1, 64] {
            let measured = compare(&clients, &server, operation, in_flight, count, None)?;
            let name = match operation {
                "QueryCalls" => format!("QueryCalls, 100 calls, {in_flight} in flight"),
                _ => format!("{operation}, {in_flight} in flight"),
            };
            panels.push(panel(&name, &measured));
            rows.extend(table(&name, &measured));
        }
        if operation == "QueryCalls" {
            let name = "QueryCalls, 100 calls, 1 in flight, memory kept";
            let measured = compare(&programs, &server, operation, 1, count, Some(KEPT))?;
            rows.extend(table(name, &measured));
        }
    }
    Ok(Group {
        name: "calls",
        headings: vec![
            "call",
            "client",
            "CPU, µs",
            "ratio",
            "spread",
            "calls per second",
            "ratio",
        ],
        rows,
        notes: vec![format!(
            "Medians of {ROUNDS} rounds, {INTERPRETED_ROUNDS} for Node and Python, in which the clients take turns; ratios are those of a round \
             to video-api, with the lowest and the highest; more than 1 in CPU is more than video-api takes, \
             more than 1 in calls per second is faster. Every client is a process of its own; the Rust \
             clients run on one thread. progenitor's methods have no place for the API key, so it sends \
             none. Memory is kept with {}={}.",
            KEPT.0, KEPT.1
        )],
        plot: Plot {
            title: "CPU of a call over loopback (logarithmic)",
            panels,
        },
    })
}

fn clients(args: &Args) -> Result<Vec<Client>, Box<dyn Error>> {
    let mut clients = Vec::new();
    for peer in Peer::all(args) {
        let program = match peer.build(args) {
            Ok(program) => program,
            Err(error) if peer == Peer::VideoApi => return Err(error),
            Err(error) => {
                println!("{error}");
                continue;
            }
        };
        clients.push(Client {
            title: peer.title().to_owned(),
            program,
            script: None,
            scale: 1.0,
        });
    }
    let scripts = workspace::root().join("tests/benches/peers");
    if let Some(node) = &args.node {
        // A script finds its modules from where it is.
        let script = Path::new(node).join("peer.cjs");
        std::fs::copy(scripts.join("node.cjs"), &script)?;
        clients.push(Client {
            title: "@stream-io/node-sdk".to_owned(),
            program: "node".into(),
            script: Some(script),
            scale: 0.25,
        });
    }
    if let Some(python) = &args.python {
        clients.push(Client {
            title: "getstream (Python)".to_owned(),
            program: python.into(),
            script: Some(scripts.join("python.py")),
            scale: 0.02,
        });
    }
    Ok(clients)
}

fn compare(
    clients: &[Client],
    server: &Server,
    operation: &str,
    in_flight: usize,
    count: f64,
    environment: Option<(&str, &str)>,
) -> Result<Vec<Row>, Box<dyn Error>> {
    let mut rows: Vec<Row> = clients
        .iter()
        .map(|client| Row {
            title: client.title.clone(),
            cpu: Vec::new(),
            wall: Vec::new(),
        })
        .collect();
    for round in 0..ROUNDS {
        for (client, row) in clients.iter().zip(&mut rows) {
            if client.script.is_some() && round >= INTERPRETED_ROUNDS {
                continue;
            }
            let count = (count * client.scale).max(in_flight as f64);
            let mut command = Command::new(&client.program);
            command
                .envs(environment)
                .args(&client.script)
                .args([operation, &server.url, KEY, SECRET])
                .args([count.to_string(), in_flight.to_string()]);
            let times: Times = serde_json::from_str(output(&mut command)?.trim())
                .map_err(|error| format!("{}: {error}", client.title))?;
            row.cpu.push(times.cpu / count * 1e6);
            row.wall.push(times.wall / count * 1e6);
        }
    }
    Ok(rows)
}

fn table(name: &str, rows: &[Row]) -> Vec<Vec<String>> {
    let Some(own) = rows.first() else {
        return Vec::new();
    };
    let row = |row: &Row| {
        let ratios: Vec<f64> = row.cpu.iter().zip(&own.cpu).map(|(a, b)| a / b).collect();
        let low = ratios.iter().copied().fold(f64::INFINITY, f64::min);
        let high = ratios.iter().copied().fold(0.0, f64::max);
        let speeds = row.wall.iter().zip(&own.wall).map(|(a, b)| b / a);
        vec![
            name.to_owned(),
            row.title.clone(),
            format!("{:.0}", median(row.cpu.iter().copied())),
            format!("{:.2}", median(ratios)),
            format!("{low:.2} to {high:.2}"),
            format!("{:.0}", 1e6 / median(row.wall.iter().copied())),
            format!("{:.3}", median(speeds)),
        ]
    };
    rows.iter().map(row).collect()
}

fn panel(name: &str, rows: &[Row]) -> Panel {
    let bar = |row: &Row| {
        let cpu = median(row.cpu.iter().copied());
        (row.title.clone(), cpu, format!("{cpu:.0} µs"))
    };
    Panel {
        title: name.to_owned(),
        bars: rows.iter().map(bar).collect(),
        logarithmic: true,
    }
}
