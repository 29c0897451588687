//! Every operation's response, through the client.

use std::io::Write as _;
use std::sync::{Arc, Mutex};

use proptest::prelude::any;
use proptest::strategy::Strategy;
use proptest::test_runner::{TestCaseError, TestRunner};
use serde_json::Value;
use tokio::runtime::Runtime;
use video_api::by_name::Arguments;
use video_api::{Client, Error, Response, RetryPolicy};
use video_api_server::{Api, Direction, Operation, SampleMode, embedded_spec, sample};
use video_api_tests::{FaultServer, Reply};

use crate::arbitrary::Arbitrary;
use crate::compare::difference;
use crate::damage::{remove_fields, wrong_values};
use crate::disturb::Disturb;
use crate::rng::Rng;
use crate::versions::other_version;

/// A client, and a server that answers whatever is put in the slot.
struct Scenario {
    runtime: Runtime,
    api: Api,
    client: Client,
    slot: Arc<Mutex<Vec<u8>>>,
    _server: FaultServer,
}

impl Scenario {
    fn new() -> Self {
        let runtime = Runtime::new().unwrap();
        let slot: Arc<Mutex<Vec<u8>>> = Arc::default();
        let body = Arc::clone(&slot);
        let server = runtime
            .block_on(FaultServer::forgetful(move |_| {
                let body = body.lock().unwrap();
                let head = format!(
                    "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
                    body.len()
                );
                Reply::Send([head.as_bytes(), &body].concat())
            }))
            .unwrap();
        let client = Client::builder("key")
            .secret("a-secret-only-for-tests-0123456789")
            .base_url(server.url())
            .retry_policy(RetryPolicy::none())
            .build()
            .unwrap();
        Self {
            runtime,
            api: Api::new(embedded_spec()).unwrap(),
            client,
            slot,
            _server: server,
        }
    }

    fn exchange(&self, operation: &Operation, response: &Value) -> Result<Value, String> {
        let response = self.response(operation, response);
        response
            .map(Response::into_inner)
            .map_err(|error| error.to_string())
    }

    fn response(&self, operation: &Operation, response: &Value) -> Result<Response<Value>, Error> {
        *self.slot.lock().unwrap() = response.to_string().into_bytes();
        let call = self
            .client
            .call_operation(operation.id(), arguments(self.api.document(), operation));
        self.runtime.block_on(call)
    }

    /// Tries each operation with many numbers; lists those that fail.
    fn each(&self, few: u32, case: impl Fn(&Operation, u64) -> Result<(), String>) {
        let mut failures = Vec::new();
        for operation in self.api.operations() {
            let mut runner = TestRunner::new(crate::cases(few));
            let seeds = any::<u64>().no_shrink();
            let outcome = runner.run(&seeds, |seed| {
                case(operation, seed).map_err(|why| TestCaseError::fail(format!("{seed}: {why}")))
            });
            if let Err(error) = outcome {
                failures.push(format!("{}: {error}", operation.id()));
            }
        }
        assert!(failures.is_empty(), "{}", failures.join("\n"));
    }
}

/// The least that the operation takes.
fn arguments(spec: &Value, operation: &Operation) -> Arguments {
    let least = |schema| sample(spec, schema, SampleMode::Minimal, Direction::Request);
    let mut arguments = Arguments::new();
    for parameter in operation.path_parameters() {
        arguments = arguments.path(parameter.name(), least(parameter.schema()));
    }
    for parameter in operation.query_parameters().iter().filter(|p| p.required()) {
        arguments = arguments.query(parameter.name(), least(parameter.schema()));
    }
    match operation.body_schema() {
        Some(schema) => arguments.body(least(schema)),
        None => arguments,
    }
}

#[test]
fn any_json_that_fits_a_response_schema_decodes_in_full() {
    let scenario = Scenario::new();
    let spec = scenario.api.document();
    scenario.each(20, |operation, seed| {
        let schema = operation.response_schema().unwrap();
        let sent = Arbitrary::new(spec, seed).value(schema, 0);
        let problems = scenario.api.response_problems(operation.id(), &sent);
        if !problems.is_empty() {
            return Err(format!("the test's own value does not fit: {problems:?}"));
        }
        let decoded = scenario.exchange(operation, &sent)?;
        difference(&sent, &decoded, "").map_or(Ok(()), Err)
    });
}

