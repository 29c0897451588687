//! Two calls with this client.

mod measure;

use measure::{Calls, Failure, Operation};
use serde_json::json;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    let calls = Calls::from_arguments()?;
    let client = video_api::Client::builder(&calls.key)
        .secret(calls.secret.as_str())
        .base_url(&calls.url)
        .build()?;
    let one = || async {
        Ok(match calls.operation {
            Operation::GetCall => client
                .call("default", "standup")
                .get()
                .send()
                .await?
                .call
                .cid
                .len(),
            Operation::QueryCalls => {
                let filter = json!({"ended_at": null});
                let request = client.query_calls().limit(100).filter_conditions(filter);
                request.send().await?.calls.len()
            }
        })
    };
    calls.measure(one).await
}
