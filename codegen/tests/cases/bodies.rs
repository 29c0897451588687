//! Bodies of requests and responses.

use serde_json::{Value, json};

use super::{Outcome, document, fixture};

#[test]
fn a_patch_sets_clears_or_leaves_a_field() {
    fixture("nullable_patch").left_out(&[]).has(&[
        "fn requests::PatchInterface::lag(mut self, lag: impl Into<Nullable<i64>>) -> Self",
        "struct types::IfacePatch.lag: Option<Nullable<i64>>",
        "struct types::Iface.lag: Option<i64>",
    ]);
}

#[test]
fn what_the_server_sets_is_no_argument() {
    fixture("read_only")
        .left_out(&[])
        .has(&[
            "fn Client::create_user(&self, name: impl Into<String>, password: impl Into<String>) \
         -> requests::CreateUser",
            "struct types::User.id: i64",
        ])
        .code(&["1 id \"id\" read_only", "3 password \"password\","]);
}

#[test]
fn a_body_can_be_left_out_and_given_needs_its_fields() {
    fixture("optional_body").left_out(&[]).has(&[
        "fn Client::retry_job(&self, id: impl Into<String>) -> requests::RetryJob",
        "fn requests::RetryJob::body(mut self, body: impl Into<types::RetryOptions>) -> Self",
        "fn types::RetryOptions::new(queue: impl Into<String>) -> Self",
        "fn Client::tag_job(&self) -> requests::TagJob",
    ]);
}

#[test]
fn a_default_response_alone_is_the_response() {
    fixture("default_response").left_out(&[]).has(&[
        "fn requests::GetPets::send(self) -> Result<Response<Vec<String>>, Error>",
        "fn requests::DeletePets::send(self) -> Result<Response<()>, Error>",
    ]);
}

#[test]
fn a_default_response_beside_errors_is_the_response() {
    let content = json!({"text/json": {"schema": {"$ref": "#/components/schemas/A"}}});
    let responses = json!({
        "default": {"description": "", "content": content}, "404": {"description": ""}
    });
    let schemas = json!({"A": {"type": "object", "properties": {"a": {"type": "string"}}}});
    document("3.0.3", schemas, json!({"responses": responses}))
        .left_out(&[])
        .has(&["fn requests::GetA::send(self) -> Result<Response<types::A>, Error>"]);
}

#[test]
fn links_of_a_default_response_are_said() {
    let links = json!({"next": {"operationId": "getA"}});
    let responses = json!({"default": {"description": "", "links": links}});
    document(
        "3.0.3",
        json!({"A": {"type": "string"}}),
        json!({"responses": responses}),
    )
    .left_out(&["its links are not generated"]);
}

#[test]
fn capitals_of_a_media_type_mean_nothing() {
    let content = json!({
        "Multipart/Mixed": {}, "Text/Plain; charset=utf-8": {"schema": {"type": "string"}}
    });
    let body = json!({"requestBody": {"required": true, "content": content}});
    document("3.0.3", json!({"A": {"type": "string"}}), body)
        .left_out(&[
            "its body as Multipart/Mixed is not generated, only as Text/Plain; charset=utf-8",
        ])
        .has(&["fn Client::get_a(&self, body: impl Into<String>) -> requests::GetA"]);
    let responses = json!({"200": {"description": "", "content": {"Text/Event-Stream": {}}}});
    let a = json!({"type": "object", "properties": {"a": {"type": "string"}}});
    document("3.0.3", json!({"A": a}), json!({"responses": responses}))
        .left_out(&["its response cannot be read: it is Text/Event-Stream"]);
}

#[test]
fn any_media_type_with_a_schema_is_json() {
    let object = json!({"type": "object", "properties": {"a": {"type": "string"}}});
    let schema = json!({"$ref": "#/components/schemas/A"});
    let content = json!({"*/*": {"schema": schema}});
    document(
        "3.0.3",
        json!({"A": object}),
        json!({
            "responses": {"200": {"description": "", "content": content}},
            "requestBody": {"content": content, "required": true}
        }),
    )
    .left_out(&[])
    .has(&[
        "fn requests::GetA::send(self) -> Result<Response<types::A>, Error>",
        "fn requests::GetA::a(mut self, a: impl Into<String>) -> Self",
    ])
    .code(&["accept: \"application/json\""]);
}

#[test]
fn an_operation_without_a_documented_body_returns_nothing() {
    fixture("no_content").left_out(&[]).has(&[
        "fn requests::DestroyWorker::send(self) -> Result<Response<()>, Error>",
        "fn requests::StartWorker::send(self) -> Result<Response<()>, Error>",
        "fn requests::TouchWorker::send(self) -> Result<Response<()>, Error>",
    ]);
}

#[test]
fn a_next_that_is_an_address_or_a_number_is_no_cursor() {
    fixture("page_addresses")
        .left_out(&[])
        .lacks(&["::pages(", "::items("]);
}

