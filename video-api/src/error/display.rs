//! Errors as text: one line, and what to do next.

use std::fmt;

use super::{ApiError, BodyFault, Error, Kind, Phase, TaskError, scrub};

const MESSAGE_CHARS: usize = 300;

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        if let Some(operation) = self.operation() {
            text = format!("{operation}: ");
        }
        if let (Kind::Api(_) | Kind::Status | Kind::Redirect, Some(status)) =
            (&self.inner().kind, self.status())
        {
            text += &format!("{status}, ");
        }
        text += &self.what();
        self.circumstances(&mut text);
        f.write_str(&text)
    }
}

impl Error {
    /// What went wrong, and what to do.
    fn what(&self) -> String {
        let advice = self.repeat_advice();
        match &self.inner().kind {
            Kind::Invalid(reason) => format!("not sent, {}", scrub::line(reason)),
            Kind::Token(reason) => format!("no token, {}", scrub::line(reason)),
            Kind::Connect => {
                "no connection to the server, nothing was sent; check the network, the proxy and the base URL".into()
            }
            Kind::Timeout(Phase::Connect) => {
                "connecting took too long, nothing was sent; check the network and the base URL".into()
            }
            Kind::Timeout(Phase::Attempt) => format!("no response in time; {advice}"),
            Kind::Timeout(Phase::Total) => format!("time is up for the whole operation; {advice}"),
            Kind::Transport => {
                format!("the connection broke before the response was complete; {advice}")
            }
            Kind::Redirect => {
                "the server redirects, which is not followed; set the base URL to the API itself".into()
            }
            Kind::Api(api) => self.of_api(api),
            Kind::Status => format!("not from the API itself; {}", self.status_advice()),
            Kind::Body(fault) => body_fault(fault),
            Kind::Mismatch { path, reason } => format!(
                "the JSON does not fit at `{}` ({}); a newer version of this crate may know it",
                scrub::line(path),
                scrub::cut(reason, MESSAGE_CHARS)
            ),
            Kind::Paced => {
                "not sent, the rate limit is used up; wait, or allow the operation more time".into()
            }
            Kind::Cursor => {
                "the server gave a cursor that was there before; begin again from the first page".into()
            }
            Kind::Task(task) => of_task(task),
        }
    }

    fn of_api(&self, api: &ApiError) -> String {
        let mut text = String::new();
        if let Some(code) = api.code() {
            text = format!("code {code}, ");
        }
        let message = scrub::cut(api.message(), MESSAGE_CHARS);
        text += &format!("{message:?}; {}", self.status_advice());
        for (field, problem) in api.exception_fields().take(3) {
            let problem = scrub::cut(&scrub::line(problem), 80);
            text += &format!(" [{}: {problem}]", scrub::line(field));
        }
        text
    }

    fn repeat_advice(&self) -> &'static str {
        match self.inner().operation {
            _ if self.is_retryable() => "it is safe to try again",
            Some(operation) if !operation.method.is_idempotent() => {
                "it may have been processed, so look before repeating it"
            }
            _ => "try again later",
        }
    }

    fn status_advice(&self) -> &'static str {
        match self.effective_status() {
            Some(400 | 413 | 414 | 422) => "correct the request",
            Some(401) => "check the API key, the secret and the token's expiry",
            Some(403) => "the token's role or the call type's grants do not allow it",
            Some(404) => "check that the id and type exist in this app",
            Some(409) => "it conflicts with the current state, read it again first",
            Some(429) => "slow down and try again later",
            Some(500..=599) => self.repeat_advice(),
            _ => "see the message",
        }
    }

    fn circumstances(&self, text: &mut String) {
        let inner = self.inner();
        if let Some(wait) = inner.retry_after {
            *text += &format!(", retry after {} s", wait.as_secs_f64().ceil());
        }
        if inner.attempts > 1 {
            *text += &format!(", {} attempts", inner.attempts);
        }
        if let Some(id) = &inner.request_id {
            *text += &format!(" (request {id})");
        }
    }
}

fn of_task(task: &TaskError) -> String {
    let id = scrub::cut(&scrub::line(&task.task_id), 80);
    if task.is_failed() {
        let kind = scrub::cut(&scrub::line(&task.error_type), 80);
        let description = scrub::cut(&task.description, MESSAGE_CHARS);
        format!(
            "the background task {id} failed: {kind} {description:?}; correct its cause and start it again"
        )
    } else {
        let status = scrub::cut(&scrub::line(&task.status), 80);
        format!(
            "the background task {id} is still {status:?} at the deadline; wait for it again, with a longer one"
        )
    }
}

fn body_fault(fault: &BodyFault) -> String {
    let found = match fault {
        // This one may not have been performed at all: a proxy answers.
        BodyFault::ContentType(found) => {
            return format!(
                "the response is {} instead of JSON; look whether a proxy answers",
                scrub::cut(&scrub::line(found), 80)
            );
        }
        BodyFault::Empty => "the response has no body; look whether a proxy removes it".into(),
        BodyFault::TooLarge { limit } => {
            format!("the response is larger than {limit} bytes; ask for less or raise the limit")
        }
        BodyFault::Compression => {
            "the response cannot be decompressed; enable gzip on the HTTP client".into()
        }
        BodyFault::Syntax(reason) => format!(
            "the response is no valid JSON ({}); look whether a proxy changes it",
            scrub::cut(reason, MESSAGE_CHARS)
        ),
    };
    format!("performed, but {found}")
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !f.alternate() {
            return write!(f, "Error({self})");
        }
        let inner = self.inner();
        f.debug_struct("Error")
            .field("kind", &inner.kind)
            .field("operation", &self.operation())
            .field("status", &inner.status)
            .field("request_id", &inner.request_id)
            .field("attempts", &inner.attempts)
            .field("rate_limit", &inner.rate_limit)
            .field("retry_after", &inner.retry_after)
            .field("retryable", &inner.retryable)
            .field("body_excerpt", &inner.excerpt)
            .field("source", &inner.source)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::StatusCode;

    #[test]
    fn one_line_whatever_the_server_says() {
        let api = ApiError::from_error_body(
            r#"{"code":4,"message":"a\nb\r\nc","exception_fields":{"x\ny":"z\nw"}}"#,
        )
        .unwrap();
        let error = Error::new(Kind::Api(api))
            .with_status(StatusCode::BAD_REQUEST)
            .for_request("id-1", 3);
        let text = error.to_string();
        assert_eq!(text.lines().count(), 1, "{text}");
        assert_eq!(
            text,
            r#"400 Bad Request, code 4, "a\nb\r\nc"; correct the request [x y: z w], 3 attempts (request id-1)"#
        );
        assert_eq!(format!("{error:?}"), format!("Error({text})"));
        let all = format!("{error:#?}");
        assert!(
            all.contains("attempts: 3") && all.contains("kind: Api("),
            "{all}"
        );
    }

    #[test]
    fn predicates_follow_the_status_line_and_only_inside_a_success_the_body() {
        let api = || {
            ApiError::from_error_body(r#"{"code":16,"message":"gone","StatusCode":404}"#).unwrap()
        };
        let inside = Error::new(Kind::Api(api())).with_status(StatusCode::OK);
        assert!(inside.is_api() && inside.is_not_found());
        assert_eq!(inside.status(), Some(StatusCode::OK));
        let other = Error::new(Kind::Api(api())).with_status(StatusCode::FORBIDDEN);
        assert!(!other.is_not_found() && other.is_auth());
    }
}
