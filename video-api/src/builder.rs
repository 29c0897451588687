//! Settings of a client.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;

use crate::auth::{AuthorizationForm, Credentials, Signer, Token, TokenSource};
use crate::client::Client;
use crate::error::Error;
use crate::observe::Observer;
use crate::pacing::Pacer;
use crate::request::url;
use crate::retry::{RetryBudget, RetryPolicy};
use crate::shared::{BaseUrl, Jitter, ReportedCorrections, Shared, Timeouts};

/// Builds a [`Client`]. Only credentials are required: [`secret`](Self::secret),
/// [`user_token`](Self::user_token) or [`token_source`](Self::token_source).
///
/// # Connections
///
/// The defaults are those of the vendor's SDKs: connecting may take 10 s and an attempt 30 s, since
/// statistics can be slow. Unused connections are closed after 55 s, because load balancers close
/// them at 60 s, and a POST that is sent in that moment is lost. Two defaults differ:
///
/// - At most 64 unused connections are kept, and connections are not limited, where the vendor's
///   SDKs open at most 5 per host. With HTTP/2 one connection serves all requests anyway; with
///   HTTP/1.1 a limit would make the requests of a busy backend wait for each other.
/// - Safe retries are on, see [`RetryPolicy`].
#[must_use = "call `.build()` to get a client"]
pub struct ClientBuilder {
    key: String,
    secret: Option<SecretString>,
    token: Option<Token>,
    source: Option<Box<dyn TokenSource>>,
    form: AuthorizationForm,
    base_url: Option<String>,
    allow_insecure_http: bool,
    http: Option<reqwest::Client>,
    timeouts: Timeouts,
    pool_max_idle_per_host: usize,
    pool_idle_timeout: Duration,
    retry_policy: RetryPolicy,
    retry_budget: RetryBudget,
    pacing: bool,
    max_response_size: usize,
    observer: Option<Arc<dyn Observer>>,
    jitter: Jitter,
}

impl Client {
    /// A client for a backend, from `STREAM_API_KEY`, `STREAM_API_SECRET` and, if set,
    /// `STREAM_BASE_URL`.
    pub fn from_env() -> Result<Self, Error> {
        ClientBuilder::from_env()?.build()
    }

    /// A client for a backend: it signs its own token with the API secret. The environment is
    /// not read, nor `STREAM_BASE_URL`.
    pub fn new(key: impl Into<String>, secret: impl Into<String>) -> Result<Self, Error> {
        Self::builder(key).secret(secret).build()
    }

    /// A client that acts as one user, with a token made elsewhere. It cannot sign tokens, and
    /// talks to the real API: for another base URL see [`builder`](Self::builder).
    pub fn with_user_token(key: impl Into<String>, token: impl Into<Token>) -> Result<Self, Error> {
        Self::builder(key).user_token(token).build()
    }

    /// A client with settings of its own.
    pub fn builder(key: impl Into<String>) -> ClientBuilder {
        ClientBuilder::new(key.into())
    }
}

impl ClientBuilder {
    pub(super) fn new(key: String) -> Self {
        Self {
            key,
            secret: None,
            token: None,
            source: None,
            form: AuthorizationForm::default(),
            base_url: None,
            allow_insecure_http: false,
            http: None,
            timeouts: Timeouts {
                connect: Duration::from_secs(10),
                attempt: Duration::from_secs(30),
                total: Duration::from_secs(60),
            },
            pool_max_idle_per_host: 64,
            pool_idle_timeout: Duration::from_secs(55),
            retry_policy: RetryPolicy::default(),
            retry_budget: RetryBudget::default(),
            pacing: false,
            max_response_size: 16 * 1024 * 1024,
            observer: None,
            jitter: Arc::new(random),
        }
    }

    /// Key, secret and base URL from `STREAM_API_KEY`, `STREAM_API_SECRET` and, if set,
    /// `STREAM_BASE_URL`.
    pub fn from_env() -> Result<Self, Error> {
        Self::from_vars(|name| std::env::var(name).ok())
    }

    fn from_vars(var: impl Fn(&str) -> Option<String>) -> Result<Self, Error> {
        let given = |name: &str| var(name).filter(|value| !value.trim().is_empty());
        let required = |name: &str| {
            given(name).ok_or_else(|| {
                Error::invalid(format!(
                    "set the environment variable {name}, which is missing or empty"
                ))
            })
        };
        let mut builder =
            Self::new(required("STREAM_API_KEY")?).secret(required("STREAM_API_SECRET")?);
        builder.base_url = given("STREAM_BASE_URL");
        Ok(builder)
    }

