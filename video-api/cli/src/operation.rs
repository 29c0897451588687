//! Performing one operation.

use std::io::{IsTerminal as _, Write};
use std::process::ExitCode;

use clap::ArgMatches;

use crate::exit::Failure;
use crate::index::Operation;
use crate::output::request;
use crate::output::response::{View, note_rest};
use crate::runtime::runtime;
use crate::{arguments, credentials, pages};

pub(crate) fn run(operation: &Operation, matches: &ArgMatches) -> Result<ExitCode, Failure> {
    let json = matches.get_flag("json");
    let dry_run = matches.get_flag("dry-run");
    let view = match json {
        true => None,
        false => Some(View::read(operation, matches)?),
    };
    let given = arguments::read(operation, matches)?;
    let client = credentials::client(matches, dry_run, |builder| builder)?;
    let prepared = client
        .prepare_operation(operation.id, &given.clone().arguments())
        .map_err(|error| arguments::explain(operation, error.into()))?;
    if dry_run {
        request::print(&prepared.preview()?, json)?;
        return Ok(ExitCode::SUCCESS);
    }
    let all = operation.pages.as_ref().filter(|_| matches.get_flag("all"));
    runtime()?.block_on(async {
        if let Some(pages) = all {
            return pages::run(&client, operation, pages, given, view.as_ref()).await;
        }
        if operation.raw_response {
            let response = prepared.send_for_bytes().await?.into_inner();
            return write_bytes(matches, &response);
        }
        let response = prepared.send().await?.into_inner();
        match view {
            Some(view) => {
                view.print(operation, &response)?;
                note_rest(operation, &given, &response);
            }
            None => {
                let mut out = std::io::stdout().lock();
                serde_json::to_writer_pretty(&mut out, &response).map_err(std::io::Error::from)?;
                writeln!(out)?;
            }
        }
        Ok(ExitCode::SUCCESS)
    })
}

/// Writes a response that is text or bytes as it is.
fn write_bytes(matches: &ArgMatches, bytes: &[u8]) -> Result<ExitCode, Failure> {
    if let Some(path) = matches.get_one::<String>("output") {
        std::fs::write(path, bytes).map_err(|error| Failure::input(path, &error))?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut out = std::io::stdout().lock();
    // Bytes could change the terminal's state.
    if out.is_terminal() && std::str::from_utf8(bytes).is_err() {
        return Err(Failure::usage(format!(
            "the response is {} bytes that are not text; write them with --output FILE",
            bytes.len()
        )));
    }
    out.write_all(bytes)?;
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}
