//! The inventory file, and what each of its facts means as OpenAPI.

use std::fs;

use serde_json::{Value, json};

use crate::workspace;

#[derive(Default)]
pub(crate) struct Inventory {
    pub(crate) operations: Vec<Operation>,
    pub(crate) types: Vec<Type>,
}

pub(crate) struct Operation {
    pub(crate) id: String,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) response: String,
    /// Place (`path`, `query`, `body`) and field, in page order but for the path.
    pub(crate) fields: Vec<(String, Field)>,
}

pub(crate) struct Type {
    pub(crate) name: String,
    pub(crate) fields: Vec<Field>,
}

/// `required` is `None` where the page lost it.
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) written: String,
    pub(crate) required: Option<bool>,
}

/// One line a fact: `kind name …`; the fields of an operation or type are indented below it.
pub(crate) fn inventory() -> Inventory {
    let text = fs::read_to_string(workspace("tests/golden/page-inventory.txt")).unwrap();
    let mut inventory = Inventory::default();
    for line in text.lines() {
        let words: Vec<_> = line.split_whitespace().map(str::to_owned).collect();
        match words[0].as_str() {
            "#" => {}
            "operation" => inventory.operations.push(Operation {
                id: words[1].clone(),
                method: words[2].to_lowercase(),
                path: words[3].clone(),
                response: words[4].clone(),
                fields: Vec::new(),
            }),
            "type" => inventory.types.push(Type {
                name: words[1].clone(),
                fields: Vec::new(),
            }),
            kind => {
                let field = Field {
                    name: words[1].clone(),
                    written: words[2..words.len() - 1].join(" "),
                    required: match words.last().unwrap().as_str() {
                        "required" => Some(true),
                        "optional" => Some(false),
                        "lost" => None,
                        other => panic!("{other}: {line}"),
                    },
                };
                match kind {
                    "field" => inventory.types.last_mut().unwrap().fields.push(field),
                    "path" | "query" | "body" => {
                        let operation = inventory.operations.last_mut().unwrap();
                        operation.fields.push((kind.to_owned(), field));
                    }
                    other => panic!("{other}: {line}"),
                }
            }
        }
    }
    inventory
}

impl Operation {
    pub(crate) fn names(&self, places: &[&str]) -> Vec<String> {
        self.fields
            .iter()
            .filter(|(place, _)| places.contains(&place.as_str()))
            .map(|(_, field)| field.name.clone())
            .collect()
    }
}

/// Every documented field: where its schema is, where its requiredness is, and the field.
pub(crate) fn fields(inventory: &Inventory) -> Vec<(String, String, &Field)> {
    let mut all = Vec::new();
    for operation in &inventory.operations {
        for (place, field) in &operation.fields {
            let (schema, required) = if place == "body" {
                let object = format!(
                    "/components/requestBodies/{}/content/application~1json/schema",
                    operation.id
                );
                (
                    format!("{object}/properties/{}", field.name),
                    format!("{object}/required"),
                )
            } else {
                let parameter = format!("/components/parameters/{}.{}", operation.id, field.name);
                (
                    format!("{parameter}/schema"),
                    format!("{parameter}/required"),
                )
            };
            all.push((schema, required, field));
        }
    }
    for Type { name, fields } in &inventory.types {
        let object = format!("/components/schemas/{name}");
        for field in fields {
            let schema = format!("{object}/properties/{}", field.name);
            all.push((schema, format!("{object}/required"), field));
        }
    }
    all
}

pub(crate) fn is_required(document: &Value, pointer: &str, name: &str) -> bool {
    match document.pointer(pointer) {
        Some(Value::Array(names)) => names.contains(&json!(name)),
        Some(Value::Bool(required)) => *required,
        None => false,
        Some(other) => panic!("{pointer}: {other}"),
    }
}

/// The schema that documented.json must have for a type as the page writes it.
pub(crate) fn documented_schema(written: &str) -> Value {
    let array = |items: &str| json!({"type": "array", "items": documented_schema(items)});
    if let Some(items) = written.strip_prefix("[]") {
        return array(items);
    }
    if let Some(items) = written.strip_suffix("[]") {
        return array(items.trim_start_matches('(').trim_end_matches(')'));
    }
    match written {
        "string" => json!({"type": "string"}),
        "number" | "float" => json!({"type": "number"}),
        "int" => json!({"type": "integer"}),
        "boolean" | "bool" => json!({"type": "boolean"}),
        "Record<string, any>" | "object" => json!({"type": "object", "additionalProperties": {}}),
        union if union.starts_with('\'') => {
            let values: Vec<_> = union
                .split('|')
                .map(|value| value.trim_matches('\''))
                .collect();
            let mut schema = json!({"type": "string", "enum": values});
            if values.len() == 3 {
                schema["x-truncated"] = json!(true);
            }
            schema
        }
        name => json!({"$ref": format!("#/components/schemas/{name}")}),
    }
}