#[test]
fn unknown_fields_nulls_and_unknown_enum_values_still_decode() {
    let scenario = Scenario::new();
    let spec = scenario.api.document();
    let disturbances = Mutex::new(std::collections::BTreeMap::<String, usize>::new());
    scenario.each(30, |operation, seed| {
        let schema = operation.response_schema().unwrap();
        let fitting = Arbitrary::new(spec, seed).value(schema, 0);
        let mut sent = fitting.clone();
        let mut disturb = Disturb::new(spec, seed ^ 1, None);
        disturb.value(schema, &mut sent, "");
        for what in &disturb.done {
            let kind = what.split(" at ").next().unwrap().to_owned();
            *disturbances.lock().unwrap().entry(kind).or_default() += 1;
        }
        let decoded = scenario
            .exchange(operation, &sent)
            .map_err(|error| format!("{error}\n  after {:?}", disturb.done))?;
        // What was left alone is all there.
        let untouched = fitting.as_object().into_iter().flatten();
        for (name, value) in untouched.filter(|(name, value)| sent[*name] == **value) {
            if let Some(difference) = difference(value, &decoded[name], name) {
                return Err(difference);
            }
        }
        Ok(())
    });
    let disturbances = disturbances.into_inner().unwrap();
    let _ = writeln!(std::io::stdout(), "survived: {disturbances:?}");
    assert_eq!(disturbances.len(), 7, "{disturbances:?}");
    assert!(
        disturbances.values().all(|count| *count > 10),
        "{disturbances:?}"
    );
}

#[test]
fn any_fields_may_be_missing_at_any_depth_and_the_response_names_the_required_ones() {
    let scenario = Scenario::new();
    let spec = scenario.api.document();
    scenario.each(30, |operation, seed| {
        let schema = operation.response_schema().unwrap();
        let mut sent = Arbitrary::new(spec, seed).value(schema, 0);
        let rng = &mut Rng::new(seed ^ 1);
        let missing = remove_fields(spec, schema, &mut sent, rng, &["duration"]);
        let response = scenario
            .response(operation, &sent)
            .map_err(|error| format!("{error} in {sent}"))?;
        let corrected: std::collections::BTreeSet<String> =
            response.corrected().iter().cloned().collect();
        if corrected != missing {
            return Err(format!("{corrected:?} instead of {missing:?} in {sent}"));
        }
        Ok(())
    });
}

#[test]
fn a_value_of_a_wrong_type_is_an_error_with_its_path() {
    let scenario = Scenario::new();
    let spec = scenario.api.document();
    scenario.each(30, |operation, seed| {
        let schema = operation.response_schema().unwrap();
        let mut sent = Arbitrary::new(spec, seed).value(schema, 0);
        let all = wrong_values(spec, schema, &sent);
        let wrong = Rng::new(seed ^ 1).pick(&all).clone();
        *sent.pointer_mut(&wrong.pointer).unwrap() = wrong.value;
        let error = match scenario.response(operation, &sent) {
            Ok(_) => return Err(format!("decoded with a wrong {}: {sent}", wrong.path)),
            Err(error) => error,
        };
        let path = if wrong.path.is_empty() {
            "."
        } else {
            &wrong.path
        };
        if !error.is_decode() || error.path() != Some(path) {
            return Err(format!("{:?} instead of {path}: {error}", error.path()));
        }
        Ok(())
    });
}

#[test]
fn responses_of_older_and_newer_servers_decode() {
    let scenario = Scenario::new();
    let spec = scenario.api.document();
    let versions: Vec<Value> = (0..20)
        .map(|seed| other_version(spec, seed, &["duration"]))
        .collect();
    scenario.each(20, |operation, seed| {
        let version = Rng::new(seed).pick(&versions);
        let schema = operation.response_schema().unwrap();
        let sent = Arbitrary::new(version, seed).value(schema, 0);
        scenario.exchange(operation, &sent).map(drop)
    });
}
