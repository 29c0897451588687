//! The whole parser on a small page, and on that page with one line wrong.

use serde_json::{Value, json};

use super::{document, page};

const FIXTURE: &str = include_str!("fixture.txt");

fn extract(text: &str) -> Result<Value, super::error::PageError> {
    page::parse(text).map(|page| document::build(&page))
}

fn lines() -> Vec<&'static str> {
    FIXTURE.lines().collect()
}

/// Line of the fixture, from 1, that is exactly `text`.
fn line_of(text: &str) -> usize {
    1 + lines().iter().position(|line| *line == text).unwrap()
}

#[test]
fn the_small_page_becomes_openapi() {
    let document = extract(FIXTURE).unwrap();
    assert_eq!(
        document["paths"],
        json!({
            "/api/things": {"get": {
                "operationId": "ListThings",
                "responses": {"2XX": {"$ref": "#/components/responses/ListThings"}}
            }},
            "/api/things/{type}/{id}": {
                "get": {
                    "operationId": "FindThing",
                    "parameters": [
                        {"$ref": "#/components/parameters/FindThing.type"},
                        {"$ref": "#/components/parameters/FindThing.id"},
                        {"$ref": "#/components/parameters/FindThing.full"},
                        {"$ref": "#/components/parameters/FindThing.limit"}
                    ],
                    "responses": {"2XX": {"$ref": "#/components/responses/FindThing"}}
                },
                "post": {
                    "operationId": "SetThing",
                    "parameters": [
                        {"$ref": "#/components/parameters/SetThing.type"},
                        {"$ref": "#/components/parameters/SetThing.id"}
                    ],
                    "requestBody": {"$ref": "#/components/requestBodies/SetThing"},
                    "responses": {"2XX": {"$ref": "#/components/responses/SetThing"}}
                }
            }
        })
    );
    let components = &document["components"];
    assert_eq!(
        components["parameters"]["FindThing.limit"],
        json!({"name": "limit", "in": "query", "required": false, "schema": {"type": "integer"}})
    );
    assert_eq!(
        components["requestBodies"],
        json!({"SetThing": {"content": {"application/json": {"schema": {
            "type": "object",
            "properties": {
                "owner": {"$ref": "#/components/schemas/Owner"},
                "size": {"type": "integer"},
                "tags": {"type": "array", "items": {"$ref": "#/components/schemas/Tag"}}
            },
            "required": ["size"]
        }}}}})
    );
    assert_eq!(
        components["responses"]["FindThing"],
        json!({"description": "", "content": {"application/json": {
            "schema": {"$ref": "#/components/schemas/ThingResponse"}
        }}})
    );
    assert_eq!(
        components["schemas"],
        json!({
            "Choice": {"type": "object"},
            "ThingResponse": {
                "type": "object",
                "properties": {
                    "at": {"type": "number"},
                    "kind": {
                        "type": "string", "enum": ["a", "b", "c"],
                        "x-truncated": true, "x-required-lost": true
                    },
                    "kinds": {"type": "array", "items": {"type": "string", "enum": ["a", "b"]}},
                    "owner": {"$ref": "#/components/schemas/Owner"}
                },
                "required": ["at", "owner"]
            }
        })
    );
}

#[test]
fn none_of_the_prose_is_kept() {
    let text = extract(FIXTURE).unwrap().to_string();
    for prose in ["Lists them", "How big", "Who has", "Words about", "When it"] {
        assert!(FIXTURE.contains(prose) && !text.contains(prose), "{prose}");
    }
}

/// An unknown line is an error at the very line, wherever it is put.
#[test]
fn an_unknown_line_is_an_error_anywhere() {
    for unknown in [
        "??? what is this",
        "note: see below",
        "`code`",
        "{",
        "| x |",
    ] {
        for at in 0..=lines().len() {
            let mut changed = lines();
            changed.insert(at, unknown);
            let error = extract(&changed.join("\n"))
                .expect_err(&format!("{unknown:?} before line {} passes", at + 1));
            // A JSON body shows the mistake at the latest where the next token stands.
            let expected = at + 1..=at + 3;
            assert!(
                expected.contains(&error.line),
                "{unknown:?} before line {}: {error}",
                at + 1
            );
        }
    }
}

/// A sentence passes only where the page has free prose: above a type's example.
#[test]
fn a_sentence_is_an_error_but_in_one_place() {
    let mut passing = Vec::new();
    for at in 0..=lines().len() {
        let mut changed = lines();
        changed.insert(at, "One more sentence about it.");
        if let Ok(document) = extract(&changed.join("\n")) {
            assert_eq!(document, extract(FIXTURE).unwrap());
            passing.push(at + 1);
        }
    }
    assert_eq!(passing, [line_of("// ThingResponse")]);
}

