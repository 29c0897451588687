//! The report formats, and what lines, approvals and fingerprints are worth.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

use openapi_document::Source;
use serde_json::{Value, json};
use spec_diff::output::{self, Names};
use spec_diff::{Config, Filter, Level, Limits, Options, Report, Verdict};

const NAMES: Names<'_> = Names {
    old: "old spec.json",
    new: "new spec.json",
};

fn old() -> Value {
    json!({
        "openapi": "3.0.3",
        "info": {"title": "Things", "version": "1"},
        "paths": {
            "/things/{id}": {
                "get": {
                    "operationId": "GetThing",
                    "parameters": [
                        {"name": "id", "in": "path", "required": true, "schema": {"type": "string"}},
                        {"name": "limit", "in": "query", "schema": {"type": "integer"}},
                    ],
                    "responses": {"200": {"description": "", "content": {"application/json": {
                        "schema": {"$ref": "#/components/schemas/Thing"},
                    }}}},
                },
                "delete": {"responses": {"204": {"description": ""}}},
            },
        },
        "components": {"schemas": {"Thing": {
            "type": "object",
            "required": ["id"],
            "properties": {
                "id": {"type": "string", "description": "<b>|`it`\n& \"more\""},
                "mode": {"type": "string", "enum": ["a"]},
            },
        }}},
    })
}

fn new() -> Value {
    let mut new = old();
    let item = &mut new["paths"]["/things/{id}"];
    item.as_object_mut().unwrap().remove("delete");
    item["get"]["parameters"][1]["required"] = json!(true);
    let thing = &mut new["components"]["schemas"]["Thing"];
    thing["required"] = json!([]);
    thing["properties"]["mode"]["enum"] = json!(["a", "b|<c>%\n"]);
    thing["properties"]["id"]["description"] = json!("other");
    new
}

fn report() -> Report {
    let (old, new) = (old(), new());
    let mut report = spec_diff::compare(&old, &new, None);
    let source = |document: &Value| Source::read(format!("{document:#}")).unwrap().1;
    report.locate(&source(&old), &source(&new));
    report
}

fn approve(entry: &Value) -> Report {
    let file = json!({"suppressions": [entry]}).to_string();
    let all = Config::parse(&file).unwrap();
    let mut report = report();
    report.configure(&all, "2025-06-01");
    report
}

#[test]
fn entries_have_the_lines_of_yaml() {
    let text = |kind: &str, comment: &str| {
        format!(
            "openapi: 3.0.3{comment}\ninfo: {{title: t, version: '1'}}\npaths:\n  /a:\n    get:\n      responses:\n        \
             200:\n          description: ''\n          content:\n            application/json:\n              schema:\n                \
             properties: {{id: {{type: {kind}}}}}\n"
        )
    };
    let read = |text: String| {
        let (document, source) = Source::read(text).unwrap();
        (
            openapi_document::from_value(document).unwrap().document,
            source,
        )
    };
    let (old, old_source) = read(text("string", ""));
    let (new, new_source) = read(text("integer", "\n# one line more"));
    let mut report = spec_diff::compare(&old, &new, None);
    report.locate(&old_source, &new_source);
    let [change] = report.changes.as_slice() else {
        panic!("{:#?}", report.changes);
    };
    assert_eq!((change.old_line, change.new_line), (Some(12), Some(13)));
}

fn validator() -> jsonschema::Validator {
    let schema: Value = serde_json::from_str(include_str!("../report.schema.json")).unwrap();
    jsonschema::validator_for(&schema).unwrap()
}

/// A report with levels that generated code shows.
fn generated() -> Report {
    let apis = [old(), new()].map(|document| {
        let spec = codegen::Spec::from_value(document).unwrap();
        spec_diff::GeneratedApi::of(&spec).unwrap()
    });
    spec_diff::compare(&old(), &new(), Some((&apis[0], &apis[1])))
}

/// A report without generated code.
fn not_generated() -> Report {
    let mut report = report();
    report.not_generated("--no-generate was given");
    report
}

#[test]
fn json_is_as_documented() {
    let validator = validator();
    let entry = json!({"fingerprint": "gone", "reason": "why", "expires": "2030-01-01"});
    let overridden = Config::parse(
        r#"{"levels": {"operation-removed": {"rust": "none", "reason": "nobody compiles it"}}}"#,
    );
    let mut configured = not_generated();
    configured.configure(&overridden.unwrap(), "2025-06-01");
    for report in [
        report(),
        approve(&entry),
        spec_diff::compare(&old(), &old(), None),
        generated(),
        not_generated(),
        configured,
    ] {
        let value: Value = serde_json::from_str(&output::json(&report)).unwrap();
        let problems: Vec<String> = validator
            .iter_errors(&value)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(problems.is_empty(), "{problems:#?}");
    }
}

