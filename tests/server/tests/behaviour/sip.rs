use serde_json::{Value, json};

use super::api::Api;

pub(crate) async fn story(api: &Api) {
    let trunk = json!({ "name": "Office", "numbers": ["+31201234567"], "allowed_ips": ["10.1.0.0/16", "2001:db8::1"] });
    let trunk = api.ask("POST /video/sip/inbound_trunks", trunk).await["sip_trunk"].clone();
    let id = trunk["id"].as_str().unwrap().to_owned();
    assert!(trunk["uri"].as_str().unwrap().starts_with("sip:"));
    let auth = async |body: Value| api.ask("POST /video/sip/auth", body).await;
    let known = json!({ "sip_caller_number": "+1", "sip_trunk_number": "+31201234567", "source_ip": "10.1.2.3" });
    assert_eq!(auth(known).await["auth_result"], "accept");
    let foreign = json!({ "sip_caller_number": "+1", "sip_trunk_number": "+31201234567", "source_ip": "10.2.2.3" });
    let foreign = auth(foreign).await;
    assert_eq!(
        (&foreign["auth_result"], &foreign["password"]),
        (&json!("password"), &trunk["password"])
    );
    let none = json!({ "sip_caller_number": "+1", "sip_trunk_number": "+99" });
    assert_eq!(auth(none).await["auth_result"], "no_trunk_found");

    let change = json!({ "name": "Main", "numbers": ["+31201234567", "+31207654321"], "password": "secret" });
    let changed = api
        .ask(&format!("PUT /video/sip/inbound_trunks/{id}"), change)
        .await;
    assert_eq!(changed["sip_trunk"]["password"], "secret");
    assert_eq!(changed["sip_trunk"]["username"], trunk["username"]);
    let trunks = api.get("/video/sip/inbound_trunks").await;
    assert_eq!(trunks["sip_trunks"][0]["name"], "Main");

    // One rule leads everyone to one call, another a special caller to a call of their own.
    let rules = "/video/sip/inbound_routing_rules";
    let direct = json!({ "name": "All", "trunk_ids": [id], "called_numbers": ["+31201234567"],
        "caller_configs": { "id": "sip-{{caller_number}}", "custom_data": { "from": "phone" } },
        "call_configs": { "custom_data": { "sip": true } },
        "direct_routing_configs": { "call_type": "default", "call_id": "lobby" } });
    let direct = api.ask(&format!("POST {rules}"), direct).await;
    let by_caller = json!({ "name": "Boss", "trunk_ids": [id], "caller_numbers": ["+5550100"],
        "caller_configs": { "id": "boss" },
        "direct_routing_configs": { "call_type": "default", "call_id": "board" } });
    api.ask(&format!("POST {rules}"), by_caller).await;
    let resolve = async |body: Value| api.ask("POST /video/sip/resolve", body).await;
    let led =
        resolve(json!({ "sip_caller_number": "+5550199", "sip_trunk_number": "+31201234567" }))
            .await;
    assert_eq!(led["credentials"]["call_id"], "lobby");
    assert_eq!(led["credentials"]["user_id"], "sip-+5550199");
    assert_eq!(led["sip_routing_rule"]["id"], direct["id"]);
    let boss =
        resolve(json!({ "sip_caller_number": "+5550100", "sip_trunk_number": "+31201234567" }))
            .await;
    assert_eq!(boss["credentials"]["call_id"], "board");
    // The call and the user exist now, and the token reaches that call.
    let lobby = api.get("/video/call/default/lobby").await["call"].clone();
    assert_eq!(lobby["custom"], json!({ "sip": true }));
    assert_eq!(lobby["created_by"]["custom"], json!({ "from": "phone" }));

    // A rule with a pin asks for the number of the call.
    let pin = json!({ "name": "Pin", "trunk_ids": [id], "called_numbers": ["+31207654321"],
        "caller_configs": { "id": "guest" }, "pin_routing_configs": { "pin_prompt": "Number?" },
        "pin_protection_configs": { "enabled": true, "default_pin": "1234" } });
    let pin = api.ask(&format!("POST {rules}"), pin).await;
    let number = lobby["routing_number"].clone();
    let led = resolve(json!({ "sip_caller_number": "+7", "sip_trunk_number": "+31207654321", "routing_number": number })).await;
    assert_eq!(led["credentials"]["call_id"], "lobby");

    let pin_id = pin["id"].as_str().unwrap();
    let renamed = json!({ "name": "New", "trunk_ids": [id], "caller_configs": { "id": "guest" } });
    let renamed = api.ask(&format!("PUT {rules}/{pin_id}"), renamed).await;
    assert_eq!(renamed["sip_inbound_routing_rule"]["name"], "New");
    assert_eq!(
        renamed["sip_inbound_routing_rule"]["created_at"],
        pin["created_at"]
    );
    let listed = api.get(rules).await["sip_inbound_routing_rules"].clone();
    assert_eq!(listed.as_array().unwrap().len(), 3);
    api.refused(
        &format!("DELETE /video/sip/inbound_trunks/{id}"),
        Value::Null,
        400,
        "uses the SIP trunk",
    )
    .await;
    for rule in listed.as_array().unwrap() {
        let rule = rule["id"].as_str().unwrap();
        api.ask(&format!("DELETE {rules}/{rule}"), Value::Null)
            .await;
    }
    api.ask(
        &format!("DELETE /video/sip/inbound_trunks/{id}"),
        Value::Null,
    )
    .await;
    assert_eq!(
        api.get("/video/sip/inbound_trunks").await["sip_trunks"],
        json!([])
    );
}

