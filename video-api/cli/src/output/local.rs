//! Requests and webhooks of the local server, one a line.

use std::io::{self, Write as _};

use serde_json::Value;

use super::plain;
use super::style::{ERROR, FAINT, HEADING, NAME, WARNING};
use super::value::{at, cell};

/// Prints to standard output.
pub(crate) fn print(kind: &str, event: &Value) -> io::Result<()> {
    let mut out = anstream::stdout().lock();
    let line = match kind {
        "request" => request(event),
        // The outcome follows.
        "webhook" if at(event, "state") == "pending" => return Ok(()),
        "webhook" => webhook(event),
        other => format!("{} {event}", plain(other)),
    };
    writeln!(out, "{line}")?;
    out.flush()
}

/// `12:00:00.123  200  GetCall  GET /api/v2/video/call/default/standup  0.4 ms`, with problems below.
fn request(request: &Value) -> String {
    let text = |path| cell(at(request, path));
    let status = at(request, "status").as_u64().unwrap_or_default();
    let style = match status {
        200..=299 => HEADING,
        400..=499 => WARNING,
        _ => ERROR,
    };
    let operation = match text("operation").as_str() {
        "" => "-".to_owned(),
        operation => operation.to_owned(),
    };
    let query = match without_key(&text("query")).as_str() {
        "" => String::new(),
        query => format!("?{query}"),
    };
    let took = at(request, "milliseconds").as_f64().unwrap_or_default();
    let mut line = format!(
        "{FAINT}{}{FAINT:#}  {style}{status}{style:#}  {NAME}{operation}{NAME:#}  {} {}{FAINT}{query}{FAINT:#}  {took:.1} ms",
        time(&text("received_at")),
        text("method"),
        text("path"),
    );
    for problem in at(request, "problems").as_array().into_iter().flatten() {
        line += &format!("\n    {WARNING}problem:{WARNING:#} {}", cell(problem));
    }
    line
}

/// Every request has the API key.
fn without_key(query: &str) -> String {
    let parts = query
        .split('&')
        .filter(|part| !part.starts_with("api_key="));
    parts.collect::<Vec<_>>().join("&")
}

/// `12:00:00.123  webhook  call.created  default:standup  delivered, attempt 1: 200`.
fn webhook(delivery: &Value) -> String {
    let text = |path| cell(at(delivery, path));
    let created = at(delivery, "created_at").as_i64().unwrap_or_default();
    let created = video_api::Timestamp::from_nanos(created).to_string();
    let mut line = format!(
        "{FAINT}{}{FAINT:#}  webhook  {NAME}{}{NAME:#}",
        time(&created),
        text("event")
    );
    let mut outcome = text("state");
    let attempts = at(delivery, "attempts")
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default();
    if let Some(last) = attempts.last() {
        let response = ["status", "error"].map(|name| cell(at(last, name)));
        outcome = format!(
            "{outcome}, attempt {}: {}",
            attempts.len(),
            response.concat()
        );
    }
    for part in [text("call_cid"), outcome] {
        if !part.is_empty() {
            line = line + "  " + &part;
        }
    }
    line
}

/// The time of day of an RFC 3339 time, with milliseconds.
fn time(text: &str) -> String {
    let time = text.split('T').nth(1).unwrap_or(text);
    let (seconds, fraction) = time
        .trim_end_matches('Z')
        .split_once('.')
        .unwrap_or((time, ""));
    let millis: String = fraction.chars().take(3).collect();
    format!("{}.{millis:0<3}", seconds.trim_end_matches('Z'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_request_is_a_line_with_its_problems_below() {
        let line = request(
            &json!({"received_at": "2026-01-31T12:00:00.1239Z", "method": "GET",
            "path": "/api/v2/video/call/default/x\u{1b}", "query": "api_key=k&a=b", "operation": null,
            "status": 400, "milliseconds": 0.42, "problems": ["query/a: unknown"]}),
        );
        let plain = anstream::adapter::strip_str(&line).to_string();
        assert_eq!(
            plain,
            "12:00:00.123  400  -  GET /api/v2/video/call/default/x\\u{1b}?a=b  0.4 ms\n    \
             problem: query/a: unknown"
        );
        assert_eq!(time("2026-01-31T12:00:00Z"), "12:00:00.000");
    }

    #[test]
    fn a_webhook_is_a_line_with_its_last_attempt() {
        let mut delivery = json!({"created_at": 1_769_860_800_000_000_000_i64, "event": "call.created",
            "call_cid": "default:x", "state": "failed", "attempts": [
                {"status": 500, "error": null}, {"status": null, "error": "connection refused"}]});
        let shown = |delivery: &Value| anstream::adapter::strip_str(&webhook(delivery)).to_string();
        assert_eq!(
            shown(&delivery),
            "12:00:00.000  webhook  call.created  default:x  failed, attempt 2: connection refused"
        );
        delivery["attempts"] = json!([{"status": 204, "error": null}]);
        delivery["state"] = json!("delivered");
        assert!(shown(&delivery).ends_with("delivered, attempt 1: 204"));
        delivery["attempts"] = json!([]);
        delivery["state"] = json!("unsent");
        assert!(shown(&delivery).ends_with("default:x  unsent"));
    }
}