#[test]
fn without_generated_code_rust_is_never_none() {
    let shown = generated();
    let none = |report: &Report| {
        let changes = report.changes.iter();
        changes.filter(|one| one.rust == Level::None).count()
    };
    assert!(none(&shown) > 0, "{:#?}", shown.changes);
    assert_eq!(none(&not_generated()), 0);
    let validator = validator();
    let value: Value = serde_json::from_str(&output::json(&not_generated())).unwrap();
    for (key, refused) in [
        ("rust", json!("none")),
        ("surface", json!(["- a line"])),
        ("rust", json!("not generated")),
        ("wire", json!(null)),
    ] {
        let mut value = value.clone();
        value["changes"][0][key] = refused;
        assert!(!validator.is_valid(&value), "{key}");
    }
}

#[test]
fn changes_have_places_lines_and_operations() {
    let report = report();
    assert_eq!(report.verdict, Verdict::Major);
    let find = |id: &str| {
        let mut all = report.changes.iter();
        all.find(|change| change.id == id).expect("a change")
    };
    let (before, after) = (format!("{:#}", old()), format!("{:#}", new()));
    let line = |text: &str, number: Option<u32>| {
        let number = usize::try_from(number.expect("a line")).unwrap();
        text.lines().nth(number - 1).unwrap().trim().to_owned()
    };
    let optional = find("property-became-optional");
    assert_eq!(*optional.operations, ["GET /things/{id}"]);
    assert_eq!(optional.directions, ["response"]);
    assert_eq!(optional.schema.as_deref(), Some("Thing"));
    assert_eq!(optional.property.as_deref(), Some("id"));
    assert_eq!(optional.pointer, "/components/schemas/Thing/properties/id");
    assert_eq!(line(&before, optional.old_line), "\"id\": {");
    assert_eq!(line(&after, optional.new_line), "\"id\": {");
    let gone = find("operation-removed");
    assert_eq!(*gone.operations, ["DELETE /things/{id}"]);
    assert_eq!(gone.fingerprint, "operation-removed:DELETE /things/{}");
    assert_eq!(line(&before, gone.old_line), "\"delete\": {");
    let required = find("parameter-became-required");
    assert_eq!(required.property.as_deref(), Some("limit"));
    assert_eq!(
        required.fingerprint,
        "parameter-became-required:GET /things/{}:limit:required"
    );
}

#[test]
fn fingerprints_outlive_renamed_placeholders_and_other_changes() {
    let prints = |old: &Value, new: &Value| -> Vec<String> {
        let report = spec_diff::compare(old, new, None);
        let changes = report.changes.into_iter();
        let changes = changes.filter(|change| change.id != "path-parameter-renamed");
        let mut all: Vec<String> = changes.map(|change| change.fingerprint).collect();
        all.sort();
        all
    };
    let renamed = |document: &Value| {
        let text = document.to_string();
        let text = text.replace("{id}", "{thing}");
        let text = text.replace(
            "\"in\":\"path\",\"name\":\"id\"",
            "\"in\":\"path\",\"name\":\"thing\"",
        );
        serde_json::from_str::<Value>(&text).unwrap()
    };
    assert_eq!(
        prints(&old(), &new()),
        prints(&renamed(&old()), &renamed(&new()))
    );
    assert_eq!(prints(&old(), &new()), prints(&old(), &renamed(&new())));
}

#[test]
fn approvals_hide_what_they_name_until_they_end() {
    let print = "operation-removed:DELETE /things/{}";
    let entry = |print: &str, expires: &str| {
        approve(&json!({"fingerprint": print, "reason": "agreed", "expires": expires}))
    };
    let open = |report: &Report| report.at_least(Level::Breaking).count();
    let all = open(&report());
    let approved = entry(print, "2025-06-01");
    assert_eq!(open(&approved), all - 1);
    assert!(approved.stale_suppressions.is_empty());
    let text = output::text(&approved, NAMES);
    assert!(text.contains(", 1 of them approved"), "{text}");
    let expired = entry(print, "2025-05-31");
    assert_eq!(open(&expired), all);
    assert_eq!(expired.stale_suppressions[0].why, "expired");
    let unused = entry("operation-removed:GET /nothing", "2030-01-01");
    assert_eq!(open(&unused), all);
    assert_eq!(unused.stale_suppressions[0].why, "unused");
    for text in [
        output::text(&unused, NAMES),
        output::markdown(&unused, NAMES),
    ] {
        assert!(text.contains("operation-removed:GET /nothing"), "{text}");
    }
}

