//! Threads for queries, which look at many records: they leave the processor to all other requests.

use std::io;
use std::num::NonZero;
use std::sync::Arc;
use std::thread::{self, Builder};

use tokio::sync::{Semaphore, oneshot};

/// How much lower than usual the priority of queries is, on the scale of `nice`: beside other work,
/// they get a quarter of a core.
#[cfg(target_os = "linux")]
const NICENESS: i32 = 5;

/// Runs as many queries at a time as there are cores.
pub(crate) struct Queries {
    turns: Arc<Semaphore>,
}

impl Default for Queries {
    fn default() -> Self {
        let cores = thread::available_parallelism().map_or(1, NonZero::get);
        let turns = Arc::new(Semaphore::new(cores));
        Self { turns }
    }
}

impl Queries {
    /// Runs a query on a thread of its own.
    ///
    /// # Errors
    ///
    /// The system has no thread left, or the query panicked.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        query: impl FnOnce() -> T + Send + 'static,
    ) -> io::Result<T> {
        let turn = Arc::clone(&self.turns).acquire_owned().await;
        let turn = turn.map_err(io::Error::other)?;
        let (send, result) = oneshot::channel();
        // The turn ends with the query, even when nobody waits for its result any more.
        Builder::new().name("query".to_owned()).spawn(move || {
            lower_priority();
            drop(send.send(query()));
            drop(turn);
        })?;
        result.await.map_err(io::Error::other)
    }
}

/// Lowers the priority of this thread, where threads have one.
fn lower_priority() {
    #[cfg(target_os = "linux")]
    let _ = rustix::process::nice(NICENESS);
}
