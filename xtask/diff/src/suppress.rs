//! Approved changes: by fingerprint, with a reason and a day on which the approval ends.

use serde::{Deserialize, Serialize};

/// One approved change.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Suppression {
    /// The fingerprint of the change.
    pub fingerprint: String,
    /// Why it is approved.
    pub reason: String,
    /// The last day of the approval, `YYYY-MM-DD`.
    pub expires: String,
}

/// The contents of a suppression file: `{"suppressions": [{"fingerprint", "reason", "expires"}]}`.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Suppressions {
    /// The approved changes.
    pub suppressions: Vec<Suppression>,
}

/// Why a suppression file cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SuppressionError {
    /// It is not of the documented form.
    #[error("not a suppression file: {0}")]
    Form(#[source] serde_json::Error),
    /// An entry has no reason.
    #[error("the suppression of {0} gives no reason")]
    Reason(String),
    /// An entry does not end.
    #[error("the suppression of {0} does not expire on a day written YYYY-MM-DD")]
    Expiry(String),
}

impl Suppressions {
    /// Reads a suppression file.
    ///
    /// # Errors
    /// It is not of the documented form, or an entry lacks a reason or a day.
    pub fn parse(text: &str) -> Result<Self, SuppressionError> {
        let all: Self = serde_json::from_str(text).map_err(SuppressionError::Form)?;
        for entry in &all.suppressions {
            if entry.reason.trim().is_empty() {
                return Err(SuppressionError::Reason(entry.fingerprint.clone()));
            }
            if !is_day(&entry.expires) {
                return Err(SuppressionError::Expiry(entry.fingerprint.clone()));
            }
        }
        Ok(all)
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
    use super::{SuppressionError, Suppressions};

    fn parse(entry: &str) -> Result<Suppressions, SuppressionError> {
        Suppressions::parse(&format!("{{\"suppressions\": [{entry}]}}"))
    }

    #[test]
    fn entries_need_a_reason_and_a_day() {
        let all = parse(r#"{"fingerprint": "a", "reason": "agreed", "expires": "2030-01-31"}"#);
        assert_eq!(all.unwrap().suppressions.len(), 1);
        assert!(matches!(
            parse(r#"{"fingerprint": "a", "reason": " ", "expires": "2030-01-31"}"#),
            Err(SuppressionError::Reason(_))
        ));
        assert!(matches!(
            parse(r#"{"fingerprint": "a", "reason": "agreed", "expires": "31.1.2030"}"#),
            Err(SuppressionError::Expiry(_))
        ));
        assert!(matches!(
            parse(r#"{"fingerprint": "a", "reason": "agreed"}"#),
            Err(SuppressionError::Form(_))
        ));
    }
}
