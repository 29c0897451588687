//! State in a file: what was answered is there, whatever happens to the process.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod common;

use std::path::{Path, PathBuf};
use std::time::Duration;

use axum::Router;
use axum::http::HeaderMap;
use axum::routing::post as on_post;
use common::{CALL, get, post};
use serde_json::json;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use video_api_server::{Builder, DeliveryState, Server, StartError};

const PAUSE: Duration = Duration::from_millis(5);

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("video-api-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn file(&self) -> PathBuf {
        self.0.join("state.redb")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

/// Starts it once the file is free: the server before lets go of it as it ends.
async fn start_with(builder: impl Fn() -> Builder) -> Server {
    loop {
        match builder().create_users(true).start().await {
            Ok(server) => return server,
            Err(StartError::Data(error)) if error.to_string().contains("has it open") => {
                tokio::time::sleep(PAUSE).await;
            }
            Err(error) => unreachable!("{error}"),
        }
    }
}

async fn start(file: &Path) -> Server {
    start_with(|| Server::builder().data(file)).await
}

#[tokio::test]
async fn the_next_server_goes_on_where_the_last_one_ended() {
    let folder = Folder::new("restart");
    let server = start(&folder.file()).await;
    post(
        &server,
        CALL,
        json!({ "data": { "created_by_id": "ana", "custom": { "n": 1 } } }),
    )
    .await
    .ok();
    post(
        &server,
        "/api/v2/video/calltypes",
        json!({ "name": "webinar" }),
    )
    .await
    .ok();
    let gone = "/api/v2/video/call/default/gone";
    post(&server, gone, json!({ "data": { "created_by_id": "ana" } }))
        .await
        .ok();
    post(&server, &format!("{gone}/delete"), json!({ "hard": true }))
        .await
        .ok();
    let before = server.export();
    let call = get(&server, CALL).await.ok()["call"].clone();
    server.stop().await;

    let server = start(&folder.file()).await;
    assert_eq!(server.export(), before);
    assert_eq!(
        get(&server, CALL).await.ok()["call"]["created_at"],
        call["created_at"]
    );
    get(&server, "/api/v2/video/calltypes/webinar").await.ok();
    get(&server, gone).await.refused(404, 16, "Can't find call");

    server.reset().await.unwrap();
    server.stop().await;
    let server = start(&folder.file()).await;
    get(&server, CALL).await.refused(404, 16, "Can't find call");
    get(&server, "/api/v2/video/calltypes/default").await.ok();
}

#[tokio::test]
async fn events_that_nobody_took_are_sent_after_a_restart_once() {
    let folder = Folder::new("events");
    let deaf = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = deaf.local_addr().unwrap();
    let builder = || {
        let url = format!("http://{address}/hook");
        Server::builder().data(folder.file()).webhook(url)
    };
    let server = start_with(builder).await;
    let data = json!({ "data": { "created_by_id": "ana" } });
    post(&server, CALL, data).await.ok();
    post(&server, &format!("{CALL}/mark_ended"), json!({}))
        .await
        .ok();
    let ids: Vec<String> = server.webhooks().into_iter().map(|one| one.id).collect();
    assert_eq!(ids.len(), 2);
    drop(server);
    drop(deaf);

    let listener = TcpListener::bind(address).await.unwrap();
    let (sender, mut received) = mpsc::unbounded_channel();
    let take = move |headers: HeaderMap| {
        let id = headers["x-webhook-id"].to_str().unwrap().to_owned();
        sender.send(id).unwrap();
        std::future::ready(())
    };
    let router = Router::new().route("/hook", on_post(take));
    tokio::spawn(async move { axum::serve(listener, router).await });
    let server = start_with(builder).await;
    for id in &ids {
        assert_eq!(received.recv().await.as_ref(), Some(id));
    }
    while !server
        .webhooks()
        .iter()
        .all(|one| one.state == DeliveryState::Delivered)
    {
        tokio::time::sleep(PAUSE).await;
    }
    // It is answered once everything before it is on disk.
    let call_type = json!({ "name": "webinar" });
    post(&server, "/api/v2/video/calltypes", call_type)
        .await
        .ok();
    drop(server);
    let server = start(&folder.file()).await;
    assert_eq!(server.webhooks(), []);
}

#[tokio::test]
async fn a_file_that_is_none_of_ours_or_in_use_is_named() {
    let folder = Folder::new("foreign");
    let foreign = folder.0.join("notes.txt");
    std::fs::write(&foreign, "no database").unwrap();
    let error = Server::builder().data(&foreign).start().await.unwrap_err();
    assert!(error.to_string().contains("notes.txt"), "{error}");
    assert_eq!(std::fs::read(&foreign).unwrap(), b"no database");

    let _server = start(&folder.file()).await;
    let error = Server::builder()
        .data(folder.file())
        .start()
        .await
        .unwrap_err();
    assert!(
        error.to_string().contains("another server has it open"),
        "{error}"
    );
}
