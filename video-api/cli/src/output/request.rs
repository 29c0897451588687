//! A request that is shown instead of sent.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde_json::{Value, json};
use video_api::by_name::Preview;

use super::note;
use crate::program;

/// Prints it to standard output, also as a curl command.
pub(crate) fn print(preview: &Preview, as_json: bool) -> io::Result<()> {
    let mut out = io::stdout().lock();
    if as_json {
        let body = preview.body.as_deref().map(serde_json::from_str::<Value>);
        let request = json!({
            "method": preview.method.as_str(),
            "url": preview.url,
            "headers": preview.headers.iter().cloned().collect::<BTreeMap<_, _>>(),
            "body": body.and_then(Result::ok),
            "curl": preview.to_curl(),
        });
        serde_json::to_writer_pretty(&mut out, &request).map_err(io::Error::from)?;
        return writeln!(out);
    }
    writeln!(out, "{} {}", preview.method, preview.url)?;
    for (name, value) in &preview.headers {
        writeln!(out, "{name}: {value}")?;
    }
    if let Some(body) = &preview.body {
        writeln!(out, "\n{body}")?;
    }
    writeln!(out, "\n{}", preview.to_curl())?;
    note(&format!(
        "curl needs STREAM_API_KEY, and a token: export STREAM_TOKEN=\"$({} token server)\"",
        program::name()
    ));
    Ok(())
}
