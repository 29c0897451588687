//! Records requests and their responses for tests, the terminal and the inspector.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::http::{HeaderMap, header};
use bytes::Bytes;
use serde_json::Value;
use tokio::sync::broadcast;

/// How many bytes of bodies are kept where the number of requests is limited.
const MAX_BYTES: usize = 64 * 1024 * 1024;
/// How many requests a slow listener may lag behind.
const BACKLOG: usize = 256;

/// One request as it arrived, and its response.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct RecordedRequest {
    /// Counts the requests of this server, from 1.
    pub number: u64,
    /// When it arrived by the server's clock, in nanoseconds since the Unix epoch.
    pub received_at: i64,
    /// The method, in capitals.
    pub method: String,
    /// The path as sent, still encoded.
    pub path: String,
    /// The query as sent, still encoded, without `?`; may be empty.
    pub query: String,
    /// All headers. `Debug` hides the token.
    pub headers: HeaderMap,
    /// The body as sent.
    pub body: Bytes,
    /// The operation it was routed to.
    pub operation_id: Option<String>,
    /// The call it was about, as `type:id`.
    pub call_cid: Option<String>,
    /// Why it was refused; empty when it was accepted.
    pub problems: Vec<String>,
    /// Fields and parameters that were skipped because the spec does not have them.
    pub ignored: Vec<String>,
    /// The faults that met it.
    pub faults: Vec<String>,
    /// The status that was answered.
    pub status: u16,
    /// The headers of the response.
    pub response_headers: HeaderMap,
    /// The body of the response, before compression.
    pub response_body: Bytes,
    /// How long the response took.
    pub elapsed: Duration,
}

impl RecordedRequest {
    /// A header as text, if it is there once or more.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The body as JSON; `Null` if it is not JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    fn size(&self) -> usize {
        self.body.len() + self.response_body.len()
    }
}

/// Called with every request once it is answered.
pub(crate) type OnRequest = Box<dyn Fn(&RecordedRequest) + Send + Sync>;

/// The requests of one server.
pub(crate) struct Recorder {
    /// How many are kept; `None` keeps all.
    limit: Option<usize>,
    kept: Mutex<Recorded>,
    on_request: Option<OnRequest>,
    news: broadcast::Sender<Arc<RecordedRequest>>,
}

#[derive(Default)]
struct Recorded {
    count: u64,
    bytes: usize,
    requests: VecDeque<Arc<RecordedRequest>>,
}

impl Recorder {
    pub(crate) fn new(limit: Option<usize>, on_request: Option<OnRequest>) -> Self {
        Self {
            limit,
            kept: Mutex::default(),
            on_request,
            news: broadcast::Sender::new(BACKLOG),
        }
    }

    /// Keeps a request, gives it its number, and tells those who listen.
    pub(crate) fn push(&self, mut request: RecordedRequest) {
        if let Some(token) = request.headers.get_mut(header::AUTHORIZATION) {
            token.set_sensitive(true);
        }
        let mut kept = self.lock();
        kept.count += 1;
        request.number = kept.count;
        let request = Arc::new(request);
        kept.bytes += request.size();
        kept.requests.push_back(Arc::clone(&request));
        if let Some(limit) = self.limit {
            while kept.requests.len() > limit || kept.bytes > MAX_BYTES {
                let Some(oldest) = kept.requests.pop_front() else {
                    break;
                };
                kept.bytes -= oldest.size();
            }
        }
        drop(kept);
        if let Some(on_request) = &self.on_request {
            on_request(&request);
        }
        // Without listeners there is nobody to tell.
        drop(self.news.send(request));
    }

    /// The kept ones, oldest first.
    pub(crate) fn all(&self) -> Vec<Arc<RecordedRequest>> {
        self.lock().requests.iter().cloned().collect()
    }

    pub(crate) fn find(&self, number: u64) -> Option<Arc<RecordedRequest>> {
        let kept = self.lock();
        let mut newest_first = kept.requests.iter().rev();
        newest_first.find(|one| one.number == number).cloned()
    }

    pub(crate) fn clear(&self) {
        let mut kept = self.lock();
        kept.requests.clear();
        kept.bytes = 0;
    }

    /// The requests from now on.
    pub(crate) fn listen(&self) -> broadcast::Receiver<Arc<RecordedRequest>> {
        self.news.subscribe()
    }

    fn lock(&self) -> MutexGuard<'_, Recorded> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Recorder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Recorder")
            .field("kept", &self.lock().requests.len())
            .finish_non_exhaustive()
    }
}
