//! Errors as one line of text that says what to do next.

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
        text += &self.message();
        self.append_details(&mut text);
        f.write_str(&text)
    }
}

impl Error {
    /// The failure, and what to do.
    fn message(&self) -> String {
        let advice = self.repeat_advice();
        match &self.inner().kind {
            Kind::Invalid(reason) => scrub::line(reason),
            Kind::Token(reason) => scrub::line(reason),
            Kind::Connect if self.is_tls_mismatch() => {
                "the TLS handshake failed, nothing was sent; check that the server speaks https, and its certificate".into()
            }
            Kind::Connect => {
                "cannot connect to the server, nothing was sent; check the network, the proxy and the base URL".into()
            }
            Kind::Refused => format!("the server refused the request unprocessed; {advice}"),
            Kind::Timeout(Phase::Connect) => {
                "connecting timed out, nothing was sent; check the network and the base URL".into()
            }
            Kind::Timeout(Phase::Attempt) => format!("the response timed out; {advice}"),
            Kind::Timeout(Phase::Total) => format!("the whole operation timed out; {advice}"),
            Kind::Transport => {
                format!("the connection broke before the response was complete; {advice}")
            }
            Kind::Redirect => {
                "redirects are not followed; set the base URL to the API itself".into()
            }
            Kind::Api(api) => self.api_message(api),
            Kind::Status => format!("the response is not from the API itself; {}", self.foreign_advice()),
            Kind::Body(fault) => body_fault(fault),
            Kind::Mismatch { path, reason } => format!(
                "unexpected JSON at `{}`: {}; update this crate if the API has changed",
                scrub::line(path),
                scrub::cut(reason, MESSAGE_CHARS)
            ),
            Kind::Paced => {
                "the rate limit is used up, nothing was sent; wait, or raise the timeout of the operation".into()
            }
            Kind::Cursor => {
                "the server repeated a cursor; start again from the first page".into()
            }
            Kind::Task(task) => of_task(task),
        }
    }

    fn api_message(&self, api: &ApiError) -> String {
        // The code of faults of the server, -1, says no more than their status.
        let code = api.code().filter(|code| *code >= 0);
        let code = code.map(|code| format!("code {code}: "));
        // This line begins with the operation too.
        let operation = self.operation().unwrap_or_default();
        let named = api.message().strip_prefix(operation);
        let reason = match named.is_some_and(|rest| rest.starts_with(' ')) {
            true => api.reason(),
            false => api.message().into(),
        };
        let said = scrub::line(&reason);
        let message = scrub::cut(&said, MESSAGE_CHARS);
        let mut text = code.unwrap_or_default() + &message;
        // Most messages have them already.
        let unsaid = api.exception_fields().filter(|(_, problem)| {
            let problem = scrub::line(problem);
            !said.contains(&problem)
        });
        for (field, problem) in unsaid.take(3) {
            let problem = scrub::cut(&scrub::line(problem), 80);
            text += &format!(" [{}: {problem}]", scrub::line(field));
        }
        let advice = match self.effective_status() {
            // It may not know the path.
            Some(404) if reason == api.message() => {
                "check the base URL, and that the id and type exist in this app"
            }
            _ => self.status_advice(),
        };
        format!("{}; {advice}", text.trim_end_matches('.'))
    }

