//! Serves the API on loopback.

use std::error::Error;
use std::path::PathBuf;

use clap::{Parser, ValueEnum};
use video_api_server::{BodyMode, DEFAULT_API_KEY, DEFAULT_SECRET, Server};

/// Serves the Stream Video API on loopback, as its spec describes it.
///
/// Prints the environment that points a client at it, then serves until it is stopped.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// Port on 127.0.0.1; 0 takes a free one.
    #[arg(long, default_value_t = 8787)]
    port: u16,
    /// API key that requests must carry.
    #[arg(long, default_value = DEFAULT_API_KEY)]
    api_key: String,
    /// Secret that tokens must be signed with. Not a real one: it is printed.
    #[arg(long, default_value = DEFAULT_SECRET)]
    api_secret: String,
    /// Composed OpenAPI document to serve instead of the one compiled in.
    #[arg(long, value_name = "FILE")]
    spec: Option<PathBuf>,
    /// Where the bodies of successes come from.
    #[arg(long, value_enum, default_value_t = Bodies::Stateful)]
    bodies: Bodies,
    /// Compress answers for clients that accept it.
    #[arg(long)]
    gzip: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Bodies {
    /// Required fields only, nothing is kept.
    Minimal,
    /// Every field, nothing is kept.
    Maximal,
    /// Calls and members are kept.
    Stateful,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments = Arguments::parse();
    let mut builder = Server::builder()
        .credentials(&arguments.api_key, &arguments.api_secret)
        .port(arguments.port)
        .gzip(arguments.gzip)
        .recording(false)
        .body_mode(match arguments.bodies {
            Bodies::Minimal => BodyMode::Minimal,
            Bodies::Maximal => BodyMode::Maximal,
            Bodies::Stateful => BodyMode::Stateful,
        });
    if let Some(path) = arguments.spec {
        let text = std::fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        let spec = serde_json::from_slice(&text)
            .map_err(|error| format!("{}: {error}", path.display()))?;
        builder = builder.spec(spec);
    }
    let server = builder.start().await?;
    println!("# serving {} operations", server.api().operations().len());
    println!("export STREAM_BASE_URL={}", server.url());
    println!("export STREAM_API_KEY={}", server.api_key());
    println!("export STREAM_API_SECRET={}", server.secret());
    std::future::pending::<()>().await;
    Ok(())
}
