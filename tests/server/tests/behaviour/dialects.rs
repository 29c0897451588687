//! One story in the ways in which SDKs of different languages write their requests: claims of the
//! token, `null` or nothing for what is not set, bodies of requests that need none, timestamps.
//! The SDKs for Python and Node are run themselves, see `tests/sdk`.

use serde_json::{Map, Value, json};
use video_api_server::Server;

use super::common::{Reply, bare, now, sign};

const STARTS_AT: i64 = 1_760_000_000_500_000_000;

struct Dialect {
    name: &'static str,
    claims: Value,
    content_type: &'static str,
    /// Body of a GET or DELETE.
    without_body: &'static str,
    /// Fields that are not set are written as `null`.
    writes_nulls: bool,
    starts_at: Value,
}

fn dialects() -> [Dialect; 5] {
    let json = "application/json";
    let (server, now) = (json!({ "server": true }), now());
    let server_since = json!({ "server": true, "iat": now });
    [
        Dialect {
            name: "Go",
            claims: server,
            content_type: json,
            without_body: "",
            writes_nulls: true,
            starts_at: "2025-10-09T10:53:20.5+02:00".into(),
        },
        Dialect {
            name: "Java",
            claims: server_since.clone(),
            content_type: json,
            without_body: "",
            writes_nulls: true,
            starts_at: "2025-10-09T08:53:20.500+00:00".into(),
        },
        Dialect {
            name: "PHP",
            claims: server_since.clone(),
            content_type: json,
            without_body: "",
            writes_nulls: false,
            starts_at: STARTS_AT.into(),
        },
        Dialect {
            name: ".NET",
            claims: json!({ "nbf": now - 5, "iat": now - 5, "exp": now + 3600 }),
            content_type: "application/json; charset=utf-8",
            without_body: "",
            writes_nulls: false,
            starts_at: STARTS_AT.into(),
        },
        Dialect {
            name: "Ruby",
            claims: server_since,
            content_type: json,
            without_body: "null",
            writes_nulls: true,
            starts_at: "2025-10-09T08:53:20.500000000Z".into(),
        },
    ]
}

#[tokio::test]
async fn sdks_of_every_language_are_understood() {
    for dialect in dialects() {
        let server = Server::start().await.unwrap();
        Speaker { dialect, server }.tell().await;
    }
}

struct Speaker {
    dialect: Dialect,
    server: Server,
}

impl Speaker {
    async fn tell(&self) {
        let users = json!({ "ana": { "id": "ana", "name": "Ana" }, "bob": { "id": "bob" } });
        let made = self.ask("UpdateUsers", "/users", json!({ "users": users }));
        assert_eq!(made.await["users"]["bob"]["role"], "user");

        let call = "/video/call/default/tAlk-1";
        let limits = |seconds: i64| json!({ "limits": { "max_duration_seconds": seconds } });
        let data = json!({
            "created_by_id": "ana", "starts_at": self.dialect.starts_at, "settings_override": limits(60),
            "members": [{ "user_id": "ana" }, { "user_id": "bob", "role": "admin" }],
        });
        let created = self.ask("GetOrCreateCall", call, json!({ "data": data }));
        let created = created.await;
        assert_eq!(
            created["call"]["starts_at"], STARTS_AT,
            "{}",
            self.dialect.name
        );
        assert_eq!(created["members"][0]["role"], "admin");
        let seconds = |call: &Value| call["settings"]["limits"]["max_duration_seconds"].clone();
        assert_eq!(seconds(&created["call"]), 60);
        let change = json!({ "settings_override": limits(0) });
        let changed = self.ask("UpdateCall", call, change).await;
        assert_eq!(seconds(&changed["call"]), 0);
        let same_time = json!({ "filter_conditions": { "starts_at": self.dialect.starts_at } });
        let found = self.ask("QueryCalls", "/video/calls", same_time).await;
        assert_eq!(found["calls"].as_array().map(Vec::len), Some(1));

        let user = json!({ "user_id": "bob" });
        let path = |rest: &str| format!("{call}/{rest}");
        self.ask("BlockUser", &path("block"), user.clone()).await;
        let blocked = self.ask("GetCall", call, Value::Null).await;
        assert_eq!(blocked["call"]["blocked_user_ids"], json!(["bob"]));
        self.ask("UnblockUser", &path("unblock"), user).await;
        let event = json!({ "user_id": "ana", "custom": { "kept": null } });
        self.ask("SendCallEvent", &path("event"), event).await;
        let mute = json!({ "muted_by_id": "ana", "mute_all_users": true, "audio": true });
        self.ask("MuteUsers", &path("mute_users"), mute).await;
        self.ask("GoLive", &path("go_live"), json!({})).await;
        self.ask("EndCall", &path("mark_ended"), json!({})).await;

        let ring = json!({ "enabled": false, "apns": { "title": "Ring", "body": "" } });
        let kind = json!({ "name": "cLinic", "notification_settings": { "enabled": true, "call_ring": ring } });
        self.ask("CreateCallType", "/video/calltypes", kind).await;
        let kind = "/video/calltypes/cLinic";
        let read = self.ask("GetCallType", kind, Value::Null).await;
        assert_eq!(read["notification_settings"]["call_ring"]["enabled"], false);
        self.ask("DeleteCallType", kind, Value::Null).await;

        let hard = json!({ "hard": true });
        let deleted = self.ask("DeleteCall", &path("delete"), hard).await;
        let task = format!("/tasks/{}", deleted["task_id"].as_str().unwrap());
        let done = self.ask("GetTask", &task, Value::Null).await;
        assert_eq!(done["status"], "completed");
        let gone = self.send("GetCall", call, Value::Null).await;
        gone.refused(404, 16, "Can't find call with id");
    }

