//! Results, put back into the order of the input.

use std::collections::BTreeMap;
use std::io::Write;

use super::files::{Files, Journal};
use crate::exit::Failure;

/// Writes results in order. One that is early waits here and in the journal, so that no response
/// is lost when the process dies.
pub(super) struct Results {
    out: Box<dyn Write>,
    /// `None` when the results cannot be resumed.
    files: Option<(Files, Journal)>,
    /// The next place to write.
    next: u64,
    waiting: BTreeMap<u64, Vec<u8>>,
    waiting_bytes: usize,
}

/// Limits for results that wait for an earlier request.
const WINDOW: u64 = 4096;
const WINDOW_BYTES: usize = 32 * 1024 * 1024;

impl Results {
    pub(super) fn new(out: Box<dyn Write>, files: Option<(Files, Journal)>) -> Self {
        Self {
            out,
            files,
            next: 0,
            waiting: BTreeMap::new(),
            waiting_bytes: 0,
        }
    }

    /// Returns whether a result for this place can be kept until its turn.
    pub(super) fn has_room(&self, place: u64) -> bool {
        place - self.next < WINDOW && self.waiting_bytes < WINDOW_BYTES
    }

    /// Takes a result. A `fresh` one is not on disk yet.
    pub(super) fn put(&mut self, place: u64, line: Vec<u8>, fresh: bool) -> Result<(), Failure> {
        if place != self.next {
            if let Some((_, journal)) = self.files.as_mut().filter(|_| fresh) {
                journal.add(&line, &self.waiting)?;
            }
            self.waiting_bytes += line.len();
            self.waiting.insert(place, line);
            return Ok(());
        }
        self.out.write_all(&line)?;
        self.next += 1;
        while let Some(line) = self.waiting.remove(&self.next) {
            self.out.write_all(&line)?;
            self.waiting_bytes -= line.len();
            self.next += 1;
        }
        self.out.flush()?;
        match &mut self.files {
            Some((_, journal)) if self.waiting.is_empty() => journal.clear(),
            _ => Ok(()),
        }
    }

    /// Writes a result after those of the input.
    pub(super) fn append(&mut self, line: &[u8]) -> Result<(), Failure> {
        Ok(self.out.write_all(line)?)
    }

    /// Completes the files. A run that is not `complete` leaves them ready for `--resume`.
    pub(super) fn close(&mut self, complete: bool) -> Result<(), Failure> {
        self.out.flush()?;
        match &self.files {
            Some((files, _)) if self.waiting.is_empty() => files.finish(complete),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;
    use std::rc::Rc;

    #[derive(Clone, Default)]
    struct Shared(Rc<RefCell<Vec<u8>>>);

    impl Write for Shared {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.borrow_mut().write(bytes)
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn results_leave_in_the_order_of_their_places() {
        let out = Shared::default();
        let mut results = Results::new(Box::new(out.clone()), None);
        for place in [2_u64, 0, 3, 1, 5] {
            results
                .put(place, format!("{place}\n").into_bytes(), true)
                .unwrap();
        }
        assert_eq!(*out.0.borrow(), b"0\n1\n2\n3\n");
        assert!(results.has_room(WINDOW + 3) && !results.has_room(WINDOW + 4));
        results.put(4, b"4\n".to_vec(), true).unwrap();
        assert!(out.0.borrow().ends_with(b"4\n5\n"));
        assert_eq!(results.waiting_bytes, 0);
    }
}
