//! Generates the types and operations of `spec.json`.

use std::error::Error;
use std::path::Path;
use std::{env, fs};

use serde_json::{Map, Value, json};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=spec.json");
    println!("cargo::rustc-cfg=other_spec");
    let mut document: Value = serde_json::from_slice(&fs::read("spec.json")?)?;
    // More fields than anyone would write down.
    let fields = (0..1100).map(|n| (format!("f{n}"), json!({"type": "integer"})));
    let fields: Map<String, Value> = fields.collect();
    if let Some(Value::Object(wide)) = document.pointer_mut("/components/schemas/Wide") {
        wide.insert("properties".to_owned(), Value::Object(fields));
    }
    let spec = codegen::Spec::from_value(document)?;
    let generated = codegen::generate(&spec)?;
    if let Some(left_out) = generated.left_out.first() {
        return Err(format!("{}: {}", left_out.subject, left_out.reason).into());
    }
    let output = Path::new(&env::var("OUT_DIR")?).join("generated.rs");
    fs::write(output, generated.code)?;
    Ok(())
}
