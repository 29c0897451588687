//! Two calls written by hand on reqwest and serde_json, with the fields of the documented types.

mod measure;
mod plain_types;

use measure::{Calls, Failure, Operation};
use serde_json::json;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    let calls = Calls::from_arguments()?;
    let token = token(&calls.secret)?;
    let http = reqwest::Client::builder().gzip(true).build()?;
    let request = |method, path| {
        http.request(method, format!("{}{path}", calls.url))
            .query(&[("api_key", &calls.key)])
            .header("authorization", &token)
            .header("stream-auth-type", "jwt")
            .header("x-client-request-id", uuid::Uuid::new_v4().to_string())
    };
    let one = || async {
        Ok(match calls.operation {
            Operation::GetCall => {
                let request = request(reqwest::Method::GET, "/api/v2/video/call/default/standup");
                let response = request.send().await?.error_for_status()?;
                let call: plain_types::GetCallResponse = response.json().await?;
                call.call.cid.len()
            }
            Operation::QueryCalls => {
                let body = json!({"limit": 100, "filter_conditions": {"ended_at": null}});
                let request = request(reqwest::Method::POST, "/api/v2/video/calls").json(&body);
                let response = request.send().await?.error_for_status()?;
                let calls: plain_types::QueryCallsResponse = response.json().await?;
                calls.calls.len()
            }
        })
    };
    calls.measure(one).await
}

/// A server token, made by hand as everything here.
fn token(secret: &str) -> Result<String, Failure> {
    let key = jsonwebtoken::EncodingKey::from_secret(secret.as_bytes());
    let claims = json!({"server": true});
    Ok(jsonwebtoken::encode(&jsonwebtoken::Header::default(), &claims, &key)?)
}
