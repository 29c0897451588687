//! Free-form JSON objects such as `custom`.

use std::fmt;
use std::ops::{Deref, DerefMut};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

use crate::decode::{self, decode_with_serde};
use crate::error::{Deferred, Error};

/// A JSON object whose keys are the application's own.
///
/// Anything that serialises to an object becomes one through [`IntoJsonObject`], and
/// [`JsonObject::to`] reads it back into a type of your own. `null` values inside are kept.
/// A value that is not an object is reported by the request it is sent with.
#[derive(Clone, Default, PartialEq)]
pub struct JsonObject {
    map: Map<String, Value>,
    deferred: Deferred,
}

impl JsonObject {
    /// An empty object.
    pub fn new() -> Self {
        Self::default()
    }

    /// Builds an object from anything that serialises to one.
    pub fn from_serialize<T: Serialize + ?Sized>(value: &T) -> Self {
        match serde_json::to_value(value) {
            Ok(Value::Object(map)) => Self::from(map),
            Ok(other) => Self::invalid(format!("expected a JSON object, got {}", name_of(&other))),
            Err(error) => Self::invalid(error.to_string()),
        }
    }

    /// Reads the object into a type of your own.
    pub fn to<T: DeserializeOwned>(&self) -> Result<T, Error> {
        decode::foreign(&self.map)
            .map_err(|mismatch| Error::mismatch(mismatch.path, &mismatch.error))
    }

    /// The plain map.
    pub fn into_map(self) -> Map<String, Value> {
        self.map
    }

    fn invalid(reason: String) -> Self {
        let mut object = Self::new();
        object.deferred.set(reason);
        object
    }
}

fn name_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

impl fmt::Debug for JsonObject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.deferred.reason() {
            Some(reason) => write!(f, "JsonObject(invalid: {reason})"),
            None => self.map.fmt(f),
        }
    }
}

impl Deref for JsonObject {
    type Target = Map<String, Value>;
    fn deref(&self) -> &Self::Target {
        &self.map
    }
}

impl DerefMut for JsonObject {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.map
    }
}

impl From<Map<String, Value>> for JsonObject {
    fn from(map: Map<String, Value>) -> Self {
        Self {
            map,
            deferred: Deferred::default(),
        }
    }
}

impl<V: Serialize> From<std::collections::HashMap<String, V>> for JsonObject {
    fn from(map: std::collections::HashMap<String, V>) -> Self {
        Self::from_serialize(&map)
    }
}

impl<V: Serialize> From<std::collections::BTreeMap<String, V>> for JsonObject {
    fn from(map: std::collections::BTreeMap<String, V>) -> Self {
        Self::from_serialize(&map)
    }
}

impl<K: Into<String>, V: Into<Value>> FromIterator<(K, V)> for JsonObject {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(iter: I) -> Self {
        let entries = iter.into_iter().map(|(k, v)| (k.into(), v.into()));
        Self::from(entries.collect::<Map<_, _>>())
    }
}

impl IntoIterator for JsonObject {
    type Item = (String, Value);
    type IntoIter = serde_json::map::IntoIter;
    fn into_iter(self) -> Self::IntoIter {
        self.map.into_iter()
    }
}

impl Serialize for JsonObject {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.deferred.reason() {
            Some(reason) => Err(serde::ser::Error::custom(reason)),
            None => self.map.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for JsonObject {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Map::deserialize(deserializer).map(Self::from)
    }
}

decode_with_serde! { JsonObject, "an object", NULL_IS_EMPTY; }

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for JsonObject {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "JsonObject".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "object", "additionalProperties": true})
    }
}

/// A value that can be given where the API takes a free-form object: maps, `serde_json::json!({…})`,
/// and every other type that serialises to a JSON object.
pub trait IntoJsonObject {
    /// Converts. A value that is not an object is reported when the request is sent.
    fn into_json_object(self) -> JsonObject;
}

impl<T: Serialize> IntoJsonObject for T {
    fn into_json_object(self) -> JsonObject {
        JsonObject::from_serialize(&self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Mine {
        title: String,
        seats: Option<u32>,
    }

    #[test]
    fn takes_maps_values_and_structs_and_reads_back() {
        let mine = Mine {
            title: "standup".into(),
            seats: None,
        };
        let object = (&mine).into_json_object();
        assert_eq!(object.get("seats"), Some(&Value::Null), "null is kept");
        assert_eq!(object.to::<Mine>().unwrap(), mine);
        assert_eq!(json!({"a": 1}).into_json_object().len(), 1);
        assert_eq!(object.clone().into_json_object(), object);
        let collected: JsonObject = [("a", 1), ("b", 2)].into_iter().collect();
        assert_eq!(
            serde_json::to_string(&collected).unwrap(),
            r#"{"a":1,"b":2}"#
        );
    }

    #[test]
    fn anything_but_an_object_fails_when_serialised_with_a_clear_message() {
        for (value, name) in [
            (json!(null), "null"),
            (json!([1]), "an array"),
            (json!("x"), "a string"),
        ] {
            let error = serde_json::to_string(&value.into_json_object()).unwrap_err();
            assert_eq!(
                error.to_string(),
                format!("expected a JSON object, got {name}")
            );
            // The reason survives being passed on.
        }
        let again = json!(3).into_json_object().into_json_object();
        assert!(
            serde_json::to_string(&again)
                .unwrap_err()
                .to_string()
                .contains("a number")
        );
    }

    #[test]
    fn reading_into_the_wrong_type_names_the_place() {
        let object = json!({"title": "x", "seats": "many"}).into_json_object();
        let error = object.to::<Mine>().unwrap_err();
        assert!(error.is_decode());
        assert!(error.to_string().contains("`seats`"), "{error}");
    }
}
