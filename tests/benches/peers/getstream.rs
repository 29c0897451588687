//! Two calls with the vendor's Rust crate.

mod measure;

use getstream::models::{GetCallRequest, QueryCallsRequest};
use getstream::{ClientConfig, Stream};
use measure::{Calls, Failure, Operation};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    let calls = Calls::from_arguments()?;
    let config = ClientConfig {
        base_url: calls.url.clone(),
        ..ClientConfig::default()
    };
    let client = Stream::with_config(&calls.key, &calls.secret, config)?;
    let video = client.video();
    let call = video.call("default", "standup");
    let one = || async {
        Ok(match calls.operation {
            Operation::GetCall => call.get(GetCallRequest::default()).await?.call.cid.len(),
            Operation::QueryCalls => {
                let request = QueryCallsRequest {
                    filter_conditions: [("ended_at".to_owned(), serde_json::Value::Null)].into(),
                    limit: Some(100),
                    ..QueryCallsRequest::default()
                };
                video.query_calls(request).await?.calls.len()
            }
        })
    };
    calls.measure(one).await
}
