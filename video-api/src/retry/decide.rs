//! The retry decision, a pure function.

use std::time::Duration;

use reqwest::header::HeaderMap;

use super::policy::{RetryContext, RetryPolicy, RetryVerdict};
use crate::operation::Method;
use crate::{Timestamp, rate_limit};

/// How an attempt failed, as far as repeating it is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Failure {
    /// No connection: nothing was sent.
    NotSent,
    /// The connection broke, or time was up, after the request may have been sent.
    Broken,
    /// An error status.
    Status { code: u16, unrecoverable: bool },
    /// Anything that repeating cannot help: a redirect, a body that does not decode, …
    Final,
}

/// What to do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Decision {
    /// Report the failure.
    Stop,
    /// Send again after at least `wait`, plus a random part of `jitter`.
    Retry { wait: Duration, jitter: Duration },
}

/// Decides about the failure of attempt number `attempt` (1 is the first). `headers` are
/// those of the response, empty without one; `now` only matters for dates in them.
pub(crate) fn decide(
    method: Method,
    failure: Failure,
    headers: &HeaderMap,
    now: Timestamp,
    attempt: u32,
    policy: &RetryPolicy,
) -> Decision {
    if attempt >= policy.max_attempts || is_final(failure) {
        return Decision::Stop;
    }
    let allowed = match verdict(method, failure, attempt, policy) {
        RetryVerdict::Retry => true,
        RetryVerdict::Stop => false,
        RetryVerdict::Default => {
            (!policy.get_only || method == Method::Get) && safe_to_repeat(method, failure)
        }
    };
    if !allowed {
        return Decision::Stop;
    }
    let doubled = policy.base_delay.saturating_mul(1 << (attempt - 1).min(20));
    match asked_for(failure, headers, now) {
        Some(wait) => Decision::Retry {
            wait: wait.min(policy.max_server_delay),
            // Callers that were told the same time should not all come back at once.
            jitter: policy.base_delay.min(policy.max_delay),
        },
        None => Decision::Retry {
            wait: Duration::ZERO,
            jitter: doubled.min(policy.max_delay),
        },
    }
}

/// Whether repeating is safe and may help, whatever the policy.
pub(crate) fn safe_to_repeat(method: Method, failure: Failure) -> bool {
    match failure {
        Failure::NotSent => true,
        Failure::Broken => method.is_idempotent(),
        Failure::Status {
            unrecoverable: true,
            ..
        }
        | Failure::Final => false,
        Failure::Status { code: 429, .. } => true,
        Failure::Status {
            code: 502..=504, ..
        } => method.is_idempotent(),
        Failure::Status { .. } => false,
    }
}

fn is_final(failure: Failure) -> bool {
    matches!(
        failure,
        Failure::Final
            | Failure::Status {
                unrecoverable: true,
                ..
            }
    )
}

fn verdict(method: Method, failure: Failure, attempt: u32, policy: &RetryPolicy) -> RetryVerdict {
    let Some(rule) = &policy.rule else {
        return RetryVerdict::Default;
    };
    let (status, may_be_processed) = match failure {
        Failure::NotSent => (None, false),
        Failure::Status { code, .. } => (Some(code), code != 429),
        Failure::Broken | Failure::Final => (None, true),
    };
    rule(&RetryContext {
        method,
        attempt,
        status,
        may_be_processed,
    })
}

/// The wait the server asks for. The reset of the window only matters when it is used up.
fn asked_for(failure: Failure, headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let Failure::Status { code, .. } = failure else {
        return None;
    };
    rate_limit::retry_after(headers, now).or_else(|| {
        (code == 429)
            .then(|| rate_limit::reset_after(headers, now))
            .flatten()
    })
}

#[cfg(test)]
#[path = "decide_tests.rs"]
mod tests;
