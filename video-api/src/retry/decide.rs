//! The retry decision, a pure function.

use std::time::Duration;

use super::policy::{RetryContext, RetryPolicy, RetryVerdict};
use crate::error::{Error, Kind, Phase};
use crate::operation::Method;

/// The wait before the next attempt after the failure of attempt number `attempt` (1 is the
/// first); `None` when the failure is to be reported. `random` gives a number from 0 to 1.
pub(crate) fn next_attempt_after(
    method: Method,
    error: &Error,
    attempt: u32,
    policy: &RetryPolicy,
    random: impl FnOnce() -> f64,
) -> Option<Duration> {
    if attempt >= policy.max_attempts || !may_pass(error) {
        return None;
    }
    let repeat = match verdict(method, error, attempt, policy) {
        RetryVerdict::Retry => true,
        RetryVerdict::Stop => false,
        RetryVerdict::Default => {
            (!policy.get_only || method == Method::Get) && error.is_safe_to_repeat(method)
        }
    };
    if !repeat {
        return None;
    }
    let wait = match requested_wait(error) {
        Some(wait) if wait > policy.max_server_delay => return None,
        // Callers that were told the same time should not all come back at once.
        Some(wait) => {
            let jitter = policy.base_delay.min(policy.max_delay);
            wait.saturating_add(jitter.mul_f64(random().clamp(0.0, 1.0)))
        }
        None => {
            let doubled = policy.base_delay.saturating_mul(1 << (attempt - 1).min(20));
            doubled
                .min(policy.max_delay)
                .mul_f64(random().clamp(0.0, 1.0))
        }
    };
    Some(wait)
}

/// Returns whether a failure can be different the next time: not a redirect, a body that does not decode,
/// or what the API calls unrecoverable.
fn may_pass(error: &Error) -> bool {
    match error.kind() {
        Kind::Connect | Kind::Refused | Kind::Timeout(_) | Kind::Transport => true,
        Kind::Api(api) => !api.unrecoverable() && is_error_status(error),
        Kind::Status => true,
        _ => false,
    }
}

fn verdict(method: Method, error: &Error, attempt: u32, policy: &RetryPolicy) -> RetryVerdict {
    let Some(rule) = &policy.rule else {
        return RetryVerdict::Default;
    };
    let status = match error.kind() {
        Kind::Api(_) | Kind::Status => error.status().map(|status| status.as_u16()),
        _ => None,
    };
    let may_be_processed = match error.kind() {
        Kind::Connect | Kind::Refused | Kind::Timeout(Phase::Connect) => false,
        _ => status != Some(429),
    };
    rule(&RetryContext {
        method,
        attempt,
        status,
        may_be_processed,
    })
}

/// The wait that an error status asks for.
fn requested_wait(error: &Error) -> Option<Duration> {
    is_error_status(error)
        .then(|| error.retry_after())
        .flatten()
}

fn is_error_status(error: &Error) -> bool {
    error.status().is_some_and(|status| !status.is_success())
}

#[cfg(test)]
#[path = "decide_tests.rs"]
mod tests;
