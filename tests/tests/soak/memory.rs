//! How much memory the process has, over the run.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinHandle;

use crate::ledger::Ledger;

/// Resident memory in KiB, one sample per hundredth of the run.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    samples: Vec<u64>,
}

/// Takes samples until all operations are finished.
pub(crate) fn watch(ledger: Arc<Ledger>, operations: u64) -> JoinHandle<Memory> {
    tokio::spawn(async move {
        let mut memory = Memory::default();
        while ledger.finished() < operations {
            tokio::time::sleep(Duration::from_millis(5)).await;
            let hundredth = ledger.finished() * 100 / operations;
            while (memory.samples.len() as u64) < hundredth {
                match resident() {
                    Some(kib) => memory.samples.push(kib),
                    None => return memory,
                }
            }
        }
        memory
    })
}

impl Memory {
    fn between(&self, from: usize, to: usize) -> u64 {
        let samples = self.samples.get(from..to.min(self.samples.len()));
        samples
            .and_then(|samples| samples.iter().max().copied())
            .unwrap_or(0)
    }

    /// After the first third everything that is kept is there.
    pub(crate) fn assert_flat(&self) {
        if !cfg!(target_os = "linux") {
            return;
        }
        assert!(
            self.samples.len() > 90,
            "only {} samples",
            self.samples.len()
        );
        let (early, late) = (self.between(20, 40), self.between(80, 100));
        // The ledger itself grows by about 2 MiB.
        let allowed = early + early / 10 + 8 * 1024;
        assert!(late <= allowed, "grew from {early} to {late} KiB");
    }
}

impl fmt::Display for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (from, to) in [(0, 20), (20, 40), (40, 60), (60, 80), (80, 100)] {
            let arrow = if from == 0 { "" } else { " → " };
            write!(f, "{arrow}{}", self.between(from, to) / 1024)?;
        }
        write!(f, " MiB")
    }
}

/// Resident memory in KiB, where the system tells.
fn resident() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
