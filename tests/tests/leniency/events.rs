//! Every webhook event.

use proptest::prelude::any;
use proptest::strategy::Strategy;
use proptest::test_runner::{TestCaseError, TestRunner};
use serde_json::Value;
use video_api::{Event, webhook};
use video_api_server::embedded_spec;

use crate::arbitrary::Arbitrary;
use crate::damage::{remove_fields, wrong_values};
use crate::disturb::Disturb;
use crate::rng::Rng;
use crate::versions::other_version;

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

#[test]
fn any_fields_but_the_type_may_be_missing_at_any_depth() {
    each(30, |spec, name, schema, seed| {
        let mut event = Arbitrary::new(spec, seed).value(schema, 0);
        event["type"] = name.into();
        remove_fields(spec, schema, &mut event, &mut Rng::new(seed ^ 1), &["type"]);
        decodes(name, &event).map_err(|error| format!("{error} in {event}"))
    });
}

#[test]
fn a_value_of_a_wrong_type_is_an_error_with_its_path() {
    each(30, |spec, name, schema, seed| {
        let mut event = Arbitrary::new(spec, seed).value(schema, 0);
        event["type"] = name.into();
        let mut all = wrong_values(spec, schema, &event);
        all.retain(|wrong| !wrong.path.is_empty() && wrong.path != "type");
        if all.is_empty() {
            return Ok(());
        }
        let wrong = Rng::new(seed ^ 1).pick(&all).clone();
        *event.pointer_mut(&wrong.pointer).unwrap() = wrong.value;
        match webhook::parse(event.to_string()) {
            Ok(_) => Err(format!("decoded with a wrong {}", wrong.path)),
            Err(error) if error.path() == Some(wrong.path.as_str()) => Ok(()),
            Err(error) => Err(format!("instead of {}: {error}", wrong.path)),
        }
    });
}

#[test]
fn events_of_older_and_newer_servers_decode() {
    let spec = embedded_spec();
    let versions: Vec<Value> = (0..20)
        .map(|seed| other_version(&spec, seed, &["type"]))
        .collect();
    each(30, |_, name, schema, seed| {
        let version = Rng::new(seed).pick(&versions);
        let mut event = Arbitrary::new(version, seed).value(schema, 0);
        event["type"] = name.into();
        decodes(name, &event)
    });
}
