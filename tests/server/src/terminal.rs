//! Output of the program on the terminal: the address of the server, and one line per request.

use std::io::Write;

use anstyle::{AnsiColor, Style};
use serde_json::json;
use video_api_server::{RecordedRequest, Server};

/// How the terminal is written to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Terminal {
    json: bool,
    quiet: bool,
}

impl Terminal {
    pub(crate) fn new(json: bool, quiet: bool) -> Self {
        Self { json, quiet }
    }

    /// Prints the address and how to point a client at it; the `export` lines are for a shell.
    pub(crate) fn banner(self, server: &Server) {
        let operations = server.api().operations().len();
        if self.json {
            self.line(&json!({
                "event": "started",
                "url": server.url(),
                "api_key": server.api_key(),
                "api_secret": server.secret(),
                "inspector": server.inspector_url(),
                "webhook": server.webhook_url(),
                "operations": operations,
            }));
            return;
        }
        let bold = Style::new().bold();
        let mut lines = vec![
            format!(
                "# serving {operations} operations; {bold}{}{bold:#} shows what happens",
                server.inspector_url()
            ),
            format!("export STREAM_BASE_URL={}", server.url()),
            format!("export STREAM_API_KEY={}", server.api_key()),
            format!("export STREAM_API_SECRET={}", server.secret()),
        ];
        if let Some(url) = server.webhook_url() {
            lines.insert(1, format!("# events go to {url}"));
        }
        self.line(&lines.join("\n"));
    }

    /// Method, path, operation, status and time; what was refused with its reason.
    pub(crate) fn request(self, request: &RecordedRequest) {
        if self.quiet {
            return;
        }
        let operation = request.operation_id.as_deref().unwrap_or("-");
        let milliseconds = request.elapsed.as_secs_f64() * 1000.0;
        if self.json {
            self.line(&json!({
                "event": "request",
                "number": request.number,
                "method": request.method,
                "path": request.path,
                "operation": request.operation_id,
                "call_cid": request.call_cid,
                "status": request.status,
                "milliseconds": milliseconds,
                "problems": request.problems,
                "faults": request.faults,
            }));
            return;
        }
        let color = match request.status {
            200..300 => AnsiColor::Green,
            500.. | 0 => AnsiColor::Red,
            _ => AnsiColor::Yellow,
        };
        let style = color.on_default();
        let RecordedRequest {
            method,
            path,
            status,
            ..
        } = request;
        let mut line = format!(
            "{style}{status:>3}{style:#} {method:6} {path}  {operation}  {milliseconds:.1} ms"
        );
        for problem in &request.problems {
            line.push_str("\n    ");
            line.push_str(&one_line(problem));
        }
        for fault in &request.faults {
            line.push_str("\n    fault: ");
            line.push_str(fault);
        }
        self.line(&line);
    }

    /// Something for whoever watches, on the other stream.
    pub(crate) fn note(self, text: &str) {
        if !self.quiet && !self.json {
            eprintln!("{text}");
        }
    }

    fn line(self, line: &dyn std::fmt::Display) {
        // The server outlives the reader of its lines.
        drop(writeln!(anstream::stdout(), "{line}"));
    }
}

/// Text of a request cannot start lines of its own or move the cursor.
fn one_line(text: &str) -> String {
    text.chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .collect()
}
