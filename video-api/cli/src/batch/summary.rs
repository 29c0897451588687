//! Counts of how the lines ended.

use std::fmt;
use std::io::Write as _;
use std::time::Instant;

use serde_json::json;

use super::earlier::Kept;
use super::record::{Outcome, Record};
use crate::output::count;

pub(super) struct Summary {
    started: Instant,
    ok: u64,
    refused: u64,
    no_response: u64,
    invalid: u64,
    kept: u64,
    kept_failed: u64,
    uncertain: u64,
}

impl Summary {
    pub(super) fn start() -> Self {
        Self {
            started: Instant::now(),
            ok: 0,
            refused: 0,
            no_response: 0,
            invalid: 0,
            kept: 0,
            kept_failed: 0,
            uncertain: 0,
        }
    }

    pub(super) fn count(&mut self, record: &Record) {
        match record.outcome() {
            Outcome::Ok => self.ok += 1,
            Outcome::Refused => self.refused += 1,
            Outcome::NoResponse => self.no_response += 1,
            Outcome::Invalid => self.invalid += 1,
        }
    }

    /// Counts a line that was not sent again.
    pub(super) fn count_kept(&mut self, kept: Kept) {
        self.kept += 1;
        match kept {
            Kept::Ok => {}
            Kept::Failed => self.kept_failed += 1,
            Kept::Uncertain => self.uncertain += 1,
        }
    }

    /// Returns whether every line succeeded, in this run or an earlier one.
    pub(super) fn all_ok(&self) -> bool {
        self.failed() == 0 && self.kept_failed == 0 && self.uncertain == 0
    }

    pub(super) fn failed(&self) -> u64 {
        self.refused + self.no_response + self.invalid
    }

    fn handled(&self) -> u64 {
        self.ok + self.failed()
    }

    /// Prints to standard error.
    pub(super) fn print(&self, as_json: bool) {
        let mut out = anstream::stderr();
        let seconds = self.started.elapsed().as_secs_f64();
        // A failure to write to standard error cannot be reported anywhere.
        let _ = if as_json {
            writeln!(
                out,
                "{}",
                json!({"summary": {
                    "lines": self.handled() + self.kept,
                    "ok": self.ok,
                    "refused": self.refused,
                    "no_response": self.no_response,
                    "invalid": self.invalid,
                    "kept": self.kept,
                    "kept_failed": self.kept_failed,
                    "uncertain": self.uncertain,
                    "seconds": (seconds * 1e3).round() / 1e3,
                }})
            )
        } else {
            let rate = self.handled() as f64 / seconds.max(1e-3);
            writeln!(out, "{self}; {seconds:.1} s, {rate:.0} lines/s")
        };
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines = count(self.handled() + self.kept, "line");
        write!(f, "{lines}: {} ok", self.ok)?;
        for (count, what) in [
            (self.refused, "with an error response"),
            (self.no_response, "without a response"),
            (self.invalid, "invalid and not sent"),
            (self.kept, "kept from an earlier run"),
            (
                self.kept_failed,
                "of these failed, see batch --help to send them again",
            ),
            (
                self.uncertain,
                "of these may have been processed, see --retry-uncertain",
            ),
        ] {
            if count > 0 {
                write!(f, ", {count} {what}")?;
            }
        }
        Ok(())
    }
}
