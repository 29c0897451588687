//! Generates the types and operations of `spec.json`.

use std::error::Error;
use std::path::Path;
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=spec.json");
    println!("cargo::rustc-cfg=other_spec");
    let spec = codegen::Spec::from_slice(&fs::read("spec.json")?)?;
    let generated = codegen::generate(&spec)?;
    if let Some(left_out) = generated.left_out.first() {
        return Err(format!("{}: {}", left_out.subject, left_out.reason).into());
    }
    let output = Path::new(&env::var("OUT_DIR")?).join("generated.rs");
    fs::write(output, generated.code)?;
    Ok(())
}
