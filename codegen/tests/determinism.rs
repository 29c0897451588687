//! Same specification, same bytes, in whatever order its keys come.
#![allow(clippy::unwrap_used)] // Helpers of tests.

use codegen::Spec;
use serde_json::Value;

/// JSON text whose objects list their keys in an order that `seed` decides.
fn shuffled(value: &Value, seed: &mut u64, text: &mut String) {
    match value {
        Value::Object(map) => {
            let mut entries: Vec<(u64, &String, &Value)> = map
                .iter()
                .map(|(key, value)| (next(seed), key, value))
                .collect();
            entries.sort_by_key(|(order, _, _)| *order);
            text.push('{');
            for (index, (_, key, value)) in entries.into_iter().enumerate() {
                text.push_str(if index == 0 { "" } else { "," });
                text.push_str(&serde_json::to_string(key).unwrap());
                text.push(':');
                shuffled(value, seed, text);
            }
            text.push('}');
        }
        Value::Array(items) => {
            text.push('[');
            for (index, item) in items.iter().enumerate() {
                text.push_str(if index == 0 { "" } else { "," });
                shuffled(item, seed, text);
            }
            text.push(']');
        }
        other => text.push_str(&other.to_string()),
    }
}

/// splitmix64.
fn next(seed: &mut u64) -> u64 {
    *seed = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut z = *seed;
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

#[test]
fn the_order_of_keys_never_reaches_the_output() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    for spec in [
        "../spec/video-api.json",
        "tests/fixtures/unions/spec.json",
        "tests/fixtures/keywords/spec.json",
        "tests/fixtures/bodies/spec.json",
        "tests/fixtures/type_names/spec.json",
        "tests/fixtures/operation_ids/spec.json",
    ] {
        let json = std::fs::read(root.join(spec)).unwrap();
        let document: Value = serde_json::from_slice(&json).unwrap();
        let plain = codegen::generate(&Spec::from_slice(&json).unwrap()).unwrap();
        let mut seed = 1;
        let mut text = String::new();
        shuffled(&document, &mut seed, &mut text);
        assert_ne!(text.as_bytes(), json, "{spec} is not shuffled");
        let other = codegen::generate(&Spec::from_slice(text.as_bytes()).unwrap()).unwrap();
        assert!(plain.code == other.code, "{spec}: the code differs");
        assert!(
            plain.surface == other.surface,
            "{spec}: the surface differs"
        );
        assert_eq!(plain.repairs, other.repairs, "{spec}");
        assert_eq!(plain.left_out, other.left_out, "{spec}");
    }
}
