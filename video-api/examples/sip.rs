//! Lets phones into a call: a trunk, a rule, and where a caller ends up.
//!
//! ```sh
//! cargo run --example sip   # STREAM_API_KEY and STREAM_API_SECRET are set
//! ```

use video_api::types::{
    SipCallerConfigsRequest, SipDirectRoutingRuleCallConfigsRequest, SipTrunkResponse,
};
use video_api::{Client, Error};

#[tokio::main]
async fn main() -> Result<(), Error> {
    let client = Client::from_env()?;
    if let Some(trunk) = add_trunk(&client, "+4930123456").await? {
        route_to_call(&client, &trunk.id, "support").await?;
        println!(
            "+4915112345678 ends up in {}",
            resolve(&client, "+4915112345678", "+4930123456").await?
        );
    }
    Ok(())
}

/// The trunk's address and credentials go to the phone provider.
pub async fn add_trunk(client: &Client, number: &str) -> Result<Option<SipTrunkResponse>, Error> {
    let created = client
        .create_sip_trunk("office", [number])
        .send()
        .await?
        .into_inner();
    if let Some(trunk) = &created.sip_trunk {
        println!(
            "send calls for {number} to {} as {}",
            trunk.uri, trunk.username
        );
    }
    Ok(created.sip_trunk)
}

/// Lets callers join this call, each as a user named after the caller's number.
pub async fn route_to_call(client: &Client, trunk: &str, call_id: &str) -> Result<(), Error> {
    let caller = SipCallerConfigsRequest::new("phone-{{caller_number}}");
    let rule = client.create_sip_inbound_routing_rule(caller, "everyone to support", [trunk]);
    let target = SipDirectRoutingRuleCallConfigsRequest::new(call_id, "default");
    rule.direct_routing_configs(target).send().await?;
    Ok(())
}

/// Asks where a caller would be led, without a phone.
pub async fn resolve(client: &Client, from: &str, to: &str) -> Result<String, Error> {
    let resolved = client.resolve_sip_inbound(from, to).send().await?;
    let credentials = &resolved.credentials;
    Ok(format!("{}:{}", credentials.call_type, credentials.call_id))
}
