//! How far the batch is, on a terminal.

use std::io::{IsTerminal as _, stderr, stdout};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use super::summary::Summary;
use crate::output::plain;
use crate::warn;

pub(super) struct Progress {
    bar: ProgressBar,
    complaints: u64,
}

/// More invalid lines than this are only in the output.
const COMPLAINTS: u64 = 20;

impl Progress {
    /// Shown on a terminal that is not also where the results go.
    pub(super) fn start(size: Option<u64>, to_file: bool) -> Self {
        let bar = if stderr().is_terminal() && (to_file || !stdout().is_terminal()) {
            visible(size)
        } else {
            ProgressBar::hidden()
        };
        Self { bar, complaints: 0 }
    }

    /// The input has been read this far.
    pub(super) fn read(&self, end: u64) {
        self.bar.set_position(end);
    }

    pub(super) fn count(&self, summary: &Summary) {
        if !self.bar.is_hidden() {
            self.bar.set_message(summary.to_string());
        }
    }

    /// Tells about a line for which nothing is sent.
    pub(super) fn complain(&mut self, line: u64, reason: &str) {
        self.complaints += 1;
        match self.complaints {
            1..=COMPLAINTS => self.say(&format!("line {line}: {}", plain(reason))),
            n if n == COMPLAINTS + 1 => self.say("more invalid lines; the output names them all"),
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
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}
