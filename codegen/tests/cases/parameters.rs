//! Parameters in the path, the query and headers.

use codegen::Spec;
use serde_json::json;

use super::{Outcome, document, fixture, generate};

#[test]
fn lists_in_the_query_are_repeated_unless_explode_is_false() {
    fixture("repeated_lists").left_out(&[]).code(&[
        "set_query_styled(\"tag\", QueryStyle::Repeated, &value)",
        "set_query_styled(\"level\", QueryStyle::Repeated, &value)",
        "set_query_list(\"fields\", ",
    ]);
}

#[test]
fn a_segment_may_hold_several_parameters() {
    fixture("path_segments")
        .left_out(&[])
        .has(&[
            "fn Client::compare(&self, owner: impl Into<String>, base: impl Into<String>, \
         head: impl Into<String>) -> requests::Compare",
            "fn Client::tile(&self, z: i64, x: i64, y: i64, scale: i64) -> requests::Tile",
            "fn Client::file(&self, name: impl Into<String>) -> requests::File",
        ])
        .code(&[
            "/repos/{owner}/compare/{base}...{head}",
            "/tiles/{z}/{x},{y}@{scale}x",
        ]);
}

#[test]
fn three_names_of_header_parameters_are_ignored() {
    let text = json!({"type": "string"});
    let header =
        |name: &str| json!({"name": name, "in": "header", "required": true, "schema": text});
    let parameters = json!([
        header("Accept"),
        header("content-type"),
        header("Authorization")
    ]);
    let schemas = json!({"A": {"type": "object", "properties": {"a": text}}});
    document("3.0.3", schemas, json!({"parameters": parameters}))
        .left_out(&[])
        .has(&["fn Client::get_a(&self) -> requests::GetA"]);
}

#[test]
fn a_placeholder_that_nothing_declares_is_text() {
    let text = json!({"200": {"description": "", "content": {"application/json": {
        "schema": {"type": "string"}
    }}}});
    let get = |id: &str| json!({"get": {"operationId": id, "responses": text}});
    let document = json!({
        "openapi": "3.0.3",
        "info": {"title": "t", "version": "1"},
        "paths": {"/app/{app_id}": get("getApp"), "/apps": get("listApps")}
    });
    generate(&Spec::from_value(document).unwrap())
        .left_out(&[])
        .has(&[
            "fn Client::get_app(&self, app_id: impl Into<String>) -> requests::GetApp",
            "fn Client::list_apps(&self) -> requests::ListApps",
        ]);
}

#[test]
fn objects_in_the_query_have_the_documented_style() {
    let undefined = "the parameter expand: a list is not defined for its style deepObject, and is sent \
                     as name=a&name=b";
    fixture("query_styles").left_out(&[undefined]).code(&[
        "set_query_styled(\"page\", QueryStyle::Deep, &value)",
        "set_query_styled(\"filter\", QueryStyle::Deep, &value)",
        "set_query_styled(\"ids\", QueryStyle::Pipes, &value)",
        "set_query_styled(\"expand\", QueryStyle::Repeated, &value)",
    ]);
}

#[test]
fn a_parameter_with_a_json_content_is_json_text() {
    let schema = json!({"type": "object", "properties": {"a": {"type": "string"}}});
    let content = json!({"application/json": {"schema": schema}});
    let parameter = json!({"name": "filter", "in": "query", "required": true, "content": content});
    document(
        "3.0.3",
        json!({"A": {"type": "string"}}),
        json!({"parameters": [parameter]}),
    )
    .left_out(&[])
    .has(&["fn Client::get_a(&self, filter: impl Into<types::GetAFilter>) -> requests::GetA"])
    .code(&["set_query_json(\"filter\", "]);
}

#[test]
fn headers_that_differ_in_their_capitals_are_one() {
    let header = |name: &str, required: bool| json!({"name": name, "in": "header", "required": required, "schema": {"type": "string"}});
    let parameters = json!([
        header("X-Id", false),
        header("x-id", true),
        header("X-ID", false)
    ]);
    document(
        "3.0.3",
        json!({"A": {"type": "string"}}),
        json!({"parameters": parameters}),
    )
    .left_out(&[
        "is generated without the header parameter x-id, which is the header X-Id",
        "is generated without the header parameter X-ID, which is the header X-Id",
    ])
    .has(&["fn Client::get_a(&self, x_id: impl Into<String>) -> requests::GetA"]);
}

#[test]
fn a_header_and_a_query_parameter_of_one_name_are_two() {
    let parameter = |place: &str, required: bool| json!({"name": "id", "in": place, "required": required, "schema": {"type": "string"}});
    for (required, line) in [
        (
            true,
            "fn Client::get_a(&self, id: impl Into<String>, id_in_header: impl Into<String>) -> requests::GetA",
        ),
        (
            false,
            "fn requests::GetA::id_in_header(mut self, id: impl Into<String>) -> Self",
        ),
    ] {
        let parameters = json!([parameter("header", required), parameter("query", required)]);
        document(
            "3.0.3",
            json!({"A": {"type": "string"}}),
            json!({"parameters": parameters}),
        )
        .left_out(&[])
        .has(&[line]);
    }
}

#[test]
fn a_single_value_as_plain_text_is_sent_as_it_is() {
    let parameter = |name: &str, media: &str| json!({"name": name, "in": "query", "content": {media: {"schema": {"type": "string"}}}});
    let parameters = json!([
        parameter("note", "text/plain"),
        parameter("title", "Text/Plain ; charset=utf-8"),
        parameter("rows", "text/csv")
    ]);
    document(
        "3.0.3",
        json!({"A": {"type": "string"}}),
        json!({"parameters": parameters}),
    )
    .left_out(&["is generated without the parameter rows as text/csv"])
    .has(&["fn requests::GetA::note(mut self, note: impl Into<String>) -> Self"])
    .code(&[
        "set_query(\"note\", note.into())",
        "set_query(\"title\", title.into())",
    ]);
}

#[test]
fn a_path_with_a_brace_that_is_never_closed_is_taken_literally() {
    let get =
        |id: &str| json!({"get": {"operationId": id, "responses": {"200": {"description": ""}}}});
    let document = json!({
        "openapi": "3.0.3",
        "info": {"title": "t", "version": "1"},
        "paths": {"/a/{x": get("open"), "/b/{x}/{x}": get("twice"), "/c/{x}{y}": get("pair")}
    });
    generate(&Spec::from_value(document).unwrap())
        .left_out(&[])
        .has(&[
            "fn Client::open(&self) -> requests::Open",
            "fn Client::twice(&self, x: impl Into<String>) -> requests::Twice",
            "fn Client::pair(&self, x: impl Into<String>, y: impl Into<String>) -> requests::Pair",
        ]);
}
