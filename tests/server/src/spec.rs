//! The spec, read once into what serving it needs.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use openapi_document::{Operation as Source, follow, operations, pointer};
use serde_json::Value;

use crate::schema::{Checker, Direction};

/// The composed spec of this workspace, as text.
const EMBEDDED: &str = include_str!("../../../spec/video-api.json");

/// A spec that cannot be served.
#[derive(Debug, thiserror::Error)]
#[error("{pointer}: {message}")]
pub struct SpecError {
    pointer: String,
    message: String,
}

impl SpecError {
    fn new(pointer: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            pointer: pointer.into(),
            message: message.into(),
        }
    }
}

/// The composed spec of this workspace.
pub fn embedded_spec() -> Value {
    serde_json::from_str(EMBEDDED).unwrap_or_default()
}

/// True if a vendor's document has taken the documentation page's place as the spec's source, so
/// that what the page says is not to be expected of it.
pub fn is_adopted() -> bool {
    embedded_spec()
        .pointer("/info/x-origin")
        .is_some_and(|origin| origin == "adopted")
}

/// A parameter in the path or the query.
pub struct Parameter {
    name: String,
    required: bool,
    pub(crate) checker: Checker,
}

impl Parameter {
    /// The name on the wire.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Requests without it are refused.
    pub fn required(&self) -> bool {
        self.required
    }

    /// The schema in the document, possibly a reference.
    pub fn schema(&self) -> &Value {
        self.checker.schema()
    }
}

/// One operation of the spec.
pub struct Operation {
    id: String,
    method: String,
    path: String,
    success: u16,
    path_parameters: Vec<Parameter>,
    query_parameters: Vec<Parameter>,
    pub(crate) body: Option<Checker>,
    pub(crate) response: Option<Checker>,
    /// Why it cannot be served: it takes or answers with something else than JSON.
    pub(crate) unserved: Option<String>,
}

impl Operation {
    /// The `operationId`.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The method, in capitals.
    pub fn method(&self) -> &str {
        &self.method
    }

    /// The path template.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The documented status of a success.
    pub fn success(&self) -> u16 {
        self.success
    }

    /// Parameters in the path, in path order.
    pub fn path_parameters(&self) -> &[Parameter] {
        &self.path_parameters
    }

    /// Parameters in the query, in document order.
    pub fn query_parameters(&self) -> &[Parameter] {
        &self.query_parameters
    }

    /// The schema of the JSON body; without one, requests carry no body.
    pub fn body_schema(&self) -> Option<&Value> {
        self.body.as_ref().map(Checker::schema)
    }

    /// The schema of the response to a success.
    pub fn response_schema(&self) -> Option<&Value> {
        self.response.as_ref().map(Checker::schema)
    }
}

/// A spec, ready to be served.
pub struct Api {
    document: Value,
    operations: Vec<Operation>,
}

impl Api {
    /// Reads an OpenAPI 3.0 document.
    ///
    /// # Errors
    ///
    /// Names the place of the first reference that leads nowhere or operation that
    /// lacks what serving it needs.
    pub fn new(document: Value) -> Result<Self, SpecError> {
        let paths = document
            .get("paths")
            .and_then(Value::as_object)
            .ok_or_else(|| SpecError::new("/paths", "is missing"))?;
        let mut shapes = HashMap::new();
        for path in paths.keys().filter(|path| !path.starts_with("x-")) {
            check_path(path, &mut shapes)?;
        }
        let served = operations(&document).map(|source| Operation::read(&document, &source));
        let operations = served.collect::<Result<_, _>>()?;
        Ok(Self {
            document,
            operations,
        })
    }

    /// The spec that is compiled in, read once per process.
    ///
    /// # Errors
    ///
    /// As [`Api::new`].
    pub(crate) fn embedded() -> Result<Arc<Self>, SpecError> {
        static CACHE: OnceLock<Arc<Api>> = OnceLock::new();
        if let Some(api) = CACHE.get() {
            return Ok(Arc::clone(api));
        }
        let api = Arc::new(Self::new(embedded_spec())?);
        Ok(Arc::clone(CACHE.get_or_init(|| api)))
    }

    /// The document as given.
    pub fn document(&self) -> &Value {
        &self.document
    }

    /// Every operation, by path and method.
    pub fn operations(&self) -> &[Operation] {
        &self.operations
    }

    /// An operation by its id.
    pub fn operation(&self, id: &str) -> Option<&Operation> {
        self.operations.iter().find(|operation| operation.id == id)
    }

