//! State in a file: what was answered is there, whatever happens to the process.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod common;

use std::path::{Path, PathBuf};

use common::{CALL, get, post};
use serde_json::json;
use video_api_server::{Server, StartError};

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
async fn start(file: &Path) -> Server {
    loop {
        match Server::builder()
            .data(file)
            .create_users(true)
            .start()
            .await
        {
            Ok(server) => return server,
            Err(StartError::Data(error)) if error.to_string().contains("has it open") => {
                tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            }
            Err(error) => unreachable!("{error}"),
        }
    }
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
