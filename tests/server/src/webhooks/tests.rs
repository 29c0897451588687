use axum::Router;
use axum::http::HeaderMap;
use axum::routing::post;
use serde_json::Map;
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use crate::Server;

/// More than are kept once they are done.
const COUNT: usize = 1_500;

#[tokio::test]
async fn no_event_is_dropped_while_many_are_under_way() {
    let (sender, mut received) = mpsc::unbounded_channel();
    let receive = async move |headers: HeaderMap| {
        let id = headers.get("x-webhook-id").unwrap().to_str().unwrap();
        sender.send(id.to_owned()).unwrap();
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let server = Server::builder().webhook(url).start().await.unwrap();
    let webhooks = &server.shared.webhooks;
    let event = webhooks.events().example("call.created", 0, &Map::new());
    let sent = webhooks.sign_all(&vec![event.unwrap(); COUNT]);
    webhooks.send(sent.clone());
    assert_eq!(server.webhooks().len(), COUNT);

    // From here on the receiver answers.
    let router = Router::new().route("/", post(receive));
    tokio::spawn(async move { axum::serve(listener, router).await });
    for delivery in sent {
        assert_eq!(received.recv().await.unwrap(), delivery.id);
    }
}
