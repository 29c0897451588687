//! Every operation's response, through the client.

use std::io::Write as _;
use std::sync::{Arc, Mutex};

use proptest::prelude::any;
use proptest::strategy::Strategy;
use proptest::test_runner::{TestCaseError, TestRunner};
use serde_json::Value;
use tokio::runtime::Runtime;
use video_api::by_name::Arguments;
use video_api::{Client, RetryPolicy};
use video_api_server::{Api, Direction, Operation, SampleMode, embedded_spec, sample};
use video_api_tests::{FaultServer, Reply};

use crate::arbitrary::Arbitrary;
use crate::compare::difference;
use crate::disturb::Disturb;

/// A client, and a server that answers whatever is put in the slot.
struct World {
    runtime: Runtime,
    api: Api,
    client: Client,
    slot: Arc<Mutex<Vec<u8>>>,
    _server: FaultServer,
}

impl World {
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

    fn exchange(&self, operation: &Operation, answer: &Value) -> Result<Value, String> {
        *self.slot.lock().unwrap() = answer.to_string().into_bytes();
        let call = self
            .client
            .call_operation(operation.id(), arguments(self.api.document(), operation));
        match self.runtime.block_on(call) {
            Ok(response) => Ok(response.into_inner()),
            Err(error) => Err(error.to_string()),
        }
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
    let world = World::new();
    let spec = world.api.document();
    world.each(20, |operation, seed| {
        let schema = operation.response_schema().unwrap();
        let sent = Arbitrary::new(spec, seed).value(schema, 0);
        let problems = world.api.response_problems(operation.id(), &sent);
        if !problems.is_empty() {
            return Err(format!("the test's own value does not fit: {problems:?}"));
        }
        let decoded = world.exchange(operation, &sent)?;
        difference(&sent, &decoded, "").map_or(Ok(()), Err)
    });
}

#[test]
fn unknown_fields_nulls_and_unknown_enum_values_still_decode() {
    let world = World::new();
    let spec = world.api.document();
    let disturbances = Mutex::new(std::collections::BTreeMap::<String, usize>::new());
    world.each(30, |operation, seed| {
        let schema = operation.response_schema().unwrap();
        let fitting = Arbitrary::new(spec, seed).value(schema, 0);
        let mut sent = fitting.clone();
        let mut disturb = Disturb::new(spec, seed ^ 1, None);
        disturb.value(schema, &mut sent, "");
        for what in &disturb.done {
            let kind = what.split(" at ").next().unwrap().to_owned();
            *disturbances.lock().unwrap().entry(kind).or_default() += 1;
        }
        let decoded = world
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
