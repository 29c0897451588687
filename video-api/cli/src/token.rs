//! Signing tokens.

use std::io::{Write as _, stdout};
use std::process::ExitCode;
use std::time::Duration;

use clap::ArgMatches;
use serde_json::json;

use crate::exit::Failure;
use crate::{credentials, input, lossless};

pub(crate) fn run(matches: &ArgMatches) -> Result<ExitCode, Failure> {
    let Some((kind, matches)) = matches.subcommand() else {
        return Err(Failure::usage("token needs a subcommand: user or call"));
    };
    let client = credentials::client(matches, false, |builder| builder)?;
    let user = matches
        .get_one::<String>("user")
        .cloned()
        .unwrap_or_default();
    let mut token = client.user_token(user);
    if kind == "call" {
        let cids: Vec<String> = matches
            .get_many("cid")
            .into_iter()
            .flatten()
            .cloned()
            .collect();
        token = token.call_cids(cids);
    }
    if let Some(role) = matches.get_one::<String>("role") {
        token = token.role(role);
    }
    match matches.get_one::<String>("expires-in").map(String::as_str) {
        None | Some("never") => {}
        Some(text) => {
            let seconds = input::seconds(text)
                .map_err(|reason| Failure::usage(format!("--expires-in: {reason}")))?;
            token = token.expires_in(Duration::from_secs(seconds));
        }
    }
    for claim in matches.get_many::<String>("claim").into_iter().flatten() {
        let (name, value) = claim
            .split_once('=')
            .ok_or_else(|| Failure::usage("--claim: must be NAME=JSON"))?;
        let value = lossless::parse(value)
            .map_err(|reason| Failure::usage(format!("--claim {name}: {reason}")))?;
        token = token.claim(name, value);
    }
    let token = token.sign()?;
    let mut out = stdout().lock();
    if matches.get_flag("json") {
        let expires_at = token.expires_at().map(|at| at.to_string());
        writeln!(
            out,
            "{}",
            json!({"token": token.as_str(), "expires_at": expires_at})
        )?;
    } else {
        writeln!(out, "{}", token.as_str())?;
    }
    Ok(ExitCode::SUCCESS)
}