#[test]
fn a_field_that_may_be_null_can_be_cleared_in_every_spelling() {
    let lag = json!({"$ref": "#/components/schemas/Lag"});
    for (openapi, field) in [
        ("3.0.3", json!({"allOf": [lag], "nullable": true})),
        ("3.0.3", json!({"oneOf": [lag], "nullable": true})),
        (
            "3.0.3",
            json!({"$ref": "#/components/schemas/Lag", "nullable": true}),
        ),
        ("3.1.0", json!({"anyOf": [lag, {"type": "null"}]})),
        ("3.1.0", json!({"oneOf": [{"type": "null"}, lag]})),
    ] {
        let schemas = json!({
            "A": {"type": "object", "properties": {"lag": field}},
            "Lag": {"type": "object", "properties": {"n": {"type": "integer"}}}
        });
        let content = json!({"application/json": {"schema": {"$ref": "#/components/schemas/A"}}});
        let body = json!({"requestBody": {"required": true, "content": content}});
        document(openapi, schemas, body).left_out(&[]).has(&[
            "fn requests::GetA::lag(mut self, lag: impl Into<Nullable<types::Lag>>) -> Self",
        ]);
    }
}

#[test]
fn successes_that_differ_in_their_words_or_in_having_a_body_are_one() {
    let texts = |words: &str| {
        json!({"description": "", "content": {"application/json": {
            "schema": {"type": "array", "items": {"type": "string"}, "description": words}
        }}})
    };
    let empty = json!({"description": ""});
    let any = json!({"A": {"type": "string"}});
    for (responses, response) in [
        (
            json!({"200": texts("one"), "201": texts("two")}),
            "Vec<String>",
        ),
        (
            json!({"200": texts("one"), "201": empty}),
            "Option<Vec<String>>",
        ),
        (
            json!({"default": texts("one"), "4XX": empty, "500": empty}),
            "Vec<String>",
        ),
    ] {
        let line = format!("fn requests::GetA::send(self) -> Result<Response<{response}>, Error>");
        document("3.0.3", any.clone(), json!({"responses": responses}))
            .left_out(&[])
            .has(&[&line]);
    }
}

#[test]
fn any_media_type_with_a_binary_schema_is_bytes() {
    let content = json!({"*/*": {"schema": {"type": "string", "format": "binary"}}});
    let operation = json!({
        "requestBody": {"required": true, "content": content},
        "responses": {"200": {"description": "", "content": content}}
    });
    document("3.0.3", json!({"A": {"type": "string"}}), operation)
        .left_out(&[])
        .has(&[
            "fn Client::get_a(&self, content_type: impl Into<String>, body: impl Into<crate::Bytes>) -> requests::GetA",
            "fn requests::GetA::send(self) -> Result<Response<crate::Bytes>, Error>",
        ])
        .code(&["accept: \"application/octet-stream, */*\"", "BodyKind::Raw(\"application/octet-stream\")"]);
}

#[test]
fn a_json_alternative_takes_the_place_of_an_upload() {
    let form = json!({"multipart/form-data": {"schema": {"type": "object", "properties": {
        "file": {"type": "string", "format": "binary"}
    }}}});
    let mut both = form.clone();
    both["application/json"] =
        json!({"schema": {"type": "object", "properties": {"url": {"type": "string"}}}});
    let generated = |content: Value| {
        let operation = json!({"requestBody": {"required": true, "content": content}});
        document("3.0.3", json!({"A": {"type": "string"}}), operation)
    };
    let upload = "fn requests::GetA::file(mut self, file: impl Into<crate::Upload>) -> Self";
    generated(form).left_out(&[]).has(&[upload]);
    // The surface loses the upload, so that the diff calls it breaking.
    generated(both)
        .left_out(&["its body as multipart/form-data is not generated, only as application/json"])
        .has(&["fn requests::GetA::url(mut self, url: impl Into<String>) -> Self"])
        .lacks(&[upload]);
}

#[test]
fn a_part_without_a_type_is_a_file_unless_its_media_type_is_json() {
    let form = json!({
        "schema": {"type": "object", "properties": {
            "file": {"description": "Bytes."}, "files": {"type": "array", "items": {}}, "data": {},
        }},
        "encoding": {"data": {"contentType": "application/json"}},
    });
    let body = json!({"requestBody": {"content": {"multipart/form-data": form}}});
    let schemas = json!({"A": {"type": "object", "properties": {"x": {"type": "string"}}}});
    for version in ["3.0.3", "3.1.0"] {
        document(version, schemas.clone(), body.clone()).left_out(&[]).has(&[
            "fn requests::GetA::data(mut self, data: impl Into<Value>) -> Self",
            "fn requests::GetA::file(mut self, file: impl Into<crate::Upload>) -> Self",
            "fn requests::GetA::files(mut self, files: impl IntoIterator<Item = impl Into<crate::Upload>>) -> Self",
        ]);
    }
}

#[test]
fn text_in_a_part_that_is_json_is_sent_as_it_is_set_and_said() {
    let form = json!({
        "schema": {"type": "object", "properties": {"tags": {"type": "array", "items": {"type": "string"}}}},
        "encoding": {"tags": {"contentType": "application/json"}},
    });
    let body = json!({"requestBody": {"content": {"multipart/form-data": form}}});
    let schemas = json!({"A": {"type": "object", "properties": {"x": {"type": "string"}}}});
    document("3.0.3", schemas, body)
        .left_out(&["the field tags is text: it is sent as it is set, not as JSON text"]);
}
