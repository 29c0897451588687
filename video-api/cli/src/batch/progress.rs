//! The progress of a batch on a terminal.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressFinish, ProgressStyle};

use super::summary::Summary;
use crate::output::{may_draw, plain, warn};

pub(super) struct Progress {
    bar: ProgressBar,
    complaints: u64,
}

/// Number of failed lines to warn about; the others are only in the output.
const COMPLAINTS: u64 = 20;

impl Progress {
    /// Draws on a terminal, unless the results may appear there.
    pub(super) fn start(size: Option<u64>, to_file: bool) -> Self {
        let bar = match may_draw(to_file) {
            true => visible(size),
            false => ProgressBar::hidden(),
        };
        Self { bar, complaints: 0 }
    }

    /// Sets how many bytes of the input have been read.
    pub(super) fn read(&self, end: u64) {
        self.bar.set_position(end);
    }

    pub(super) fn count(&self, summary: &Summary) {
        if !self.bar.is_hidden() {
            self.bar.set_message(summary.to_string());
        }
    }

    /// Warns about a line that failed.
    pub(super) fn complain(&mut self, line: u64, reason: &str) {
        self.complaints += 1;
        match self.complaints {
            1..=COMPLAINTS => self.say(&format!("line {line}: {}", plain(reason))),
            n if n == COMPLAINTS + 1 => self.say("more lines failed; the output has all of them"),
            _ => {}
        }
    }

    pub(super) fn say(&self, text: &str) {
        self.bar.suspend(|| warn(text));
    }

    pub(super) fn end(&self) {
        self.bar.finish_and_clear();
    }
}

fn visible(size: Option<u64>) -> ProgressBar {
    let (bar, template) = match size {
        Some(size) => (
            ProgressBar::new(size),
            "{bar:30.cyan} {percent:>3} %  {msg}  {elapsed}, {eta} left",
        ),
        None => (ProgressBar::new_spinner(), "{spinner} {msg}  {elapsed}"),
    };
    // Also when the batch ends with an error.
    let bar = bar.with_finish(ProgressFinish::AndClear);
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}
