//! The content of the page, before it becomes OpenAPI.

/// The whole page.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Page {
    pub(crate) operations: Vec<Operation>,
    pub(crate) types: Vec<TypeDef>,
}

/// One operation.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Operation {
    /// Line of its heading.
    pub(crate) line: usize,
    pub(crate) id: String,
    /// Lower case, as OpenAPI wants it.
    pub(crate) method: String,
    /// With `{name}` in place of the example's values.
    pub(crate) path: String,
    /// In the order of the path.
    pub(crate) path_parameters: Vec<Field>,
    /// In the order of the page.
    pub(crate) query_parameters: Vec<Field>,
    /// `None` when the page lists no body.
    pub(crate) body: Option<Vec<Field>>,
    pub(crate) response: String,
}

/// One type of the reference.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TypeDef {
    pub(crate) name: String,
    /// `None` when the page prints no table for it.
    pub(crate) fields: Option<Vec<Field>>,
}

/// A parameter, a body field or a row of a type's table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) shape: Shape,
    /// `None` when the page lost the cell.
    pub(crate) required: Option<bool>,
}

/// A type as the page writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Shape {
    String,
    Number,
    Integer,
    Boolean,
    /// `object` in lists, `Record<string, any>` in tables.
    FreeObject,
    Named(String),
    Array(Box<Shape>),
    /// A list of string values; `truncated` when it fills its row and may go on.
    Union {
        values: Vec<String>,
        truncated: bool,
    },
}

impl Shape {
    pub(crate) fn array(items: Shape) -> Self {
        Self::Array(Box::new(items))
    }

    /// The notation of operation parameters and body fields: `int`, `[]string`, `CallRequest`.
    pub(crate) fn of_parameter(text: &str) -> Option<Self> {
        if let Some(items) = text.strip_prefix("[]") {
            return Self::of_parameter(items).map(Self::array);
        }
        match text {
            "string" => Some(Self::String),
            "int" => Some(Self::Integer),
            "float" => Some(Self::Number),
            "bool" => Some(Self::Boolean),
            "object" => Some(Self::FreeObject),
            name => is_type_name(name).then(|| Self::Named(name.to_owned())),
        }
    }

    /// The notation of the type tables: `number`, `string[]`, `Record<string, any>`.
    pub(crate) fn of_cell(text: &str) -> Option<Self> {
        if let Some(items) = text.strip_suffix("[]") {
            return Self::of_cell(items).map(Self::array);
        }
        match text {
            "string" => Some(Self::String),
            "number" => Some(Self::Number),
            "boolean" => Some(Self::Boolean),
            "Record<string, any>" => Some(Self::FreeObject),
            name => is_type_name(name).then(|| Self::Named(name.to_owned())),
        }
    }
}

/// `CallRequest`, `APNS`: how types and operations are called.
pub(crate) fn is_type_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_uppercase())
        && text.chars().all(|c| c.is_ascii_alphanumeric())
}

/// Characters of a field's name, as far as a glued list can show them.
pub(crate) fn is_name_char(c: char) -> bool {
    c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_'
}

/// `user_id`: how parameters and body fields are called.
pub(crate) fn is_field_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase()) && text.chars().all(is_name_char)
}

/// Prose carries no facts, but must look like prose to be passed over.
pub(crate) fn is_prose(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_uppercase())
        && text.contains(' ')
        && !text.ends_with(':')
        && !text.contains("Response:")
}
