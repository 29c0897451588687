//! Adopting the spec of this workspace in the vendor's own style, with and without traps.

mod adopted_workspace;
mod fixtures;
mod odd;
mod traps;
mod vendor;

use serde_json::{Value, json};

use super::fit::Why;
use super::{Adopted, Current, adopt, parse};
use crate::{compose, workspace};

const VIDEO: &str = "/api/v2/video";

fn current() -> Current {
    let spec = workspace::root().join("spec");
    Current {
        documented: parse(&spec.join("documented.json")).unwrap(),
        amendments: compose::load(&spec.join("amendments")).unwrap(),
        composed: parse(&spec.join("video-api.json")).unwrap(),
    }
}

fn adopted(document: Value) -> Adopted {
    adopt(document, &current(), &[VIDEO.to_owned()], &[]).unwrap_or_else(|error| panic!("{error}"))
}

fn surface(document: &Value) -> String {
    super::left_out::generate(document)
        .unwrap()
        .surface
        .to_string()
}

#[test]
fn the_same_api_in_the_vendors_style_is_the_same_crate() {
    let current = current();
    let document = vendor::style(&current.composed);
    let adopted = adopted(document);
    assert!(
        surface(&adopted.composed) == surface(&current.composed),
        "users would see a difference"
    );
    assert_eq!(adopted.left_out, []);
    assert_eq!(adopted.notes, Vec::<String>::new());
    // Our words replace the vendor's wherever we have any.
    let summary = "/paths/~1api~1v2~1video~1calls/post/summary";
    assert_eq!(
        adopted.composed.pointer(summary),
        current.composed.pointer(summary)
    );
    // No fact of the document gives way to an amendment.
    for (name, dropped) in &adopted.dropped {
        let lost = dropped.iter().find(|d| d.why == Why::Otherwise);
        // Only what may be left out in an empty body differs.
        assert!(
            lost.is_none_or(|d| d.pointer.ends_with("/properties")),
            "{name}: {lost:?}"
        );
    }
    // What was adopted can be composed again from the files.
    let again = compose::compose(adopted.documented, &adopted.amendments).unwrap();
    assert!(again == adopted.composed);
}

#[test]
fn adopting_twice_changes_nothing_more() {
    let document = vendor::style(&current().composed);
    let first = adopted(document.clone());
    let current = Current {
        documented: first.documented.clone(),
        amendments: first.amendments.clone(),
        composed: first.composed.clone(),
    };
    let second = adopt(document, &current, &[VIDEO.to_owned()], &[]).unwrap();
    assert!(first.documented == second.documented);
    assert!(first.composed == second.composed);
}

#[test]
fn every_trap_is_repaired_or_left_out_with_a_reason() {
    let mut document = vendor::style(&current().composed);
    traps::add(&mut document);
    let adopted = adopted(document);
    let reasons: Vec<String> = adopted
        .left_out
        .iter()
        .map(|missing| format!("{}: {}", missing.subject, missing.reason))
        .collect();
    assert_eq!(
        reasons,
        [
            "GetTrap: is generated without the cookie parameter x-trace",
            "UploadFile: takes a body only as multipart/mixed",
            "GetTrap: response 206 cannot be read: it is text/event-stream",
            "TrapResponse: is any JSON: the alternatives of its oneOf cannot be told apart",
        ]
    );
    assert_eq!(
        adopted.notes,
        ["MoveTrap: path parameter id is declared nowhere, so it is text"]
    );
    let surface = surface(&adopted.composed);
    for line in traps::SURFACE {
        assert!(
            surface.lines().any(|l| l.starts_with(line)),
            "{line} is missing"
        );
    }
    for gone in [
        "UploadFile",
        "x-trace",
        "event-stream",
        "ChannelsResponse",
        "x-stream-index",
    ] {
        assert!(
            !adopted.composed.to_string().contains(gone),
            "{gone} is left"
        );
    }
    let at = |pointer: &str| {
        adopted
            .composed
            .pointer(pointer)
            .cloned()
            .unwrap_or_default()
    };
    let response = "/components/schemas/TrapResponse";
    assert_eq!(
        at(&format!("{response}/required")),
        json!(["duration", "lat", "shape"])
    );
    assert_eq!(
        at(&format!("{response}/properties/lat/minimum")),
        Value::Null
    );
    assert_eq!(at(&format!("{response}/properties/lat/maximum")), json!(90));
    let level = "/components/schemas/TrapPayload/properties/level/enum";
    assert_eq!(at(level), Value::Null);
    let ids = at("/components/parameters/GetTrap.ids/schema");
    assert_eq!(ids, json!({"type": "array", "items": {"type": "string"}}));
}

#[test]
fn what_is_gone_takes_its_amendments_along() {
    let mut document = vendor::style(&current().composed);
    let path = "/api/v2/video/calls";
    document["paths"].as_object_mut().unwrap().remove(path);
    let limit = &mut document["components"]["schemas"]["GetEdgesResponse"];
    *limit = json!({"type": "object", "properties": {"renamed": {"type": "string"}}});
    let adopted = adopted(document);
    assert!(adopted.composed["paths"].get(path).is_none());
    let text = adopted.composed["components"].to_string();
    assert!(
        !text.contains("QueryCallsResponse"),
        "an amendment brings it back"
    );
    let edges = &adopted.composed["components"]["schemas"]["GetEdgesResponse"];
    let properties: Vec<&String> = edges["properties"].as_object().unwrap().keys().collect();
    assert_eq!(properties, ["renamed"]);
    let dropped: Vec<&str> = adopted
        .dropped
        .iter()
        .flat_map(|(_, dropped)| dropped)
        .filter(|dropped| dropped.why == Why::Gone)
        .map(|dropped| dropped.pointer.as_str())
        .collect();
    assert!(
        dropped.contains(&"/components/schemas/QueryCallsResponse"),
        "{dropped:#?}"
    );
}

#[test]
fn the_wanted_part_is_chosen_by_prefixes() {
    let document = vendor::style(&current().composed);
    let prefix = |text: &str| vec![text.to_owned()];
    let only = adopt(
        document.clone(),
        &current(),
        &prefix("/api/v2/video/calltypes"),
        &prefix("/api/v2/video/calltypes/"),
    )
    .unwrap_or_else(|error| panic!("{error}"));
    // What an amendment adds beside the page stays.
    let paths = only.composed["paths"].as_object().unwrap().keys();
    let paths: Vec<&String> = paths.filter(|path| path.starts_with(VIDEO)).collect();
    assert_eq!(paths, ["/api/v2/video/calltypes"]);
    assert!(only.composed["paths"].get("/api/v2/users").is_some());
    let nothing = adopt(document, &current(), &prefix("/v9"), &[]);
    let error = nothing.err().unwrap().to_string();
    assert!(error.contains("no path starts with /v9"), "{error}");
    assert!(error.contains("/api/v2/chat"), "{error}");
}

#[test]
fn yaml_is_read_like_json() {
    let document = vendor::style(&current().composed);
    let yaml = vendor::yaml(&document, 0);
    assert_eq!(openapi_document::parse(&yaml).unwrap(), document);
}
