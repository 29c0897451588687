//! Page after page.

use std::collections::HashSet;
use std::io::{IsTerminal as _, Write as _, stderr, stdout};
use std::process::ExitCode;

use indicatif::{ProgressBar, ProgressStyle};
use serde_json::Value;
use video_api::Client;

use crate::exit::{Exit, Failure};
use crate::flags::Given;
use crate::index::{Operation, Pages};
use crate::output;

/// Prints every item of every page; only one page is in memory.
pub(crate) async fn run(
    client: &Client,
    operation: &Operation,
    pages: &Pages,
    mut given: Given,
    json: bool,
) -> Result<ExitCode, Failure> {
    let progress = progress();
    let mut seen = HashSet::new();
    let (mut count, mut items) = (0_u64, 0_usize);
    loop {
        let mut page = client
            .call_operation(operation.id, given.clone().arguments())
            .await?
            .into_inner();
        let list = match page.get_mut(pages.items).map(Value::take) {
            Some(Value::Array(list)) => list,
            _ => Vec::new(),
        };
        count += 1;
        items += list.len();
        progress.suspend(|| print(list, json))?;
        progress.set_message(format!("pages: {count}, items: {items}"));
        let next = page
            .get("next")
            .and_then(Value::as_str)
            .filter(|next| !next.is_empty());
        let Some(next) = next else {
            break;
        };
        if !seen.insert(next.to_owned()) {
            return Err(Failure {
                exit: Exit::Transport,
                ..Failure::usage("the server gave a cursor that was there before; begin again")
            });
        }
        given.set(pages.next, "next", Some(Value::from(next)));
        given.set(pages.next, "prev", None);
    }
    progress.finish_and_clear();
    if !json {
        writeln!(anstream::stdout(), "items: {items}, pages: {count}")?;
    }
    Ok(ExitCode::SUCCESS)
}

fn print(list: Vec<Value>, json: bool) -> std::io::Result<()> {
    if !json {
        return if list.is_empty() {
            Ok(())
        } else {
            output::tree::print(&Value::Array(list))
        };
    }
    let mut out = stdout().lock();
    for item in list {
        serde_json::to_writer(&mut out, &item)?;
        writeln!(out)?;
    }
    out.flush()
}

/// Shown when the items go elsewhere than to the terminal.
fn progress() -> ProgressBar {
    if !stderr().is_terminal() || stdout().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {msg}, {elapsed}") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(std::time::Duration::from_millis(120));
    bar
}
