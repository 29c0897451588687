//! Applies a configuration to a report.

use wildmatch::WildMatch;

use super::change::Change;
use super::config::{Config, Override, Stale, Suppression};
use super::summary::Report;

impl Report {
    /// Applies other levels and approvals; `today` is `YYYY-MM-DD`.
    pub fn configure(&mut self, config: &Config, today: &str) {
        for change in &mut self.changes {
            if let Some(level) = config.levels.get(change.id) {
                set_levels(change, level);
            }
        }
        for entry in &config.suppressions {
            self.suppress(entry, today);
        }
        self.rank();
    }

    fn suppress(&mut self, entry: &Suppression, today: &str) {
        let pattern = entry.pattern.as_deref().map(WildMatch::new);
        let fits = |change: &&mut Change| match &pattern {
            Some(pattern) => pattern.matches(&change.fingerprint),
            None => entry.fingerprint.as_ref() == Some(&change.fingerprint),
        };
        let mut fitting = self.changes.iter_mut().filter(fits).peekable();
        let why = if fitting.peek().is_none() {
            "unused"
        } else if entry.expires.as_str() < today {
            "expired"
        } else {
            for change in fitting {
                change.suppressed = Some(entry.reason.clone());
            }
            return;
        };
        self.stale_suppressions.push(Stale {
            why,
            suppression: entry.clone(),
        });
    }
}

fn set_levels(change: &mut Change, level: &Override) {
    if let Some(wire) = level.wire {
        change.wire = wire;
        for effect in change.by_direction.values_mut() {
            effect.wire = wire;
        }
    }
    if let Some(rust) = level.rust {
        change.set_rust(rust);
    }
}
