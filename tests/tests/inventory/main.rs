//! The spec held against an inventory of the documentation page, which was made from the page's
//! text without the extractor: nothing documented may be missing, and nothing may have changed
//! unless an amendment says so.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)] // helpers of tests fail by panic

mod difference;
mod page;

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use difference::{amended, covered, differences, leaves_of, unwrapped};
use page::{documented_schema, fields, inventory, is_required};
use serde_json::{Value, json};

fn workspace(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("..")
        .join(path)
}

fn spec(name: &str) -> Value {
    serde_json::from_str(&fs::read_to_string(workspace("spec").join(name)).unwrap()).unwrap()
}

/// True if a vendor's document has taken the page's place.
fn is_adopted() -> bool {
    let adopted = video_api_server::is_adopted();
    if adopted {
        println!("skipped: the spec does not come from the page");
    }
    adopted
}

#[test]
fn the_inventory_is_whole() {
    let inventory = inventory();
    assert_eq!(inventory.operations.len(), 67);
    assert_eq!(inventory.types.len(), 167);
    let rows: usize = inventory.types.iter().map(|t| t.fields.len()).sum();
    assert_eq!(rows, 708);
    let lost = fields(&inventory)
        .iter()
        .filter(|(_, _, f)| f.required.is_none())
        .count();
    assert_eq!(lost, 20);
}

#[test]
fn documented_json_is_what_the_page_says() {
    if is_adopted() {
        return;
    }
    let inventory = inventory();
    let document = spec("documented.json");
    let components = &document["components"];
    let mut operations = 0;
    for item in document["paths"].as_object().unwrap().values() {
        operations += item.as_object().unwrap().len();
    }
    assert_eq!(operations, inventory.operations.len());
    for operation in &inventory.operations {
        let id = &operation.id;
        let found = &document["paths"][&operation.path][&operation.method];
        assert_eq!(found["operationId"], json!(id));
        let parameters: Vec<_> = operation
            .names(&["path", "query"])
            .iter()
            .map(|name| json!({"$ref": format!("#/components/parameters/{id}.{name}")}))
            .collect();
        let listed = found
            .get("parameters")
            .map_or(vec![], |p| p.as_array().unwrap().clone());
        assert_eq!(listed, parameters, "{id}");
        assert_eq!(
            found.get("requestBody").is_some(),
            !operation.names(&["body"]).is_empty()
        );
        let response = &components["responses"][id]["content"]["application/json"]["schema"];
        assert_eq!(*response, documented_schema(&operation.response), "{id}");
        for (place, field) in operation.fields.iter().filter(|(place, _)| place != "body") {
            let parameter = &components["parameters"][format!("{id}.{}", field.name)];
            assert_eq!(parameter["in"], json!(place), "{id}.{}", field.name);
            assert_eq!(parameter["name"], json!(field.name), "{id}.{}", field.name);
        }
    }
    let all = fields(&inventory);
    for (schema, required, field) in &all {
        let mut expected = documented_schema(&field.written);
        if field.required.is_none() {
            expected["x-required-lost"] = json!(true);
        }
        assert_eq!(document.pointer(schema), Some(&expected), "{schema}");
        let expected = field.required == Some(true);
        assert_eq!(
            is_required(&document, required, &field.name),
            expected,
            "{schema}"
        );
    }
    // Nothing more than the inventory has: everything above was found, so counts are enough.
    let properties = |schema: &Value| schema["properties"].as_object().map_or(0, |p| p.len());
    let in_types: usize = components["schemas"]
        .as_object()
        .unwrap()
        .values()
        .map(properties)
        .sum();
    let in_bodies: usize = components["requestBodies"]
        .as_object()
        .unwrap()
        .values()
        .map(|body| properties(&body["content"]["application/json"]["schema"]))
        .sum();
    let parameters = components["parameters"].as_object().unwrap().len();
    assert_eq!(in_types + in_bodies + parameters, all.len());
    assert_eq!(
        components["schemas"].as_object().unwrap().len(),
        inventory.types.len()
    );
    assert_eq!(
        components["responses"].as_object().unwrap().len(),
        inventory.operations.len()
    );
}

