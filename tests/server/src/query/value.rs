//! Values of fields, read without copying them.

use std::cmp::Ordering;

use serde_json::Value;

/// A value of a field.
#[derive(Debug, Clone)]
pub(crate) enum Field<'a> {
    /// No value.
    Null,
    Bool(bool),
    Integer(i64),
    Float(f64),
    Text(&'a str),
    /// A text that is put together when it is asked for.
    Made(String),
    /// A list; it equals whatever it contains.
    Texts(Vec<&'a str>),
    /// Anything else.
    Json(&'a Value),
}

impl<'a> Field<'a> {
    pub(crate) fn optional_text(text: Option<&'a String>) -> Self {
        text.map_or(Self::Null, |text| Self::Text(text))
    }

    pub(crate) fn optional_integer(number: Option<i64>) -> Self {
        number.map_or(Self::Null, Self::Integer)
    }

    pub(crate) fn texts(list: &'a [String]) -> Self {
        Self::Texts(list.iter().map(String::as_str).collect())
    }

    pub(super) fn from_json(value: &'a Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(value) => Self::Bool(*value),
            Value::String(text) => Self::Text(text),
            Value::Number(number) => match number.as_i64() {
                Some(number) => Self::Integer(number),
                None => Self::Float(number.as_f64().unwrap_or_default()),
            },
            other => Self::Json(other),
        }
    }

    pub(super) fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    pub(super) fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Made(text) => Some(text),
            _ => None,
        }
    }

    /// Returns true if the field is, or contains, the value of a condition.
    pub(super) fn equals(&self, value: &Value) -> bool {
        match (self, value) {
            (Self::Null, Value::Null) => true,
            (Self::Null, _) => false,
            (Self::Texts(items), Value::String(text)) => items.contains(&text.as_str()),
            (Self::Texts(items), Value::Array(wanted)) => {
                items.len() == wanted.len()
                    && items
                        .iter()
                        .zip(wanted)
                        .all(|(item, wanted)| wanted == item)
            }
            (Self::Json(Value::Array(items)), wanted)
                if !wanted.is_array() && !wanted.is_null() =>
            {
                items
                    .iter()
                    .any(|item| Field::from_json(item).equals(wanted))
            }
            (Self::Json(known), wanted) => *known == wanted,
            _ => self.order(value) == Some(Ordering::Equal),
        }
    }

    /// The order of the field against the value of a condition of the same kind.
    pub(super) fn order(&self, value: &Value) -> Option<Ordering> {
        self.compare(&Field::from_json(value))
    }

    /// The order of two fields of the same kind.
    pub(super) fn compare(&self, other: &Field<'_>) -> Option<Ordering> {
        match (self, other) {
            (Self::Bool(left), Field::Bool(right)) => Some(left.cmp(right)),
            (Self::Integer(left), Field::Integer(right)) => Some(left.cmp(right)),
            (Self::Texts(left), Field::Texts(right)) => Some(left.cmp(right)),
            // As a cursor holds a list.
            (Self::Texts(left), Field::Json(Value::Array(right))) => {
                let right = right.iter().map(|item| item.as_str().unwrap_or_default());
                Some(left.iter().copied().cmp(right))
            }
            _ => match (self.as_text(), other.as_text()) {
                (Some(left), Some(right)) => Some(left.cmp(right)),
                _ => {
                    let order = self.as_number()?.partial_cmp(&other.as_number()?)?;
                    Some(order.then_with(|| self.as_whole().cmp(&other.as_whole())))
                }
            },
        }
    }

    /// The order of any two fields: by kind where the kinds differ.
    pub(super) fn total_order(&self, other: &Field<'_>) -> Ordering {
        let order = self.compare(other);
        order.unwrap_or_else(|| self.rank().cmp(&other.rank()))
    }

    fn rank(&self) -> u8 {
        match self {
            Self::Null => 0,
            Self::Bool(_) => 1,
            Self::Integer(_) | Self::Float(_) => 2,
            Self::Text(_) | Self::Made(_) => 3,
            Self::Texts(_) => 4,
            Self::Json(_) => 5,
        }
    }

    #[allow(
        clippy::cast_precision_loss,
        reason = "only where a number is not an integer"
    )]
    fn as_number(&self) -> Option<f64> {
        match self {
            Self::Integer(number) => Some(*number as f64),
            Self::Float(number) => Some(*number),
            _ => None,
        }
    }

    /// The number without its fraction, also beyond what a float holds exactly.
    #[allow(clippy::cast_possible_truncation, reason = "the fraction")]
    fn as_whole(&self) -> Option<i128> {
        match self {
            Self::Integer(number) => Some(i128::from(*number)),
            Self::Float(number) => Some(*number as i128),
            _ => None,
        }
    }

    /// The value for a cursor.
    pub(super) fn to_json(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Bool(value) => (*value).into(),
            Self::Integer(number) => (*number).into(),
            Self::Float(number) => (*number).into(),
            Self::Text(text) => (*text).into(),
            Self::Made(text) => text.clone().into(),
            Self::Texts(items) => items.clone().into(),
            Self::Json(value) => (*value).clone(),
        }
    }
}
