//! A line of the input.

use serde_json::Value;
use video_api::Client;
use video_api::by_name::{Arguments, Prepared};

use crate::lossless;

/// Reads a line and prepares its request. The operation's id is returned as soon as it is known.
pub(super) fn prepare(client: &Client, text: &str) -> (Option<String>, Result<Prepared, String>) {
    match read(text) {
        Err(reason) => (None, Err(reason)),
        Ok((id, arguments)) => {
            let prepared = arguments.and_then(|arguments| {
                client
                    .prepare_operation(&id, &arguments)
                    .map_err(|error| error.to_string())
            });
            (Some(id), prepared)
        }
    }
}

fn read(text: &str) -> Result<(String, Result<Arguments, String>), String> {
    let Value::Object(mut fields) = lossless::parse(text)? else {
        return Err("must be a JSON object".to_owned());
    };
    let id = match fields.remove("operation_id") {
        Some(Value::String(id)) => id,
        Some(_) => return Err("`operation_id` must be a string".to_owned()),
        None => return Err("`operation_id` is missing".to_owned()),
    };
    for name in ["path", "query", "header"] {
        if fields
            .get(name)
            .is_some_and(|value| !value.is_object() && !value.is_null())
        {
            return Ok((id, Err(format!("`{name}` must be an object"))));
        }
    }
    let arguments =
        serde_json::from_value(Value::Object(fields)).map_err(|error| error.to_string());
    Ok((id, arguments))
}
