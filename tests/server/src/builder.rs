//! Settings of a server, and its start.

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, Weak};
use std::time::Duration;

use axum::http::Uri;
use serde_json::Value;
use tokio::sync::watch;

use crate::clock::Clock;
use crate::database::{Database, Stored};
use crate::faults::Faults;
use crate::http::{self, Listeners, Timeouts};
use crate::journal::WriteAhead;
use crate::local::seed;
use crate::model::Model;
use crate::operations::Settings;
use crate::queries::Queries;
use crate::rate_limit::RateLimits;
use crate::recorder::{OnRequest, RecordedRequest, Recorder};
use crate::server::{Server, base_url};
use crate::shared::{BodyMode, Shared};
use crate::spec::Api;
use crate::start_error::{StartError, check_access, check_url};
use crate::webhooks::{self, Receiver, WebhookTimestamps, Webhooks};

/// The API key unless another is set.
pub const DEFAULT_API_KEY: &str = "local-api-key";
/// The secret unless another is set. It protects nothing.
pub const DEFAULT_SECRET: &str = "local-secret-that-protects-nothing-at-all";

/// Settings of a server to be.
#[must_use]
pub struct Builder {
    key: String,
    secret: String,
    spec: Option<Value>,
    mode: BodyMode,
    gzip: bool,
    recording: bool,
    recording_limit: Option<usize>,
    on_request: Option<OnRequest>,
    rate_limit: Option<u64>,
    timeouts: Timeouts,
    data: Option<PathBuf>,
    seed: Option<Value>,
    webhook: Option<String>,
    webhook_pause: Duration,
    webhook_timestamps: WebhookTimestamps,
    host: IpAddr,
    allowed_hosts: Vec<String>,
    strict: bool,
    refuse_double_encoding: Option<bool>,
    create_users: bool,
    port: u16,
    public_url: Option<String>,
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

    /// The source of the bodies of successes.
    pub fn body_mode(mut self, mode: BodyMode) -> Self {
        self.mode = mode;
        self
    }

    /// Compresses responses for clients that accept it. Off by default.
    pub fn gzip(mut self, gzip: bool) -> Self {
        self.gzip = gzip;
        self
    }

    /// Keeps requests for [`Server::recorded`]. On by default; long runs switch it off.
    pub fn recording(mut self, recording: bool) -> Self {
        self.recording = recording;
        self
    }

    /// Keeps only the latest requests, and of those at most 64 MiB of bodies. Without it, all.
    pub fn recording_limit(mut self, requests: usize) -> Self {
        self.recording_limit = Some(requests);
        self
    }

    /// Called with every request once it is answered.
    /// Needs [`recording`](Builder::recording).
    pub fn on_request(
        mut self,
        callback: impl Fn(&RecordedRequest) + Send + Sync + 'static,
    ) -> Self {
        self.on_request = Some(Box::new(callback));
        self
    }

    /// Refuses more requests per minute of each operation with a 429. Off by default.
    pub fn rate_limit(mut self, per_minute: u64) -> Self {
        self.rate_limit = Some(per_minute);
        self
    }

    /// How long a client may take for the head of a request (and between requests), and for its
    /// body or for reading a response. 75 s and 30 s by default; long responses may be read at
    /// 64 KiB per second.
    pub fn client_timeouts(mut self, head: Duration, body: Duration) -> Self {
        self.timeouts = Timeouts { head, body };
        self
    }

    /// Lets only requests pass that are written exactly as the spec and the wire conventions
    /// say: no `null` for what is left out, timestamps in UTC, no unknown fields, no body where
    /// none is due, tokens with `server` or `user_id`. Off by default, because official clients
    /// are not so careful; on for clients that want to be.
    pub fn strict(mut self, strict: bool) -> Self {
        self.strict = strict;
        self
    }

    /// Refuses values that look percent-encoded twice. As [`strict`](Self::strict) by
    /// default; switch it off for ids that really contain text like `%2F`.
    pub fn refuse_double_encoding(mut self, refuse: bool) -> Self {
        self.refuse_double_encoding = Some(refuse);
        self
    }

    /// Creates users that are named as members or creators of calls. Off by
    /// default: the API refuses users that were not created before.
    pub fn create_users(mut self, create: bool) -> Self {
        self.create_users = create;
        self
    }

    /// Keeps the state in a file, which is created where there is none. What was answered is in it
    /// whatever happens to the process, and so are events that the receiver has not accepted yet.
    pub fn data(mut self, file: impl Into<PathBuf>) -> Self {
        self.data = Some(file.into());
        self
    }

    /// Starts with users, call types and calls, as [`Server::seed`] takes them: they are there before
    /// the first request is answered.
    pub fn seed(mut self, seed: Value) -> Self {
        self.seed = Some(seed);
        self
    }

    /// Sends events to this URL, signed with the secret. Without it they are only kept.
    pub fn webhook(mut self, url: impl Into<String>) -> Self {
        self.webhook = Some(url.into());
        self
    }

    /// How long to wait before an event is sent again; doubled each time. Half a second by default.
    pub fn webhook_pause(mut self, pause: Duration) -> Self {
        self.webhook_pause = pause;
        self
    }

    /// The form of timestamps in events. Integers by default: official SDKs for Python read no text.
    pub fn webhook_timestamps(mut self, form: WebhookTimestamps) -> Self {
        self.webhook_timestamps = form;
        self
    }

