//! Generates the API's types and operations from the specification.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-env-changed=VIDEO_API_SPEC");
    // Another specification may be tried without touching spec/.
    let own = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("../spec/video-api.json");
    let other = env::var_os("VIDEO_API_SPEC");
    if other.is_some() {
        // Without the methods by hand over operations that it may not have.
        println!("cargo::rustc-cfg=other_spec");
    }
    let spec = other.map_or(own, PathBuf::from);
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
