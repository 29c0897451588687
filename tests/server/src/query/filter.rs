//! `filter_conditions`. What is not understood is an error, never a condition that silently holds.

use std::cmp::Ordering;

use serde_json::{Map, Value};

use super::columns::{Columns, Comparison, Source};
use super::value::Field;
use crate::bound::{Bound, Values, has_word, lower_case};
use crate::error::ApiError;
use crate::time;

/// The operators there are.
const OPERATORS: &str = "$eq, $ne, $gt, $gte, $lt, $lte, $in, $nin, $exists, $contains, \
                         $autocomplete, $and, $or, $nor";
/// How deep conditions may lie inside each other.
const MAX_DEPTH: usize = 32;

enum Test {
    Equal(Value),
    NotEqual(Value),
    In(Vec<Value>),
    NotIn(Vec<Value>),
    Ordered(Value, &'static [Ordering]),
    Exists(bool),
    Contains(Value),
    Prefix(String),
}

/// Conditions on the fields of a record.
pub(crate) struct Filter<T: 'static>(Condition<T>);

enum Condition<T: 'static> {
    All(Vec<Condition<T>>),
    Any(Vec<Condition<T>>),
    Not(Box<Condition<T>>),
    Field {
        name: String,
        source: Source<T>,
        test: Test,
    },
}

impl<T> Filter<T> {
    /// Reads conditions; all of them have to hold.
    pub(crate) fn read(
        conditions: Option<&Map<String, Value>>,
        columns: &Columns<T>,
    ) -> Result<Self, ApiError> {
        match conditions {
            Some(conditions) => Condition::read(conditions, columns, 0).map(Self),
            None => Ok(Self(Condition::All(Vec::new()))),
        }
    }

    /// A bound within which all records are that fit.
    pub(crate) fn bound(&self) -> Bound<'_> {
        self.0.bound()
    }

    /// Returns true if the conditions hold for a record.
    pub(crate) fn matches(&self, record: &T) -> bool {
        self.0.holds(record)
    }
}

impl<T> Condition<T> {
    fn read(
        conditions: &Map<String, Value>,
        columns: &Columns<T>,
        depth: usize,
    ) -> Result<Self, ApiError> {
        if depth > MAX_DEPTH {
            let message = format!("conditions lie more than {MAX_DEPTH} deep inside each other");
            return Err(ApiError::input(message));
        }
        let list = |condition| read_list(condition, columns, depth + 1);
        let mut all = Vec::new();
        for (name, condition) in conditions {
            match name.as_str() {
                "$and" => all.push(Self::All(list((name, condition))?)),
                "$or" => all.push(Self::Any(list((name, condition))?)),
                "$nor" => {
                    let any = Self::Any(list((name, condition))?);
                    all.push(Self::Not(Box::new(any)));
                }
                _ => read_field(name, condition, columns, &mut all)?,
            }
        }
        Ok(Self::All(all))
    }

    fn holds(&self, record: &T) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.holds(record)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(record)),
            Self::Not(part) => !part.holds(record),
            Self::Field { source, test, .. } => test.holds(&source.read(record)),
        }
    }

    fn bound(&self) -> Bound<'_> {
        match self {
            Self::All(parts) => Bound::All(parts.iter().map(Self::bound).collect()),
            Self::Any(parts) => Bound::Any(parts.iter().map(Self::bound).collect()),
            Self::Not(part) => Bound::Not(Box::new(part.bound())),
            Self::Field { name, test, .. } => test.bound(name),
        }
    }
}

fn read_list<T>(
    (name, condition): (&str, &Value),
    columns: &Columns<T>,
    depth: usize,
) -> Result<Vec<Condition<T>>, ApiError> {
    let parts = condition.as_array().filter(|parts| !parts.is_empty());
    let parts =
        parts.ok_or_else(|| ApiError::input(format!("{name} needs a list of conditions")))?;
    parts
        .iter()
        .map(|part| match part.as_object() {
            Some(part) => Condition::read(part, columns, depth),
            None => Err(ApiError::input(format!("{name} needs a list of objects"))),
        })
        .collect()
}

fn read_field<T>(
    name: &str,
    condition: &Value,
    columns: &Columns<T>,
    all: &mut Vec<Condition<T>>,
) -> Result<(), ApiError> {
    if name.starts_with('$') {
        return Err(ApiError::input(format!(
            "the operator {name} is not supported; these are: {OPERATORS}"
        )));
    }
    let operators = condition.as_object();
    let nested = operators.filter(|fields| !fields.keys().any(|key| key.starts_with('$')));
    if let (Some(nested), true) = (nested, columns.custom.is_some() && is_custom(name)) {
        for (inner, condition) in nested {
            read_field(&format!("{name}.{inner}"), condition, columns, all)?;
        }
        return Ok(());
    }
    let (source, kind) = columns.find(name)?;
    match operators {
        Some(operators) => {
            for (operator, operand) in operators {
                let test = read_test(name, kind, operator, operand)?;
                all.push(Condition::Field {
                    name: name.to_owned(),
                    source: source.clone(),
                    test,
                });
            }
        }
        None => {
            let test = read_test(name, kind, "$eq", condition)?;
            all.push(Condition::Field {
                name: name.to_owned(),
                source,
                test,
            });
        }
    }
    Ok(())
}

fn is_custom(name: &str) -> bool {
    name == "custom" || name.starts_with("custom.")
}

