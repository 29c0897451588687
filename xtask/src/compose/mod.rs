//! `cargo xtask compose`: documented.json and the amendments make video-api.json.

mod amend;
mod check;
mod normalise;
mod openapi;
mod operations;
mod readme;

use std::error::Error;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::counts::{self, Amendment};
use crate::workspace::{self, Done};

const RECIPE: &str = "cargo xtask compose";

/// Arguments of `compose`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Compare with the committed files instead of writing them.
    #[arg(long)]
    pub(crate) check: bool,
}

/// Runs the command.
pub(crate) fn run(args: &Args) -> Done {
    let spec = workspace::root().join("spec");
    let documented = parse(&spec.join("documented.json"))?;
    let amendments = load(&spec.join("amendments"))?;
    let composed = compose(documented.clone(), &amendments).map_err(|problems| {
        let count = problems.len();
        format!(
            "the spec does not compose, {count} problem(s):\n  {}",
            problems.join("\n  ")
        )
    })?;

    let table = counts::table(&documented, &amendments, &composed);
    // Both files are looked at before the first complaint, so that one run tells everything.
    let outcomes = [
        workspace::write_or_check(
            &spec.join("video-api.json"),
            &render(composed)?,
            args.check,
            RECIPE,
        ),
        write_counts(&spec.join("README.md"), &table, args.check),
    ];
    let failed: Vec<String> = outcomes
        .into_iter()
        .filter_map(Result::err)
        .map(|error| error.to_string())
        .collect();
    if failed.is_empty() {
        Ok(())
    } else {
        Err(failed.join("\n").into())
    }
}

/// Explains why video-api.json in a folder differs from what the sources beside it make; none when it
/// is up to date.
pub(crate) fn out_of_date(spec: &Path) -> Option<String> {
    let composed = || -> Result<String, Box<dyn Error>> {
        let documented = parse(&spec.join("documented.json"))?;
        let amendments = load(&spec.join("amendments"))?;
        let composed = compose(documented, &amendments).map_err(|problems| {
            let first = problems.first().cloned().unwrap_or_default();
            format!("its sources do not compose ({first})")
        })?;
        Ok(render(composed)?)
    };
    let written = workspace::read(&spec.join("video-api.json"));
    match (composed(), written) {
        (Ok(composed), Ok(written)) if composed == written => None,
        (Ok(_), Ok(_)) => Some(format!("its sources have changed; run: {RECIPE}")),
        (Err(error), _) | (_, Err(error)) => Some(error.to_string()),
    }
}

fn write_counts(path: &Path, table: &str, check: bool) -> Done {
    let text = readme::with_counts(&workspace::read(path)?, table)?;
    workspace::write_or_check(path, &text, check, RECIPE)
}

/// Applies the amendments in order, normalises and checks; every problem is reported, not only the first.
pub(crate) fn compose(mut document: Value, amendments: &[Amendment]) -> Result<Value, Vec<String>> {
    let mut problems = Vec::new();
    for amendment in amendments {
        amend::apply(&mut document, amendment, &mut problems);
    }
    normalise::references(&mut document);
    problems.extend(
        check::all(&document)
            .into_iter()
            .chain(openapi::check(&document))
            .map(|problem| format!("video-api.json: {problem}")),
    );
    if problems.is_empty() {
        Ok(document)
    } else {
        Err(problems)
    }
}

/// Sorted keys whatever features serde_json was built with, two spaces, one newline at the end.
fn render(mut document: Value) -> Result<String, serde_json::Error> {
    document.sort_all_objects();
    let mut text = serde_json::to_string_pretty(&document)?;
    text.push('\n');
    Ok(text)
}

fn parse(path: &Path) -> Result<Value, Box<dyn Error>> {
    serde_json::from_str(&workspace::read(path)?)
        .map_err(|error| format!("{}: {error}", path.display()).into())
}

/// The amendment files in the order of their names.
pub(crate) fn load(folder: &Path) -> Result<Vec<Amendment>, Box<dyn Error>> {
    let mut paths = fs::read_dir(folder)
        .map_err(|error| format!("cannot read {}: {error}", folder.display()))?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<Vec<_>, _>>()?;
    paths.retain(|path| {
        path.extension()
            .is_some_and(|extension| extension == "json")
    });
    paths.sort();
    paths
        .iter()
        .map(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            amendment(&name, parse(path)?)
        })
        .collect()
}

