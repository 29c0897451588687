//! Writes the table of operations of other-api.

use std::error::Error;
use std::path::Path;
use std::{env, fs};

#[path = "../../video-api/cli/build/columns.rs"]
mod columns;
#[path = "../../video-api/cli/build/index.rs"]
mod index;
#[path = "../../video-api/cli/build/schema.rs"]
mod schema;
#[path = "../../video-api/cli/build/shape.rs"]
mod shape;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=../other-api/spec.json");
    println!("cargo::rerun-if-changed=../../video-api/cli/build");
    let document = openapi_document::load(&fs::read_to_string("../other-api/spec.json")?)?.document;
    let output = Path::new(&env::var("OUT_DIR")?).join("index.rs");
    fs::write(output, index::write(&document)?)?;
    Ok(())
}