    /// For an error status without the API's error body.
    fn foreign_advice(&self) -> &'static str {
        match self.status().map(|status| status.as_u16()) {
            Some(404 | 405) => "check the base URL",
            _ => self.status_advice(),
        }
    }

    fn repeat_advice(&self) -> &'static str {
        match self.inner().retry_method {
            _ if self.is_retryable() => "it is safe to try again",
            Some(method) if !method.is_idempotent() => {
                "it may have been processed, so read the state before repeating it"
            }
            _ => "try again later",
        }
    }

    fn status_advice(&self) -> &'static str {
        match self.effective_status() {
            Some(400 | 413 | 414 | 422) => "correct the request, or what it relies on",
            Some(401) => "check the API key, the secret and the token's expiry",
            Some(403) => "the token's role or the call type's grants do not allow it",
            Some(404) => "check that the id and type exist in this app",
            Some(409) => "it conflicts with the current state, read it again first",
            Some(429) => "slow down and try again later",
            Some(500..=599) => self.repeat_advice(),
            _ => "see the message",
        }
    }

    fn append_details(&self, text: &mut String) {
        let inner = self.inner();
        let wait = inner.retry_after.map(|wait| wait.as_secs_f64().ceil());
        let id = inner.request_id.as_ref().filter(|_| !inner.unsent);
        let details: Vec<String> = [
            wait.map(|seconds| format!("retry after {seconds} s")),
            (inner.attempts > 1).then(|| format!("{} attempts", inner.attempts)),
            id.map(|id| format!("request {id}")),
        ]
        .into_iter()
        .flatten()
        .collect();
        if !details.is_empty() {
            *text += &format!(" ({})", details.join(", "));
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
    match fault {
        // This one may not have been performed at all: a proxy answered.
        BodyFault::ContentType(found) => format!(
            "the response is {} instead of JSON; check for a proxy that answers in place of the API",
            scrub::cut(&scrub::line(found), 80)
        ),
        BodyFault::Empty => {
            "the request succeeded but the response body was empty; check for a proxy that strips it".into()
        }
        BodyFault::TooLarge { limit } => format!(
            "the request succeeded but the response is larger than {limit} bytes; ask for less or raise the limit"
        ),
        BodyFault::Compression => {
            "the request succeeded but the response cannot be decompressed; check for a proxy that changes it".into()
        }
        BodyFault::Syntax(reason) => format!(
            "the request succeeded but the response is not valid JSON ({}); check for a proxy that changes it",
            scrub::cut(reason, MESSAGE_CHARS)
        ),
    }
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
    use crate::operation::{BodyKind, Method, Operation};
    use reqwest::StatusCode;

    /// As the API's specification has it, whichever one this crate is built from.
    static GET_CALL: Operation = Operation {
        id: "GetCall",
        name: "get_call",
        method: Method::Get,
        path: "/api/v2/video/call/{type}/{id}",
        tag: "Calls",
        summary: "Returns a call.",
        success: 200,
        path_params: &["type", "id"],
        query_params: &[],
        only_reads: false,
        non_idempotent_params: &[],
        body: BodyKind::None,
        accept: "application/json",
    };

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
            "400 Bad Request, code 4: a b  c [x y: z w]; correct the request, or what it relies on (3 attempts, request id-1)"
        );
        assert_eq!(format!("{error:?}"), format!("Error({text})"));
        let all = format!("{error:#?}");
        assert!(
            all.contains("attempts: 3") && all.contains("kind: Api("),
            "{all}"
        );
    }

    #[test]
    fn what_the_api_says_is_said_once() {
        let refused = |body: &str| {
            let api = ApiError::from_error_body(body).unwrap();
            Error::new(Kind::Api(api))
                .with_status(StatusCode::BAD_REQUEST)
                .for_operation(&GET_CALL)
                .to_string()
        };
        assert_eq!(
            refused(
                r#"{"code":4,"message":"GetCall failed with error: \"field \\\"id\\\" is too long\"",
                    "exception_fields":{"id":"is too long"}}"#
            ),
            r#"GetCall: 400 Bad Request, code 4: field "id" is too long; correct the request, or what it relies on"#
        );
        assert_eq!(
            refused(r#"{"code":-1,"message":"Something went wrong."}"#),
            "GetCall: 400 Bad Request, Something went wrong; correct the request, or what it relies on"
        );
        assert_eq!(
            refused(r#"{"code":4,"message":"GetCallX failed with error: \"x\""}"#),
            r#"GetCall: 400 Bad Request, code 4: GetCallX failed with error: "x"; correct the request, or what it relies on"#
        );
    }

    #[test]
    fn a_404_without_the_apis_error_body_points_at_the_base_url() {
        let foreign = Error::new(Kind::Status).with_status(StatusCode::NOT_FOUND);
        assert_eq!(
            foreign.to_string(),
            "404 Not Found, the response is not from the API itself; check the base URL"
        );
        // Nor is the operation known where its name is not said.
        let not_found = |message: &str| {
            let body = serde_json::json!({"code": 16, "message": message}).to_string();
            Error::new(Kind::Api(ApiError::from_error_body(&body).unwrap()))
                .with_status(StatusCode::NOT_FOUND)
                .for_operation(&GET_CALL)
                .to_string()
        };
        let of_path = not_found("no such path");
        assert!(
            of_path.ends_with("; check the base URL, and that the id and type exist in this app")
        );
        let of_call = not_found("GetCall failed with error: \"Can't find call\"");
        assert!(
            of_call.ends_with(": Can't find call; check that the id and type exist in this app")
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
