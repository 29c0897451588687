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
    for line in report(&generated) {
        println!("{line}");
    }
    println!(
        "wrote {0}/generated.rs, {0}/surface.txt: {1} lines in {2} ms",
        args.out.display(),
        generated.code.lines().count(),
        took.as_millis()
    );
    if args.strict && !generated.left_out.is_empty() {
        return Err(format!("{} left out, see above", generated.left_out.len()).into());
    }
    Ok(())
}

/// One line for everything that was repaired or left out.
fn report(generated: &Generated) -> Vec<String> {
    let repairs = generated.repairs.iter().filter(|(_, count)| *count > 0);
    let repairs = repairs.map(|(repair, count)| format!("repaired {repair}: {count}"));
    let left_out = generated
        .left_out
        .iter()
        .map(|one| format!("left out {} ({}): {}", one.subject, one.pointer, one.reason));
    repairs.chain(left_out).collect()
}

pub(crate) fn surface(args: &SurfaceArgs) -> Done {
    let surface = generate(&own_spec())?.surface.to_string();
    let path = workspace::root().join("tests/golden/surface.txt");
    workspace::write_or_check(&path, &surface, args.check, "cargo xtask surface")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_report_says_only_what_happened() {
        let document = json!({"openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "paths": {"/calls": {"get": {
            "operationId": "ListCalls",
            "parameters": [{"name": "X-Trace", "in": "cookie", "schema": {"type": "string"}}],
            "responses": {"200": {"description": "ok", "content": {"application/json": {"schema": {
                "type": "object", "properties": {"a": {"type": "string"}}}}}}}}}}});
        let spec = Spec::from_slice(document.to_string().as_bytes()).unwrap();
        let generated = codegen::generate(&spec).unwrap();
        let report = report(&generated);
        let happened = generated.repairs.iter().filter(|(_, count)| *count > 0);
        assert_eq!(report.len(), happened.count() + generated.left_out.len());
        assert!(report.len() < generated.repairs.len(), "{report:?}");
        assert!(
            report.iter().any(|line| line.starts_with("left out ")),
            "{report:?}"
        );
        assert!(
            !report.iter().any(|line| line.ends_with(": 0")),
            "{report:?}"
        );
        // Every kind of line is explained.
        let explained = workspace::read(&workspace::root().join("CONTRIBUTING.md")).unwrap();
        for line in ["`repaired ", "`left out ", "`wrote DIR/generated.rs"] {
            assert!(explained.contains(line), "{line}");
        }
    }
}
