//! Creates users and a call with them as members, updates it and pages through calls: `cargo quickstart`.
//!
//! Without credentials it starts the local server and talks to that; with `STREAM_API_KEY` and
//! `STREAM_API_SECRET` set it talks to the real API.

use std::time::Duration;

use serde_json::{Value, json};
use video_api::types::{CallRequest, MemberRequest, UserRequest};
use video_api::{Client, Timestamp};
use video_api_server::Server;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let has_credentials = ["STREAM_API_KEY", "STREAM_API_SECRET"]
        .iter()
        .all(|name| std::env::var_os(name).is_some());
    // The server stops when it is dropped, so it is kept to the end.
    let (client, _server) = if has_credentials {
        println!("Using the credentials of the environment.");
        (Client::from_env()?, None)
    } else {
        let server = Server::start().await?;
        println!(
            "No credentials set: talking to a local server at {}.",
            server.url()
        );
        let client = Client::builder(server.api_key())
            .secret(server.secret())
            .base_url(server.url())
            .build()?;
        (client, Some(server))
    };

    // Members and creators have to exist as users first.
    client
        .upsert_users([
            UserRequest::new("ana").name("Ana"),
            UserRequest::new("ben").name("Ben"),
        ])
        .send()
        .await?;

    let call = client.call(
        "default",
        format!("standup-{}", Timestamp::now().as_nanos()),
    );
    let created = call
        .get_or_create()
        .data(
            CallRequest::new()
                .created_by_id("ana")
                .members([
                    MemberRequest::new("ana").role("host"),
                    MemberRequest::new("ben"),
                ])
                .custom(json!({"topic": "release"})),
        )
        .send()
        .await?;
    println!(
        "Call {} {} at {}, with {} members.",
        created.call.cid,
        if created.created {
            "was created"
        } else {
            "was there"
        },
        created.call.created_at,
        created.members.len()
    );

    let in_an_hour = Timestamp::now().saturating_add(Duration::from_secs(3600));
    let updated = call
        .update()
        .starts_at(in_an_hour)
        .custom(json!({"topic": "retrospective"}))
        .send()
        .await?;
    let starts_at = updated.call.starts_at.ok_or("the start was not kept")?;
    let topic = updated.call.custom.get("topic").and_then(Value::as_str);
    println!(
        "It is now about a {} and starts at {starts_at}.",
        topic.ok_or("the topic was not kept")?
    );

    let mut members = call.query_members().limit(1).items();
    while let Some(member) = members.try_next().await? {
        println!(
            "Member {} is a {}.",
            member.user_id,
            member.role.as_deref().unwrap_or("participant")
        );
    }

    for number in 1..=4 {
        let data = CallRequest::new().created_by_id("ana");
        client
            .call("default", format!("breakout-{number}"))
            .get_or_create()
            .data(data)
            .send()
            .await?;
    }
    let mut calls = client
        .query_calls()
        .filter_conditions(json!({"ended_at": null}))
        .limit(2)
        .items();
    let mut count = 0;
    while let Some(entry) = calls.try_next().await? {
        count += 1;
        println!("Call {count}: {}", entry.call.cid);
    }
    println!("{count} calls are open, read two a page.");

    let token = client
        .user_token("ana")
        .expires_in(Duration::from_secs(3600))
        .sign()?;
    println!(
        "Ana may join for an hour with a token of {} characters.",
        token.as_str().len()
    );

    call.end().send().await?;
    println!("Call {} has ended.", created.call.cid);
    Ok(())
}
