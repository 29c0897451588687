//! The spec, read once into what serving it needs.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use serde_json::Value;

use crate::schema::{Checker, Direction};

/// The composed spec of this workspace, as text.
const EMBEDDED: &str = include_str!("../../../spec/video-api.json");

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

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

/// Whether a vendor's document has taken the documentation page's place as the spec's source, so
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

    /// Whether a request without it is refused.
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

    /// The schema of the answer to a success.
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
        let mut operations = Vec::new();
        let mut shapes = HashMap::new();
        let paths = document
            .get("paths")
            .and_then(Value::as_object)
            .ok_or_else(|| SpecError::new("/paths", "no paths"))?;
        for (path, item) in paths {
            check_path(path, &mut shapes)?;
            for method in METHODS {
                if let Some(source) = item.get(method) {
                    let reader = Reader {
                        document: &document,
                        pointer: format!("/paths/{}/{method}", escape(path)),
                    };
                    operations.push(reader.operation(path, method, item, source)?);
                }
            }
        }
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

    /// What keeps `body` from being a documented answer of the operation; empty when it fits.
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

struct Reader<'a> {
    document: &'a Value,
    pointer: String,
}

impl<'a> Reader<'a> {
    fn operation(
        &self,
        path: &str,
        method: &str,
        item: &'a Value,
        source: &'a Value,
    ) -> Result<Operation, SpecError> {
        let id = source
            .get("operationId")
            .and_then(Value::as_str)
            .ok_or_else(|| self.error("no operationId"))?;
        let mut path_parameters = Vec::new();
        let mut query_parameters = Vec::new();
        for list in [item.get("parameters"), source.get("parameters")] {
            for parameter in list.and_then(Value::as_array).into_iter().flatten() {
                let parameter = self.dereference(parameter)?;
                match parameter.get("in").and_then(Value::as_str) {
                    Some("path") => path_parameters.push(self.parameter(parameter)?),
                    Some("query") => query_parameters.push(self.parameter(parameter)?),
                    _ => {}
                }
            }
        }
        let (success, response) = self.success(source)?;
        let body = match source.get("requestBody") {
            Some(body) => self.json_schema(self.dereference(body)?),
            None => None,
        };
        Ok(Operation {
            id: id.to_owned(),
            method: method.to_ascii_uppercase(),
            path: path.to_owned(),
            success,
            path_parameters,
            query_parameters,
            body: body.map(|schema| Checker::new(schema, Direction::Request)),
            response: response.map(|schema| Checker::new(schema, Direction::Response)),
        })
    }

    fn parameter(&self, source: &Value) -> Result<Parameter, SpecError> {
        let name = source
            .get("name")
            .and_then(Value::as_str)
            .ok_or_else(|| self.error("a parameter has no name"))?;
        // What travels as JSON text has its schema below a media type.
        let schema = source.get("schema").cloned();
        let schema = schema.or_else(|| self.json_schema(source));
        Ok(Parameter {
            name: name.to_owned(),
            required: source.get("required") == Some(&Value::Bool(true)),
            checker: Checker::new(schema.unwrap_or_default(), Direction::Request),
        })
    }

    /// The lowest success status and the schema of its body. A range (`2XX`) reads as 200.
    fn success(&self, source: &Value) -> Result<(u16, Option<Value>), SpecError> {
        let responses = source.get("responses").and_then(Value::as_object);
        let (status, response) = responses
            .into_iter()
            .flatten()
            .find(|(status, _)| status.starts_with('2'))
            .ok_or_else(|| self.error("no success status"))?;
        let response = self.dereference(response)?;
        Ok((status.parse().unwrap_or(200), self.json_schema(response)))
    }

    fn json_schema(&self, holder: &Value) -> Option<Value> {
        holder.pointer("/content/application~1json/schema").cloned()
    }

    fn dereference(&self, value: &'a Value) -> Result<&'a Value, SpecError> {
        let Some(reference) = value.get("$ref").and_then(Value::as_str) else {
            return Ok(value);
        };
        reference
            .strip_prefix('#')
            .and_then(|pointer| self.document.pointer(pointer))
            .ok_or_else(|| self.error(&format!("`{reference}` leads nowhere")))
    }

    fn error(&self, message: &str) -> SpecError {
        SpecError::new(&self.pointer, message)
    }
}

/// Refuses paths that cannot be told from an earlier one, or that are no sequence of whole segments.
fn check_path<'a>(path: &'a str, shapes: &mut HashMap<String, &'a str>) -> Result<(), SpecError> {
    let error = |message: String| SpecError::new(format!("/paths/{}", escape(path)), message);
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

fn escape(path: &str) -> String {
    path.replace('~', "~0").replace('/', "~1")
}
