//! Operations and their parameters.

use serde_json::{Map, Value};

use crate::error::ReferenceError;
use crate::pointer;
use crate::reference::{follow, resolved};

/// The HTTP methods that a path item may hold.
pub const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// One operation of a document.
#[derive(Debug, Clone, Copy)]
pub struct Operation<'a> {
    /// The path template.
    pub path: &'a str,
    /// The method, in lower case.
    pub method: &'static str,
    /// The path item that holds it.
    pub item: &'a Value,
    /// The operation itself.
    pub operation: &'a Map<String, Value>,
}

/// Every operation, by path and then in the order of [`METHODS`]. Path items by reference are
/// followed.
pub fn operations(document: &Value) -> impl Iterator<Item = Operation<'_>> {
    let paths = document.get("paths").and_then(Value::as_object);
    let paths = paths.into_iter().flatten();
    let paths = paths.filter(|(path, _)| !path.starts_with("x-"));
    paths.flat_map(move |(path, item)| {
        let item = resolved(document, item);
        METHODS.into_iter().filter_map(move |method| {
            Some(Operation {
                path,
                method,
                item,
                operation: item.get(method)?.as_object()?,
            })
        })
    })
}

impl<'a> Operation<'a> {
    /// JSON pointer of the operation.
    pub fn pointer(&self) -> String {
        pointer::join("/paths", &[self.path, self.method])
    }

    /// The `operationId`.
    pub fn id(&self) -> Option<&'a str> {
        self.operation.get("operationId")?.as_str()
    }

    /// The parameters of the path item and of the operation, resolved; the operation's replace
    /// those of the same name and place.
    ///
    /// # Errors
    /// A reference that cannot be resolved.
    pub fn parameters(&self, document: &'a Value) -> Result<Vec<&'a Value>, ReferenceError> {
        let mut all: Vec<&Value> = Vec::new();
        let key = |parameter: &'a Value| (parameter.get("in"), parameter.get("name"));
        for list in [
            self.item.get("parameters"),
            self.operation.get("parameters"),
        ] {
            for parameter in list.and_then(Value::as_array).into_iter().flatten() {
                let parameter = follow(document, parameter)?;
                all.retain(|known| key(known) != key(parameter));
                all.push(parameter);
            }
        }
        Ok(all)
    }
}

/// Returns true for a header parameter that OpenAPI says to ignore: media types and security
/// describe it.
pub fn is_ignored_header(name: &str) -> bool {
    let ignored = ["accept", "content-type", "authorization"];
    ignored.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// Called with an operation and its JSON pointer.
pub type OperationVisitor<'v, E> = dyn FnMut(&mut Map<String, Value>, &str) -> Result<(), E> + 'v;

/// Visits every operation with its JSON pointer, by path and then in the order of [`METHODS`].
///
/// # Errors
/// The first error of the visitor.
pub fn visit_operations_mut<E>(
    document: &mut Value,
    visitor: &mut OperationVisitor<'_, E>,
) -> Result<(), E> {
    let Some(Value::Object(paths)) = document.get_mut("paths") else {
        return Ok(());
    };
    for (path, item) in paths {
        for method in METHODS {
            if let Some(Value::Object(operation)) = item.get_mut(method) {
                visitor(operation, &pointer::join("/paths", &[path, method]))?;
            }
        }
    }
    Ok(())
}

/// The names in braces of a path template.
pub fn placeholders(path: &str) -> impl Iterator<Item = &str> {
    let parts = path.split('{').skip(1);
    parts.filter_map(|rest| Some(rest.split_once('}')?.0))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn operations_come_with_their_parameters() {
        let document = json!({
            "paths": {
                "/a/{id}": {
                    "summary": "A path item holds more than operations.",
                    "parameters": [{"$ref": "#/components/parameters/Id"}, {"name": "q", "in": "query"}],
                    "get": {"operationId": "GetA", "parameters": [{"name": "q", "in": "query", "required": true}]},
                },
                "/b": {"$ref": "#/x-items/b"},
                "x-note": {"get": {}}
            },
            "x-items": {"b": {"post": {}}},
            "components": {"parameters": {"Id": {"name": "id", "in": "path"}}}
        });
        let all: Vec<Operation<'_>> = operations(&document).collect();
        let places: Vec<String> = all.iter().map(Operation::pointer).collect();
        assert_eq!(places, ["/paths/~1a~1{id}/get", "/paths/~1b/post"]);
        assert_eq!(all[0].id(), Some("GetA"));
        let parameters = all[0].parameters(&document).unwrap();
        assert_eq!(parameters.len(), 2);
        assert_eq!(parameters[1]["required"], true);
    }

    #[test]
    fn placeholders_are_found_inside_segments() {
        let names: Vec<&str> = placeholders("/a/{b}...{c}/{d}@x/{open").collect();
        assert_eq!(names, ["b", "c", "d"]);
    }
}