fn md5(text: &str) -> String {
    use md5::Digest;
    let digest = md5::Md5::digest(text.as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[tokio::test]
async fn a_caller_proves_that_they_know_the_password() {
    let api = Api::start().await;
    let trunk = json!({ "name": "Office", "numbers": ["+31201234567"], "password": "hush" });
    let trunk = api.ask("POST /video/sip/inbound_trunks", trunk).await["sip_trunk"].clone();
    let rule = json!({ "name": "All", "trunk_ids": [trunk["id"]], "caller_configs": { "id": "caller" },
        "direct_routing_configs": { "call_type": "default", "call_id": "lobby" } });
    api.ask("POST /video/sip/inbound_routing_rules", rule).await;
    let username = trunk["username"].as_str().unwrap();
    let answered = |name: &str, password: &str| {
        let credentials = md5(&format!("{name}:pbx:{password}"));
        let request = md5("INVITE:sip:+31201234567@pbx");
        let response = md5(&format!("{credentials}:n1:{request}"));
        json!({ "sip_caller_number": "+1", "sip_trunk_number": "+31201234567", "challenge": {
            "username": name, "realm": "pbx", "nonce": "n1", "method": "INVITE",
            "uri": "sip:+31201234567@pbx", "algorithm": "MD5", "response": response,
        } })
    };
    let resolve = "POST /video/sip/resolve";
    let led = api.ask(resolve, answered(username, "hush")).await;
    assert_eq!(led["credentials"]["call_id"], "lobby");
    let wrong = answered(username, "guess");
    api.refused(
        resolve,
        wrong,
        403,
        "does not fit the user name and password",
    )
    .await;
    let other = answered("somebody", "hush");
    api.refused(resolve, other, 403, "the user name of the challenge")
        .await;
    let mut odd = answered(username, "hush");
    odd["challenge"]["algorithm"] = "CRC32".into();
    api.refused(resolve, odd, 400, "CRC32").await;
    for (lacking, message) in [
        ("response", "the challenge lacks its response"),
        ("realm", "the challenge lacks its realm"),
        ("nonce", "the challenge lacks its nonce"),
        ("uri", "the challenge lacks its uri"),
    ] {
        let mut partial = answered(username, "hush");
        partial["challenge"]
            .as_object_mut()
            .unwrap()
            .remove(lacking);
        api.refused(resolve, partial, 400, message).await;
    }
    let mut old = answered(username, "hush");
    old["challenge"] = json!({ "a1": md5(&format!("{username}:pbx:hush")) });
    api.refused(resolve, old.clone(), 400, "the challenge lacks its realm")
        .await;
    old["challenge"]["realm"] = "pbx".into();
    api.ask(resolve, old.clone()).await;
    old["challenge"] = json!({});
    api.ask(resolve, old).await;
}

#[tokio::test]
async fn callers_by_telephone_are_led_into_calls() {
    story(&Api::start().await).await;
}

#[tokio::test]
async fn a_pin_leads_into_the_call_that_has_it() {
    let api = Api::start().await;
    let trunk = json!({ "name": "Office", "numbers": ["+31201234567"] });
    let trunk = api.ask("POST /video/sip/inbound_trunks", trunk).await["sip_trunk"].clone();
    let rule = json!({ "name": "Pin", "trunk_ids": [trunk["id"]], "caller_configs": { "id": "caller" },
        "pin_routing_configs": {} });
    api.ask("POST /video/sip/inbound_routing_rules", rule).await;
    for id in ["one", "two", "three"] {
        let path = api.call(&format!("default:{id}"), &[]).await;
        let change = json!({ "custom": { "pin": format!("pin-{id}") } });
        api.ask(&format!("PATCH {path}"), change).await;
    }
    let asked = |number: &str| json!({ "sip_caller_number": "+1", "sip_trunk_number": "+31201234567", "routing_number": number });
    let resolve = "POST /video/sip/resolve";
    let led = api.ask(resolve, asked("pin-two")).await;
    assert_eq!(led["credentials"]["call_id"], "two");
    api.ask("POST /video/call/default/two/delete", json!({}))
        .await;
    api.refused(resolve, asked("pin-two"), 404, "routing number pin-two")
        .await;
    // Who holds the pin now is found by it, and by nothing else.
    let change = json!({ "custom": { "pin": "other" } });
    api.ask("PATCH /video/call/default/three", change).await;
    api.refused(resolve, asked("pin-three"), 404, "routing number pin-three")
        .await;
    let led = api.ask(resolve, asked("other")).await;
    assert_eq!(led["credentials"]["call_id"], "three");
}
