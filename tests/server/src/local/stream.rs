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
    fn of(server: &Shared) -> Self {
        Self {
            requests: server.recorder.as_ref().map(Recorder::listen),
            webhooks: server.webhooks.listen(),
            stopping: server.stopping.clone(),
        }
    }

    /// The next thing that happened. `None` once the server stops and everything before was given.
    async fn next(&mut self) -> Option<Event> {
        let news = async {
            tokio::select! {
                request = next_request(&mut self.requests) => {
                    event("request", request.map(|request| requests::summary(&request)))
                }
                webhook = self.webhooks.recv() => {
                    event("webhook", webhook.map(|webhook| serde_json::json!(webhook)))
                }
            }
        };
        tokio::select! {
            biased;
            event = news => event,
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
    let events = stream::unfold(News::of(&server), async |mut news| {
        let event = news.next().await?;
        Some((Ok(event), news))
    });
    Sse::new(events).keep_alive(KeepAlive::default())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::Server;

    #[tokio::test]
    async fn requests_before_the_server_stops_are_all_told() {
        let server = Server::start().await.unwrap();
        let shared = Arc::clone(&server.shared);
        let mut news = News::of(&shared);
        for _ in 0..20 {
            reqwest::get(server.url()).await.unwrap();
        }
        server.stop().await;
        let mut told = 0;
        while news.next().await.is_some() {
            told += 1;
        }
        assert_eq!(told, 20);
    }
}
