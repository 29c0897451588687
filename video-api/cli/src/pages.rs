//! Page after page.

use std::collections::HashSet;
use std::io::{Write as _, stdout};
use std::process::ExitCode;

use indicatif::{ProgressBar, ProgressFinish, ProgressStyle};
use serde_json::Value;
use video_api::Client;

use crate::arguments::Given;
use crate::exit::{Exit, Failure};
use crate::index::{Operation, Pages};
use crate::output::response::{View, note_empty};
use crate::output::{may_draw, note};

/// Prints every item of every page as a row, or as a line of JSON without a view. Only one page is
/// in memory.
pub(crate) async fn run(
    client: &Client,
    operation: &Operation,
    pages: &Pages,
    mut given: Given,
    view: Option<&View>,
) -> Result<ExitCode, Failure> {
    let progress = progress();
    let mut layout = None;
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
        progress.suspend(|| match view {
            Some(view) => view.print_items(operation, &list, &mut layout),
            None => print_lines(&list),
        })?;
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
                ..Failure::usage(
                    "the server returned a cursor for the second time; start again from the first page",
                )
            });
        }
        given.set(pages.next, "next", Some(Value::from(next)));
        given.set(pages.next, "prev", None);
    }
    drop(progress);
    if view.is_some() {
        match items {
            0 => note_empty(pages.items),
            _ => note(&format!("items: {items}, pages: {count}")),
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn print_lines(list: &[Value]) -> std::io::Result<()> {
    let mut out = stdout().lock();
    for item in list {
        serde_json::to_writer(&mut out, item)?;
        writeln!(out)?;
    }
    out.flush()
}

/// Clears itself when dropped, also after an error.
fn progress() -> ProgressBar {
    if !may_draw(false) {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new_spinner().with_finish(ProgressFinish::AndClear);
    if let Ok(style) = ProgressStyle::with_template("{spinner} {msg}, {elapsed}") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(std::time::Duration::from_millis(120));
    bar
}
