//! Runs the guide's examples that need the local server, which the tests of the published package do
//! not have.

use std::error::Error;

use serde_json::json;
use video_api::Client;
use video_api::types::{CallRequest, UserRequest};

const GUIDE: &str = include_str!("../../video-api/src/guide/testing.md");
const HERE: &str = include_str!("guide.rs");

#[tokio::test]
async fn the_client_of_the_guide_reaches_a_server_in_the_same_process() -> Result<(), Box<dyn Error>>
{
    let server = video_api_server::Server::start().await?;
    let builder = Client::builder(server.api_key()).secret(server.secret());
    let client = builder.base_url(server.url()).build()?;

    client
        .upsert_users([UserRequest::new("ana")])
        .send()
        .await?;
    let call = client.call("default", "standup");
    let data = CallRequest::new().created_by_id("ana");
    call.get_or_create().data(data).send().await?;
    let early = call.start_recording("composite").send().await;
    let early = early
        .err()
        .map(|error| error.to_string())
        .unwrap_or_default();
    assert!(early.contains("there is no active session"), "{early}");
    let join = json!({"action": "join", "user_id": "ana"});
    let join = serde_json::from_value(join)?;
    server.simulate("default:standup", join).await?;
    call.start_recording("composite").send().await?;
    Ok(())
}

#[test]
fn the_guide_has_these_lines() {
    let mut compared = 0;
    for block in GUIDE.split("```ignore\n").skip(1) {
        let code = block.split("```").next().unwrap_or_default();
        for line in code.lines() {
            assert!(
                HERE.lines().any(|here| here.trim() == line.trim()),
                "{line}"
            );
            compared += 1;
        }
    }
    assert_eq!(compared, 6);
}