#[test]
fn every_difference_is_covered_by_an_amendment() {
    if is_adopted() {
        return;
    }
    let (documented, composed) = (spec("documented.json"), spec("video-api.json"));
    let amended = amended();
    let differences = differences(&documented, &composed);
    assert!(
        differences.len() > 1000,
        "the diff sees only {}",
        differences.len()
    );
    let silent: Vec<_> = differences
        .iter()
        .filter(|p| !covered(p, &amended))
        .collect();
    assert!(
        silent.is_empty(),
        "changed without an amendment: {silent:#?}"
    );
}

#[test]
fn a_silent_change_would_be_seen() {
    if is_adopted() {
        return;
    }
    let (documented, composed) = (spec("documented.json"), spec("video-api.json"));
    let amended = amended();
    let object = "/components/schemas/CallResponse";
    for (pointer, change) in [
        (
            format!("{object}/properties/cid/type"),
            Some(json!("integer")),
        ),
        (
            format!("{object}/properties/cid/nullable"),
            Some(json!(true)),
        ),
        (format!("{object}/properties/cid/type"), None),
        (
            "/components/responses/GetCall/content/application~1json/schema/$ref".to_owned(),
            None,
        ),
        ("/info/version".to_owned(), Some(json!("2"))),
    ] {
        let mut changed = composed.clone();
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        let parent = changed
            .pointer_mut(parent)
            .unwrap()
            .as_object_mut()
            .unwrap();
        match change {
            Some(value) => parent.insert(key.to_owned(), value),
            None => parent.remove(key),
        };
        let silent = differences(&documented, &changed);
        let mut silent = silent.iter().filter(|p| !covered(p, &amended));
        // Without its only key, an object is a leaf of its own.
        assert!(silent.any(|found| pointer.starts_with(found)), "{pointer}");
    }
}

/// Checks that a composed schema means the same as the page, or something more precise.
fn refines(page: &Value, composed: &Value) -> bool {
    if let Some(target) = page.get("$ref") {
        return composed.get("$ref") == Some(target);
    }
    let kind = |schema: &Value| schema["type"].as_str().unwrap_or_default().to_owned();
    match (kind(page).as_str(), kind(composed).as_str()) {
        ("number", "integer") => true,
        ("array", "array") => refines(&page["items"], &composed["items"]),
        ("string", "string") => page.get("enum").is_none_or(|values| {
            let full = composed["enum"].as_array().cloned().unwrap_or_default();
            values
                .as_array()
                .unwrap()
                .iter()
                .all(|value| full.contains(value))
        }),
        ("object", "object") => composed.get("additionalProperties").is_some(),
        (before, after) => before == after,
    }
}

/// An amendment may say how a field looks, never that it does not exist, is of another kind, or
/// that the page is wrong about its being required: no such case is known.
#[test]
fn every_documented_field_keeps_its_meaning() {
    if is_adopted() {
        return;
    }
    let composed = unwrapped(&spec("video-api.json"));
    for (pointer, required, field) in fields(&inventory()) {
        // What a parameter carries as JSON text stands under its media type.
        let as_json = pointer.replace("/schema", "/content/application~1json/schema");
        let schema = composed
            .pointer(&pointer)
            .or_else(|| composed.pointer(&as_json))
            .unwrap_or_else(|| panic!("{pointer} is missing"));
        let page = documented_schema(&field.written);
        assert!(refines(&page, schema), "{pointer}: {page} became {schema}");
        if let Some(expected) = field.required {
            assert_eq!(
                is_required(&composed, &required, &field.name),
                expected,
                "{pointer}"
            );
        }
    }
}

