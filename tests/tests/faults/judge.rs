//! Compares an outcome with the expected one.

use std::fmt::Write as _;
use std::time::Duration;

use serde_json::Value;
use video_api::operation::Method;
use video_api::{Client, Error, Response};

use crate::server::Server;
use crate::table::{Row, SECRET};

/// Generous, since other tests run at the same time.
const HANGS: Duration = Duration::from_secs(20);

/// A line of the table, and what is wrong with it.
pub(crate) fn judge(
    row: &Row,
    client: &Client,
    id: &str,
    server: &Server,
    result: Result<Response<Value>, Error>,
    elapsed: Duration,
    arrived: usize,
) -> (String, Vec<String>) {
    let method = video_api::by_name::operation(id).unwrap().method;
    let expected = match (method, row.replacing) {
        (Method::Put | Method::Patch, Some(replacing)) => replacing,
        (Method::Post | Method::Patch, _) => row.other,
        _ => row.idempotent,
    };
    let (outcome, attempts) = match &result {
        Ok(response) => ("ok".to_owned(), response.attempts()),
        Err(error) => (describe(error), error.attempts()),
    };
    let mut problems = Vec::new();
    let about = format!("{} {}", row.name, method.as_str());
    let mut wrong = |what: String| problems.push(format!("{about}: {what}"));
    if outcome != expected.outcome {
        let detail = result.as_ref().err().map(|error| format!("{error:?}"));
        wrong(format!(
            "`{outcome}` instead of `{}`; {detail:?}",
            expected.outcome
        ));
    }
    if attempts != expected.attempts {
        wrong(format!(
            "{attempts} attempts instead of {}",
            expected.attempts
        ));
    }
    if arrived != expected.arrived {
        wrong(format!("{arrived} arrived instead of {}", expected.arrived));
    }
    if elapsed < row.at_least || elapsed > HANGS {
        wrong(format!(
            "took {elapsed:?}, not {:?} to {HANGS:?}",
            row.at_least
        ));
    }
    if let Err(error) = &result {
        common(error, id, client).into_iter().for_each(&mut wrong);
        if let (Server::Http1(server), Some(request_id)) = (server, error.request_id()) {
            let seen = server.seen();
            let own = seen.iter().skip(seen.len() - arrived);
            if own
                .clone()
                .any(|seen| seen.request.header("x-client-request-id") != [request_id])
            {
                wrong("attempts have different request ids".to_owned());
            }
        }
    }
    let line = format!(
        "{:<38} {:<7} {outcome:<34} {attempts:>4} {arrived:>7} {:>7.1?}ms",
        row.name,
        method.as_str(),
        elapsed.as_secs_f64() * 1e3
    );
    (line, problems)
}

/// Checks that every error must pass.
fn common(error: &Error, id: &str, client: &Client) -> Vec<String> {
    let mut problems = Vec::new();
    let (line, mut all) = (error.to_string(), format!("{error:?} {client:?}"));
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        let _ = write!(all, " {inner} {inner:?}");
        cause = inner.source();
    }
    if line.lines().count() != 1 || !line.starts_with(id) {
        problems.push(format!(
            "not one line that begins with the operation: {line:?}"
        ));
    }
    if all.contains(SECRET) || line.contains(SECRET) || all.contains("eyJ") || line.contains("eyJ")
    {
        problems.push(format!("shows a secret: {line} {all}"));
    }
    if error.operation() != Some(id) || error.request_id().is_none() {
        problems.push("no operation or request id".to_owned());
    }
    problems
}

/// The status and every predicate that holds; `broken` when there is nothing else to say.
fn describe(error: &Error) -> String {
    let status = error.status().map(|status| status.as_u16());
    let mut words: Vec<String> = status.iter().map(u16::to_string).collect();
    let predicates = [
        ("api", error.is_api()),
        ("rate_limited", error.is_rate_limited()),
        ("timeout", error.is_timeout()),
        ("connect", error.is_connect()),
        ("decode", error.is_decode()),
        ("invalid_request", error.is_invalid_request()),
        ("auth", error.is_auth()),
        ("not_found", error.is_not_found()),
        ("redirect", error.error_type() == "redirect"),
    ];
    let before = words.len();
    for (name, holds) in predicates {
        if holds {
            words.push(name.to_owned());
        }
    }
    if words.len() == before && status.is_none_or(|status| status < 300) {
        words.push("broken".to_owned());
    }
    if error.is_retryable() {
        words.push("retryable".to_owned());
    }
    words.join(" ")
}
