//! Corrected fields that were reported already.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use crate::operation::Operation;

/// Paths of corrected fields by operation, so that each is reported once.
#[derive(Default)]
pub(crate) struct ReportedCorrections(Mutex<HashSet<(&'static str, String)>>);

impl ReportedCorrections {
    /// More are not reported, so that a broken server cannot fill the memory.
    const MAX: usize = 1000;

    /// Returns `true` if the path is reported for the first time.
    pub(crate) fn is_new(&self, operation: &'static Operation, path: &str) -> bool {
        let mut reported = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        reported.len() < Self::MAX && reported.insert((operation.id, path.to_owned()))
    }
}
