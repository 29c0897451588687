//! Two calls with the client that progenitor generates, through its builder interface.

mod measure;

use measure::{Calls, Failure, Operation};
use serde_json::{Map, Value, json};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    let calls = Calls::from_arguments()?;
    let mut headers = reqwest::header::HeaderMap::new();
    headers.insert("authorization", token(&calls.secret)?.parse()?);
    headers.insert("stream-auth-type", "jwt".parse()?);
    let http = reqwest::Client::builder()
        .gzip(true)
        .default_headers(headers)
        .build()?;
    // Its methods have no place for `api_key` in the query, so that is missing.
    let client = progenitor_peer::Client::new_with_client(&calls.url, http);
    let one = || async {
        Ok(match calls.operation {
            Operation::GetCall => {
                let request = client.get_call().type_("default").id("standup");
                request.send().await?.call.cid.len()
            }
            Operation::QueryCalls => {
                let filter = Map::from_iter([("ended_at".to_owned(), Value::Null)]);
                let request = client
                    .query_calls()
                    .body_map(|body| body.limit(100).filter_conditions(filter));
                request.send().await?.calls.len()
            }
        })
    };
    calls.measure(one).await
}

/// A server token, made by hand as everything here.
fn token(secret: &str) -> Result<String, Failure> {
    let key = jsonwebtoken::EncodingKey::from_secret(secret.as_bytes());
    let claims = json!({"server": true});
    Ok(jsonwebtoken::encode(
        &jsonwebtoken::Header::default(),
        &claims,
        &key,
    )?)
}
