//! Arguments bound to their operation; generated code reads them through here.

use std::sync::Arc;

use bytes::Bytes;
use serde::Serialize;
use serde_json::{Map, Value};

use super::arguments::Arguments;
use super::{nearest, roundtrip};
use crate::decode::{self, Decode, Mismatch};
use crate::error::Error;
use crate::operation::{BodyKind, Operation};
use crate::request::RequestParts;
use crate::shared::Shared;
use crate::upload::Upload;

/// The arguments of one operation.
pub(crate) struct BoundArguments<'a> {
    operation: &'static Operation,
    arguments: &'a Arguments,
}

#[allow(dead_code)] // The spec decides which of these are used.
impl<'a> BoundArguments<'a> {
    pub(super) fn new(operation: &'static Operation, arguments: &'a Arguments) -> Self {
        Self {
            operation,
            arguments,
        }
    }

    pub(crate) fn operation(&self) -> &'static Operation {
        self.operation
    }

    /// Path values in path order. Checks all names, those of the query included.
    pub(crate) fn parts(
        &self,
        shared: &Arc<Shared>,
        operation: &'static Operation,
    ) -> Result<RequestParts, Error> {
        self.parts_with(shared, operation, &[], &[])
    }

    /// As [`parts`](Self::parts), for an operation with header parameters, or with files in a form.
    pub(crate) fn parts_with(
        &self,
        shared: &Arc<Shared>,
        operation: &'static Operation,
        headers: &[&str],
        files: &[&str],
    ) -> Result<RequestParts, Error> {
        let arguments = self.arguments;
        self.check_names(
            "path",
            arguments.path_values().keys(),
            operation.path_params,
        )?;
        self.check_names(
            "query",
            arguments.query_values().keys(),
            operation.query_params,
        )?;
        self.check_names("header", arguments.header_values().keys(), headers)?;
        if let Some(name) = arguments
            .given_files()
            .keys()
            .find(|name| !files.contains(&&***name))
        {
            let hint = nearest::hint(name, files.iter().copied());
            return Err(self.invalid(format!("`{name}` is not a field that takes a file{hint}")));
        }
        if arguments.given_bytes().is_some() && !matches!(operation.body, BodyKind::Raw(_)) {
            return Err(self.invalid("the operation takes no bytes as its body".to_owned()));
        }
        let values = operation.path_params.iter().map(|name| {
            let value = self.arguments.path_values().get(*name);
            match value.map(scalar) {
                Some(Some(text)) => Ok(text),
                Some(None) => Err(self.invalid(format!(
                    "the path parameter `{name}` must be a string, a number or a boolean"
                ))),
                None => Err(self.invalid(format!("the path parameter `{name}` is missing"))),
            }
        });
        Ok(RequestParts::new(
            shared,
            operation,
            values.collect::<Result<_, _>>()?,
        ))
    }

    pub(crate) fn required_query<T>(&self, name: &'static str) -> Result<T, Error>
    where
        T: Decode + Serialize,
    {
        self.required("query parameter", name, self.query(name)?)
    }

    pub(crate) fn query<T>(&self, name: &'static str) -> Result<Option<T>, Error>
    where
        T: Decode + Serialize,
    {
        let value = self.arguments.query_values().get(name);
        self.value("query parameter", name, value)
    }

    pub(crate) fn required_header<T>(&self, name: &'static str) -> Result<T, Error>
    where
        T: Decode + Serialize,
    {
        self.required("header parameter", name, self.header(name)?)
    }

    pub(crate) fn header<T>(&self, name: &'static str) -> Result<Option<T>, Error>
    where
        T: Decode + Serialize,
    {
        let value = self.arguments.header_values().get(name);
        self.value("header parameter", name, value)
    }

    /// Checks the names of the fields of a form.
    pub(crate) fn check_form(&self, names: &[&str]) -> Result<(), Error> {
        match self.arguments.body_value() {
            None | Some(Value::Null) => Ok(()),
            Some(Value::Object(given)) => {
                let unknown = given.keys().find(|name| !names.contains(&name.as_str()));
                unknown.map_or(Ok(()), |name| {
                    let hint = nearest::hint(name, names.iter().copied());
                    let reason = format!("invalid body: `body.{name}` is not known here{hint}");
                    Err(self.invalid(reason))
                })
            }
            Some(_) => Err(self.invalid("the body must be a JSON object".to_owned())),
        }
    }

    pub(crate) fn required_field<T>(&self, name: &'static str) -> Result<T, Error>
    where
        T: Decode + Serialize,
    {
        self.required("field", name, self.field(name)?)
    }

    pub(crate) fn field<T>(&self, name: &'static str) -> Result<Option<T>, Error>
    where
        T: Decode + Serialize,
    {
        let body = self.arguments.body_value();
        self.value("field", name, body.and_then(|body| body.get(name)))
    }

    pub(crate) fn required_file(&self, name: &'static str) -> Result<Upload, Error> {
        self.required("field", name, self.file(name)?)
    }

    pub(crate) fn file(&self, name: &'static str) -> Result<Option<Upload>, Error> {
        match self.files(name)? {
            None => Ok(None),
            Some(files) => match <[Upload; 1]>::try_from(files) {
                Ok([file]) => Ok(Some(file)),
                Err(_) => Err(self.invalid(format!("the field `{name}` takes one file"))),
            },
        }
    }

    pub(crate) fn required_files(&self, name: &'static str) -> Result<Vec<Upload>, Error> {
        self.required("field", name, self.files(name)?)
    }

    /// The files of a field: those handed in, or strings in the body.
    pub(crate) fn files(&self, name: &'static str) -> Result<Option<Vec<Upload>>, Error> {
        if let Some(files) = self.arguments.given_files().get(name) {
            return Ok(Some(files.clone()));
        }
        let body = self.arguments.body_value();
        let texts = match body.and_then(|body| body.get(name)) {
            None | Some(Value::Null) => return Ok(None),
            Some(Value::Array(texts)) => texts.as_slice(),
            Some(text) => std::slice::from_ref(text),
        };
        let files = texts.iter().map(|text| match text {
            Value::String(text) => Ok(Upload::new(text.clone())),
            _ => Err(self.invalid(format!(
                "the field `{name}` is a file, given as a string or handed in as bytes"
            ))),
        });
        files.collect::<Result<_, _>>().map(Some)
    }

    /// The body of an operation that takes text or bytes.
    pub(crate) fn raw_body(&self) -> Result<Bytes, Error> {
        self.optional_raw_body()?
            .ok_or_else(|| self.invalid("the body is missing".to_owned()))
    }

    pub(crate) fn optional_raw_body(&self) -> Result<Option<Bytes>, Error> {
        match (self.arguments.given_bytes(), self.arguments.body_value()) {
            (Some(bytes), _) => Ok(Some(bytes.clone())),
            (None, None | Some(Value::Null)) => Ok(None),
            (None, Some(Value::String(text))) => Ok(Some(text.clone().into())),
            (None, Some(_)) => Err(self.invalid(
                "the body is text or bytes: given as a string or handed in as bytes".to_owned(),
            )),
        }
    }

    pub(crate) fn text_body(&self) -> Result<String, Error> {
        self.optional_text_body()?
            .ok_or_else(|| self.invalid("the body is missing".to_owned()))
    }

    pub(crate) fn optional_text_body(&self) -> Result<Option<String>, Error> {
        let text = |bytes: Bytes| String::from_utf8(bytes.into());
        let body = self.optional_raw_body()?.map(text).transpose();
        body.map_err(|_| self.invalid("the body is text and has to be UTF-8".to_owned()))
    }

    fn required<T>(&self, what: &str, name: &str, value: Option<T>) -> Result<T, Error> {
        value.ok_or_else(|| self.invalid(format!("the {what} `{name}` is missing")))
    }

    /// Reads a value that is sent as text.
    fn value<T>(&self, what: &str, name: &str, value: Option<&Value>) -> Result<Option<T>, Error>
    where
        T: Decode + Serialize,
    {
        let Some(value) = value.filter(|value| !value.is_null()) else {
            return Ok(None);
        };
        let mut problem = None;
        for reading in readings(value) {
            match roundtrip::check(&reading, encode_as::<T>).map(|json| decode_checked(&json)) {
                Ok(Some(value)) => return Ok(Some(value)),
                Ok(None) => {}
                Err(reason) => problem = problem.or(Some(reason)),
            }
        }
        let reason = problem.map(|problem| problem.below("")).unwrap_or_default();
        Err(self.invalid(format!("invalid {what} `{name}`: {reason}")))
    }

    /// The typed body. An error when the type cannot represent all of the given one.
    pub(crate) fn body<B>(&self) -> Result<B, Error>
    where
        B: Decode + Serialize,
    {
        let empty = Value::Object(Map::new());
        let given = match self.arguments.body_value() {
            None | Some(Value::Null) => &empty,
            Some(given) => given,
        };
        if !given.is_object() {
            return Err(self.invalid("the body must be a JSON object".to_owned()));
        }
        let json = roundtrip::check(given, encode_as::<B>)
            .map_err(|problem| self.invalid(format!("invalid body: {}", problem.below("body"))))?;
        // Cannot fail: it was decoded and encoded a moment ago.
        decode_checked(&json)
            .ok_or_else(|| self.invalid("the body does not survive encoding".to_owned()))
    }

    /// The typed body of an operation that may go without one.
    #[allow(dead_code)] // Used where the spec has optional bodies.
    pub(crate) fn optional_body<B>(&self) -> Result<Option<B>, Error>
    where
        B: Decode + Serialize,
    {
        match self.arguments.body_value() {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Object(given)) if given.is_empty() => Ok(None),
            Some(_) => self.body().map(Some),
        }
    }

    pub(crate) fn no_body(&self) -> Result<(), Error> {
        match self.arguments.body_value() {
            None | Some(Value::Null) => Ok(()),
            Some(_) => Err(self.invalid("the operation takes no body".to_owned())),
        }
    }

    /// For a match that the compiler cannot know to be exhaustive.
    pub(crate) fn not_generated(id: &str) -> Error {
        Error::invalid(format!("unknown operation `{id}`"))
    }

    fn check_names<'n>(
        &self,
        place: &str,
        mut given: impl Iterator<Item = &'n String>,
        names: &[&str],
    ) -> Result<(), Error> {
        match given.find(|name| !names.contains(&name.as_str())) {
            None => Ok(()),
            Some(name) => {
                let hint = nearest::hint(name, names.iter().copied());
                Err(self.invalid(format!("unknown {place} parameter `{name}`{hint}")))
            }
        }
    }

    fn invalid(&self, reason: String) -> Error {
        Error::invalid(reason).for_operation(self.operation)
    }
}

/// Decodes JSON as a type and encodes it again.
fn encode_as<T: Decode + Serialize>(json: &str) -> Result<String, Mismatch> {
    let value: T = decode::part(json, &mut Vec::new())?;
    serde_json::to_string(&value).map_err(|error| Mismatch {
        path: ".".to_owned(),
        expected: None,
        error,
    })
}

fn decode_checked<T: Decode>(json: &str) -> Option<T> {
    decode::part(json, &mut Vec::new()).ok()
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// The possible readings of a query value, the literal one first: a shell has only text and writes
/// `"5"` for a number, and a program may write `5` for an id.
fn readings(value: &Value) -> Vec<Value> {
    let mut readings = vec![value.clone()];
    match value {
        Value::String(text) => {
            readings.extend(
                serde_json::from_str::<Value>(text)
                    .ok()
                    .filter(|v| !v.is_string()),
            );
            readings.push(Value::Array(vec![value.clone()]));
        }
        Value::Number(_) | Value::Bool(_) => readings.push(Value::String(value.to_string())),
        Value::Null | Value::Array(_) | Value::Object(_) => {}
    }
    readings
}