    /// Lists the differences of `body` from a documented response of the operation.
    pub fn response_problems(&self, operation: &str, body: &Value) -> Vec<String> {
        let Some(operation) = self.operation(operation) else {
            return vec![format!("no operation is called `{operation}`")];
        };
        operation
            .response
            .iter()
            .flat_map(|checker| checker.check(&self.document, body))
            .map(|problem| format!("{}: {}", problem.pointer, problem.message))
            .collect()
    }

    pub(crate) fn by_index(&self, index: usize) -> Option<&Operation> {
        self.operations.get(index)
    }
}

impl Operation {
    fn read(document: &Value, source: &Source<'_>) -> Result<Self, SpecError> {
        let error = |message: &str| SpecError::new(source.pointer(), message);
        let id = source.id().ok_or_else(|| error("has no operationId"))?;
        let parameters = source.parameters(document);
        let parameters = parameters.map_err(|problem| error(&problem.to_string()))?;
        let located = |place: &'static str| {
            let of_place = parameters
                .iter()
                .filter(move |one| text(one, "in") == Some(place));
            of_place.map(|one| {
                Parameter::read(one).ok_or_else(|| error("has a parameter without a name"))
            })
        };
        let target = |value| follow(document, value).map_err(|problem| error(&problem.to_string()));
        let (success, response) = success(source).ok_or_else(|| error("documents no success"))?;
        let body = source
            .operation
            .get("requestBody")
            .map(target)
            .transpose()?;
        let checker = |holder: Option<&Value>, direction| {
            let schema = json_schema(holder?)?;
            Some(Checker::new(schema.clone(), direction))
        };
        Ok(Self {
            id: id.to_owned(),
            method: source.method.to_ascii_uppercase(),
            path: source.path.to_owned(),
            success,
            path_parameters: located("path").collect::<Result<_, _>>()?,
            query_parameters: located("query").collect::<Result<_, _>>()?,
            body: checker(body, Direction::Request),
            response: checker(Some(target(response)?), Direction::Response),
            unserved: body
                .and_then(|body| other_media(body, "takes its body"))
                .or(other_media(target(response)?, "responds")),
        })
    }
}

impl Parameter {
    /// `None` for a parameter without a name.
    fn read(source: &Value) -> Option<Self> {
        // JSON text has its schema below a media type.
        let schema = source.get("schema").or_else(|| json_schema(source));
        Some(Self {
            name: text(source, "name")?.to_owned(),
            required: source.get("required") == Some(&Value::Bool(true)),
            checker: Checker::new(schema.cloned().unwrap_or_default(), Direction::Request),
        })
    }
}

/// The lowest success status and its response. A range (`2XX`) reads as 200.
fn success<'a>(source: &Source<'a>) -> Option<(u16, &'a Value)> {
    let responses = source.operation.get("responses")?.as_object()?;
    let mut responses = responses.iter();
    let (status, response) = responses.find(|(status, _)| status.starts_with('2'))?;
    Some((status.parse().unwrap_or(200), response))
}

/// Says which media types there are where JSON is none of them.
fn other_media(holder: &Value, verb: &str) -> Option<String> {
    let content = holder.get("content")?.as_object()?;
    let media: Vec<&str> = content.keys().map(String::as_str).collect();
    let is_other = !media.is_empty() && !media.contains(&"application/json");
    is_other.then(|| {
        format!(
            "the operation {verb} as {}, and this server knows JSON alone",
            media.join(", ")
        )
    })
}

fn json_schema(holder: &Value) -> Option<&Value> {
    holder
        .get("content")?
        .get("application/json")?
        .get("schema")
}

fn text<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    value.get(name)?.as_str()
}

/// Refuses paths that cannot be told from an earlier one, or that are not a sequence of whole segments.
fn check_path<'a>(path: &'a str, shapes: &mut HashMap<String, &'a str>) -> Result<(), SpecError> {
    let error = |message: String| SpecError::new(pointer::join("/paths", &[path]), message);
    let segments = path.strip_prefix('/').map(|path| path.split('/'));
    let segments = segments.ok_or_else(|| error("a path starts with `/`".into()))?;
    let mut shape = String::new();
    for segment in segments {
        let is_parameter = segment.starts_with('{') && segment.ends_with('}');
        if !is_parameter && segment.contains(['{', '}']) {
            return Err(error(format!("`{segment}` is a parameter only in part")));
        }
        shape.push('/');
        shape.push_str(if is_parameter { "{}" } else { segment });
    }
    match shapes.insert(shape, path) {
        Some(earlier) => Err(error(format!("cannot be told from {earlier}"))),
        None => Ok(()),
    }
}
