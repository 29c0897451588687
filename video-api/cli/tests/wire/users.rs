//! Users, tasks and external storage.

use serde_json::json;
use video_api::types::{
    AzureRequest, QueryUsersPayload, S3Request, UpdateUserPartialRequest, UserRequest,
};

use super::{Case, case};

pub(crate) fn cases() -> Vec<Case> {
    vec![
        case!("UpdateUsers", ["--users", r#"{"ana ü":{"id":"ana ü","name":"Ana","custom":{"z":null}}}"#],
            {"body": {"users": {"ana ü": {"id": "ana ü", "name": "Ana", "custom": {"z": null}}}}},
            |c| c.upsert_users([UserRequest::new("ana ü").name("Ana").custom(json!({"z": null}))])),
        case!("QueryUsers", ["--payload", r#"{"filter_conditions":{"deactivated_at":null},"limit":2,"offset":0}"#],
            {"query": {"payload": {"filter_conditions": {"deactivated_at": null}, "limit": 2, "offset": 0}}},
            |c| c.query_users().payload(
                QueryUsersPayload::new(json!({"deactivated_at": null})).limit(2).offset(0))),
        case!("UpdateUsersPartial", ["--users", r#"[{"id":"ana","set":{"name":"A"},"unset":["image"]}]"#],
            {"body": {"users": [{"id": "ana", "set": {"name": "A"}, "unset": ["image"]}]}},
            |c| c.update_users_partial([
                UpdateUserPartialRequest::new("ana").set(json!({"name": "A"})).unset(["image"])])),
        case!("DeleteUsers", ["--user-ids", "ana", "--user-ids", "bo", "--user", "hard", "--files=false"],
            {"body": {"user_ids": ["ana", "bo"], "user": "hard", "files": false}},
            |c| c.delete_users(["ana", "bo"]).user("hard").files(false)),
        case!("DeactivateUser", ["ana/1"], {"path": {"user_id": "ana/1"}}, |c| c.deactivate_user("ana/1")),
        case!("DeactivateUsers", ["--user-ids", "ana", "--created-by-id", "bo"],
            {"body": {"user_ids": ["ana"], "created_by_id": "bo"}},
            |c| c.deactivate_users(["ana"]).created_by_id("bo")),
        case!("ReactivateUser", ["ana", "--name", "Ana"], {"path": {"user_id": "ana"}, "body": {"name": "Ana"}},
            |c| c.reactivate_user("ana").name("Ana")),
        case!("ReactivateUsers", ["--user-ids", "ana", "--restore-messages"],
            {"body": {"user_ids": ["ana"], "restore_messages": true}},
            |c| c.reactivate_users(["ana"]).restore_messages(true)),
        case!("GetTask", ["t 1"], {"path": {"id": "t 1"}}, |c| c.get_task("t 1")),
        case!("ListExternalStorage", [], {}, |c| c.list_external_storage()),
        case!("CreateExternalStorage", ["--bucket", "b", "--name", "archive", "--storage-type", "s3",
                "--aws-s3", r#"{"s3_region":"eu-west-1"}"#],
            {"body": {"bucket": "b", "name": "archive", "storage_type": "s3", "aws_s3": {"s3_region": "eu-west-1"}}},
            |c| c.create_external_storage("b", "archive", "s3").aws_s3(S3Request::new("eu-west-1"))),
        case!("UpdateExternalStorage", ["archive", "--bucket", "b", "--storage-type", "abs", "--azure-blob",
                r#"{"abs_account_name":"a","abs_client_id":"c","abs_client_secret":"x","abs_tenant_id":"t"}"#],
            {"path": {"name": "archive"}, "body": {"bucket": "b", "storage_type": "abs", "azure_blob":
                {"abs_account_name": "a", "abs_client_id": "c", "abs_client_secret": "x", "abs_tenant_id": "t"}}},
            |c| c.update_external_storage("archive", "b", "abs")
                .azure_blob(AzureRequest::new("a", "c", "x", "t"))),
        case!("DeleteExternalStorage", ["archive"], {"path": {"name": "archive"}},
            |c| c.delete_external_storage("archive")),
        case!("CheckExternalStorage", ["archive"], {"path": {"name": "archive"}},
            |c| c.check_external_storage("archive")),
    ]
}