#[test]
fn text_comes_in_groups_operations_first() {
    let text = output::text(&report(), NAMES);
    let place = |what: &str| text.find(what).unwrap_or_else(|| panic!("{what}: {text}"));
    assert!(place("Operations") < place("the operation is gone"));
    assert!(place("the operation is gone") < place("Types"));
    assert!(place("Types") < place("Thing.id"));
    assert!(place("Thing.id") < place("major"));
    assert!(text.contains("\u{1b}["));
}

#[test]
fn values_behind_references_are_shown_but_for_schemas() {
    let mut new = old();
    let parameters = &mut new["paths"]["/things/{id}"]["get"]["parameters"];
    let parameters = parameters.as_array_mut().unwrap();
    parameters.push(json!({"$ref": "#/components/parameters/Tenant"}));
    let tenant = json!({
        "name": "tenant", "in": "query", "required": true, "schema": {"type": "string"},
    });
    new["components"]["parameters"] = json!({"Tenant": tenant});
    let thing = json!({"$ref": "#/components/schemas/Thing"});
    new["components"]["schemas"]["Thing"]["properties"]["parent"] = thing.clone();
    let report = spec_diff::compare(&old(), &new, None);
    let value = |id: &str| {
        let mut changes = report.changes.iter();
        changes.find(|change| change.id == id).unwrap().new.clone()
    };
    assert_eq!(value("parameter-added-required"), tenant);
    assert_eq!(value("property-added-optional"), thing);
}

#[test]
fn markdown_keeps_foreign_text_harmless() {
    let text = output::markdown(&report(), NAMES);
    assert!(text.contains("### 3 breaking"), "{text}");
    assert!(!text.contains("<c>"), "{text}");
    let rows = text.lines().filter(|line| line.starts_with("| **"));
    for row in rows {
        let bars = row.replace("\\|", "").matches('|').count();
        assert_eq!(bars, 5, "{row}");
    }
}

#[test]
fn github_commands_stay_on_one_line() {
    let text = output::github(&report(), NAMES);
    let open = report().at_least(Level::Additive).count();
    assert_eq!(text.lines().count(), open, "{text}");
    assert!(text.lines().all(|line| line.starts_with("::")), "{text}");
    assert!(text.contains("::error file=new spec.json,line="), "{text}");
    assert!(text.contains("%25%0A"), "{text}");
}

#[test]
fn junit_fails_what_is_as_bad_as_the_limit() {
    let entry = json!({
        "fingerprint": "operation-removed:DELETE /things/{}",
        "reason": "a & b", "expires": "2030-01-01",
    });
    let report = approve(&entry);
    let text = output::junit(&report, Limits::both(Some(Level::Breaking)));
    let failures = report.at_least(Level::Breaking).count();
    assert_eq!(text.matches("<failure").count(), failures);
    assert!(
        text.contains(&format!("failures=\"{failures}\" skipped=\"1\"")),
        "{text}"
    );
    assert!(text.contains("<skipped message=\"a &amp; b\"/>"), "{text}");
    assert!(text.contains("b|&lt;c&gt;"), "{text}");
    assert_eq!(text.matches("<testcase").count(), report.changes.len());
    let none = output::junit(
        &spec_diff::compare(&old(), &old(), None),
        Limits::both(Some(Level::Breaking)),
    );
    assert!(none.contains("name=\"no changes\""));
}

#[test]
fn sarif_names_rules_places_and_fingerprints() {
    let log: Value = serde_json::from_str(&output::sarif(&report(), NAMES)).unwrap();
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    assert_eq!(rules.len(), spec_diff::rule::all().count());
    for result in run["results"].as_array().unwrap() {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "new%20spec.json");
        assert!(place["region"]["startLine"].as_u64().unwrap() >= 1);
        assert!(result["partialFingerprints"]["specDiff/v1"].is_string());
    }
}

#[test]
fn rules_are_listed_and_explained() {
    let listing = output::listing();
    for rule in spec_diff::rule::all() {
        assert!(listing.contains(rule.id));
        let text = output::explain(rule);
        assert!(text.contains(rule.explanation) && text.contains(rule.example));
    }
}

