//! Stopping by a signal.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::Notify;

use crate::exit::{Exit, Failure};

/// The first signal asks the batch to stop; the second one ends the program at once.
pub(super) struct Interrupt {
    state: Arc<State>,
}

#[derive(Default)]
struct State {
    set: AtomicBool,
    notify: Notify,
}

impl Interrupt {
    pub(super) fn listen() -> Result<Self, Failure> {
        let state = Arc::new(State::default());
        let mut signals = Signals::new().map_err(|error| Failure::input("signals", &error))?;
        let shared = Arc::clone(&state);
        tokio::spawn(async move {
            signals.recv().await;
            shared.set.store(true, Ordering::SeqCst);
            shared.notify.notify_one();
            signals.recv().await;
            std::process::exit(Exit::Interrupted as i32);
        });
        Ok(Self { state })
    }

    pub(super) fn is_set(&self) -> bool {
        self.state.set.load(Ordering::SeqCst)
    }

    pub(super) async fn wait(&self) {
        self.state.notify.notified().await;
    }
}

#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn new() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    async fn recv(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new() -> std::io::Result<Self> {
        Ok(Self)
    }

    async fn recv(&mut self) {
        // Without a handler, wait forever.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
