//! Reasons for which a server does not start.

use std::io;
use std::net::IpAddr;

use crate::database::DataError;
use crate::local::SeedError;
use crate::spec::SpecError;

/// Why a server did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The spec cannot be served.
    #[error("the spec cannot be served: {0}")]
    Spec(#[from] SpecError),
    /// A setting that needs an HTTP URL has something else.
    #[error("{setting}: `{url}` is not an HTTP URL; give one such as {example}")]
    Url {
        /// The setting, as the program's flag is called.
        setting: &'static str,
        /// The text in place of a URL.
        url: String,
        /// A URL that would do.
        example: &'static str,
    },
    /// A setting with which no request could succeed.
    #[error("{setting}: {reason}")]
    Setting {
        /// The setting, as the program's flag is called.
        setting: &'static str,
        /// Why not, and what would do.
        reason: &'static str,
    },
    /// The address cannot be bound.
    #[error("{host}:{port} cannot be bound: {error}{}", port_hint(error))]
    Bind {
        /// The host that was asked for.
        host: IpAddr,
        /// The port that was asked for.
        port: u16,
        /// Why not.
        error: io::Error,
    },
    /// The data file cannot be used.
    #[error(transparent)]
    Data(#[from] DataError),
    /// The seed cannot be applied.
    #[error(transparent)]
    Seed(#[from] SeedError),
}

fn port_hint(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::AddrInUse => "; choose another port, or 0 for any that is free",
        _ => "",
    }
}

/// The text of a URL without its password.
fn without_password(url: &str) -> String {
    match reqwest::Url::parse(url) {
        Ok(mut parsed) if parsed.password().is_some() => {
            // Only URLs without a host refuse it, and those have no password.
            let _ = parsed.set_password(None);
            parsed.into()
        }
        _ => url.to_owned(),
    }
}

/// Refuses a key, a secret or a limit with which every request would be refused.
pub(crate) fn check_access(
    key: &str,
    secret: &str,
    rate_limit: Option<u64>,
) -> Result<(), StartError> {
    const EMPTY: &str = "it must not be empty";
    const NOTHING: &str = "0 would refuse every request; give at least 1";
    for (setting, is_wrong, reason) in [
        ("api-key", key.is_empty(), EMPTY),
        ("api-secret", secret.is_empty(), EMPTY),
        ("rate-limit", rate_limit == Some(0), NOTHING),
    ] {
        if is_wrong {
            return Err(StartError::Setting { setting, reason });
        }
    }
    Ok(())
}

/// Refuses a text that is not an HTTP URL.
pub(crate) fn check_url(
    setting: &'static str,
    url: Option<&str>,
    example: &'static str,
) -> Result<(), StartError> {
    let Some(url) = url else {
        return Ok(());
    };
    match reqwest::Url::parse(url) {
        Ok(parsed) if matches!(parsed.scheme(), "http" | "https") => Ok(()),
        _ => Err(StartError::Url {
            setting,
            url: without_password(url),
            example,
        }),
    }
}
