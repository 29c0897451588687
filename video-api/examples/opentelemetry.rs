//! Exports a span for every operation to OpenTelemetry, and counts operations by outcome.
//!
//! The client's spans carry the names of OpenTelemetry's HTTP conventions already; here they go to
//! standard output. For a collector, replace the exporter by that of `opentelemetry-otlp`.
//!
//! ```sh
//! cargo run --example opentelemetry   # STREAM_API_KEY and STREAM_API_SECRET are set
//! ```

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use opentelemetry::trace::TracerProvider;
use opentelemetry_sdk::trace::{SdkTracerProvider, SpanExporter};
use tracing::Subscriber;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use video_api::{ClientBuilder, CompletionEvent, Observer};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let provider = provider(opentelemetry_stdout::SpanExporter::default());
    subscriber(&provider).init();
    let outcomes = Outcomes::default();
    let client = ClientBuilder::from_env()?
        .observer(outcomes.clone())
        .build()?;
    client.get_edges().send().await?;
    println!("{:?}", outcomes.counts());
    provider.shutdown()?;
    Ok(())
}

/// Spans go to the exporter as they end.
pub fn provider(exporter: impl SpanExporter + 'static) -> SdkTracerProvider {
    SdkTracerProvider::builder()
        .with_simple_exporter(exporter)
        .build()
}

/// Sends the spans of `tracing` to OpenTelemetry.
pub fn subscriber(provider: &SdkTracerProvider) -> impl Subscriber + Send + Sync + use<> {
    let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer("my-backend"));
    tracing_subscriber::registry().with(layer)
}

/// Counts operations by name and outcome, as a metrics library would.
#[derive(Clone, Default)]
pub struct Outcomes(Arc<Mutex<BTreeMap<(String, String), usize>>>);

impl Outcomes {
    /// Counts of outcomes by operation.
    pub fn counts(&self) -> BTreeMap<(String, String), usize> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl Observer for Outcomes {
    fn on_complete(&self, event: &CompletionEvent<'_>) {
        let outcome = match event.status {
            Some(status) => status.as_u16().to_string(),
            None => "no response".to_owned(),
        };
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *counts
            .entry((event.operation.id.to_owned(), outcome))
            .or_default() += 1;
    }
}
