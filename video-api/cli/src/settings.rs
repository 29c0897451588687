//! Settings from arguments, the environment and the configuration file.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::{env, fs, io};

use clap::ArgMatches;
use serde_json::Value;
use serde_json::error::Category;

use crate::exit::Failure;
use crate::output::{plain, similar, warn};

/// Settings from arguments and the environment.
pub(crate) fn given(matches: &ArgMatches) -> Settings {
    Settings::arguments(matches).or(Settings::environment())
}

/// All settings: arguments come before the environment, and that before the configuration file.
pub(crate) fn read(matches: &ArgMatches) -> Result<Settings, Failure> {
    let (given, path) = (given(matches), matches.get_one::<String>("config"));
    match Settings::file(path) {
        Ok(file) => Ok(given.or(file)),
        // A file that nobody asked for does not stop what works without it.
        Err(failure) if path.is_none() && given.is_complete() => {
            warn(&format!("{}; the file is ignored", failure.message));
            Ok(given)
        }
        Err(failure) => Err(failure),
    }
}

/// The keys of the configuration file.
const KEYS: [&str; 4] = ["api_key", "api_secret", "user_token", "base_url"];

/// Settings that the configuration file and the environment can hold.
#[derive(Default)]
pub(crate) struct Settings {
    pub(crate) api_key: Option<String>,
    pub(crate) api_secret: Option<String>,
    pub(crate) user_token: Option<String>,
    pub(crate) base_url: Option<String>,
}

impl Settings {
    pub(crate) fn arguments(matches: &ArgMatches) -> Self {
        let value = |id: &str| matches.get_one::<String>(id).cloned();
        Self {
            api_key: value("api-key"),
            api_secret: value("api-secret"),
            user_token: value("user-token"),
            base_url: value("base-url"),
        }
    }

    fn environment() -> Self {
        let value = |name: &str| env::var(name).ok().filter(|value| !value.trim().is_empty());
        Self {
            api_key: value("STREAM_API_KEY"),
            api_secret: value("STREAM_API_SECRET"),
            user_token: value("STREAM_USER_TOKEN"),
            base_url: value("STREAM_BASE_URL"),
        }
    }

    /// Reads the given file, which must exist, or the default one, which need not.
    fn file(given: Option<&String>) -> Result<Self, Failure> {
        let Some(path) = given.map(PathBuf::from).or_else(default_file) else {
            return Ok(Self::default());
        };
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if given.is_none() && error.kind() == io::ErrorKind::NotFound => {
                return Ok(Self::default());
            }
            Err(error) => return Err(Failure::input(&path.display().to_string(), &error)),
        };
        let settings = Self::parse(&text)
            .map_err(|reason| Failure::usage(format!("{}, {reason}", path.display())))?;
        if settings.holds_secret() {
            warn_if_others_can_read(&path);
        }
        Ok(settings)
    }

    /// Reads the text of the configuration file. An error has the line and the key, and what to
    /// write, but never a value.
    fn parse(text: &str) -> Result<Self, String> {
        const FORM: &str = r#"write {"api_key": "…", "api_secret": "…"}"#;
        let fields: BTreeMap<String, Value> = serde_json::from_str(text).map_err(|error| {
            let problem = match error.classify() {
                Category::Data => "must be a JSON object",
                _ => "not JSON",
            };
            let (line, column) = (error.line(), error.column());
            format!("line {line}, column {column}: {problem}; {FORM}")
        })?;
        let mut settings = Self::default();
        for (key, value) in fields {
            let place = match key.as_str() {
                "api_key" => &mut settings.api_key,
                "api_secret" => &mut settings.api_secret,
                "user_token" => &mut settings.user_token,
                "base_url" => &mut settings.base_url,
                other => {
                    let (line, key) = (line_of(text, other), plain(other));
                    let similar = similar(other, &KEYS);
                    return Err(format!(
                        "line {line}: the key `{key}` is not known{similar} (the keys are {})",
                        KEYS.join(", ")
                    ));
                }
            };
            *place = match value {
                Value::Null => None,
                Value::String(text) => Some(text),
                _ => {
                    let line = line_of(text, &key);
                    return Err(format!(
                        r#"line {line}: `{key}` must be a text; write "{key}": "…""#
                    ));
                }
            };
        }
        Ok(settings)
    }

    /// Returns whether requests can be sent with these settings alone.
    fn is_complete(&self) -> bool {
        self.api_key.is_some() && self.holds_secret()
    }

    fn holds_secret(&self) -> bool {
        self.api_secret.is_some() || self.user_token.is_some()
    }

    /// Fills missing settings. Secret and token are taken together, so that one that is given is not
    /// combined with the other from elsewhere.
    fn or(self, other: Self) -> Self {
        let (api_secret, user_token) = if self.holds_secret() {
            (self.api_secret, self.user_token)
        } else {
            (other.api_secret, other.user_token)
        };
        Self {
            api_key: self.api_key.or(other.api_key),
            api_secret,
            user_token,
            base_url: self.base_url.or(other.base_url),
        }
    }
}

/// `$XDG_CONFIG_HOME/video-api/config.json`, or below `~/.config`.
fn default_file() -> Option<PathBuf> {
    let directory = |name: &str| {
        env::var_os(name)
            .filter(|v| !v.is_empty())
            .map(PathBuf::from)
    };
    let base = directory("XDG_CONFIG_HOME").or_else(|| Some(directory("HOME")?.join(".config")))?;
    Some(base.join("video-api").join("config.json"))
}

#[cfg(unix)]
fn warn_if_others_can_read(path: &std::path::Path) {
    use std::os::unix::fs::PermissionsExt;
    let open = fs::metadata(path).is_ok_and(|metadata| metadata.permissions().mode() & 0o077 != 0);
    if open {
        let path = path.display();
        warn(&format!(
            "other users can read the secret in {path}; run: chmod 600 {path}"
        ));
    }
}

#[cfg(not(unix))]
fn warn_if_others_can_read(_: &std::path::Path) {}

/// The line of a key in the text of the configuration file.
fn line_of(text: &str, key: &str) -> usize {
    let key = format!("{key:?}");
    let found = text.lines().position(|line| line.contains(&key));
    found.unwrap_or_default() + 1
}
