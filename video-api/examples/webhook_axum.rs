//! Receives webhooks with axum.
//!
//! ```sh
//! STREAM_API_SECRET=… cargo run --example webhook_axum
//! ```
//!
//! Then set `https://<this host>/webhooks/video` as the webhook URL of the app.

use std::error::Error;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use video_api::Event;
use video_api::webhook::{self, Verifier};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let secret = std::env::var("STREAM_API_SECRET")?;
    let (events, mut received) = mpsc::channel(1024);
    // The work is done elsewhere, so that the response does not wait for it.
    tokio::spawn(async move {
        while let Some(event) = received.recv().await {
            handle(event);
        }
    });

    let listener = TcpListener::bind("127.0.0.1:3000").await?;
    println!(
        "listening on http://{}/webhooks/video",
        listener.local_addr()?
    );
    axum::serve(listener, router(Verifier::new(secret), events)).await?;
    Ok(())
}

/// Handles one event of the application.
fn handle(event: Event) {
    match event {
        Event::CallCreated(event) => {
            println!("{} created at {}", event.call_cid, event.call.created_at)
        }
        Event::CallEnded(event) => println!("{} ended", event.call_cid),
        Event::Unknown(event) => println!("new event {}: {}", event.event_type(), event.raw()),
        event => println!("{}", event.event_type()),
    }
}

#[derive(Clone)]
struct App {
    verifier: Arc<Verifier>,
    events: mpsc::Sender<Event>,
}

/// Sends the events of all genuine deliveries to `events`.
pub fn router(verifier: Verifier, events: mpsc::Sender<Event>) -> Router {
    let verifier = Arc::new(verifier);
    Router::new()
        .route("/webhooks/video", post(receive))
        .layer(DefaultBodyLimit::max(4 * 1024 * 1024))
        .with_state(App { verifier, events })
}

// `Bytes` and not `Json`: the signature is for the body exactly as it came.
async fn receive(State(app): State<App>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let signature = headers.get(webhook::SIGNATURE_HEADER);
    let signature = signature
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    match app.verifier.event(&body, signature) {
        // A full queue is answered at once: the delivery is repeated after an error.
        Ok(event) => match app.events.try_send(event) {
            Ok(()) => StatusCode::OK,
            Err(_) => StatusCode::SERVICE_UNAVAILABLE,
        },
        Err(error) => {
            eprintln!("{error}");
            status(&error)
        }
    }
}

fn status(error: &webhook::Error) -> StatusCode {
    if error.is_signature() {
        StatusCode::UNAUTHORIZED
    } else if error.is_too_large() {
        StatusCode::PAYLOAD_TOO_LARGE
    } else if error.is_misfit() {
        // Genuine, and no better when repeated. `error.raw()` has it for another look.
        StatusCode::OK
    } else {
        StatusCode::BAD_REQUEST
    }
}
