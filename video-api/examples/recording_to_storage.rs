//! Records a call into a bucket of your own.
//!
//! ```sh
//! cargo run --example recording_to_storage -- standup   # someone is in the call default:standup
//! ```

use video_api::types::S3Request;
use video_api::{Call, Client, Error};

#[tokio::main]
async fn main() -> Result<(), Error> {
    let client = Client::from_env()?;
    let id = std::env::args()
        .nth(1)
        .unwrap_or_else(|| "standup".to_owned());
    add_storage(&client, "archive", "my-recordings").await?;
    let call = client.call("default", id);
    record(&call, "archive").await?;
    call.stop_recording("composite").send().await?;
    // The file is listed once it is written; the webhook `call.recording_ready` tells when.
    list(&call).await
}

/// Adds the bucket, or sets it anew, and has a test file written to it.
pub async fn add_storage(client: &Client, name: &str, bucket: &str) -> Result<(), Error> {
    // Without key and secret the bucket's policy has to let the service in.
    let access = S3Request::new("eu-central-1");
    let known = client.list_external_storage().send().await?;
    if known.external_storages.contains_key(name) {
        let update = client.update_external_storage(name, bucket, "s3");
        update.aws_s3(access).send().await?;
    } else {
        let create = client.create_external_storage(bucket, name, "s3");
        create.aws_s3(access).send().await?;
    }
    let check = client.check_external_storage(name).send().await?;
    println!("a test file was written to {}", check.file_url);
    Ok(())
}

/// Starts one file with everyone in it; needs somebody in the call.
pub async fn record(call: &Call, storage: &str) -> Result<(), Error> {
    let start = call.start_recording("composite");
    start.recording_external_storage(storage).send().await?;
    println!("recording to {storage}");
    Ok(())
}

/// Prints what is recorded, with the addresses to download from.
pub async fn list(call: &Call) -> Result<(), Error> {
    for recording in &call.list_recordings().send().await?.recordings {
        println!(
            "{} from {}: {}",
            recording.filename, recording.start_time, recording.url
        );
    }
    Ok(())
}
