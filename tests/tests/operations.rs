//! Every operation of the spec, end to end: a minimal and a maximal request goes through the
//! generated client to a server that checks it against the spec, and a minimal and a maximal answer
//! comes back decoded in full.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)] // Helpers of tests.

use std::io::Write as _;

use serde_json::{Map, Value};
use video_api::by_name::Arguments;
use video_api::{Client, Timestamp};
use video_api_server::{BodyMode, Direction, Operation, SampleMode, Server, sample};

/// Arguments that fit the spec, as JSON.
fn arguments(spec: &Value, operation: &Operation, mode: SampleMode) -> Arguments {
    let parameters = |list: &[video_api_server::Parameter]| -> Map<String, Value> {
        list.iter()
            .filter(|p| p.required() || mode == SampleMode::Maximal)
            .map(|p| {
                (
                    p.name().to_owned(),
                    sample(spec, p.schema(), mode, Direction::Request),
                )
            })
            .collect()
    };
    let mut arguments = Arguments::new();
    for (name, value) in parameters(operation.path_parameters()) {
        let text = value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned);
        arguments = arguments.path(name, text);
    }
    for (name, value) in parameters(operation.query_parameters()) {
        arguments = arguments.query(name, value);
    }
    if let Some(schema) = operation.body_schema() {
        arguments = arguments.body(sample(spec, schema, mode, Direction::Request));
    }
    arguments
}

/// Finds the places where the decoded value differs from the response. A timestamp is answered as nanoseconds and
/// encoded as RFC 3339; everything else must be the same.
fn difference(answered: &Value, decoded: &Value, at: &str) -> Option<String> {
    let inside = match (answered, decoded) {
        (Value::Object(a), Value::Object(d)) => a
            .keys()
            .chain(d.keys())
            .find_map(|key| difference(&answered[key], &decoded[key], &format!("{at}/{key}"))),
        (Value::Array(a), Value::Array(d)) if a.len() == d.len() => a
            .iter()
            .zip(d)
            .enumerate()
            .find_map(|(index, (a, d))| difference(a, d, &format!("{at}/{index}"))),
        (Value::Number(nanos), Value::String(text)) => {
            let moment: Option<Timestamp> = text.parse().ok();
            (moment.map(|m| m.as_nanos().to_string()) != Some(nanos.to_string())).then(String::new)
        }
        _ => (answered != decoded).then(String::new),
    }?;
    Some(if inside.is_empty() {
        format!("{at}: {answered} became {decoded}")
    } else {
        inside
    })
}

/// True if an operation is JSON both ways and needs no header: what the local server can check. The
/// rest, of which an adopted document may have some, is tested in other-api.
fn is_json_alone(spec: &Value, id: &str) -> bool {
    let resolved = |value: &'_ Value| -> Value {
        let target = value.get("$ref").and_then(Value::as_str);
        let target = target.and_then(|target| spec.pointer(target.trim_start_matches('#')));
        target.unwrap_or(value).clone()
    };
    let items = spec["paths"].as_object().into_iter().flatten();
    let mut operations = items.flat_map(|(_, item)| {
        let methods = item.as_object().into_iter().flatten();
        methods.map(move |(_, operation)| (item, operation))
    });
    let found = operations.find(|(_, operation)| operation["operationId"] == id);
    let Some((item, operation)) = found else {
        return false;
    };
    let parameters = [&item["parameters"], &operation["parameters"]];
    let mut parameters = parameters.into_iter().filter_map(Value::as_array).flatten();
    let needs_header = parameters.any(|parameter| {
        let parameter = resolved(parameter);
        parameter["in"] == "header" && parameter["required"] == true
    });
    let is_json = |part: Value| {
        let content = part.get("content").and_then(Value::as_object);
        content.is_none_or(|content| content.contains_key("application/json"))
    };
    let responses = operation["responses"].as_object().into_iter().flatten();
    let mut successes = responses.filter(|(status, _)| status.starts_with('2'));
    let response = successes.next().map(|(_, response)| resolved(response));
    !needs_header
        && is_json(resolved(&operation["requestBody"]))
        && response.is_some_and(|response| response.get("content").is_some() && is_json(response))
}

async fn exchange(
    server: &Server,
    operation: &Operation,
    request: SampleMode,
    mode: SampleMode,
) -> Result<(), String> {
    let spec = server.api().document();
    let client = Client::builder(server.api_key())
        .secret(server.secret())
        .base_url(server.url())
        .build()
        .map_err(|error| error.to_string())?;
    server.clear_recorded();
    let arguments = arguments(spec, operation, request);
    let sent_body = arguments.body_value().cloned();
    let response = client
        .call_operation(operation.id(), arguments)
        .await
        .map_err(|error| format!("{error}; {:?}", error.body_excerpt()))?;
    let recorded = server.recorded();
    let [seen] = recorded.as_slice() else {
        return Err(format!("{} requests arrived, one was sent", recorded.len()));
    };
    if !seen.problems.is_empty() {
        return Err(format!("the server found {:?}", seen.problems));
    }
    if seen.operation_id.as_deref() != Some(operation.id()) {
        return Err(format!("{:?} was reached instead", seen.operation_id));
    }
    if let Some(body) = sent_body {
        let arrived = seen.json();
        if arrived != body {
            return Err(format!("sent {body}, but {arrived} arrived"));
        }
    }
    if response.status().as_u16() != operation.success() {
        return Err(format!(
            "answered {} instead of {}",
            response.status(),
            operation.success()
        ));
    }
    let schema = operation.response_schema().ok_or("no response schema")?;
    let answered = sample(spec, schema, mode, Direction::Response);
    if let Some(difference) = difference(&answered, &response.into_inner(), "") {
        return Err(difference);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
// The table goes past the test runner, which would swallow it.
async fn every_operation_goes_out_valid_and_comes_back_whole() {
    let modes = [SampleMode::Minimal, SampleMode::Maximal];
    let minimal = Server::builder()
        .strict(true)
        .create_users(true)
        .body_mode(BodyMode::Minimal)
        .start()
        .await
        .unwrap();
    let maximal = Server::builder()
        .strict(true)
        .create_users(true)
        .body_mode(BodyMode::Maximal)
        .start()
        .await
        .unwrap();
    let mut failures = Vec::new();
    let _ = writeln!(
        std::io::stdout(),
        "{:<45} min/min min/max max/min max/max",
        "operation (request/response)"
    );
    let spec = minimal.api().document();
    let all = minimal.api().operations().iter();
    let tested: Vec<&Operation> = all
        .filter(|operation| is_json_alone(spec, operation.id()))
        .collect();
    for operation in &tested {
        let mut row = format!("{:<45}", operation.id());
        for request in modes {
            for (server, response) in [(&minimal, modes[0]), (&maximal, modes[1])] {
                let result = exchange(server, operation, request, response).await;
                row += if result.is_ok() {
                    " ok     "
                } else {
                    " FAILED "
                };
                if let Err(problem) = result {
                    failures.push(format!(
                        "{} {request:?}/{response:?}: {problem}",
                        operation.id()
                    ));
                }
            }
        }
        let _ = writeln!(std::io::stdout(), "{row}");
    }
    let count = tested.len();
    let others = minimal.api().operations().len() - count;
    let _ = writeln!(
        std::io::stdout(),
        "{count} operations, {} exchanges, {} failures; {others} are not JSON alone",
        count * 4,
        failures.len()
    );
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(count > others, "most of the operations cannot be tested");
}