    async fn ask(&self, operation: &str, path: &str, body: Value) -> Value {
        let reply = self.send(operation, path, body).await;
        let name = self.dialect.name;
        let text = String::from_utf8_lossy(&reply.body);
        assert!(reply.status < 300, "{name}, {operation}: {text}");
        reply.json()
    }

    async fn send(&self, operation: &str, path: &str, body: Value) -> Reply {
        let api = self.server.api();
        let operation = api.operation(operation).unwrap();
        let body = if body.is_null() {
            self.dialect.without_body.to_owned()
        } else if let Some(schema) = operation
            .body_schema()
            .filter(|_| self.dialect.writes_nulls)
        {
            with_nulls(api.document(), schema, body).to_string()
        } else {
            body.to_string()
        };
        let target = format!("/api/v2{path}?api_key={}", self.server.api_key());
        let (token, length) = (
            sign(&self.server, &self.dialect.claims),
            body.len().to_string(),
        );
        let headers = [
            ("authorization", token.as_str()),
            ("stream-auth-type", "jwt"),
            ("content-type", self.dialect.content_type),
            ("content-length", &length),
        ];
        bare(
            &self.server,
            operation.method(),
            &target,
            &headers,
            body.as_bytes(),
        )
        .await
    }
}

/// Adds `null` for every field that the schema has and `value` does not set.
fn with_nulls(document: &Value, schema: &Value, value: Value) -> Value {
    let target = schema.get("$ref").and_then(Value::as_str);
    if let Some(target) = target.and_then(|target| document.pointer(target.strip_prefix('#')?)) {
        return with_nulls(document, target, value);
    }
    if let Some([only]) = schema
        .get("allOf")
        .and_then(Value::as_array)
        .map(Vec::as_slice)
    {
        return with_nulls(document, only, value);
    }
    match value {
        Value::Array(items) => {
            let item = |value| with_nulls(document, &schema["items"], value);
            items.into_iter().map(item).collect()
        }
        Value::Object(fields) => {
            let properties = schema.get("properties").and_then(Value::as_object);
            let unset = properties.into_iter().flatten();
            let mut filled: Map<String, Value> =
                unset.map(|(name, _)| (name.clone(), Value::Null)).collect();
            for (name, value) in fields {
                let inner = properties.and_then(|properties| properties.get(&name));
                let inner = inner.unwrap_or(&schema["additionalProperties"]);
                filled.insert(name, with_nulls(document, inner, value));
            }
            filled.into()
        }
        other => other,
    }
}
