//! Server-sent events of everything, as it happens.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::{Stream, stream};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{broadcast, watch};

use super::requests;
use crate::recorder::{RecordedRequest, Recorder};
use crate::shared::Shared;
use crate::webhooks::Delivery;

struct News {
    /// None when requests are not recorded.
    requests: Option<broadcast::Receiver<Arc<RecordedRequest>>>,
    webhooks: broadcast::Receiver<Delivery>,
    stopping: watch::Receiver<bool>,
}

impl News {
    /// The next thing that happened; none when the server stops.
    async fn next(&mut self) -> Option<Event> {
        tokio::select! {
            request = next_request(&mut self.requests) => {
                event("request", request.map(|request| requests::summary(&request)))
            }
            webhook = self.webhooks.recv() => {
                event("webhook", webhook.map(|webhook| serde_json::json!(webhook)))
            }
            _ = self.stopping.wait_for(|stop| *stop) => None,
        }
    }
}

async fn next_request(
    requests: &mut Option<broadcast::Receiver<Arc<RecordedRequest>>>,
) -> Result<Arc<RecordedRequest>, RecvError> {
    match requests {
        Some(requests) => requests.recv().await,
        None => std::future::pending().await,
    }
}

/// One that could not keep up is told to look at everything again.
fn event(kind: &str, news: Result<serde_json::Value, RecvError>) -> Option<Event> {
    match news {
        Ok(value) => Event::default().event(kind).json_data(value).ok(),
        Err(RecvError::Lagged(_)) => Some(Event::default().event("missed").data("")),
        Err(RecvError::Closed) => None,
    }
}

/// Requests and webhooks from now on.
pub(super) async fn news(
    State(server): State<Arc<Shared>>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let news = News {
        requests: server.recorder.as_ref().map(Recorder::listen),
        webhooks: server.webhooks.listen(),
        stopping: server.stopping.clone(),
    };
    let events = stream::unfold(news, async |mut news| {
        let event = news.next().await?;
        Some((Ok(event), news))
    });
    Sse::new(events).keep_alive(KeepAlive::default())
}
