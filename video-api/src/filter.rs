//! Conditions of queries.

use std::fmt;

use serde::{Serialize, Serializer};
use serde_json::{Map, Value, json};

/// Conditions for `filter_conditions`, which also takes plain JSON (`serde_json::json!({…})`).
///
/// ```
/// use video_api::{Filter, Timestamp};
///
/// let monday: Timestamp = "2026-01-05T00:00:00Z".parse()?;
/// let filter = Filter::eq("ended_at", ())
///     .and(Filter::gte("created_at", monday))
///     .and(Filter::eq("type", "livestream").or(Filter::exists("custom.topic", true)));
/// assert_eq!(
///     serde_json::to_value(&filter)?,
///     serde_json::json!({"$and": [
///         {"ended_at": null},
///         {"created_at": {"$gte": "2026-01-05T00:00:00Z"}},
///         {"$or": [{"type": "livestream"}, {"custom.topic": {"$exists": true}}]},
///     ]})
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Each operation's `filter_conditions` lists the fields that are known to work. Fields of `custom`
/// are named `custom.topic`. A value is anything that serialises: `()` is `null`, a
/// [`Timestamp`](crate::Timestamp) is written as the server reads it.
#[derive(Clone, PartialEq)]
pub struct Filter {
    /// An object, or why a value cannot be JSON, which is reported when the request is sent.
    conditions: Result<Map<String, Value>, String>,
}

impl Filter {
    /// Everything matches.
    pub fn all() -> Self {
        Self::from_conditions(Map::new())
    }

    /// The field equals the value; `()` matches a field that is not set.
    pub fn eq(field: impl Into<String>, value: impl Serialize) -> Self {
        Self::from_value(value, |value| match value {
            // An object in this place would be read as operators.
            Value::Object(_) => condition(field, json!({ "$eq": value })),
            value => condition(field, value),
        })
    }

    /// The field differs from the value (`$ne`).
    pub fn ne(field: impl Into<String>, value: impl Serialize) -> Self {
        Self::operator(field, "$ne", value)
    }

    /// The field is greater or later than the value (`$gt`).
    pub fn gt(field: impl Into<String>, value: impl Serialize) -> Self {
        Self::operator(field, "$gt", value)
    }

    /// The field is the value, or greater or later (`$gte`).
    pub fn gte(field: impl Into<String>, value: impl Serialize) -> Self {
        Self::operator(field, "$gte", value)
    }

    /// The field is less or earlier than the value (`$lt`).
    pub fn lt(field: impl Into<String>, value: impl Serialize) -> Self {
        Self::operator(field, "$lt", value)
    }

    /// The field is the value, or less or earlier (`$lte`).
    pub fn lte(field: impl Into<String>, value: impl Serialize) -> Self {
        Self::operator(field, "$lte", value)
    }

    /// The field is one of the values (`$in`); for a list, one of its elements is.
    pub fn is_in<V: Serialize>(
        field: impl Into<String>,
        values: impl IntoIterator<Item = V>,
    ) -> Self {
        Self::operator(field, "$in", values.into_iter().collect::<Vec<_>>())
    }

    /// The field is none of the values (`$nin`).
    pub fn not_in<V: Serialize>(
        field: impl Into<String>,
        values: impl IntoIterator<Item = V>,
    ) -> Self {
        Self::operator(field, "$nin", values.into_iter().collect::<Vec<_>>())
    }

    /// The field is set, or with `false` not set (`$exists`).
    pub fn exists(field: impl Into<String>, exists: bool) -> Self {
        Self::operator(field, "$exists", exists)
    }

    /// The field is a list and has this element (`$contains`).
    pub fn contains(field: impl Into<String>, element: impl Serialize) -> Self {
        Self::operator(field, "$contains", element)
    }

    /// A word of the field begins with the text (`$autocomplete`).
    pub fn autocomplete(field: impl Into<String>, text: impl Into<String>) -> Self {
        Self::operator(field, "$autocomplete", text.into())
    }

    /// None of the filters matches (`$nor`).
    pub fn nor(filters: impl IntoIterator<Item = Filter>) -> Self {
        let all: Result<Vec<Value>, String> = filters.into_iter().map(Self::into_value).collect();
        Self {
            conditions: all.map(|filters| condition("$nor", filters.into())),
        }
    }

    /// Both match (`$and`).
    pub fn and(self, other: Filter) -> Self {
        self.join("$and", other)
    }