fn read_test(
    name: &str,
    kind: Comparison,
    operator: &str,
    operand: &Value,
) -> Result<Test, ApiError> {
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
    let needs = |what: &str| ApiError::input(format!("{operator} on {name} needs {what}"));
    Ok(match operator {
        "$eq" => Test::Equal(value()?),
        "$ne" => Test::NotEqual(value()?),
        "$in" => Test::In(list()?),
        "$nin" => Test::NotIn(list()?),
        "$gt" => Test::Ordered(value()?, &[Ordering::Greater]),
        "$gte" => Test::Ordered(value()?, &[Ordering::Greater, Ordering::Equal]),
        "$lt" => Test::Ordered(value()?, &[Ordering::Less]),
        "$lte" => Test::Ordered(value()?, &[Ordering::Less, Ordering::Equal]),
        "$exists" => Test::Exists(operand.as_bool().ok_or_else(|| needs("a boolean"))?),
        "$contains" => Test::Contains(value()?),
        "$autocomplete" => {
            let prefix = operand.as_str().ok_or_else(|| needs("text"))?;
            Test::Prefix(lower_case(prefix).collect())
        }
        other => {
            return Err(ApiError::input(format!(
                "the operator {other} on {name} is not supported; these are: {OPERATORS}"
            )));
        }
    })
}

fn read_operand(name: &str, kind: Comparison, operand: &Value) -> Result<Value, ApiError> {
    if kind != Comparison::Time || operand.is_null() {
        return Ok(operand.clone());
    }
    // Some official SDKs write timestamps as nanoseconds, as responses do.
    let moment = match operand {
        Value::String(text) => time::parse(text),
        other => other.as_i64().and_then(time::from_nanoseconds),
    };
    moment.map(Value::from).ok_or_else(|| {
        let compares = "compares with an RFC 3339 timestamp or with nanoseconds since the epoch";
        ApiError::input(match operand {
            Value::String(text) => format!("{name} {compares}: {}", time::why_unread(text)),
            _ => format!("{name} {compares}"),
        })
    })
}

impl Test {
    /// A bound within which all records are that pass the test in the field `name`.
    fn bound<'a>(&'a self, name: &'a str) -> Bound<'a> {
        let field = |values| Bound::Field(name, values);
        let not = |bound| Bound::Not(Box::new(bound));
        let equal = |value: &'a Value| match value {
            Value::Null => not(field(Values::NotNull)),
            // A list that equals this one has its items, and not only such a list has them.
            Value::Array(items) => {
                let items = items.iter().filter(|item| is_scalar(item));
                let has_items = items.map(|item| field(Values::Equal(item)));
                Bound::All(has_items.chain([Bound::Unknown]).collect())
            }
            value => field(Values::Equal(value)),
        };
        let any = |values: &'a [Value]| Bound::Any(values.iter().map(equal).collect());
        match self {
            Self::Exists(true) | Self::NotEqual(Value::Null) => field(Values::NotNull),
            Self::Exists(false) => not(field(Values::NotNull)),
            Self::Equal(value) => equal(value),
            Self::NotEqual(value) => not(equal(value)),
            Self::In(values) => any(values),
            Self::NotIn(values) => not(any(values)),
            Self::Ordered(value, wanted) if wanted.contains(&Ordering::Greater) => {
                field(Values::Between(Some(value), None))
            }
            Self::Ordered(value, _) => field(Values::Between(None, Some(value))),
            // A list of users contains one of them.
            Self::Contains(value) if matches!(name, "members" | "blocked_user_ids") => {
                match value {
                    Value::Array(users) => Bound::All(users.iter().map(equal).collect()),
                    value => equal(value),
                }
            }
            Self::Contains(value @ Value::String(part)) => {
                Bound::Any(vec![field(Values::Containing(part)), equal(value)])
            }
            Self::Contains(Value::Object(_)) => Bound::Unknown,
            Self::Contains(value) => equal(value),
            Self::Prefix(prefix) => field(Values::Beginning(prefix)),
        }
    }

    fn holds(&self, field: &Field<'_>) -> bool {
        match self {
            Self::Equal(value) => field.equals(value),
            Self::NotEqual(value) => !field.equals(value),
            Self::In(values) => values.iter().any(|value| field.equals(value)),
            Self::NotIn(values) => !values.iter().any(|value| field.equals(value)),
            Self::Ordered(value, wanted) => {
                let order = field.order(value);
                order.is_some_and(|order| wanted.contains(&order))
            }
            Self::Exists(exists) => field.is_null() != *exists,
            Self::Contains(value) => contains(field, value),
            Self::Prefix(prefix) => {
                let text = field.as_text();
                text.is_some_and(|text| has_word(text, prefix))
            }
        }
    }
}

fn is_scalar(value: &Value) -> bool {
    matches!(value, Value::Bool(_) | Value::Number(_) | Value::String(_))
}

fn contains(field: &Field<'_>, value: &Value) -> bool {
    match (field, value) {
        (Field::Texts(_), Value::Array(wanted)) => wanted.iter().all(|one| field.equals(one)),
        (Field::Json(Value::Object(known)), Value::Object(wanted)) => {
            let mut wanted = wanted.iter();
            wanted.all(|(name, value)| known.get(name) == Some(value))
        }
        (Field::Text(text), Value::String(part)) => text.contains(part.as_str()),
        _ => field.equals(value),
    }
}
