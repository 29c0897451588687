//! Small specs with everything that is generated from them, one folder a subject.
//!
//! `UPDATE_GOLDEN=1 cargo test -p codegen --test golden` writes what is generated now.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // Helpers of tests.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use codegen::{Generated, Spec};
use serde_json::{Value, json};

/// Features of the generated code, each with a text that only it produces.
const FEATURES: [(&str, &str); 39] = [
    ("allOf", "pub struct TreeInput"),
    ("responses by status", "pub enum StartResponse2"),
    ("background tasks", "pub async fn send_and_wait("),
    (
        "bodies that are not objects",
        "pub(crate) body: Vec<types::SetListRequest>",
    ),
    ("boolean tags", "True(On) = true,"),
    ("call handle", "impl Call {"),
    ("constructor and setters", "pub fn new("),
    ("content-style parameters", "set_query_json(\"filter\""),
    ("deprecated", "#[deprecated]"),
    ("events", "CallCreated(Box<types::CreatedEvent>)"),
    ("files", "set_field_files(\"pages\""),
    ("forms", "encode_form(false)"),
    ("free-form object", "impl IntoJsonObject"),
    ("header parameters", "set_header(\"If-Match\""),
    ("integer enums as strings", "pub level: i32"),
    ("keyword names", "r#type"),
    ("left out", "pub fn list_files("),
    ("limits beyond 64 bits", "/// Where. At most 90."),
    ("names in another case", "pub struct FooDashBar"),
    ("nullable by accident", "pub person: Person"),
    ("nullable components", "pub person: Option<Person>"),
    ("nullable elements", "Option<Vec<Option<f64>>>"),
    ("oneOf with discriminator", "tagged_union! {"),
    ("open enum", "open_enum! {"),
    (
        "operation ids in another case",
        "pub fn get_underscore_call(",
    ),
    ("pages", "impl Paginated for"),
    ("path enums", "impl Into<types::GetMode>"),
    ("query encodings", "set_query_styled(\"severity\""),
    ("recursion", "Option<Box<"),
    ("required without property", "pub struct Answer"),
    ("reserved names", "pub struct OptionModel"),
    ("several success statuses", "success: 201u16"),
    ("taken method names", "pub fn call_request("),
    ("text and bytes", "send_as::<crate::format::Raw"),
    ("timestamps", "pub at: Timestamp"),
    ("title clashes", "pub struct Creation2"),
    ("typed maps", "BTreeMap<String, i32>"),
    ("unions without discriminator", "pub either: Value"),
    // Every fixture has it, so none names it.
    ("by name", "fn prepare("),
];

struct Fixture {
    name: String,
    folder: PathBuf,
    spec: Value,
    generated: Generated,
    surface: String,
    notes: String,
}

static FIXTURES: LazyLock<Vec<Fixture>> = LazyLock::new(|| {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let entries = fs::read_dir(root).unwrap();
    let mut folders: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    folders.into_iter().map(Fixture::read).collect()
});

impl Fixture {
    fn read(folder: PathBuf) -> Self {
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        let json = fs::read(folder.join("spec.json")).unwrap();
        let generated = Spec::from_slice(&json).and_then(|spec| codegen::generate(&spec));
        let generated = generated.unwrap_or_else(|error| panic!("{name}: {error}"));
        Self {
            notes: notes(&generated),
            spec: serde_json::from_slice(&json).unwrap(),
            name,
            folder,
            surface: generated.surface.to_string(),
            generated,
        }
    }

    fn claims(&self, key: &str) -> Vec<String> {
        let list = self.spec.pointer(&format!("/x-fixture/{key}"));
        let list = list.and_then(Value::as_array).expect(key);
        list.iter()
            .map(|word| word.as_str().unwrap().to_owned())
            .collect()
    }
}

/// Repairs and parts left out, as text.
fn notes(generated: &Generated) -> String {
    let mut text = String::new();
    for (repair, count) in generated.repairs.iter().filter(|(_, count)| *count > 0) {
        text.push_str(&format!("repair {repair}: {count}\n"));
    }
    for left_out in &generated.left_out {
        let (subject, pointer) = (&left_out.subject, &left_out.pointer);
        let reason = &left_out.reason;
        text.push_str(&format!("left out {subject} ({pointer}): {reason}\n"));
    }
    text
}