    /// Another address to listen on than the loopback, for instance `0.0.0.0` in a container.
    pub fn host(mut self, host: IpAddr) -> Self {
        self.host = host;
        self
    }

    /// Serves the inspector and the local routes for this host name too. They answer to addresses
    /// and loopback names only, so that no page can reach them by DNS rebinding; the API answers to
    /// any name.
    pub fn allow_host(mut self, name: impl Into<String>) -> Self {
        self.allowed_hosts.push(name.into());
        self
    }

    /// Puts this address in front of the URLs in responses, in place of the one that the server listens
    /// at, which other containers cannot reach. Its host name is [allowed](Self::allow_host).
    pub fn public_url(mut self, url: impl Into<String>) -> Self {
        let url = url.into();
        let host = url.parse::<Uri>().ok();
        let host = host.and_then(|uri| uri.host().map(str::to_owned));
        self.allowed_hosts.extend(host);
        self.public_url = Some(url.trim_end_matches('/').to_owned());
        self
    }

    /// A fixed port instead of a free one.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Starts serving, on the current tokio runtime.
    ///
    /// # Errors
    ///
    /// When a setting is not a URL, key or secret are empty, the rate limit is 0, the spec cannot be served, the port is taken, the data file
    /// cannot be used or the seed cannot be applied.
    pub async fn start(self) -> Result<Server, StartError> {
        check_access(&self.key, &self.secret, self.rate_limit)?;
        check_url(
            "webhook",
            self.webhook.as_deref(),
            "http://127.0.0.1:3000/hook",
        )?;
        check_url(
            "public-url",
            self.public_url.as_deref(),
            "http://stream:8787",
        )?;
        let api = match self.spec {
            Some(spec) => Arc::new(Api::new(spec)?),
            None => Api::embedded()?,
        };
        let (host, port) = (self.host, self.port);
        let listeners = Listeners::bind(host, port);
        let listeners = listeners
            .await
            .map_err(|error| StartError::Bind { host, port, error })?;
        let address = listeners.address();
        let (stop, stopping) = watch::channel(false);
        let recorder = Recorder::new(self.recording_limit, self.on_request);
        let clock = Clock::default();
        let (database, stored) = match &self.data {
            Some(file) => {
                let (database, stored) = Database::open(file)?;
                (Some(Arc::new(database)), stored)
            }
            None => (None, Stored::default()),
        };
        let receiver = Receiver {
            url: self.webhook,
            key: self.key.clone(),
            secret: self.secret.clone(),
            first_pause: self.webhook_pause,
            timestamps: self.webhook_timestamps,
            database: database.as_ref().map(Arc::downgrade).unwrap_or_default(),
        };
        let webhooks = Webhooks::new(receiver, clock.clone(), &api);
        webhooks.resume(stored.undelivered);
        let journal = Arc::new(WriteAhead::new(database, webhooks.clone()));
        let shared = Arc::new(Shared {
            clock,
            journal: Arc::clone(&journal),
            webhooks,
            queries: Queries::default(),
            model: Arc::new(Model::new(
                Settings {
                    key: self.key.clone(),
                    secret: self.secret.clone(),
                    base_url: self.public_url.unwrap_or_else(|| base_url(address)),
                    create_users: self.create_users,
                },
                stored.state,
                Some(journal),
            )),
            api,
            key: self.key,
            secret: self.secret,
            allowed_hosts: self.allowed_hosts,
            mode: self.mode,
            gzip: self.gzip,
            strict: self.strict,
            refuse_double_encoding: self.refuse_double_encoding.unwrap_or(self.strict),
            script: Mutex::default(),
            faults: Faults::default(),
            rate_limits: RateLimits::new(self.rate_limit),
            recorder: self.recording.then_some(recorder),
            stopping: stopping.clone(),
        });
        if let Some(seed) = &self.seed {
            seed::apply(&shared, seed).await?;
        }
        let router = http::router(Arc::clone(&shared));
        tokio::spawn(watch_deadlines(Arc::downgrade(&shared)));
        let serving = tokio::spawn(listeners.serve(router, self.timeouts, stopping));
        Ok(Server {
            shared,
            address,
            stop,
            serving: Some(serving),
        })
    }
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
            recording_limit: None,
            on_request: None,
            rate_limit: None,
            timeouts: Timeouts::default(),
            data: None,
            seed: None,
            webhook: None,
            webhook_pause: webhooks::FIRST_PAUSE,
            webhook_timestamps: WebhookTimestamps::default(),
            host: Ipv4Addr::LOCALHOST.into(),
            allowed_hosts: Vec::new(),
            strict: false,
            refuse_double_encoding: None,
            create_users: false,
            port: 0,
            public_url: None,
        }
    }

    /// A server with the defaults: on a free port, with nothing in it.
    ///
    /// # Errors
    ///
    /// As [`Builder::start`].
    pub async fn start() -> Result<Self, StartError> {
        Self::builder().start().await
    }
}

/// Meets deadlines as time passes, until the server is gone.
async fn watch_deadlines(shared: Weak<Shared>) {
    const PAUSE: Duration = Duration::from_secs(1);
    loop {
        let Some(clock) = shared.upgrade().map(|shared| shared.clock.clone()) else {
            return;
        };
        tokio::select! {
            () = tokio::time::sleep(PAUSE) => {}
            () = clock.moved() => {}
        }
        if let Some(shared) = shared.upgrade() {
            shared.catch_up();
        }
    }
}