#[test]
fn patterns_approve_several_changes_and_levels_can_be_set() {
    let config = json!({
        "levels": {"operation-removed": {"wire": "cosmetic", "rust": "cosmetic", "reason": "a beta"}},
        "suppressions": [{"pattern": "property-*:Thing:*", "reason": "agreed", "expires": "2030-01-01"}],
    });
    let mut configured = report();
    configured.configure(&Config::parse(&config.to_string()).unwrap(), "2025-06-01");
    let find = |id: &str| {
        configured
            .changes
            .iter()
            .find(|change| change.id == id)
            .unwrap()
    };
    assert_eq!(
        find("property-became-optional").suppressed.as_deref(),
        Some("agreed")
    );
    assert_eq!(find("operation-removed").level(), Level::Cosmetic);
    assert!(find("parameter-became-required").suppressed.is_none());
    assert!(configured.stale_suppressions.is_empty());
}

#[test]
fn filters_choose_operations_and_rules() {
    let documents = [old(), new()];
    let chosen = |only: &[&str], ignore: &[&str]| -> Vec<&'static str> {
        let filters = |texts: &[&str]| -> Vec<Filter> {
            texts.iter().map(|text| text.parse().unwrap()).collect()
        };
        let mut report = report();
        report.choose(
            &filters(only),
            &filters(ignore),
            [&documents[0], &documents[1]],
        );
        report.changes.iter().map(|change| change.id).collect()
    };
    let all = chosen(&[], &[]);
    assert_eq!(chosen(&["path=/things/*"], &[]), all);
    assert!(chosen(&["path=/other"], &[]).is_empty());
    assert_eq!(chosen(&["rule=operation-*"], &[]), ["operation-removed"]);
    assert!(!chosen(&[], &["rule=operation-*"]).contains(&"operation-removed"));
    assert!(chosen(&["tag=things"], &[]).is_empty());
    assert!("nonsense".parse::<Filter>().is_err());
}

#[test]
fn filters_by_tag_leave_the_operations_with_the_tag() {
    let document = |kind: &str| {
        let operation = |tag: &str| {
            json!({"tags": [tag], "responses": {"200": {"description": "", "content":
                {"application/json": {"schema": {"$ref": "#/components/schemas/Shared"}}}}}})
        };
        json!({
            "openapi": "3.0.3", "info": {"title": "t", "version": "1"},
            "paths": {"/calls": {"get": operation("calls")}, "/users": {"get": operation("users")}},
            "components": {"schemas": {"Shared": {"type": kind}}},
        })
    };
    let (old, new) = (document("string"), document("integer"));
    let chosen = |only: &[&str], ignore: &[&str]| -> Vec<String> {
        let filters = |texts: &[&str]| -> Vec<Filter> {
            texts.iter().map(|text| text.parse().unwrap()).collect()
        };
        let mut report = spec_diff::compare(&old, &new, None);
        report.choose(&filters(only), &filters(ignore), [&old, &new]);
        let operations = report
            .changes
            .iter()
            .flat_map(|change| change.operations.iter());
        operations.cloned().collect()
    };
    assert_eq!(chosen(&[], &[]), ["GET /calls", "GET /users"]);
    assert_eq!(chosen(&["tag=call*"], &[]), ["GET /calls"]);
    assert_eq!(chosen(&[], &["tag=calls"]), ["GET /users"]);
    assert_eq!(chosen(&[], &["path=/users"]), ["GET /calls"]);
    assert!(chosen(&["tag=calls"], &["rule=type-*"]).is_empty());
}

#[test]
fn a_prefix_can_be_left_out_of_the_pairing() {
    let document = |path: &str| {
        json!({"openapi": "3.0.3", "info": {"title": "t", "version": "1"},
            "paths": {path: {"get": {"responses": {"200": {"description": ""}}}}}})
    };
    let (old, new) = (document("/v1/calls"), document("/v2/calls"));
    let ids = |prefixes: &[&str]| -> Vec<&'static str> {
        let mut options = Options::on("2025-06-01");
        options.strip_prefixes = prefixes.iter().map(|prefix| (*prefix).to_owned()).collect();
        let report = spec_diff::compare_with(&old, &new, || None, &options);
        report.changes.iter().map(|change| change.id).collect()
    };
    assert_eq!(ids(&[]), ["operation-removed", "operation-added"]);
    assert!(ids(&["/v1", "/v2"]).is_empty());
    assert_eq!(ids(&["/v1"]).len(), 2);
}

#[test]
fn a_limit_can_be_set_for_one_audience_alone() {
    let report = report();
    let failing = |limits: &str| report.failing(limits.parse().unwrap()).count();
    let count = |level: fn(&spec_diff::Change) -> Level| {
        report
            .changes
            .iter()
            .filter(|change| level(change) == Level::Breaking)
            .count()
    };
    let (wire, rust) = (count(|change| change.wire), count(|change| change.rust));
    assert!(wire > 0 && rust > 0);
    assert_eq!(failing("wire=breaking,rust=none"), wire);
    assert_eq!(failing("rust=breaking"), rust);
    assert_eq!(failing("none"), 0);
    assert_eq!(failing("cosmetic"), report.changes.len());
}

