//! Turns the specification into static tables, so that the command line starts without reading it.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

#[path = "build/columns.rs"]
mod columns;
#[path = "build/index.rs"]
mod index;
#[path = "build/schema.rs"]
mod schema;
#[path = "build/shape.rs"]
mod shape;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-env-changed=VIDEO_API_SPEC");
    // The one that the library is built from.
    let own = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("../../spec/video-api.json");
    let spec = env::var_os("VIDEO_API_SPEC").map_or(own, PathBuf::from);
    println!("cargo::rerun-if-changed={}", spec.display());
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=build");
    let text = fs::read_to_string(&spec).map_err(|error| format!("{}: {error}", spec.display()))?;
    let document = openapi_document::load(&text)?.document;
    let output = Path::new(&env::var("OUT_DIR")?).join("index.rs");
    fs::write(output, index::write(&document)?)?;
    Ok(())
}