#[test]
fn every_documented_operation_keeps_its_shape() {
    if is_adopted() {
        return;
    }
    let composed = spec("video-api.json");
    let inventory = inventory();
    for operation in &inventory.operations {
        let id = &operation.id;
        let found = &composed["paths"][&operation.path][&operation.method];
        assert_eq!(found["operationId"], json!(id));
        let names: Vec<_> = found["parameters"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|reference| {
                let name = reference["$ref"].as_str().unwrap();
                name.strip_prefix(&format!("#/components/parameters/{id}."))
                    .unwrap()
                    .to_owned()
            })
            .collect();
        assert_eq!(names, operation.names(&["path", "query"]), "{id}");
        let response = &composed["components"]["responses"][id]["content"]["application/json"];
        assert_eq!(
            response["schema"],
            documented_schema(&operation.response),
            "{id}"
        );
    }
    let schemas = composed["components"]["schemas"].as_object().unwrap();
    for documented in &inventory.types {
        assert!(
            schemas.contains_key(&documented.name),
            "{}",
            documented.name
        );
    }
}

/// Operation, method, path and success status of what the spec has beside the page.
const BESIDE_THE_PAGE: [(&str, &str, &str, &str); 14] = [
    (
        "CheckExternalStorage",
        "get",
        "/api/v2/external_storage/{name}/check",
        "200",
    ),
    (
        "CreateExternalStorage",
        "post",
        "/api/v2/external_storage",
        "201",
    ),
    (
        "DeactivateUser",
        "post",
        "/api/v2/users/{user_id}/deactivate",
        "201",
    ),
    ("DeactivateUsers", "post", "/api/v2/users/deactivate", "201"),
    (
        "DeleteExternalStorage",
        "delete",
        "/api/v2/external_storage/{name}",
        "200",
    ),
    ("DeleteUsers", "post", "/api/v2/users/delete", "201"),
    ("GetTask", "get", "/api/v2/tasks/{id}", "200"),
    (
        "ListExternalStorage",
        "get",
        "/api/v2/external_storage",
        "200",
    ),
    ("QueryUsers", "get", "/api/v2/users", "200"),
    (
        "ReactivateUser",
        "post",
        "/api/v2/users/{user_id}/reactivate",
        "201",
    ),
    ("ReactivateUsers", "post", "/api/v2/users/reactivate", "201"),
    (
        "UpdateExternalStorage",
        "put",
        "/api/v2/external_storage/{name}",
        "201",
    ),
    ("UpdateUsers", "post", "/api/v2/users", "201"),
    ("UpdateUsersPartial", "patch", "/api/v2/users", "200"),
];

#[test]
fn an_operation_is_on_the_page_or_marked_as_beside_it() {
    if is_adopted() {
        return;
    }
    let composed = spec("video-api.json");
    let on_the_page: BTreeSet<String> = inventory().operations.into_iter().map(|o| o.id).collect();
    let (mut documented, mut beside) = (BTreeSet::new(), BTreeSet::new());
    for (path, item) in composed["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let id = operation["operationId"].as_str().unwrap();
            if operation.get("x-beside-the-page") == Some(&json!(true)) {
                let mut statuses = operation["responses"].as_object().unwrap().keys();
                let success = statuses.find(|status| status.starts_with('2')).unwrap();
                beside.insert((id, method.as_str(), path.as_str(), success.as_str()));
            } else {
                documented.insert(id.to_owned());
            }
        }
    }
    assert_eq!(documented, on_the_page);
    assert_eq!(beside, BTreeSet::from(BESIDE_THE_PAGE));
}

#[test]
fn no_marker_of_a_lost_fact_is_left() {
    let composed = spec("video-api.json");
    let marked: Vec<_> = leaves_of(&composed)
        .into_keys()
        .filter(|pointer| {
            pointer.ends_with("/x-truncated") || pointer.ends_with("/x-required-lost")
        })
        .collect();
    assert_eq!(marked, [""; 0]);
}
