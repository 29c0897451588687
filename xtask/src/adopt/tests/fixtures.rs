//! `adopt` copes with everything that `generate` copes with: every fixture of the generator, beside one path of
//! this API.

use std::collections::BTreeSet;
use std::path::Path;

use openapi_document::reached_components;
use serde_json::{Value, json};

use super::{VIDEO, current};
use crate::adopt::adopt;
use crate::workspace;

const OWN: &str = "/api/v2/video/edges";

/// The one difference: the vendor describes empty bodies as objects without members, so that is
/// what such a body is adopted as.
const FREE_FORM_BODY: &str = "fn Client::free(&self, body: impl IntoJsonObject)";

/// The fixture's document with its paths below those of this API, and one path of this API.
fn beside_ours(fixture: &Value, composed: &Value) -> Value {
    let mut document = fixture.clone();
    let paths = document["paths"].as_object_mut().unwrap();
    let moved = std::mem::take(paths).into_iter();
    let path = |path: String| format!("{VIDEO}/odd/{}", path.trim_start_matches('/'));
    paths.extend(moved.map(|(old, item)| (path(old), item)));
    paths.insert(OWN.to_owned(), composed["paths"][OWN].clone());
    // Of ours only what that path and the amendments need, for the sake of time. The paths beside
    // the documentation page come from amendments.
    let mut ours = composed.clone();
    let all = ours["paths"].as_object_mut().unwrap();
    all.retain(|path, _| path == OWN || !path.starts_with(VIDEO));
    ours.as_object_mut().unwrap().remove("x-webhook-events");
    let reached = reached_components(&ours, []);
    for (section, entries) in composed["components"].as_object().unwrap() {
        for (name, entry) in entries.as_object().unwrap() {
            let is_needed =
                section == "securitySchemes" || reached.contains(&(section.clone(), name.clone()));
            if is_needed && document["components"][section].get(name).is_none() {
                document["components"][section][name] = entry.clone();
            }
        }
    }
    let own = openapi_document::operations(composed);
    let ids: BTreeSet<String> = own
        .filter_map(|it| it.operation.get("operationId")?.as_str().map(str::to_owned))
        .collect();
    for (path, item) in document["paths"].as_object_mut().unwrap() {
        for operation in item.as_object_mut().unwrap().values_mut() {
            let id = operation.get("operationId").and_then(Value::as_str);
            if let Some(id) = id.filter(|id| path != OWN && ids.contains(*id)) {
                operation["operationId"] = json!(format!("Odd{id}"));
            }
        }
    }
    // References into paths follow these.
    let text = document.to_string();
    let text = text.replace("#/paths/~1", "#/paths/~1api~1v2~1video~1odd~1");
    let text = text.replace("~1odd~1api~1v2~1video~1", "~1");
    serde_json::from_str(&text).unwrap()
}

fn functions(document: &Value) -> BTreeSet<String> {
    let spec = codegen::Spec::from_value(document.clone()).unwrap();
    let (surface, _) = codegen::surface(&spec).unwrap_or_else(|error| panic!("{error}"));
    let functions = surface.lines().iter().filter(|line| line.owner == "Client");
    functions.map(ToString::to_string).collect()
}

#[test]
fn every_fixture_of_the_generator_is_adopted() {
    let current = current();
    let folder = workspace::root().join("codegen/tests/fixtures");
    let mut folders: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|it| it.unwrap().path())
        .collect();
    folders.sort();
    assert!(folders.len() > 40);
    let mut wrong = Vec::new();
    for folder in folders {
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        let document = beside_ours(&read(&folder.join("spec.json")), &current.composed);
        let expected = functions(&document);
        match adopt(document, &current, &[VIDEO.to_owned()], &[]) {
            Ok(adopted) => {
                let found = functions(&adopted.composed);
                let missing = expected.difference(&found);
                let missing = missing.filter(|line| !line.starts_with(FREE_FORM_BODY));
                wrong.extend(missing.map(|line| format!("{name}: {line} is missing")));
            }
            Err(error) => wrong.push(format!("{name}: {error}")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn read(path: &Path) -> Value {
    let text = workspace::read(path).unwrap();
    let mut document: Value = serde_json::from_str(&text).unwrap();
    // The events of a fixture are not those of this API.
    document.as_object_mut().unwrap().remove("x-webhook-events");
    let components = document.as_object_mut().unwrap().entry("components");
    components.or_insert_with(|| json!({}));
    document
}
