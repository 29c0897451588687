//! One operation of a document.

use serde_json::Value;

/// One operation of one document.
#[derive(Clone, Copy)]
pub(crate) struct Operation<'a> {
    pub(crate) path: &'a str,
    pub(crate) method: &'static str,
    pub(crate) item: &'a Value,
    pub(crate) value: &'a Value,
}

impl<'a> Operation<'a> {
    pub(crate) fn id(&self) -> Option<&'a str> {
        self.value.get("operationId").and_then(Value::as_str)
    }

    pub(crate) fn label(&self) -> String {
        format!("{} {}", self.method.to_ascii_uppercase(), self.path)
    }
}

/// A path without the names of its placeholders, which callers never see.
pub(crate) fn shape(path: &str) -> String {
    let mut shape = String::with_capacity(path.len());
    let mut inside = false;
    for letter in path.chars() {
        match letter {
            '{' => {
                inside = true;
                shape.push(letter);
            }
            '}' => {
                inside = false;
                shape.push(letter);
            }
            _ if inside => {}
            _ => shape.push(letter),
        }
    }
    shape
}
