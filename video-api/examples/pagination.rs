//! Works on every call of an app, several at a time: pages are fetched as fast as they are used.
//!
//! ```sh
//! cargo run --example pagination   # STREAM_API_KEY and STREAM_API_SECRET are set
//! ```

use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::TryStreamExt;
use video_api::types::SortParamRequest;
use video_api::{Client, Error, Filter};

const AT_A_TIME: usize = 8;

#[tokio::main]
async fn main() -> Result<(), Error> {
    let client = Client::from_env()?;
    let count = end_all(&client).await?;
    println!("{count} calls were ended");
    Ok(())
}

/// Ends every call that is open. No more than eight requests run at once, and the next page is
/// fetched while the current one is being worked on, but never more than that one.
pub async fn end_all(client: &Client) -> Result<usize, Error> {
    let count = AtomicUsize::new(0);
    client
        .query_calls()
        .filter_conditions(Filter::eq("ended_at", ()))
        .sort([SortParamRequest::ascending("created_at")])
        .limit(100)
        .items()
        .prefetch(true)
        .try_for_each_concurrent(AT_A_TIME, |entry| {
            let call = client.call(entry.call.r#type, entry.call.id);
            let count = &count;
            async move {
                call.end().send().await?;
                count.fetch_add(1, Ordering::Relaxed);
                Ok(())
            }
        })
        .await?;
    Ok(count.into_inner())
}
