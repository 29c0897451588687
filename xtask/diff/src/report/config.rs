//! The configuration of a check: levels of rules, approved changes.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::level::Level;
use crate::rules;

/// A configuration file: `{"levels": {…}, "suppressions": […]}`, both optional.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct Config {
    /// Other levels for rules, by rule.
    pub levels: BTreeMap<String, Override>,
    /// Approved changes.
    pub suppressions: Vec<Suppression>,
}

/// Other levels for one rule.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Override {
    /// The level for callers that are already running, in both directions.
    pub wire: Option<Level>,
    /// The level for code compiled against the generated crate.
    pub rust: Option<Level>,
    /// Why the level of the rule is not right here.
    pub reason: String,
}

/// One approved change, or several that match a pattern.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Suppression {
    /// The fingerprint of the change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fingerprint: Option<String>,
    /// Instead of a fingerprint a pattern for fingerprints, in which `*` stands for any text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pattern: Option<String>,
    /// Why it is approved.
    pub reason: String,
    /// The last day of the approval, `YYYY-MM-DD`.
    pub expires: String,
}

impl Suppression {
    /// The fingerprint or pattern.
    #[must_use]
    pub fn name(&self) -> &str {
        let pattern = self.pattern.as_deref();
        self.fingerprint.as_deref().or(pattern).unwrap_or_default()
    }
}

/// An approval without effect.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Stale {
    /// `expired`, or `unused` when it matches no change.
    pub why: &'static str,
    /// The approval.
    #[serde(flatten)]
    pub suppression: Suppression,
}

/// An error in a configuration file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// It is not of the documented form.
    #[error("not a configuration of the diff: {0}")]
    Form(#[source] serde_json::Error),
    /// An entry gives no reason.
    #[error("{0} gives no reason")]
    Reason(String),
    /// A suppression does not end.
    #[error("the suppression of {0} does not expire on a day written YYYY-MM-DD")]
    Expiry(String),
    /// A suppression names nothing, or twice.
    #[error("a suppression has either a fingerprint or a pattern; this one has {0}: {1}")]
    Name(&'static str, String),
    /// The rule does not exist.
    #[error("levels: no rule is called {0}; cargo xtask diff --rules lists them")]
    Rule(String),
}

impl Config {
    /// Reads a configuration file.
    ///
    /// # Errors
    /// It is not of the documented form, names an unknown rule, or an entry lacks a reason or a
    /// day.
    pub fn parse(text: &str) -> Result<Self, ConfigError> {
        let config: Self = serde_json::from_str(text).map_err(ConfigError::Form)?;
        for (rule, level) in &config.levels {
            if rules::find(rule).is_none() {
                return Err(ConfigError::Rule(rule.clone()));
            }
            if level.reason.trim().is_empty() {
                return Err(ConfigError::Reason(format!("the level of {rule}")));
            }
        }
        for entry in &config.suppressions {
            let name = entry.name().to_owned();
            match (&entry.fingerprint, &entry.pattern) {
                (Some(_), Some(_)) => return Err(ConfigError::Name("both", name)),
                (None, None) => return Err(ConfigError::Name("neither", entry.reason.clone())),
                _ => {}
            }
            if entry.reason.trim().is_empty() {
                return Err(ConfigError::Reason(format!("the suppression of {name}")));
            }
            if !is_day(&entry.expires) {
                return Err(ConfigError::Expiry(name));
            }
        }
        Ok(config)
    }
}

/// `YYYY-MM-DD`, which sorts as text.
fn is_day(text: &str) -> bool {
    text.len() == 10
        && text.bytes().enumerate().all(|(index, byte)| match index {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        })
}

#[cfg(test)]
mod tests {
    use super::{Config, ConfigError};

    fn suppression(entry: &str) -> Result<Config, ConfigError> {
        Config::parse(&format!("{{\"suppressions\": [{entry}]}}"))
    }

    #[test]
    fn suppressions_need_a_name_a_reason_and_a_day() {
        let config =
            suppression(r#"{"pattern": "a:*", "reason": "agreed", "expires": "2030-01-31"}"#);
        assert_eq!(config.unwrap().suppressions[0].name(), "a:*");
        for (entry, said) in [
            (
                r#"{"fingerprint": "a", "reason": " ", "expires": "2030-01-31"}"#,
                "gives no reason",
            ),
            (
                r#"{"fingerprint": "a", "reason": "agreed", "expires": "31.1.2030"}"#,
                "YYYY-MM-DD",
            ),
            (
                r#"{"fingerprint": "a", "reason": "agreed"}"#,
                "missing field `expires`",
            ),
            (
                r#"{"reason": "agreed", "expires": "2030-01-31"}"#,
                "neither",
            ),
            (
                r#"{"fingerprint": "a", "pattern": "a", "reason": "b", "expires": "2030-01-31"}"#,
                "both",
            ),
        ] {
            let error = suppression(entry).unwrap_err().to_string();
            assert!(error.contains(said), "{error}");
        }
    }

    #[test]
    fn levels_need_a_rule_and_a_reason() {
        let parse = |text: &str| Config::parse(text).map_err(|error| error.to_string());
        let good = r#"{"levels": {"type-changed": {"wire": "risky", "reason": "r"}}}"#;
        assert!(parse(good).is_ok());
        let unknown = parse(r#"{"levels": {"nonsense": {"wire": "risky", "reason": "r"}}}"#);
        assert!(unknown.unwrap_err().contains("--rules"));
        let silent = parse(r#"{"levels": {"type-changed": {"wire": "risky", "reason": ""}}}"#);
        assert!(silent.unwrap_err().contains("gives no reason"));
    }
}
