//! The server as tests hold it.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::clock::Clock;
use crate::handler;
use crate::recorder::{RecordedRequest, Recorder};
use crate::scripted::{Script, Scripted};
use crate::spec::{Api, SpecError};
use crate::state::Store;

/// The API key unless another is set.
pub const DEFAULT_API_KEY: &str = "local-api-key";
/// The secret unless another is set. It protects nothing.
pub const DEFAULT_SECRET: &str = "local-secret-that-protects-nothing-at-all";

/// Where the bodies of successes come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum BodyMode {
    /// Always from the response schema, required fields only. Nothing is kept.
    Minimal,
    /// Always from the response schema, every field. Nothing is kept.
    Maximal,
    /// From the calls and members that are kept; a minimal body for every other operation.
    #[default]
    Stateful,
}

/// Why a server did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The spec cannot be served.
    #[error("the spec cannot be served: {0}")]
    Spec(#[from] SpecError),
    /// The address cannot be bound.
    #[error("the address cannot be bound: {0}")]
    Bind(#[from] io::Error),
}

/// What all requests share.
pub(crate) struct Shared {
    pub(crate) api: Arc<Api>,
    pub(crate) key: String,
    pub(crate) secret: String,
    pub(crate) mode: BodyMode,
    pub(crate) gzip: bool,
    pub(crate) recording: bool,
    pub(crate) refuse_double_encoding: bool,
    pub(crate) clock: Clock,
    pub(crate) store: Mutex<Store>,
    pub(crate) script: Mutex<Script>,
    pub(crate) recorder: Recorder,
    pub(crate) served: AtomicU64,
}

/// Settings of a server to be.
#[must_use]
pub struct Builder {
    key: String,
    secret: String,
    spec: Option<Value>,
    mode: BodyMode,
    gzip: bool,
    recording: bool,
    refuse_double_encoding: bool,
    port: u16,
}

impl Builder {
    /// The key and secret that requests must be made with.
    pub fn credentials(mut self, key: impl Into<String>, secret: impl Into<String>) -> Self {
        self.key = key.into();
        self.secret = secret.into();
        self
    }

    /// Another spec than the one that is compiled in.
    pub fn spec(mut self, spec: Value) -> Self {
        self.spec = Some(spec);
        self
    }

    /// Where the bodies of successes come from.
    pub fn body_mode(mut self, mode: BodyMode) -> Self {
        self.mode = mode;
        self
    }

    /// Whether answers are compressed for clients that accept it. Off by default.
    pub fn gzip(mut self, gzip: bool) -> Self {
        self.gzip = gzip;
        self
    }

    /// Whether requests are kept for [`Server::recorded`]. On by default; long runs switch it off.
    pub fn recording(mut self, recording: bool) -> Self {
        self.recording = recording;
        self
    }

    /// Whether values that look percent-encoded twice are refused. On by default;
    /// switch it off for ids that really contain text like `%2F`.
    pub fn refuse_double_encoding(mut self, refuse: bool) -> Self {
        self.refuse_double_encoding = refuse;
        self
    }

    /// A fixed port instead of a free one.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Starts serving on loopback, on the current tokio runtime.
    ///
    /// # Errors
    ///
    /// When the spec cannot be served or the port is taken.
    pub async fn start(self) -> Result<Server, StartError> {
        let api = match self.spec {
            Some(spec) => Arc::new(Api::new(spec)?),
            None => Api::embedded()?,
        };
        let listener = TcpListener::bind(("127.0.0.1", self.port)).await?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            clock: Clock::default(),
            store: Mutex::new(Store::new(&api)),
            api,
            key: self.key,
            secret: self.secret,
            mode: self.mode,
            gzip: self.gzip,
            recording: self.recording,
            refuse_double_encoding: self.refuse_double_encoding,
            script: Mutex::default(),
            recorder: Recorder::default(),
            served: AtomicU64::new(0),
        });
        let (stop, stopped) = oneshot::channel::<()>();
        let router = Router::new()
            .fallback(handler::handle)
            .with_state(Arc::clone(&shared));
        tokio::spawn(async move {
            // Ends by dropping `stop`, which is the same as being told to.
            let signal = async move { drop(stopped.await) };
            drop(
                axum::serve(listener, router)
                    .with_graceful_shutdown(signal)
                    .await,
            );
        });
        Ok(Server {
            shared,
            address,
            _stop: stop,
        })
    }
}

/// A running server; dropping it stops it.
pub struct Server {
    shared: Arc<Shared>,
    address: SocketAddr,
    _stop: oneshot::Sender<()>,
}

impl Server {
    /// Settings, all with defaults.
    pub fn builder() -> Builder {
        Builder {
            key: DEFAULT_API_KEY.into(),
            secret: DEFAULT_SECRET.into(),
            spec: None,
            mode: BodyMode::default(),
            gzip: false,
            recording: true,
            refuse_double_encoding: true,
            port: 0,
        }
    }

    /// `http://127.0.0.1:PORT`, without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
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

    /// Every request so far, in the order of their answers.
    pub fn recorded(&self) -> Vec<RecordedRequest> {
        self.shared.recorder.all()
    }

    /// Forgets the requests so far.
    pub fn clear_recorded(&self) {
        self.shared.recorder.clear();
    }

    /// Dictates the answer to the next request for an operation that passes all checks.
    /// Several calls queue up.
    ///
    /// # Panics
    ///
    /// When the spec has no such operation or the answer is no HTTP: it could not be given.
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
