//! Commands about a running local server: `open` prints the inspector's address, `tail` follows
//! requests and webhooks.

use std::io::{Write as _, stdout};
use std::process::ExitCode;

use clap::ArgMatches;
use reqwest::Url;
use serde_json::Value;

use crate::credentials;
use crate::exit::{Exit, Failure};
use crate::output::{local, note};
use crate::runtime::runtime;

/// The default address of the local server.
const DEFAULT: &str = "http://127.0.0.1:8787";
/// The path of the routes for developers.
const PREFIX: &str = "/_local";

/// Prints the address of the inspector.
pub(crate) fn open(matches: &ArgMatches) -> Result<ExitCode, Failure> {
    let address = address(matches, PREFIX)?;
    runtime()?.block_on(get(address.clone()))?;
    let mut out = stdout().lock();
    match matches.get_flag("json") {
        true => writeln!(
            out,
            "{}",
            serde_json::json!({"inspector": address.as_str()})
        )?,
        false => writeln!(out, "{address}")?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Prints requests and webhooks as they happen, until the server stops.
pub(crate) fn tail(matches: &ArgMatches) -> Result<ExitCode, Failure> {
    let address = address(matches, &format!("{PREFIX}/live"))?;
    let json = matches.get_flag("json");
    runtime()?.block_on(async {
        let mut response = get(address.clone()).await?;
        note(&format!("Following {address}; press Ctrl-C to stop."));
        let mut events = Events::default();
        loop {
            let chunk = response.chunk().await;
            let Some(chunk) = chunk.map_err(|error| unreachable(&address, &error))? else {
                note("The server has stopped.");
                return Ok(ExitCode::SUCCESS);
            };
            for (kind, data) in events.read(&chunk) {
                print(&kind, &data, json)?;
            }
        }
    })
}

fn print(kind: &str, data: &str, json: bool) -> Result<(), Failure> {
    if kind == "missed" {
        note("Some requests were missed; the inspector has them.");
        return Ok(());
    }
    let value: Value = serde_json::from_str(data)
        .map_err(|error| Failure::usage(format!("the server sent a broken event: {error}")))?;
    if json {
        let mut out = stdout().lock();
        writeln!(out, "{}", serde_json::json!({"kind": kind, "data": value}))?;
        out.flush()?;
    } else {
        local::print(kind, &value)?;
    }
    Ok(())
}

/// A path on the local server, which the base URL names.
fn address(matches: &ArgMatches, path: &str) -> Result<Url, Failure> {
    let base = credentials::base_url(matches)?.unwrap_or_else(|| DEFAULT.to_owned());
    let mut url = Url::parse(&base)
        .map_err(|error| Failure::usage(format!("the base URL `{base}` is not a URL: {error}")))?;
    url.set_path(path);
    url.set_query(None);
    Ok(url)
}

async fn get(address: Url) -> Result<reqwest::Response, Failure> {
    let client = reqwest::Client::builder().no_proxy().build();
    let response = match client {
        Ok(client) => client.get(address.clone()).send().await,
        Err(error) => Err(error),
    };
    let response = response.map_err(|error| unreachable(&address, &error))?;
    match response.status().is_success() {
        true => Ok(response),
        false => Err(not_local(format!(
            "{address} answered {}, so this is not the local server",
            response.status()
        ))),
    }
}

fn unreachable(address: &Url, error: &reqwest::Error) -> Failure {
    let mut cause: &dyn std::error::Error = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    not_local(format!("{address} cannot be reached: {cause}"))
}

fn not_local(message: String) -> Failure {
    Failure {
        exit: Exit::Transport,
        ..Failure::usage(message)
    }
    .with_help(
        "Start the local server, cargo server in a checkout, and set STREAM_BASE_URL to the address \
         that it prints.",
    )
}

/// Server-sent events, put together from pieces of a body.
#[derive(Default)]
struct Events {
    rest: Vec<u8>,
    kind: String,
    data: String,
}

impl Events {
    /// Kind and data of the events that end in this piece.
    fn read(&mut self, piece: &[u8]) -> Vec<(String, String)> {
        let mut events = Vec::new();
        self.rest.extend_from_slice(piece);
        while let Some(end) = self.rest.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = self.rest.drain(..=end).collect();
            let line = String::from_utf8_lossy(&line);
            let line = line.trim_end_matches(['\r', '\n']);
            let (field, value) = line.split_once(':').unwrap_or((line, ""));
            let value = value.strip_prefix(' ').unwrap_or(value);
            match field {
                "event" => value.clone_into(&mut self.kind),
                "data" if self.data.is_empty() => value.clone_into(&mut self.data),
                "data" => self.data = format!("{}\n{value}", self.data),
                _ => {}
            }
            if line.is_empty() && !self.kind.is_empty() {
                events.push((
                    std::mem::take(&mut self.kind),
                    std::mem::take(&mut self.data),
                ));
            }
        }
        events
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_arrive_in_pieces() {
        let text =
            "event: request\r\ndata: {\"a\":\ndata: 1}\n\n: comment\n\nevent: missed\ndata:\n\n";
        for size in 1..text.len() {
            let mut events = Events::default();
            let found: Vec<_> = text
                .as_bytes()
                .chunks(size)
                .flat_map(|piece| events.read(piece))
                .collect();
            let expected = [("request", "{\"a\":\n1}"), ("missed", "")];
            assert_eq!(
                found,
                expected.map(|(kind, data)| (kind.to_owned(), data.to_owned())),
                "{size}"
            );
        }
    }
}
