//! Ids as clients of this API make them: UUIDs, random letters of both cases, long prefixes.

use serde_json::{Value, json};

use super::api::Api;

const UUID: &str = "3f2b8c1e-9d4a-4c70-8e55-0a1b2c3d4e5f";

#[tokio::test]
async fn users_and_calls_have_ids_of_any_common_form() {
    let api = Api::start().await;
    let ids = [
        UUID.to_owned(),
        UUID.replace('-', ""),
        format!("test-user-{UUID}"),
        format!("call{UUID}"),
        "XkQpZrTwBn".to_owned(),
        "4xAzQ9LmP2".to_owned(),
        "eRfEfBI5UQxYRyIhR8BAa".to_owned(),
        "ana-id".to_owned(),
        "ana_id".to_owned(),
    ];
    for id in &ids {
        api.users(&[id]).await;
        let path = format!("/video/call/default/{id}");
        let data = json!({ "created_by_id": id, "members": [{ "user_id": id }] });
        let request = format!("POST {path}");
        let created = api.ask(&request, json!({ "data": data }));
        assert_eq!(created.await["call"]["created_by"]["id"], **id);
        let read = api.get(&path).await;
        assert_eq!(read["call"]["cid"], format!("default:{id}"));
        assert_eq!(read["members"][0]["user_id"], **id);
    }
}

#[tokio::test]
async fn call_types_and_storages_have_names_of_any_common_form() {
    let api = Api::start().await;
    for name in [
        format!("calltype{UUID}"),
        format!("calltype-{}", UUID.replace('-', "")),
        format!("a_name_of_sixty_letters_{UUID}"),
        "calltype_TestCallTypes_aQ7xZ".to_owned(),
        "types4Ab".to_owned(),
    ] {
        api.ask("POST /video/calltypes", json!({ "name": name }))
            .await;
        let read = api.get(&format!("/video/calltypes/{name}")).await;
        assert_eq!(read["name"], *name);
        let storage = json!({ "name": name, "bucket": "b", "storage_type": "s3" });
        api.ask("POST /external_storage", storage).await;
        api.ask(&format!("DELETE /external_storage/{name}"), Value::Null)
            .await;
    }
}

#[tokio::test]
async fn no_user_has_an_id_that_a_path_cannot_hold() {
    let api = Api::start().await;
    for id in [".", ".."] {
        let users = json!({ "users": { id: { "id": id } } });
        let message = format!("a user id must not be {id}");
        api.refused("POST /users", users, 400, &message).await;
    }
}
