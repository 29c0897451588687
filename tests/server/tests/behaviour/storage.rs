use serde_json::{Value, json};

use super::api::Api;

pub(crate) async fn story(api: &Api) {
    let s3 = json!({ "name": "tapes", "bucket": "b", "storage_type": "s3", "path": "p/", "aws_s3": { "s3_region": "eu", "s3_secret": "x" } });
    api.ask("POST /external_storage", s3.clone()).await;
    api.refused("POST /external_storage", s3, 400, "already exists")
        .await;
    let gcs = json!({ "bucket": "c", "storage_type": "gcs", "gcs_credentials": "{}" });
    let updated = api.ask("PUT /external_storage/tapes", gcs).await;
    assert_eq!(
        (&updated["type"], &updated["bucket"]),
        (&json!("gcs"), &json!("c"))
    );
    let listed = api.get("/external_storage").await["external_storages"].clone();
    assert_eq!(
        listed,
        json!({ "tapes": { "name": "tapes", "bucket": "c", "path": "", "type": "gcs" } })
    );
    let checked = api.get("/external_storage/tapes/check").await;
    assert!(checked["file_url"].as_str().unwrap().starts_with("http"));

    let with_storage = json!({ "name": "taped", "external_storage": "tapes" });
    let call_type = api.ask("POST /video/calltypes", with_storage).await;
    assert_eq!(call_type["external_storage"], "tapes");
    api.refused(
        "DELETE /external_storage/tapes",
        Value::Null,
        400,
        "taped uses",
    )
    .await;
    api.ask("DELETE /video/calltypes/taped", Value::Null).await;
    api.ask("DELETE /external_storage/tapes", Value::Null).await;
    assert_eq!(
        api.get("/external_storage").await["external_storages"],
        json!({})
    );
}

#[tokio::test]
async fn external_storage_needs_no_credentials() {
    let api = Api::start().await;
    let s3 = json!({ "name": "tapes", "bucket": "b", "storage_type": "s3" });
    api.ask("POST /external_storage", s3).await;
    let azure = json!({ "bucket": "c", "storage_type": "abs" });
    let updated = api.ask("PUT /external_storage/tapes", azure).await;
    assert_eq!(updated["type"], "abs");
}

#[tokio::test]
async fn external_storage_is_made_used_and_removed() {
    story(&Api::start().await).await;
}
