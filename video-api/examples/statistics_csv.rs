//! Writes the statistics of all call sessions as CSV to standard output.
//!
//! ```sh
//! cargo run --example statistics_csv > sessions.csv   # STREAM_API_KEY and STREAM_API_SECRET are set
//! ```

use std::io::{self, Write};

use video_api::types::SortParamRequest;
use video_api::{Client, Filter, Timestamp};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::from_env()?;
    let year: Timestamp = "2026-01-01T00:00:00Z".parse()?;
    let count = export(&client, year, &mut io::stdout().lock()).await?;
    eprintln!("{count} sessions");
    Ok(())
}

/// One line per session since `from`, newest first, page after page.
pub async fn export(
    client: &Client,
    from: Timestamp,
    out: &mut impl Write,
) -> Result<usize, Box<dyn std::error::Error>> {
    let mut reports = client
        .query_call_stats()
        .filter_conditions(Filter::gte("created_at", from))
        .sort([SortParamRequest::descending("created_at")])
        .limit(100)
        .items();
    writeln!(out, "call,session,status,seconds,quality,lowest rating")?;
    let mut count = 0;
    while let Some(report) = reports.try_next().await? {
        let quality = report.quality_score.map(|score| score.to_string());
        let rating = report.min_user_rating.map(|rating| rating.to_string());
        let cells = [
            report.call_cid,
            report.call_session_id,
            report.call_status,
            report.call_duration_seconds.to_string(),
            quality.unwrap_or_default(),
            rating.unwrap_or_default(),
        ];
        writeln!(out, "{}", cells.map(|cell| quoted(&cell)).join(","))?;
        count += 1;
    }
    Ok(count)
}

/// A cell as RFC 4180 writes it.
fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}
