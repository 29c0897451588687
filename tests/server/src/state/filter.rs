//! `filter_conditions`: a reasonable part of the API's filter language. What is not
//! understood is an error, never a condition that silently holds.

use std::cmp::Ordering;

use serde_json::{Map, Value};

use crate::error::ApiError;
use crate::time;

/// How a field compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// By its JSON value.
    Plain,
    /// As a moment: requests write RFC 3339, the field holds nanoseconds.
    Time,
    /// A list: equal when it contains the value.
    List,
}

/// Tells the kind of a field; `None` when there is no such field.
pub(super) type Kinds<'a> = &'a dyn Fn(&str) -> Option<Kind>;

#[derive(Debug)]
enum Test {
    Equal(Value),
    NotEqual(Value),
    In(Vec<Value>),
    NotIn(Vec<Value>),
    Ordered(Value, &'static [Ordering]),
    Exists(bool),
    Prefix(String),
}

/// Conditions on the fields of something.
#[derive(Debug)]
pub(super) struct Filter(Condition);

#[derive(Debug)]
enum Condition {
    All(Vec<Condition>),
    Any(Vec<Condition>),
    Not(Box<Condition>),
    Field { name: String, test: Test },
}

impl Filter {
    /// Reads conditions; all of them have to hold.
    pub(super) fn read(
        conditions: &Map<String, Value>,
        kinds: Kinds<'_>,
    ) -> Result<Self, ApiError> {
        Condition::read(conditions, kinds).map(Self)
    }

    /// Whether the conditions hold for something with these fields.
    pub(super) fn matches(&self, field: &dyn Fn(&str) -> Value) -> bool {
        self.0.holds(field)
    }
}

impl Condition {
    fn read(conditions: &Map<String, Value>, kinds: Kinds<'_>) -> Result<Self, ApiError> {
        let mut all = Vec::new();
        for (name, condition) in conditions {
            match name.as_str() {
                "$and" => all.push(Self::All(read_list(name, condition, kinds)?)),
                "$or" => all.push(Self::Any(read_list(name, condition, kinds)?)),
                "$nor" => {
                    let any = Self::Any(read_list(name, condition, kinds)?);
                    all.push(Self::Not(Box::new(any)));
                }
                _ => read_field(name, condition, kinds, &mut all)?,
            }
        }
        Ok(Self::All(all))
    }

    fn holds(&self, field: &dyn Fn(&str) -> Value) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.holds(field)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(field)),
            Self::Not(part) => !part.holds(field),
            Self::Field { name, test } => test.holds(&field(name)),
        }
    }
}

fn read_list(name: &str, condition: &Value, kinds: Kinds<'_>) -> Result<Vec<Condition>, ApiError> {
    let parts = condition.as_array().filter(|parts| !parts.is_empty());
    let parts =
        parts.ok_or_else(|| ApiError::input(format!("{name} needs a list of conditions")))?;
    parts
        .iter()
        .map(|part| match part.as_object() {
            Some(part) => Condition::read(part, kinds),
            None => Err(ApiError::input(format!("{name} needs a list of objects"))),
        })
        .collect()
}

fn read_field(
    name: &str,
    condition: &Value,
    kinds: Kinds<'_>,
    all: &mut Vec<Condition>,
) -> Result<(), ApiError> {
    if name.starts_with('$') {
        return Err(ApiError::input(format!(
            "the operator {name} is not supported here"
        )));
    }
    let kind = kinds(name)
        .ok_or_else(|| ApiError::input(format!("{name} is not a field to filter or sort by")))?;
    let mut push = |test| {
        all.push(Condition::Field {
            name: name.to_owned(),
            test,
        });
    };
    match condition.as_object() {
        Some(operators) => {
            for (operator, operand) in operators {
                push(read_test(name, kind, operator, operand)?);
            }
        }
        None => push(read_test(name, kind, "$eq", condition)?),
    }
    Ok(())
}

fn read_test(name: &str, kind: Kind, operator: &str, operand: &Value) -> Result<Test, ApiError> {
    let value = || read_operand(name, kind, operand);
    let list = || {
        let values = operand.as_array();
        let values =
            values.ok_or_else(|| ApiError::input(format!("{operator} on {name} needs a list")))?;
        values
            .iter()
            .map(|value| read_operand(name, kind, value))
            .collect::<Result<_, _>>()
    };
    Ok(match operator {
        "$eq" | "$contains" => Test::Equal(value()?),
        "$ne" => Test::NotEqual(value()?),
        "$in" => Test::In(list()?),
        "$nin" => Test::NotIn(list()?),
        "$gt" => Test::Ordered(value()?, &[Ordering::Greater]),
        "$gte" => Test::Ordered(value()?, &[Ordering::Greater, Ordering::Equal]),
        "$lt" => Test::Ordered(value()?, &[Ordering::Less]),
        "$lte" => Test::Ordered(value()?, &[Ordering::Less, Ordering::Equal]),
        "$exists" => match operand.as_bool() {
            Some(exists) => Test::Exists(exists),
            None => {
                return Err(ApiError::input(format!(
                    "$exists on {name} needs a boolean"
                )));
            }
        },
        "$autocomplete" => match operand.as_str() {
            Some(prefix) => Test::Prefix(prefix.to_lowercase()),
            None => {
                return Err(ApiError::input(format!(
                    "$autocomplete on {name} needs text"
                )));
            }
        },
        other => {
            let message = format!("the operator {other} on {name} is not supported here");
            return Err(ApiError::input(message));
        }
    })
}

fn read_operand(name: &str, kind: Kind, operand: &Value) -> Result<Value, ApiError> {
    if kind != Kind::Time || operand.is_null() {
        return Ok(operand.clone());
    }
    let moment = operand.as_str().and_then(time::parse_utc);
    moment.map(Value::from).ok_or_else(|| {
        ApiError::input(format!("{name} compares with an RFC 3339 timestamp in UTC"))
    })
}

impl Test {
    fn holds(&self, field: &Value) -> bool {
        match self {
            Self::Equal(value) => equal(field, value),
            Self::NotEqual(value) => !equal(field, value),
            Self::In(values) => values.iter().any(|value| equal(field, value)),
            Self::NotIn(values) => !values.iter().any(|value| equal(field, value)),
            Self::Ordered(value, wanted) => {
                compare(field, value).is_some_and(|order| wanted.contains(&order))
            }
            Self::Exists(exists) => field.is_null() != *exists,
            Self::Prefix(prefix) => field
                .as_str()
                .is_some_and(|text| text.to_lowercase().starts_with(prefix)),
        }
    }
}

/// A list equals a value that it contains.
fn equal(field: &Value, value: &Value) -> bool {
    match field {
        Value::Array(items) if !value.is_array() => items.iter().any(|item| equal(item, value)),
        _ => field == value || compare(field, value) == Some(Ordering::Equal),
    }
}

/// The order of two values of the same kind.
pub(super) fn compare(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::String(left), Value::String(right)) => Some(left.cmp(right)),
        (Value::Bool(left), Value::Bool(right)) => Some(left.cmp(right)),
        (Value::Number(left), Value::Number(right)) => match (left.as_i64(), right.as_i64()) {
            (Some(left), Some(right)) => Some(left.cmp(&right)),
            _ => left.as_f64()?.partial_cmp(&right.as_f64()?),
        },
        _ => None,
    }
}
