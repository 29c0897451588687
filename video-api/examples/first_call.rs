//! The code of the README.

use std::time::Duration;

use video_api::types::{CallRequest, MemberRequest, UserRequest};
use video_api::{Client, Filter};

#[tokio::main]
async fn main() -> Result<(), video_api::Error> {
    let client = Client::from_env()?; // STREAM_API_KEY and STREAM_API_SECRET

    // Members of a call have to exist as users first.
    let users = [UserRequest::new("ana").name("Ana")];
    client.upsert_users(users).send().await?;

    let call = client.call("default", "standup");
    let host = MemberRequest::new("ana").role("host");
    let data = CallRequest::new().created_by_id("ana").members([host]);
    let created = call.get_or_create().data(data).send().await?;
    println!("{} has {} member", created.call.cid, created.members.len());

    // Every call that is open, on every page.
    let is_open = Filter::eq("ended_at", ());
    let mut calls = client.query_calls().filter_conditions(is_open).items();
    while let Some(entry) = calls.try_next().await? {
        println!("open: {}", entry.call.cid);
    }

    // Ana's device joins with one of the client SDKs and this token.
    let hour = Duration::from_secs(3600);
    let token = client.user_token("ana").expires_in(hour).sign()?;
    println!("for ana's device: {}", token.as_str());
    Ok(())
}
