//! Signs users of a web app in: each exists as a user, and gets a token for its device.
//!
//! ```sh
//! cargo run --example users_and_tokens   # STREAM_API_KEY and STREAM_API_SECRET are set
//! ```

use std::time::Duration;

use video_api::types::UserRequest;
use video_api::{Client, Error, Token};

const HOUR: Duration = Duration::from_secs(3600);

#[tokio::main]
async fn main() -> Result<(), Error> {
    let client = Client::from_env()?;
    let token = sign_in(&client, "ana", "Ana").await?;
    println!("for ana's device: {}", token.as_str());
    let token = invite_guest(&client, "guest-7", "default:standup").await?;
    println!("for the guest's device: {}", token.as_str());
    sign_out_everywhere(&client, "guest-7").await
}

/// Signs in someone who has logged in: creates the user, and signs a token for an hour.
pub async fn sign_in(client: &Client, id: &str, name: &str) -> Result<Token, Error> {
    client
        .upsert_users([UserRequest::new(id).name(name)])
        .send()
        .await?;
    client.user_token(id).expires_in(HOUR).sign()
}

/// A guest may enter one call and nothing else.
pub async fn invite_guest(client: &Client, id: &str, cid: &str) -> Result<Token, Error> {
    let guest = UserRequest::new(id).role("guest");
    client.upsert_users([guest]).send().await?;
    client.call_token(id, [cid]).expires_in(HOUR).sign()
}

/// A deactivated user's tokens are worth nothing until it is reactivated.
pub async fn sign_out_everywhere(client: &Client, id: &str) -> Result<(), Error> {
    client.deactivate_user(id).send().await?;
    Ok(())
}
