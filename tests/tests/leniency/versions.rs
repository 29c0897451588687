//! Specifications of other versions of the API.

use serde_json::{Map, Value, json};

use crate::rng::Rng;

/// A version of the spec in which fields and types are missing that the client knows (an older
/// one), are there that it does not know (a newer one), or have other names (either). `keep` are
/// names that do not change.
pub(crate) fn other_version(spec: &Value, seed: u64, keep: &[&str]) -> Value {
    let mut rng = Rng::new(seed);
    let mut other = spec.clone();
    let schemas = other["components"]["schemas"].as_object_mut().unwrap();
    for schema in schemas.values_mut() {
        if let Some(values) = schema.get_mut("enum").and_then(Value::as_array_mut) {
            values.push("value-of-tomorrow".into());
        }
        let Some(Value::Object(properties)) = schema.get_mut("properties") else {
            continue;
        };
        let mut renamed = Map::new();
        let mut names = Vec::new();
        for (name, property) in std::mem::take(properties) {
            let fate = rng.below(10);
            if keep.contains(&name.as_str()) || fate > 2 {
                names.push(name.clone());
                renamed.insert(name, property);
            } else if fate > 0 {
                let name = format!("renamed_{name}");
                names.push(name.clone());
                renamed.insert(name, property);
            }
        }
        if rng.chance(30) {
            let name = "field_of_tomorrow".to_owned();
            names.push(name.clone());
            renamed.insert(name, json!({"$ref": "#/components/schemas/TypeOfTomorrow"}));
        }
        *properties = renamed;
        // Whether a field is required changes as well.
        names.retain(|name| keep.contains(&name.as_str()) || rng.chance(70));
        schema["required"] = names.into();
    }
    other["components"]["schemas"]["TypeOfTomorrow"] = json!({
        "type": "object",
        "properties": {
            "texts": {"type": "array", "items": {"type": "string"}},
            "number": {"type": "number"},
        },
    });
    other
}
