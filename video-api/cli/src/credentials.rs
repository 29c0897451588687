//! The client, built from credentials and settings.

use std::time::Duration;

use clap::ArgMatches;
use video_api::{Client, ClientBuilder};

use crate::base_url;
use crate::exit::Failure;
use crate::output::warn;
use crate::settings::{self, Settings};

/// For the help of the program.
pub(crate) const HELP: &str = r#"  STREAM_API_KEY with STREAM_API_SECRET or STREAM_USER_TOKEN, or in the configuration file:
  {"api_key": "…", "api_secret": "…", "user_token": "…", "base_url": "…"}, each optional"#;

/// Builds a client from arguments, the environment and the configuration file, in this order of
/// precedence. For a dry run, credentials may be missing: nothing is sent.
pub(crate) fn client(
    matches: &ArgMatches,
    dry_run: bool,
    configure: impl FnOnce(ClientBuilder) -> ClientBuilder,
) -> Result<Client, Failure> {
    let arguments = Settings::arguments(matches);
    for (given, flag, variable) in [
        (&arguments.api_secret, "--api-secret", "STREAM_API_SECRET"),
        (&arguments.user_token, "--user-token", "STREAM_USER_TOKEN"),
    ] {
        if given.is_some() {
            warn(&format!(
                "{flag} leaves a secret in the shell's history and shows it to other users; \
                 use {variable} or the configuration file"
            ));
        }
    }
    let settings = settings::read(matches)?;
    let key = match settings.api_key {
        Some(key) => key,
        None if dry_run => "key".to_owned(),
        None => {
            return Err(Failure::credentials(
                "the API key is missing: set STREAM_API_KEY and STREAM_API_SECRET, or write them into \
                 ~/.config/video-api/config.json",
            ));
        }
    };
    let mut builder = Client::builder(key);
    match (settings.api_secret, settings.user_token) {
        (None, None) if dry_run => builder = builder.user_token("none"),
        (None, None) => {
            return Err(Failure::credentials(
                "the credentials are missing: set STREAM_API_SECRET or STREAM_USER_TOKEN, or write one into \
                 ~/.config/video-api/config.json",
            ));
        }
        (secret, token) => {
            if let Some(secret) = secret {
                builder = builder.secret(secret);
            }
            if let Some(token) = token {
                builder = builder.user_token(token);
            }
        }
    }
    let allow_http = matches.get_flag("allow-insecure-http");
    builder = builder.allow_insecure_http(allow_http);
    if let Some(url) = settings.base_url.filter(|url| !url.trim().is_empty()) {
        base_url::check(&url, allow_http)?;
        builder = builder.base_url(&url);
    }
    if let Some(seconds) = matches.get_one::<u64>("timeout") {
        builder = builder.timeout(Duration::from_secs(*seconds));
    }
    Ok(configure(builder).build()?)
}

/// The base URL that was set, if any.
pub(crate) fn base_url(matches: &ArgMatches) -> Result<Option<String>, Failure> {
    // The file is not read when nothing of it is needed.
    let url = match settings::given(matches).base_url {
        Some(url) => Some(url),
        None => settings::read(matches)?.base_url,
    };
    if let Some(url) = &url {
        base_url::check(url, true)?;
    }
    Ok(url)
}