    /// The API secret: the client acts as a backend and can sign tokens for users.
    pub fn secret(mut self, secret: impl Into<String>) -> Self {
        self.secret = Some(SecretString::from(secret.into()));
        self
    }

    /// A ready-made token: the client acts as its user.
    pub fn user_token(mut self, token: impl Into<Token>) -> Self {
        self.token = Some(token.into());
        self.source = None;
        self
    }

    /// A source of tokens, for tokens that have to be renewed.
    pub fn token_source(mut self, source: impl TokenSource) -> Self {
        self.source = Some(Box::new(source));
        self.token = None;
        self
    }

    /// How the token is written in the header; bare by default.
    pub fn authorization_form(mut self, form: AuthorizationForm) -> Self {
        self.form = form;
        self
    }

    /// The base URL of the API, `https://video.stream-io-api.com` by default.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some(url.into());
        self
    }

    /// Allows plain http to other machines, which exposes tokens to the network.
    pub fn allow_insecure_http(mut self, allow: bool) -> Self {
        self.allow_insecure_http = allow;
        self
    }

    /// An HTTP client of your own, for proxies, certificates and the like. It must not follow
    /// redirects (a followed one is reported as an error) and should decompress gzip. The connect
    /// timeout and the settings of the pool are then taken from it.
    pub fn http_client(mut self, http: reqwest::Client) -> Self {
        self.http = Some(http);
        self
    }

    /// The longest that connecting may take, 10 s by default. Keep it below the attempt's:
    /// only a failure while connecting proves that nothing was sent.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.timeouts.connect = timeout;
        self
    }

    /// The longest that sending a request once and reading its response may take, 30 s by
    /// default.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.timeouts.attempt = timeout;
        self
    }

    /// The longest that an operation may take with all its attempts and waits, 60 s by default.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeouts.total = timeout;
        self
    }

    /// How many unused connections are kept, 64 by default.
    pub fn pool_max_idle_per_host(mut self, connections: usize) -> Self {
        self.pool_max_idle_per_host = connections;
        self
    }

    /// How long an unused connection is kept, 55 s by default.
    pub fn pool_idle_timeout(mut self, timeout: Duration) -> Self {
        self.pool_idle_timeout = timeout;
        self
    }

    /// Decides when requests are repeated.
    pub fn retry_policy(mut self, policy: RetryPolicy) -> Self {
        self.retry_policy = policy;
        self
    }

    /// Limits the retries of all callers together.
    pub fn retry_budget(mut self, budget: RetryBudget) -> Self {
        self.retry_budget = budget;
        self
    }

    /// Paces requests by the rate limits that the server reports, per operation: the last fifth
    /// of a window is spread over the time that is left, and when nothing is left the next
    /// window is waited for. Off by default.
    pub fn pace_by_rate_limit(mut self, pace: bool) -> Self {
        self.pacing = pace;
        self
    }

    /// The largest response accepted, after decompression, 16 MiB by default.
    pub fn max_response_size(mut self, bytes: usize) -> Self {
        self.max_response_size = bytes;
        self
    }

    /// A hook for metrics.
    pub fn observer(mut self, observer: impl Observer) -> Self {
        self.observer = Some(Arc::new(observer));
        self
    }

    /// The source of randomness for waits between attempts: numbers from 0 to 1. For tests.
    pub fn jitter<F: Fn() -> f64 + Send + Sync + 'static>(mut self, jitter: F) -> Self {
        self.jitter = Arc::new(jitter);
        self
    }

    /// Builds the client. Sends nothing; fails when settings are missing or contradict each other.
    pub fn build(mut self) -> Result<Client, Error> {
        if self.key.trim().is_empty() {
            return Err(Error::invalid("the API key is empty"));
        }
        let secret = self.secret.as_ref().map(ExposeSecret::expose_secret);
        if secret.is_some_and(str::is_empty) {
            return Err(Error::invalid("the API secret is empty"));
        }
        let signer = secret.map(Signer::new);
        let credentials = self.credentials(signer.as_ref())?;
        let base = BaseUrl::parse(
            self.base_url.as_deref().unwrap_or(BaseUrl::DEFAULT),
            self.allow_insecure_http,
        )?;
        let http = match &self.http {
            Some(http) => http.clone(),
            None => self.connections(&base)?,
        };
        Ok(self.finish(http, base, credentials, signer))
    }

    fn credentials(&mut self, signer: Option<&Signer>) -> Result<Credentials, Error> {
        if let Some(source) = self.source.take() {
            return Ok(Credentials::renewed(source, self.form));
        }
        match (&self.token, signer) {
            (Some(token), _) => Credentials::fixed(token, self.form),
            // This token never expires, so it is signed only once.
            (None, Some(signer)) => Credentials::fixed(&signer.server_token()?, self.form),
            (None, None) => Err(Error::invalid(
                "the client has no credentials; set a secret, a user token or a token source",
            )),
        }
    }

    fn finish(
        self,
        http: reqwest::Client,
        base: BaseUrl,
        credentials: Credentials,
        signer: Option<Signer>,
    ) -> Client {
        let mut key_query = String::from("?api_key=");
        url::encode(&mut key_query, &self.key);
        self.log_settings(&base);
        Client {
            shared: Arc::new(Shared {
                http,
                base,
                key_query,
                credentials,
                signer,
                secret: self.secret,
                timeouts: self.timeouts,
                retry_policy: self.retry_policy,
                retry_budget: self.retry_budget,
                pacer: self.pacing.then(Pacer::default),
                max_response_size: self.max_response_size,
                observer: self.observer,
                jitter: self.jitter,
                reported: ReportedCorrections::default(),
            }),
        }
    }

    /// One event per client with the effective settings; no key, secret or token.
    fn log_settings(&self, base: &BaseUrl) {
        let seconds = |duration: Duration| duration.as_secs_f64();
        let own_http_client = self.http.is_some();
        tracing::info!(
            name: "client.initialized",
            client = env!("CARGO_PKG_NAME"),
            version = env!("CARGO_PKG_VERSION"),
            base_url = base.as_str(),
            own_http_client,
            connect_timeout_s = seconds(self.timeouts.connect),
            attempt_timeout_s = seconds(self.timeouts.attempt),
            timeout_s = seconds(self.timeouts.total),
            pool_idle_timeout_s = seconds(self.pool_idle_timeout),
            pool_max_idle_per_host = self.pool_max_idle_per_host,
            max_attempts = self.retry_policy.max_attempts,
            pace_by_rate_limit = self.pacing,
            max_response_size = self.max_response_size,
            "client.initialized"
        );
    }

    fn connections(&self, base: &BaseUrl) -> Result<reqwest::Client, Error> {
        let mut builder = reqwest::Client::builder()
            // Credentials must not travel.
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .connect_timeout(self.timeouts.connect)
            .pool_max_idle_per_host(self.pool_max_idle_per_host)
            .pool_idle_timeout(self.pool_idle_timeout)
            .tcp_keepalive(Duration::from_secs(60))
            .http2_keep_alive_interval(Duration::from_secs(30))
            .http2_keep_alive_timeout(Duration::from_secs(10))
            // Bodies are decompressed by `transport::body`. Other crates in the program may enable
            // encodings here.
            .no_gzip()
            .no_brotli()
            .no_zstd()
            .no_deflate();
        if base.is_loopback() {
            builder = builder.no_proxy();
        }
        if base.is_plain() {
            // The system's certificates take time to load, and some machines have none.
            builder = builder.tls_certs_only([]);
        }
        builder.build().map_err(|error| {
            Error::invalid("the HTTP client cannot be set up; the source of this error says why")
                .with_source(error)
        })
    }
}

/// A number from 0 to 1, from the randomness of a UUID.
fn random() -> f64 {
    const BITS: u64 = 1 << 53;
    let (_, low) = Uuid::new_v4().as_u64_pair();
    (low % BITS) as f64 / BITS as f64
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field(
                "base_url",
                &self.base_url.as_deref().unwrap_or(BaseUrl::DEFAULT),
            )
            .field("timeouts", &self.timeouts)
            .field("retry_policy", &self.retry_policy)
            .field("retry_budget", &self.retry_budget)
            .field("pacing", &self.pacing)
            .field("max_response_size", &self.max_response_size)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
#[path = "builder_tests.rs"]
mod tests;
