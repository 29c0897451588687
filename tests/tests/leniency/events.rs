//! Every webhook event.

use proptest::prelude::any;
use proptest::strategy::Strategy;
use proptest::test_runner::{TestCaseError, TestRunner};
use serde_json::Value;
use video_api::{Event, webhook};
use video_api_server::embedded_spec;

use crate::arbitrary::Arbitrary;
use crate::disturb::Disturb;

fn each(few: u32, case: impl Fn(&Value, &str, &Value, u64) -> Result<(), String>) {
    let spec = embedded_spec();
    let events = spec["x-webhook-events"]["events"].as_object().unwrap();
    let mut failures = Vec::new();
    for (name, schema) in events {
        let seeds = any::<u64>().no_shrink();
        let outcome = TestRunner::new(crate::cases(few)).run(&seeds, |seed| {
            case(&spec, name, schema, seed)
                .map_err(|why| TestCaseError::fail(format!("{seed}: {why}")))
        });
        if let Err(error) = outcome {
            failures.push(format!("{name}: {error}"));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(events.len() >= 57, "{} events", events.len());
}

fn decodes(name: &str, event: &Value) -> Result<(), String> {
    match webhook::parse(event.to_string()) {
        Ok(Event::Unknown(_)) => Err("is unknown".to_owned()),
        Ok(event) if event.event_type() == name => Ok(()),
        Ok(event) => Err(format!("became {}", event.event_type())),
        Err(error) => Err(error.to_string()),
    }
}

#[test]
fn any_json_that_fits_an_event_decodes() {
    each(30, |spec, name, schema, seed| {
        let mut event = Arbitrary::new(spec, seed).value(schema, 0);
        event["type"] = name.into();
        decodes(name, &event)
    });
}

#[test]
fn unknown_fields_nulls_and_unknown_enum_values_still_decode() {
    each(30, |spec, name, schema, seed| {
        let mut event = Arbitrary::new(spec, seed).value(schema, 0);
        event["type"] = name.into();
        let mut disturb = Disturb::new(spec, seed ^ 1, Some("type"));
        disturb.value(schema, &mut event, "");
        decodes(name, &event).map_err(|error| format!("{error}\n  after {:?}", disturb.done))
    });
}
