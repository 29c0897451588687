//! The server as tests hold it.

use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, PoisonError};

use serde_json::Value;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::clock::Clock;
use crate::faults::Fault;
use crate::local::{self, SeedError, export, seed};
use crate::operations::Action;
use crate::recorder::{RecordedRequest, Recorder};
use crate::scripted::Scripted;
use crate::shared::Shared;
use crate::spec::Api;
use crate::webhooks::Delivery;

/// A running server; dropping it stops it.
///
/// The server shares no code with the client. This makes a client of it:
///
/// ```
/// use video_api::Client;
/// use video_api_server::Server;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let server = Server::start().await?;
/// let client = Client::builder(server.api_key())
///     .secret(server.secret())
///     .base_url(server.url())
///     .build()?;
/// client.get_edges().send().await?;
/// # Ok(())
/// # }
/// ```
pub struct Server {
    pub(crate) shared: Arc<Shared>,
    pub(crate) address: SocketAddr,
    pub(crate) stop: watch::Sender<bool>,
    pub(crate) serving: Option<JoinHandle<()>>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.send_replace(true);
    }
}

impl Server {
    /// Stops accepting connections and waits up to five seconds for requests under way.
    /// Dropping the server does the same without waiting.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        if let Some(serving) = self.serving.take() {
            // A panic of the task has nothing left to stop.
            drop(serving.await);
        }
    }

    /// `http://127.0.0.1:PORT`, without a slash at the end.
    pub fn url(&self) -> String {
        base_url(self.address)
    }

    /// The address of the inspector, for a browser.
    pub fn inspector_url(&self) -> String {
        format!("{}{}", self.url(), local::PREFIX)
    }

    /// The URL that events are sent to, without a user name and password in it.
    pub fn webhook_url(&self) -> Option<String> {
        let mut url: reqwest::Url = self.shared.webhooks.receiver()?.parse().ok()?;
        url.set_username("").ok()?;
        url.set_password(None).ok()?;
        Some(url.into())
    }

    /// The address it listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The API key that requests must carry.
    pub fn api_key(&self) -> &str {
        &self.shared.key
    }

    /// The secret that tokens must be signed with.
    pub fn secret(&self) -> &str {
        &self.shared.secret
    }

    /// The clock everything here goes by.
    pub fn clock(&self) -> &Clock {
        &self.shared.clock
    }

    /// The spec that is served.
    pub fn api(&self) -> &Api {
        &self.shared.api
    }

    /// Every request so far, in the order of their responses.
    pub fn recorded(&self) -> Vec<RecordedRequest> {
        let recorded = self.shared.recorder.iter().flat_map(Recorder::all);
        recorded.map(Arc::unwrap_or_clone).collect()
    }

    /// Forgets the requests so far.
    pub fn clear_recorded(&self) {
        if let Some(recorder) = &self.shared.recorder {
            recorder.clear();
        }
    }

    /// Replaces the failures that requests meet; an empty list ends them. The same seed meets the
    /// same requests.
    ///
    /// # Errors
    ///
    /// Names the first that cannot happen: a probability outside 0 to 1, a status below 400, an operation that the spec does not have.
    pub fn set_faults(&self, seed: u64, faults: Vec<Fault>) -> Result<(), String> {
        self.shared.set_faults(seed, faults)
    }

    /// The failures that are left.
    pub fn faults(&self) -> Vec<Fault> {
        self.shared.faults.all()
    }

    /// Does in a call what media do: joining, leaving, sending, speaking. Returns the session as it
    /// is then, and for those who join the id of their presence.
    ///
    /// # Errors
    ///
    /// When there is no such call, or the user may not do it.
    pub async fn simulate(&self, cid: &str, action: Action) -> Result<Value, String> {
        let simulated = self.shared.simulate(cid, action).await;
        simulated.map_err(|error| error.message)
    }

    /// Forgets everything: state, requests, webhooks, faults, a moved clock.
    ///
    /// # Errors
    ///
    /// When the data file cannot be written.
    pub async fn reset(&self) -> Result<(), String> {
        self.shared.reset().await.map_err(|error| error.message)
    }

    /// Adds users, call types and calls, all of them or none.
    ///
    /// # Errors
    ///
    /// Names the first entry that the API would refuse, and why.
    pub async fn seed(&self, seed: &Value) -> Result<(), SeedError> {
        seed::apply(&self.shared, seed).await
    }

    /// The users, call types and calls there are, in the form that [`seed`](Self::seed) takes.
    pub fn export(&self) -> Value {
        export::export(&self.shared)
    }

    /// The events that state changes meant so far, oldest first, with what became of them: those
    /// under way, and the latest 1,000 of the others.
    pub fn webhooks(&self) -> Vec<Delivery> {
        self.shared.webhooks.all()
    }

    /// Dictates the response to the next request for an operation that passes all checks.
    /// Several calls queue up.
    ///
    /// # Panics
    ///
    /// When the spec has no such operation or the response cannot be HTTP.
    pub fn respond_with(&self, operation: &str, scripted: Scripted) {
        let checked = scripted.check();
        assert!(checked.is_ok(), "{checked:?}");
        assert!(
            self.shared.api.operation(operation).is_some(),
            "no operation is called `{operation}`"
        );
        let script = self.shared.script.lock();
        let mut script = script.unwrap_or_else(PoisonError::into_inner);
        script.push(operation, scripted);
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Server")
            .field("url", &self.url())
            .field("mode", &self.shared.mode)
            .finish_non_exhaustive()
    }
}

/// The URL at which clients on this machine reach a server that listens on `address`.
pub(crate) fn base_url(mut address: SocketAddr) -> String {
    if address.ip().is_unspecified() {
        // Everywhere is also here.
        address.set_ip(Ipv4Addr::LOCALHOST.into());
    }
    format!("http://{address}")
}