    /// One of the two matches, or both (`$or`).
    pub fn or(self, other: Filter) -> Self {
        self.join("$or", other)
    }

    fn operator(field: impl Into<String>, operator: &str, value: impl Serialize) -> Self {
        Self::from_value(value, |value| condition(field, json!({ operator: value })))
    }

    fn from_conditions(conditions: Map<String, Value>) -> Self {
        Self {
            conditions: Ok(conditions),
        }
    }

    fn from_value(value: impl Serialize, build: impl FnOnce(Value) -> Map<String, Value>) -> Self {
        let value = serde_json::to_value(value).map_err(|error| error.to_string());
        Self {
            conditions: value.map(build),
        }
    }

    fn into_value(self) -> Result<Value, String> {
        self.conditions.map(Value::Object)
    }

    /// A chain of the same operator stays one flat list.
    fn join(self, operator: &str, other: Filter) -> Self {
        let conditions = self.conditions.and_then(|mut left| {
            let right = other.into_value()?;
            if left.len() == 1
                && let Some(Value::Array(list)) = left.get_mut(operator)
            {
                list.push(right);
                return Ok(left);
            }
            Ok(condition(operator, json!([left, right])))
        });
        Self { conditions }
    }
}

fn condition(field: impl Into<String>, value: Value) -> Map<String, Value> {
    Map::from_iter([(field.into(), value)])
}

impl Serialize for Filter {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.conditions {
            Ok(conditions) => conditions.serialize(serializer),
            Err(reason) => Err(serde::ser::Error::custom(reason)),
        }
    }
}

/// Shows the JSON.
impl fmt::Debug for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.conditions {
            Ok(conditions) => conditions.fmt(f),
            Err(reason) => write!(f, "Filter(invalid: {reason})"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::IntoJsonObject;

    fn written(filter: Filter) -> Value {
        serde_json::to_value(filter).unwrap()
    }

    #[test]
    fn each_operator_is_written_as_the_server_reads_it() {
        for (filter, expected) in [
            (Filter::all(), json!({})),
            (Filter::eq("a", 1), json!({"a": 1})),
            (Filter::eq("a", None::<i32>), json!({"a": null})),
            (
                Filter::eq("a", json!({"b": 1})),
                json!({"a": {"$eq": {"b": 1}}}),
            ),
            (Filter::ne("a", "x"), json!({"a": {"$ne": "x"}})),
            (Filter::gt("a", 1), json!({"a": {"$gt": 1}})),
            (Filter::gte("a", 1), json!({"a": {"$gte": 1}})),
            (Filter::lt("a", 1), json!({"a": {"$lt": 1}})),
            (Filter::lte("a", 1.5), json!({"a": {"$lte": 1.5}})),
            (
                Filter::is_in("a", ["x", "y"]),
                json!({"a": {"$in": ["x", "y"]}}),
            ),
            (Filter::not_in("a", [1, 2]), json!({"a": {"$nin": [1, 2]}})),
            (Filter::exists("a", false), json!({"a": {"$exists": false}})),
            (Filter::contains("a", "x"), json!({"a": {"$contains": "x"}})),
            (
                Filter::autocomplete("a", "x"),
                json!({"a": {"$autocomplete": "x"}}),
            ),
            (
                Filter::nor([Filter::eq("a", 1), Filter::eq("b", 2)]),
                json!({"$nor": [{"a": 1}, {"b": 2}]}),
            ),
        ] {
            assert_eq!(written(filter), expected);
        }
    }

    #[test]
    fn a_chain_is_one_list_and_another_operator_nests() {
        let filter = Filter::eq("a", 1)
            .and(Filter::eq("b", 2))
            .and(Filter::eq("c", 3))
            .or(Filter::eq("d", 4));
        assert_eq!(
            written(filter),
            json!({"$or": [{"$and": [{"a": 1}, {"b": 2}, {"c": 3}]}, {"d": 4}]})
        );
    }

    #[test]
    fn a_value_that_is_no_json_is_reported_when_it_is_sent() {
        let keys_of_two_kinds = BTreeMap::from([((1, 2), "x")]);
        let filter = Filter::eq("a", 1).and(Filter::eq("b", keys_of_two_kinds));
        let object = filter.into_json_object();
        let error = serde_json::to_string(&object).unwrap_err().to_string();
        assert!(error.contains("key must be a string"), "{error}");
    }
}
