//! The current credential, renewed when it expires or is refused.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use reqwest::header::HeaderValue;
use secrecy::SecretString;
use tokio::time::Instant;

use super::form::AuthorizationForm;
use super::source::TokenSource;
use super::token::Token;
use crate::{Error, Timestamp};

/// How long before its expiry a token is renewed, for clocks that differ.
const MARGIN: Duration = Duration::from_secs(30);

/// The value of the `Authorization` header, and the number of the renewal it came from.
#[derive(Clone)]
pub(crate) struct Credential {
    pub(crate) header: HeaderValue,
    generation: u64,
}

/// The credentials of a client.
pub(crate) enum Credentials {
    /// One token for the life of the client.
    Fixed(Credential, SecretString),
    /// Tokens from a source.
    Renewed(Renewed),
}

pub(crate) struct Renewed {
    source: Box<dyn TokenSource>,
    form: AuthorizationForm,
    state: Mutex<State>,
    /// Held while a renewal is under way.
    renewing: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct State {
    current: Option<Current>,
    /// Counts finished renewals, failed ones included.
    generation: u64,
    last_failure: Option<(u64, Arc<str>)>,
    /// The tokens errors must not show: the current one and the one before.
    recent: Vec<SecretString>,
}

struct Current {
    credential: Credential,
    renew_at: Option<Instant>,
}

impl Credentials {
    pub(crate) fn fixed(token: &Token, form: AuthorizationForm) -> Result<Self, Error> {
        let credential = Credential {
            header: header(token, form)?,
            generation: 0,
        };
        Ok(Self::Fixed(credential, token.secret().clone()))
    }

    pub(crate) fn renewed(source: Box<dyn TokenSource>, form: AuthorizationForm) -> Self {
        Self::Renewed(Renewed {
            source,
            form,
            state: Mutex::default(),
            renewing: tokio::sync::Mutex::new(()),
        })
    }

    /// The credential to send now.
    pub(crate) async fn get(&self) -> Result<Credential, Error> {
        match self {
            Self::Fixed(credential, _) => Ok(credential.clone()),
            Self::Renewed(renewed) => renewed.get().await,
        }
    }

    /// Drops a credential that the server refused, and tells whether there can be another one.
    pub(crate) fn refuse(&self, credential: &Credential) -> bool {
        match self {
            Self::Fixed(..) => false,
            Self::Renewed(renewed) => {
                let mut state = renewed.state();
                // Another caller may have renewed it meanwhile.
                if state
                    .current
                    .as_ref()
                    .is_some_and(|c| c.credential.generation == credential.generation)
                {
                    state.current = None;
                }
                true
            }
        }
    }

    /// The tokens in use, for removing them from what errors show.
    pub(crate) fn secrets(&self) -> Vec<SecretString> {
        match self {
            Self::Fixed(_, token) => vec![token.clone()],
            Self::Renewed(renewed) => renewed.state().recent.clone(),
        }
    }
}

impl Renewed {
    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn get(&self) -> Result<Credential, Error> {
        let seen = {
            let state = self.state();
            if let Some(credential) = state.valid() {
                return Ok(credential);
            }
            state.generation
        };
        // Dropping the future that renews lets the next one in line do it.
        let _renewing = self.renewing.lock().await;
        {
            let state = self.state();
            if let Some(credential) = state.valid() {
                return Ok(credential);
            }
            // A caller that was waiting while a renewal failed shares its failure.
            if let Some((generation, reason)) = &state.last_failure
                && *generation > seen
            {
                return Err(Error::token(reason.to_string()));
            }
        }
        match self.source.token().await {
            Ok(token) => self.accept(&token),
            Err(error) => {
                let reason = "the token source failed; the source of this error says why";
                let mut state = self.state();
                state.generation += 1;
                state.last_failure = Some((state.generation, reason.into()));
                Err(Error::token(reason).with_source(error))
            }
        }
    }

    fn accept(&self, token: &Token) -> Result<Credential, Error> {
        let header = header(token, self.form)?;
        let mut state = self.state();
        state.generation += 1;
        let credential = Credential {
            header,
            generation: state.generation,
        };
        state.current = Some(Current {
            credential: credential.clone(),
            renew_at: token
                .expires_at()
                .map(|at| renew_at(at, Timestamp::now(), Instant::now())),
        });
        state.recent.insert(0, token.secret().clone());
        state.recent.truncate(2);
        Ok(credential)
    }
}

impl State {
    fn valid(&self) -> Option<Credential> {
        let current = self.current.as_ref()?;
        let due = current.renew_at.is_some_and(|at| Instant::now() >= at);
        (!due).then(|| current.credential.clone())
    }
}

/// Half of its life remains to a token that lives shorter than two margins.
fn renew_at(expires: Timestamp, now: Timestamp, clock: Instant) -> Instant {
    let left = expires.since(now).unwrap_or_default();
    let lead = MARGIN.min(left / 2);
    // Far enough to be never, near enough to be representable.
    const FAR: Duration = Duration::from_secs(365 * 24 * 3600);
    clock + (left - lead).min(FAR)
}

fn header(token: &Token, form: AuthorizationForm) -> Result<HeaderValue, Error> {
    let value = match form {
        AuthorizationForm::Bare => HeaderValue::from_str(token.as_str()),
        AuthorizationForm::Bearer => HeaderValue::from_str(&format!("Bearer {}", token.as_str())),
    };
    let mut value = value.map_err(|_| {
        Error::token("the token contains characters that are not allowed in a header")
    })?;
    if token.as_str().is_empty() {
        return Err(Error::token("the token is empty"));
    }
    value.set_sensitive(true);
    Ok(value)
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Fixed(..) => "Fixed([redacted])",
            Self::Renewed(_) => "Renewed([redacted])",
        })
    }
}

#[cfg(test)]
#[path = "renew_tests.rs"]
mod tests;
