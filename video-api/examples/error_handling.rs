//! Tells errors apart, and does about each what helps.
//!
//! ```sh
//! cargo run --example error_handling   # STREAM_API_KEY and STREAM_API_SECRET are set
//! ```

use std::time::Duration;

use video_api::types::{CallRequest, UserRequest};
use video_api::{Call, Client, ClientBuilder, Error};

#[tokio::main]
async fn main() -> Result<(), Error> {
    let client = ClientBuilder::from_env()?
        // All attempts of an operation together; a slow statistics query may set its own.
        .timeout(Duration::from_secs(20))
        .build()?;
    let call = client.call("default", "standup");
    println!("{:?}", members(&call).await?);
    ensure(&client, &call, "ana").await?;
    println!("{:?}", members(&call).await?);
    Ok(())
}

/// A call that does not exist is an ordinary outcome here, everything else is passed on.
pub async fn members(call: &Call) -> Result<Option<usize>, Error> {
    match call.get().send().await {
        Ok(response) => Ok(Some(response.members.len())),
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(report(error)),
    }
}

/// Creates the call; if its creator does not exist yet, creates that user first.
pub async fn ensure(client: &Client, call: &Call, creator: &str) -> Result<(), Error> {
    let data = CallRequest::new().created_by_id(creator);
    let create = call.get_or_create().data(data);
    match create.clone().send().await {
        Ok(_) => Ok(()),
        Err(error) if error.is_api() && error.is_invalid_request() => {
            client
                .upsert_users([UserRequest::new(creator)])
                .send()
                .await?;
            create.send().await.map(drop).map_err(report)
        }
        Err(error) => Err(report(error)),
    }
}

/// Says in the log what to do, and passes the error on.
fn report(error: Error) -> Error {
    if error.is_rate_limited() {
        eprintln!("slow down: retry after {:?}", error.retry_after());
    } else if error.is_auth() {
        eprintln!("check the key, the secret and the grants: {error}");
    } else if error.is_retryable() {
        // The client has repeated it already; later it may work.
        eprintln!("try again later: {error}");
    } else if error.is_timeout() {
        eprintln!("read the state before repeating it: {error}");
    } else if let Some(api) = error.api() {
        eprintln!("code {:?}: {}", api.code(), api.message());
    }
    // Support can find the request by its id.
    eprintln!(
        "request {:?}, {} attempts",
        error.request_id(),
        error.attempts()
    );
    error
}