/// Losing a line is an error, unless the line holds no fact that is not printed elsewhere.
#[test]
fn a_lost_line_never_loses_a_fact_silently() {
    let whole = extract(FIXTURE).unwrap();
    let mut harmless = Vec::new();
    for at in 0..lines().len() {
        let mut changed = lines();
        let lost = changed.remove(at);
        if let Ok(document) = extract(&changed.join("\n")) {
            assert_eq!(document, whole, "line {} is lost silently: {lost}", at + 1);
            harmless.push(lost);
        }
    }
    assert_eq!(harmless, ["Words about choices"]);
}

#[test]
fn a_repeated_line_is_an_error() {
    for at in 0..lines().len() {
        let mut changed = lines();
        changed.insert(at, changed[at]);
        match extract(&changed.join("\n")) {
            Err(error) => assert!(error.line > at, "line {}: {error}", at + 1),
            // JSON keeps the last of two equal keys; the names are the same.
            Ok(_) => assert_eq!(changed[at], "\"size\": 1,"),
        }
    }
}

#[test]
fn every_two_neighbours_must_keep_their_order() {
    let whole = extract(FIXTURE).unwrap();
    for at in 1..lines().len() {
        let mut changed = lines();
        changed.swap(at - 1, at);
        if let Ok(document) = extract(&changed.join("\n")) {
            assert_eq!(document, whole, "lines {at} and {} swap", at + 1);
        }
    }
}

#[test]
fn a_page_that_ends_early_is_an_error() {
    for end in 0..lines().len() {
        let cut = lines()[..end].join("\n");
        if let Ok(document) = extract(&cut) {
            // Only whole types may be missing at the end; nothing announces how many there are.
            let types = document["components"]["schemas"].as_object().unwrap().len();
            assert_eq!((end, types), (line_of("What the operations use."), 0));
        }
    }
}

#[test]
fn errors_name_the_line_and_what_was_expected() {
    for (from, to, expected) in [
        (
            "full(bool)limit(int)",
            "full(bool)",
            "line 32: the examples use `limit`, which this list does not have",
        ),
        (
            "Example: with limit",
            "Example: with color",
            "line 23: the example is said to use `color`, but does not",
        ),
        (
            "-X POST \"https",
            "-X BREW \"https",
            "line 36: expected a curl line with method and URL, found \"curl -X BREW",
        ),
        (
            "Response: ListThingsResponse",
            "Response: list",
            "line 16: expected `Example: with …` or `Response: …`",
        ),
        (
            "\"size\": 1,",
            "\"size\": 1",
            "line 42: the example's body is not a JSON object",
        ),
        (
            "| owner | Owner |",
            "| owner | owner |",
            "line 74: expected a known type in the second cell",
        ),
        (
            "- SetThing\n",
            "",
            "line 32: expected \"Types Reference\", found \"SetThing\"",
        ),
        (
            "owner(Owner): Who",
            "zone(Owner): Who",
            "line 55: the examples use `owner`",
        ),
    ] {
        assert!(FIXTURE.contains(from), "{from}");
        let error = extract(&FIXTURE.replacen(from, to, 1))
            .unwrap_err()
            .to_string();
        assert!(error.starts_with(expected), "{error}");
    }
}

#[test]
fn a_list_that_the_examples_ask_for_must_follow() {
    for (lost, heading) in [
        (
            "Path Parameters:\nid(string) (required)type(string) (required)\n",
            "Path Parameters:",
        ),
        (
            "Query Parameters:\nfull(bool)limit(int)\n",
            "Query Parameters:",
        ),
    ] {
        let error = extract(&FIXTURE.replacen(lost, "", 1)).unwrap_err();
        assert!(error.message.contains(heading), "{error}");
    }
    // A bare question mark asks for a query list as well.
    let error = extract(&FIXTURE.replacen("api/things\"", "api/things?\"", 1)).unwrap_err();
    assert_eq!(error.line, line_of("FindThing"));
}

#[test]
fn operations_and_types_must_be_unique() {
    let same_path = FIXTURE.replace("-X POST", "-X GET");
    assert!(
        extract(&same_path)
            .unwrap_err()
            .message
            .contains("SetThing repeats FindThing")
    );
    let same_type = FIXTURE.replace("ThingResponse\n// ThingResponse", "Choice\n// Choice");
    assert!(
        extract(&same_type)
            .unwrap_err()
            .message
            .contains("not defined yet")
    );
}

#[test]
fn body_fields_out_of_order_are_an_error() {
    let swapped = FIXTURE.replace("tags([]Tag)", "another(int)");
    assert!(extract(&swapped).is_err());
    let swapped = FIXTURE
        .replace("tags([]Tag)", "a([]Tag)")
        .replace("\"tags\": ", "\"a\": ");
    let error = extract(&swapped).unwrap_err();
    assert!(error.message.contains("alphabetical order"), "{error}");
}

#[test]
fn blank_lines_and_trailing_white_space_do_not_matter() {
    let spaced = FIXTURE.replace('\n', "  \r\n\n");
    assert_eq!(extract(&spaced).unwrap(), extract(FIXTURE).unwrap());
}
