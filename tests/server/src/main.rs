//! Serves the API for development, from a terminal.

mod terminal;

use std::error::Error;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, ValueEnum};
use video_api_server::{
    BodyMode, Builder, DEFAULT_API_KEY, DEFAULT_SECRET, Server, StartError, WebhookTimestamps,
};

use terminal::Terminal;

/// Requests that the inspector can look back on.
const KEPT_REQUESTS: usize = 1000;

/// A local server that behaves like the Stream Video API, apart from the media.
///
/// Point any client at it: it prints the base URL, key and secret, and the address of a page that
/// shows what happens and makes things happen. Stops at Ctrl-C, once requests under way have ended.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// Address to listen on; 0.0.0.0 in containers and CI services.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1")]
    host: String,
    /// Another host name for which the inspector and its routes are served, such as the name of a
    /// compose service; may be repeated. Addresses and localhost always are.
    #[arg(long, value_name = "NAME")]
    allow_host: Vec<String>,
    /// Port to listen on; 0 takes a free one.
    #[arg(long, default_value_t = 8787)]
    port: u16,
    /// Address under which others reach the server, for the URLs in responses.
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,
    /// API key that requests must carry.
    #[arg(long, default_value = DEFAULT_API_KEY)]
    api_key: String,
    /// Secret that tokens must be signed with. Not a real one: it is printed.
    #[arg(long, default_value = DEFAULT_SECRET)]
    api_secret: String,
    /// File that keeps the state; without it, the state ends with the process.
    #[arg(long, value_name = "FILE")]
    data: Option<PathBuf>,
    /// JSON file with users, call types and calls to start with, as `export` writes it.
    #[arg(long, value_name = "FILE")]
    seed: Option<PathBuf>,
    /// URL to send events to, signed with the secret.
    #[arg(long, value_name = "URL")]
    webhook: Option<String>,
    /// The form of timestamps in events.
    #[arg(long, value_enum, value_name = "FORM", default_value_t = Timestamps::Integer)]
    webhook_timestamps: Timestamps,
    /// Requests of each operation per minute; more are refused with a 429.
    #[arg(long, value_name = "PER_MINUTE")]
    rate_limit: Option<u64>,
    /// Create users that are named as members or creators, in place of refusing them.
    #[arg(long)]
    create_users: bool,
    /// Refuse what official clients may send and careful ones do not: null for what is left out,
    /// timestamps with an offset, values encoded twice, unknown fields.
    #[arg(long)]
    strict: bool,
    /// Write no line per request.
    #[arg(long)]
    quiet: bool,
    /// Write the banner and every request as one line of JSON each.
    #[arg(long, conflicts_with = "quiet")]
    json: bool,
    /// Composed OpenAPI document to serve instead of the one compiled in.
    #[arg(long, value_name = "FILE")]
    spec: Option<PathBuf>,
    /// The source of the bodies of successes.
    #[arg(long, value_enum, default_value_t = Bodies::Stateful)]
    bodies: Bodies,
    /// Compress responses for clients that accept it.
    #[arg(long)]
    gzip: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Bodies {
    /// Required fields only, nothing is kept.
    Minimal,
    /// Every field, nothing is kept.
    Maximal,
    /// From state that requests change.
    Stateful,
}

#[derive(Clone, Copy, ValueEnum)]
enum Timestamps {
    /// Nanoseconds since the Unix epoch, as in responses.
    Integer,
    /// Text such as 2025-10-09T08:53:20Z.
    Rfc3339,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> Result<(), Box<dyn Error>> {
    let terminal = Terminal::new(arguments.json, arguments.quiet);
    let server = builder(&arguments, terminal)?.start().await;
    let server = server.map_err(|error| explain(error, arguments.seed.as_deref()))?;
    let stopped = stop_signal()?;
    terminal.banner(&server);
    stopped.await?;
    terminal.note("stopping; requests under way may end");
    server.stop().await;
    Ok(())
}

fn builder(arguments: &Arguments, terminal: Terminal) -> Result<Builder, Box<dyn Error>> {
    let mut builder = Server::builder()
        .credentials(&arguments.api_key, &arguments.api_secret)
        .host(address(&arguments.host)?)
        .port(arguments.port)
        .create_users(arguments.create_users)
        .strict(arguments.strict)
        .gzip(arguments.gzip)
        .webhook_timestamps(match arguments.webhook_timestamps {
            Timestamps::Integer => WebhookTimestamps::Integer,
            Timestamps::Rfc3339 => WebhookTimestamps::Rfc3339,
        })
        .recording_limit(KEPT_REQUESTS)
        .on_request(move |request| terminal.request(request))
        .body_mode(match arguments.bodies {
            Bodies::Minimal => BodyMode::Minimal,
            Bodies::Maximal => BodyMode::Maximal,
            Bodies::Stateful => BodyMode::Stateful,
        });
    for name in &arguments.allow_host {
        builder = builder.allow_host(host_name(name)?);
    }
    if let Some(path) = &arguments.spec {
        builder = builder.spec(read_json(path)?);
    }
    if let Some(url) = &arguments.public_url {
        builder = builder.public_url(url);
    }
    if let Some(file) = &arguments.data {
        builder = builder.data(file);
    }
    if let Some(path) = &arguments.seed {
        builder = builder.seed(read_json(path)?);
    }
    if let Some(url) = &arguments.webhook {
        builder = builder.webhook(url);
    }
    if let Some(per_minute) = arguments.rate_limit {
        builder = builder.rate_limit(per_minute);
    }
    Ok(builder)
}

/// Puts the name of the file before what is wrong with a seed.
fn explain(error: StartError, seed: Option<&Path>) -> String {
    match (error, seed) {
        (StartError::Seed(error), Some(path)) => format!("{}: {error}", path.display()),
        (error, _) => error.to_string(),
    }
}

fn address(text: &str) -> Result<IpAddr, String> {
    text.parse().map_err(|_| {
        format!("host: `{text}` is not an IP address; give one such as 127.0.0.1 or 0.0.0.0")
    })
}

fn host_name(text: &str) -> Result<&str, String> {
    let is_name = |letter: char| letter.is_alphanumeric() || "-._".contains(letter);
    if !text.is_empty() && text.chars().all(is_name) {
        return Ok(text);
    }
    Err(format!(
        "allow-host: `{text}` is not a host name; give one such as video, without scheme and port"
    ))
}

fn read_json(path: &Path) -> Result<serde_json::Value, String> {
    let text = std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
    serde_json::from_slice(&text).map_err(|error| format!("{}: {error}", path.display()))
}

/// Listens for Ctrl-C and, where there is such a thing, for the signal to terminate. The future ends
/// at the first of them; both count from this call on, before the future is polled.
fn stop_signal() -> std::io::Result<impl Future<Output = std::io::Result<()>>> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut interrupt = signal(SignalKind::interrupt())?;
        let mut terminate = signal(SignalKind::terminate())?;
        Ok(async move {
            tokio::select! {
                _ = interrupt.recv() => Ok(()),
                _ = terminate.recv() => Ok(()),
            }
        })
    }
    #[cfg(not(unix))]
    Ok(tokio::signal::ctrl_c())
}