#[test]
fn a_page_is_complete_in_itself_and_its_links_lead_somewhere() {
    let page = output::html(&report(), NAMES);
    assert!(
        !page.contains("<c>") && page.contains("b|&lt;c&gt;"),
        "{page}"
    );
    for outside in ["http://", "https://", "src=", "@import", "url("] {
        assert!(!page.contains(outside), "{outside}");
    }
    let ids: Vec<&str> = page
        .split(" id=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect();
    let mut unique = ids.clone();
    unique.sort_unstable();
    unique.dedup();
    assert_eq!(unique.len(), ids.len(), "{ids:?}");
    let links = page.split("href=\"#").skip(1);
    let links: Vec<&str> = links.filter_map(|rest| rest.split('"').next()).collect();
    assert!(links.len() > 5);
    for link in links {
        assert!(ids.contains(&link), "{link}");
    }
    let quiet = output::html(&spec_diff::compare(&old(), &old(), None), NAMES);
    assert!(quiet.contains("Nothing differs"), "{quiet}");
}

#[test]
fn markdown_fits_a_comment_and_says_how_much_does_not() {
    let mut large = old();
    let paths = large["paths"].as_object_mut().unwrap();
    for number in 0..2_000 {
        let operation = json!({"get": {"responses": {"200": {"description": ""}}}});
        paths.insert(
            format!("/a/rather/long/path/to/fill/the/comment/{number}"),
            operation,
        );
    }
    let report = spec_diff::compare(&large, &old(), None);
    let mut noted = report.clone();
    noted.notes = vec!["a file that could not be read".repeat(10); 1_000];
    let text = output::markdown(&noted, NAMES);
    assert!(text.chars().count() <= 65_536, "{}", text.len());
    assert!(text.contains("more notes do not fit"));
    let text = output::markdown(&report, NAMES);
    assert!(text.chars().count() <= 65_536, "{}", text.len());
    assert!(text.len() > 55_000, "room is used: {}", text.len());
    assert!(text.contains("--format html"), "a pointer to the whole");
    let shown = text.matches("the operation is gone").count();
    assert!(text.contains(&format!("{} more entries do not fit", 2_000 - shown)));
    assert!(text.find("| on the wire |").unwrap() < text.find("### 2000 breaking").unwrap());
}

#[test]
fn directions_have_levels_and_operations_of_their_own() {
    let side = |required: Value| {
        let content =
            json!({"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}});
        json!({"openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "paths": {
            "/read": {"get": {"responses": {"200": {"description": "", "content": content}}}},
            "/write": {"post": {"requestBody": {"content": content}, "responses": {"204": {"description": ""}}}},
        }, "components": {"schemas": {"Thing": {
            "type": "object", "properties": {"a": {"type": "string"}}, "required": required,
        }}}})
    };
    let report = spec_diff::compare(&side(json!([])), &side(json!(["a"])), None);
    let change = report
        .changes
        .iter()
        .find(|change| change.id == "property-became-required")
        .unwrap();
    assert_eq!(change.wire, Level::Breaking);
    let effect = |direction: &str| &change.by_direction[direction];
    assert_eq!(
        (effect("request").wire, &*effect("request").operations),
        (Level::Breaking, &["POST /write".to_owned()][..])
    );
    assert_eq!(
        (effect("response").wire, &*effect("response").operations),
        (Level::Additive, &["GET /read".to_owned()][..])
    );
}

#[test]
fn statuses_belong_to_responses_and_what_a_webhook_carries_too() {
    let side = |responses: Value, required: bool| {
        let parameters = json!([{"name": "X-S", "in": "header", "required": required}]);
        json!({"openapi": "3.0.3", "info": {"title": "t", "version": "1"},
            "paths": {"/read": {"get": {"responses": responses}}},
            "x-webhooks": {"rated": {"post": {"parameters": parameters, "responses": {}}}},
        })
    };
    let old = side(json!({"200": {"description": ""}}), true);
    let new = side(json!({"204": {"description": ""}}), false);
    let report = spec_diff::compare(&old, &new, None);
    for id in [
        "success-status-added",
        "success-status-removed",
        "parameter-became-optional",
    ] {
        let mut changes = report.changes.iter();
        let change = changes.find(|change| change.id == id).unwrap();
        assert_eq!(change.directions, ["response"], "{id}");
    }
}
