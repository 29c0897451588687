//! `cargo xtask generate`: writes the generated Rust as plain files; `cargo xtask surface`: its API
//! as text, for review.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use codegen::{Generated, Spec};

use crate::workspace::{self, Done};

/// Arguments of `generate`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Folder for generated.rs and surface.txt; made if it is missing.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// The specification, spec/video-api.json if not given.
    #[arg(long, value_name = "FILE")]
    spec: Option<PathBuf>,
    /// Fail when something of the specification is not generated.
    #[arg(long)]
    strict: bool,
}

/// Arguments of `surface`.
#[derive(clap::Args)]
pub(crate) struct SurfaceArgs {
    /// Only compare with the committed file.
    #[arg(long)]
    check: bool,
}

/// The specification that the workspace is built from.
pub(crate) fn own_spec() -> PathBuf {
    workspace::root().join("spec/video-api.json")
}

/// Generates from a file; errors name it.
pub(crate) fn generate(path: &Path) -> Result<Generated, Box<dyn std::error::Error>> {
    let json = workspace::read(path)?;
    Spec::from_slice(json.as_bytes())
        .and_then(|spec| codegen::generate(&spec))
        .map_err(|error| format!("{}: {error}", path.display()).into())
}

pub(crate) fn run(args: &Args) -> Done {
    let path = args.spec.clone().unwrap_or_else(own_spec);
    let started = Instant::now();
    let generated = generate(&path)?;
    let took = started.elapsed();
    fs::create_dir_all(&args.out)
        .map_err(|error| format!("cannot make {}: {error}", args.out.display()))?;
    for (name, text) in [
        ("generated.rs", &generated.code),
        ("surface.txt", &generated.surface.to_string()),
    ] {
        let file = args.out.join(name);
        fs::write(&file, text)
            .map_err(|error| format!("cannot write {}: {error}", file.display()))?;
    }
    for (repair, count) in generated.repairs.iter().filter(|(_, count)| *count > 0) {
        println!("repaired {repair}: {count}");
    }
    for left_out in &generated.left_out {
        println!(
            "left out {} ({}): {}",
            left_out.subject, left_out.pointer, left_out.reason
        );
    }
    println!(
        "{} lines in {} ms",
        generated.code.lines().count(),
        took.as_millis()
    );
    if args.strict && !generated.left_out.is_empty() {
        return Err(format!("{} left out, see above", generated.left_out.len()).into());
    }
    Ok(())
}

pub(crate) fn surface(args: &SurfaceArgs) -> Done {
    let surface = generate(&own_spec())?.surface.to_string();
    let path = workspace::root().join("tests/golden/surface.txt");
    workspace::write_or_check(&path, &surface, args.check, "cargo xtask surface")
}
