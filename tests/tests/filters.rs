//! The fields and operators that the documentation of queries names, against the local server.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)] // Helpers of tests.

use serde_json::{Map, Value, json};
use video_api::Client;
use video_api::by_name::Arguments;
use video_api::types::{CallRequest, UserRequest};
use video_api_server::{Action, Server, embedded_spec, is_adopted};

/// A running call with one participant.
async fn start() -> (Server, Client, String) {
    let server = Server::start().await.unwrap();
    let client = Client::builder(server.api_key())
        .secret(server.secret())
        .base_url(server.url())
        .build()
        .unwrap();
    client
        .upsert_users([UserRequest::new("ana")])
        .send()
        .await
        .unwrap();
    let call = client.call("default", "standup");
    let data = CallRequest::new().created_by_id("ana");
    call.get_or_create().data(data).send().await.unwrap();
    let join: Action = serde_json::from_value(json!({"action": "join", "user_id": "ana"})).unwrap();
    server.simulate("default:standup", join).await.unwrap();
    let session = call
        .get()
        .send()
        .await
        .unwrap()
        .call
        .current_session_id
        .clone();
    (server, client, session)
}

/// The words in backticks before and after `with the operators`.
fn named(description: &str) -> (Vec<String>, Vec<String>) {
    let (_, known) = description.split_once("Fields known to work: ").unwrap();
    let (fields, operators) = known
        .split_once(", with the operators ")
        .unwrap_or((known, ""));
    let words = |text: &str| -> Vec<String> {
        text.split('`')
            .skip(1)
            .step_by(2)
            .map(|word| word.replace('…', "topic"))
            .collect()
    };
    (words(fields), words(operators))
}

/// The parameters that hold a query's conditions and order, with their descriptions.
struct Query<'a> {
    id: &'a str,
    path: &'a str,
    place: Place,
    filter: &'a str,
    sort: Option<&'a str>,
}

#[derive(Clone, Copy)]
enum Place {
    Body,
    Query,
    Payload,
}

fn queries(spec: &Value) -> Vec<Query<'_>> {
    let mut found = Vec::new();
    let components = &spec["components"];
    for (path, item) in spec["paths"].as_object().unwrap() {
        for operation in item.as_object().unwrap().values() {
            let id = operation["operationId"].as_str().unwrap();
            let body = &components["requestBodies"][id]["content"]["application/json"]["schema"];
            let parameter = |name: &str| components["parameters"][format!("{id}.{name}")].clone();
            let payload = parameter("payload")
                .pointer("/content/application~1json/schema/$ref")
                .cloned();
            let fields = match &payload {
                Some(target) => spec
                    .pointer(target.as_str().unwrap().trim_start_matches('#'))
                    .unwrap(),
                None => body,
            };
            let text = |value: &'static str| fields["properties"][value]["description"].as_str();
            let in_query = |name: &str| {
                components["parameters"].get(format!("{id}.{name}"))?["description"].as_str()
            };
            let (place, filter, sort) =
                match (text("filter_conditions"), in_query("filter_conditions")) {
                    (Some(filter), _) if payload.is_some() => {
                        (Place::Payload, filter, text("sort"))
                    }
                    (Some(filter), _) => (Place::Body, filter, text("sort")),
                    (_, Some(filter)) => (Place::Query, filter, in_query("sort")),
                    _ => continue,
                };
            found.push(Query {
                id,
                path,
                place,
                filter,
                sort,
            });
        }
    }
    found
}

fn arguments(query: &Query<'_>, session: &str, values: Map<String, Value>) -> Arguments {
    let mut arguments = Arguments::new();
    let placeholders = query
        .path
        .split('{')
        .skip(1)
        .filter_map(|rest| rest.split('}').next());
    for name in placeholders {
        arguments = arguments.path(
            name,
            match name {
                "type" | "call_type" => "default",
                "id" | "call_id" => "standup",
                "session" => session,
                other => panic!("{other}"),
            },
        );
    }
    match query.place {
        Place::Query => values
            .into_iter()
            .fold(arguments, |all, (name, value)| all.query(name, value)),
        Place::Payload => {
            let mut payload = values;
            payload
                .entry("filter_conditions")
                .or_insert_with(|| json!({}));
            arguments.query("payload", Value::from(payload))
        }
        Place::Body => {
            let mut body = values;
            if query.id == "QueryCallMembers" {
                body.extend([
                    ("type".to_owned(), json!("default")),
                    ("id".to_owned(), json!("standup")),
                ]);
            }
            arguments.body(Value::from(body))
        }
    }
}

#[tokio::test]
async fn every_documented_field_can_be_filtered_and_sorted_by() {
    if is_adopted() {
        return;
    }
    let (_server, client, session) = start().await;
    let spec = embedded_spec();
    let queries = queries(&spec);
    assert_eq!(queries.len(), 9);
    let mut refused = Vec::new();
    for query in &queries {
        let (fields, operators) = named(query.filter);
        assert_eq!(operators.len(), 14, "{}", query.id);
        let mut attempts: Vec<(&str, Value)> = fields
            .iter()
            .map(|field| ("filter_conditions", json!({field: {"$exists": true}})))
            .collect();
        for field in query.sort.map(|sort| named(sort).0).unwrap_or_default() {
            attempts.push(("sort", json!([{"field": field, "direction": -1}])));
        }
        for (name, value) in attempts {
            let what = format!("{} {name} {value}", query.id);
            let values = Map::from_iter([(name.to_owned(), value)]);
            let outcome = client
                .call_operation(query.id, arguments(query, &session, values))
                .await;
            refused.extend(outcome.err().map(|error| format!("{what}: {error}")));
        }
    }
    assert!(refused.is_empty(), "{refused:#?}");
}
