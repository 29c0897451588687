//! Generates the API's types and operations from the specification.

use std::error::Error;
use std::path::Path;
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    let spec = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("../spec/video-api.json");
    println!("cargo::rerun-if-changed={}", spec.display());
    let json = fs::read(&spec).map_err(|error| format!("{}: {error}", spec.display()))?;
    let spec = codegen::Spec::from_slice(&json)?;
    let generated = codegen::generate(&spec)?;
    for left_out in &generated.left_out {
        println!("cargo::warning={}: {}", left_out.subject, left_out.reason);
    }
    let output = Path::new(&env::var("OUT_DIR")?).join("generated.rs");
    fs::write(output, generated.code)?;
    Ok(())
}
