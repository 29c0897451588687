//! A client of the local server that holds every response against the spec.

use serde_json::{Value, json};
use video_api_server::{Action, Server};

use super::common::{Reply, send_as};

/// A server and the token to talk to it with.
pub(crate) struct Api {
    pub server: Server,
    claims: Value,
}

impl Api {
    pub(crate) async fn start() -> Self {
        Self::of(Server::start().await.unwrap())
    }

    pub(crate) fn of(server: Server) -> Self {
        let claims = json!({ "server": true });
        Self { server, claims }
    }

    /// Sends a request as somebody; a success has to be what the spec documents.
    pub(crate) async fn send(&self, claims: &Value, request: &str, body: Option<Value>) -> Reply {
        let (method, path) = request.split_once(' ').unwrap();
        let target = format!("/api/v2{path}");
        let before = self.server.recorded().len();
        let reply = send_as(&self.server, claims, method, &target, body.as_ref()).await;
        let recorded = self.server.recorded();
        let operation = recorded[before..]
            .iter()
            .find(|one| one.path == target.split('?').next().unwrap());
        let operation = operation.and_then(|one| one.operation_id.clone());
        if reply.status < 300 {
            let operation = operation.unwrap();
            let response = reply.json();
            let problems = self.server.api().response_problems(&operation, &response);
            assert!(
                problems.is_empty(),
                "{request}: {problems:#?}\n{response:#}"
            );
            let success = self.server.api().operation(&operation).unwrap().success();
            assert_eq!(reply.status, success, "{request}");
        }
        reply
    }

    /// The response to a request that has to succeed.
    #[track_caller]
    pub(crate) fn ask(&self, request: &str, body: Value) -> impl Future<Output = Value> {
        let body = (!body.is_null()).then_some(body);
        async move { self.send(&self.claims, request, body).await.ok() }
    }

    /// As [`ask`](Self::ask), without a body.
    pub(crate) async fn get(&self, path: &str) -> Value {
        self.ask(&format!("GET {path}"), Value::Null).await
    }

    /// Checks that a request is refused.
    pub(crate) async fn refused(&self, request: &str, body: Value, status: u16, message: &str) {
        let body = (!body.is_null()).then_some(body);
        let reply = self.send(&self.claims, request, body).await;
        let text = String::from_utf8_lossy(&reply.body).into_owned();
        assert_eq!(reply.status, status, "{request}: {text}");
        assert!(reply.message().contains(message), "{request}: {text}");
    }

    /// Makes users.
    pub(crate) async fn users(&self, ids: &[&str]) {
        let users: serde_json::Map<String, Value> = ids
            .iter()
            .map(|id| {
                (
                    (*id).to_owned(),
                    json!({ "id": id, "name": id.to_uppercase() }),
                )
            })
            .collect();
        self.ask("POST /users", json!({ "users": users })).await;
    }

    /// Makes a call of Ana's, with members, after their users.
    pub(crate) async fn call(&self, cid: &str, members: &[&str]) -> String {
        self.users(&["ana"]).await;
        if !members.is_empty() {
            self.users(members).await;
        }
        let members: Vec<Value> = members.iter().map(|id| json!({ "user_id": id })).collect();
        let path = format!("/video/call/{}", cid.replace(':', "/"));
        let data = json!({ "created_by_id": "ana", "members": members });
        self.ask(&format!("POST {path}"), json!({ "data": data }))
            .await;
        path
    }

    /// Does something in a call that has to succeed.
    pub(crate) async fn act(&self, cid: &str, action: Value) -> Value {
        let action: Action = serde_json::from_value(action).unwrap();
        self.server.simulate(cid, action).await.unwrap()
    }

    /// A user joins, sending sound and picture; returns the id of the presence.
    pub(crate) async fn join(&self, cid: &str, user: &str) -> String {
        let action = json!({ "action": "join", "user_id": user, "tracks": ["audio", "video"] });
        let joined = self.act(cid, action).await;
        joined["user_session_id"].as_str().unwrap().to_owned()
    }
}
