//! Signing tokens.

use std::io::{Write as _, stdout};
use std::process::ExitCode;

use clap::ArgMatches;
use serde_json::json;
use video_api::{Client, Timestamp, Token};

use crate::exit::Failure;
use crate::{credentials, duration, lossless};

pub(crate) fn run(matches: &ArgMatches) -> Result<ExitCode, Failure> {
    let Some((kind, matches)) = matches.subcommand() else {
        return Err(Failure::usage(
            "token needs a subcommand: user, call or server",
        ));
    };
    let client = credentials::client(matches, false, |builder| builder)?;
    let server = client.server_token().map_err(|_| {
        Failure::credentials(
            "tokens are signed with the API secret: set STREAM_API_SECRET, or api_secret in the \
             configuration file",
        )
    })?;
    let token = match kind {
        "server" => server,
        _ => user_token(&client, kind == "call", matches)?,
    };
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

fn user_token(client: &Client, for_calls: bool, matches: &ArgMatches) -> Result<Token, Failure> {
    let user = matches
        .get_one::<String>("user")
        .cloned()
        .unwrap_or_default();
    let mut token = client.user_token(user);
    if for_calls {
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
            let seconds = duration::signed_seconds(text)
                .map_err(|reason| Failure::usage(format!("--expires-in: {reason}")))?;
            token = token.expires_at(in_seconds(seconds)?);
        }
    }
    for claim in matches.get_many::<String>("claim").into_iter().flatten() {
        let (name, value) = claim
            .split_once('=')
            .ok_or_else(|| Failure::usage("--claim: must be NAME=JSON"))?;
        if let Some(place) = place_of(name) {
            return Err(Failure::usage(format!("--claim: {name} is set by {place}")));
        }
        let value = lossless::parse(value)
            .map_err(|reason| Failure::usage(format!("--claim {name}: {reason}")))?;
        token = token.claim(name, value);
    }
    Ok(token.sign()?)
}

fn in_seconds(seconds: i64) -> Result<Timestamp, Failure> {
    let now = Timestamp::now().as_seconds();
    Timestamp::from_seconds(now.saturating_add(seconds))
        .map_err(|_| Failure::usage("--expires-in: out of range"))
}

/// The part of the command line that sets a claim.
fn place_of(claim: &str) -> Option<&'static str> {
    match claim {
        "exp" => Some("--expires-in"),
        "role" => Some("--role"),
        "user_id" => Some("<USER_ID>"),
        "call_cids" => Some("token call"),
        "server" => Some("token server"),
        "iat" => Some("the time of signing"),
        _ => None,
    }
}
