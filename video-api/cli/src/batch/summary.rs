//! What became of all the lines.

use std::fmt;
use std::io::Write as _;
use std::time::Instant;

use serde_json::json;

use super::record::{Class, Record};

pub(super) struct Summary {
    begun: Instant,
    ok: u64,
    refused: u64,
    unanswered: u64,
    invalid: u64,
    kept: u64,
    uncertain: u64,
}

impl Summary {
    pub(super) fn start() -> Self {
        Self {
            begun: Instant::now(),
            ok: 0,
            refused: 0,
            unanswered: 0,
            invalid: 0,
            kept: 0,
            uncertain: 0,
        }
    }

    pub(super) fn count(&mut self, record: &Record) {
        match record.outcome_class() {
            Class::Ok => self.ok += 1,
            Class::Refused => self.refused += 1,
            Class::Unanswered => self.unanswered += 1,
            Class::Invalid => self.invalid += 1,
        }
    }

    /// A line that was not sent again.
    pub(super) fn kept(&mut self, uncertain: bool) {
        self.kept += 1;
        self.uncertain += u64::from(uncertain);
    }

    /// Whether every line handled now succeeded.
    pub(super) fn all_well(&self) -> bool {
        self.failed() == 0 && self.uncertain == 0
    }

    pub(super) fn failed(&self) -> u64 {
        self.refused + self.unanswered + self.invalid
    }

    fn handled(&self) -> u64 {
        self.ok + self.failed()
    }

    /// Prints to standard error.
    pub(super) fn print(&self, as_json: bool) {
        let mut out = anstream::stderr();
        // Nobody to tell when this fails.
        let _ = if as_json {
            let seconds = self.begun.elapsed().as_secs_f64();
            writeln!(
                out,
                "{}",
                json!({"summary": {
                    "lines": self.handled() + self.kept,
                    "ok": self.ok,
                    "refused": self.refused,
                    "unanswered": self.unanswered,
                    "invalid": self.invalid,
                    "answered_before": self.kept,
                    "uncertain": self.uncertain,
                    "seconds": (seconds * 1e3).round() / 1e3,
                }})
            )
        } else {
            let seconds = self.begun.elapsed().as_secs_f64();
            let rate = self.handled() as f64 / seconds.max(1e-3);
            writeln!(out, "{self}; {seconds:.1} s, {rate:.0} lines/s")
        };
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} lines: {} ok", self.handled() + self.kept, self.ok)?;
        for (count, what) in [
            (self.refused, "answered with an error"),
            (self.unanswered, "without an answer"),
            (self.invalid, "invalid and not sent"),
            (self.kept, "answered before"),
            (
                self.uncertain,
                "of these may have been processed; see --retry-uncertain",
            ),
        ] {
            if count > 0 {
                write!(f, ", {count} {what}")?;
            }
        }
        Ok(())
    }
}