#[test]
fn fixtures_generate_what_is_committed() {
    let update = std::env::var_os("UPDATE_GOLDEN").is_some();
    let mut stale = Vec::new();
    for fixture in FIXTURES.iter() {
        for (file, now) in [
            ("generated.rs", &fixture.generated.code),
            ("surface.txt", &fixture.surface),
            ("notes.txt", &fixture.notes),
        ] {
            let path = fixture.folder.join(file);
            if update {
                fs::write(path, now).unwrap();
            } else if fs::read_to_string(&path).ok().as_ref() != Some(now) {
                stale.push(format!("{}/{file}", fixture.name));
            }
        }
    }
    assert!(
        stale.is_empty(),
        "changed: {stale:#?}; look at the difference after UPDATE_GOLDEN=1 cargo test -p codegen --test golden"
    );
}

#[test]
fn every_repair_has_a_fixture_in_which_it_repairs() {
    let mut covered = BTreeSet::new();
    let mut known = BTreeSet::new();
    for fixture in FIXTURES.iter() {
        for repair in fixture.claims("repairs") {
            let count = fixture
                .generated
                .repairs
                .iter()
                .find(|(name, _)| *name == repair);
            let (_, count) =
                count.unwrap_or_else(|| panic!("{}: no repair {repair}", fixture.name));
            assert!(*count > 0, "{}: {repair} finds nothing", fixture.name);
            covered.insert(repair);
        }
        known.extend(
            fixture
                .generated
                .repairs
                .iter()
                .map(|(name, _)| (*name).to_owned()),
        );
    }
    assert_eq!(covered, known);
}

#[test]
fn every_feature_has_a_fixture_that_shows_it() {
    let mut covered = BTreeSet::from(["by name".to_owned()]);
    for fixture in FIXTURES.iter() {
        for feature in fixture
            .claims("features")
            .into_iter()
            .chain(["by name".to_owned()])
        {
            let (_, proof) = FEATURES
                .iter()
                .find(|(name, _)| *name == feature)
                .unwrap_or_else(|| panic!("{}: no feature {feature}", fixture.name));
            assert!(
                fixture.generated.code.contains(proof),
                "{}: {feature} does not show as {proof:?}",
                fixture.name
            );
            covered.insert(feature);
        }
    }
    let known: BTreeSet<String> = FEATURES
        .iter()
        .map(|(name, _)| (*name).to_owned())
        .collect();
    assert_eq!(covered, known);
}

#[test]
fn every_fixture_is_valid_rust() {
    for fixture in FIXTURES.iter() {
        if let Err(error) = syn::parse_file(&fixture.generated.code) {
            panic!("{}: {error}", fixture.name);
        }
    }
}

/// Text has no syntax that would keep a document's words where they belong.
#[test]
fn no_words_of_a_document_become_code() {
    let words = "a\n} { \"b\\\" = </*\rpub fn c(";
    let property = json!({"type": "string", "description": words});
    let list = json!({"type": "array", "items": {"type": "integer"}});
    let body = json!({"type": "object", "description": words, "properties": {
        words: property,
        "kind": {"type": "string", "enum": [words, "other"]},
    }});
    let content = json!({"content": {"application/json": {"schema": body}}, "description": ""});
    let operation = json!({
        "operationId": words.repeat(4), "summary": words, "description": words, "tags": [words],
        "parameters": [{"name": words, "in": "query", "required": true, "schema": list}],
        "requestBody": content, "responses": {"200": content},
    });
    let document = json!({
        "openapi": "3.0.3", "info": {}, "paths": {"/a": {"post": operation}},
    });
    let generated = Spec::from_value(document).and_then(|spec| codegen::generate(&spec));
    let generated = generated.unwrap_or_else(|error| panic!("{error}"));
    if let Err(error) = syn::parse_file(&generated.code) {
        panic!("{error}:\n{}", generated.code);
    }
    for line in generated.surface.to_string().lines() {
        let (kind, _) = line.split_once(' ').unwrap_or_default();
        assert!(["enum", "fn", "struct"].contains(&kind), "{line}");
    }
}