fn amendment(name: &str, content: Value) -> Result<Amendment, Box<dyn Error>> {
    let Value::Object(mut content) = content else {
        return Err(format!("{name}: not a JSON object").into());
    };
    let (Some(Value::String(reason)), Some(patch @ Value::Object(_)), true) = (
        content.remove("reason"),
        content.remove("patch"),
        content.is_empty(),
    ) else {
        return Err(format!("{name}: expected {{\"reason\": \"…\", \"patch\": {{…}}}}").into());
    };
    Ok(Amendment {
        name: name.to_owned(),
        reason,
        patch,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn amend(name: &str, patch: Value) -> Amendment {
        Amendment {
            name: name.to_owned(),
            reason: "a reason".to_owned(),
            patch,
        }
    }

    /// The smallest document that passes every check.
    pub(super) fn sound() -> Value {
        json!({
            "openapi": "3.0.3",
            "info": {"title": "T", "version": "1"},
            "tags": [{"name": "A", "description": "All about A."}],
            "paths": {"/a/{id}": {"get": {
                "operationId": "GetA", "tags": ["A"], "summary": "Reads an A.",
                "parameters": [{"$ref": "#/components/parameters/GetA.id"}],
                "responses": {
                    "200": {"$ref": "#/components/responses/GetA"},
                    "default": {"$ref": "#/components/responses/Error"}
                }
            }}},
            "components": {
                "parameters": {"GetA.id": {
                    "name": "id", "in": "path", "required": true, "description": "Id.",
                    "schema": {"type": "string"}
                }},
                "responses": {
                    "GetA": {"description": "", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/A"}}}},
                    "Error": {"description": "Failed."}
                },
                "schemas": {"A": {
                    "type": "object", "description": "An A.",
                    "properties": {"n": {"type": "number", "description": "A number."}}
                }}
            }
        })
    }

    #[test]
    fn amendments_apply_in_order_and_the_later_wins() {
        let files = [
            amend(
                "10.json",
                json!({"components": {"schemas": {"A": {"properties": {"n": {"type": "integer"}}}}}}),
            ),
            amend(
                "20.json",
                json!({"components": {"schemas": {"A": {"properties": {"n": {"format": "int32"}}, "required": ["n"]}}}}),
            ),
        ];
        let composed = compose(sound(), &files).unwrap();
        assert_eq!(
            composed["components"]["schemas"]["A"],
            json!({
                "type": "object", "description": "An A.", "required": ["n"],
                "properties": {"n": {"type": "integer", "format": "int32", "description": "A number."}}
            })
        );
    }

    #[test]
    fn problems_of_all_kinds_are_reported_together() {
        let files = [amend(
            "10.json",
            json!({
                "openapi": "3.0.3",
                "paths": {"/a/{id}": {"get": {"summary": null}}},
                "servers": 1
            }),
        )];
        let problems = compose(sound(), &files).unwrap_err();
        assert_eq!(problems.len(), 3, "{problems:#?}");
        assert!(
            problems[0].starts_with("10.json: /openapi: changes nothing"),
            "{problems:#?}"
        );
        assert!(
            problems[1].contains("/paths/~1a~1{id}/get: no summary"),
            "{problems:#?}"
        );
        assert!(
            problems[2].starts_with("video-api.json: /servers: "),
            "{problems:#?}"
        );
    }

    #[test]
    fn output_is_sorted_and_ends_with_a_newline() {
        let text = render(json!({"b": 1, "a": {"d": [], "c": {}}})).unwrap();
        assert_eq!(
            text,
            "{\n  \"a\": {\n    \"c\": {},\n    \"d\": []\n  },\n  \"b\": 1\n}\n"
        );
    }

    #[test]
    fn an_amendment_needs_a_reason_and_a_patch_and_nothing_else() {
        assert!(amendment("a", json!({"reason": "r", "patch": {}})).is_ok());
        for wrong in [
            json!([]),
            json!({"patch": {}}),
            json!({"reason": "r", "patch": []}),
            json!({"reason": "r", "patch": {}, "note": 1}),
        ] {
            assert!(amendment("a", wrong.clone()).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_committed_spec_composes_to_the_committed_bytes() {
        let spec = workspace::root().join("spec");
        let documented = parse(&spec.join("documented.json")).unwrap();
        let amendments = load(&spec.join("amendments")).unwrap();
        let composed = compose(documented, &amendments).unwrap();
        let committed = workspace::read(&spec.join("video-api.json")).unwrap();
        assert!(render(composed).unwrap() == committed, "run: {RECIPE}");
    }
}
