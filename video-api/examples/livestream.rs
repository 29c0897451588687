//! A livestream: prepared backstage, sent live as HLS once the host is there, then closed.
//!
//! ```sh
//! cargo run --example livestream   # STREAM_API_KEY and STREAM_API_SECRET are set
//! # With the local server, in another terminal:
//! curl $STREAM_BASE_URL/_local/calls/livestream/launch/join -d '{"user_id": "ana"}'
//! ```

use std::time::Duration;

use video_api::types::{
    BackstageSettingsRequest, CallRequest, CallSettingsRequest, MemberRequest, UserRequest,
};
use video_api::{Call, Client, Error};

#[tokio::main]
async fn main() -> Result<(), Error> {
    let client = Client::from_env()?;
    let call = prepare(&client, "launch", "ana").await?;
    println!("waiting for ana to join livestream:launch …");
    wait_for_session(&call).await?;
    go_live(&call).await?;
    println!("live for a second …");
    tokio::time::sleep(Duration::from_secs(1)).await;
    close(&call).await
}

/// Nobody but the host can join before GoLive, since the call begins backstage.
pub async fn prepare(client: &Client, id: &str, host: &str) -> Result<Call, Error> {
    client.upsert_users([UserRequest::new(host)]).send().await?;
    let backstage = BackstageSettingsRequest::new().enabled(true);
    let data = CallRequest::new()
        .created_by_id(host)
        .members([MemberRequest::new(host).role("host")])
        .settings_override(CallSettingsRequest::new().backstage(backstage));
    let call = client.call("livestream", id);
    let created = call.get_or_create().data(data).send().await?;

    // A studio (OBS and the like) sends here, with a token of the host as the stream key.
    let key = client
        .user_token(host)
        .expires_in(Duration::from_secs(3600))
        .sign()?;
    println!("server: {}", created.call.ingress.rtmp.address);
    println!("stream key: {} characters", key.as_str().len());
    Ok(call)
}

/// Waits until somebody is in the call: before that, nothing can be broadcast or recorded. A backend
/// that receives webhooks waits for `call.session_started` instead.
pub async fn wait_for_session(call: &Call) -> Result<(), Error> {
    loop {
        let session = call.get().send().await?.into_inner().call.session;
        if session.is_some_and(|one| one.started_at.is_some() && one.ended_at.is_none()) {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

/// Opens the stage and returns the address of the playlist for viewers, if there is one yet.
pub async fn go_live(call: &Call) -> Result<Option<String>, Error> {
    let live = call.go_live().start_hls(true).send().await?;
    let playlist = live.call.egress.hls.as_ref();
    let playlist = playlist.map(|hls| hls.playlist_url.clone());
    println!(
        "viewers: {}",
        playlist.as_deref().unwrap_or("the playlist is not ready")
    );
    Ok(playlist)
}

/// Closes the stage, which ends HLS too, and the call for everyone.
pub async fn close(call: &Call) -> Result<(), Error> {
    call.stop_live().send().await?;
    call.end().send().await?;
    Ok(())
}
