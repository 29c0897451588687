//! Paths of the workspace, and the one way commands write or check their files.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// The result of a command; the message is printed as it is.
pub(crate) type Done = Result<(), Box<dyn Error>>;

/// The workspace root: xtask is always run from its own checkout.
pub(crate) fn root() -> PathBuf {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    own.parent().unwrap_or(own).to_path_buf()
}

/// Reads a text file; the error names the file.
pub(crate) fn read(path: &Path) -> Result<String, Box<dyn Error>> {
    fs::read_to_string(path)
        .map_err(|error| format!("cannot read {}: {error}", path.display()).into())
}

/// Writes `content` to `path`, or with `check` only compares; `recipe` is the command that repairs.
pub(crate) fn write_or_check(path: &Path, content: &str, check: bool, recipe: &str) -> Done {
    let shown = path.strip_prefix(root()).unwrap_or(path).display();
    if check {
        if path.exists() && read(path)? == content {
            println!("{shown} is up to date");
            return Ok(());
        }
        return Err(format!("{shown} is out of date; run: {recipe}").into());
    }
    if path.exists() && read(path)? == content {
        println!("{shown} is unchanged");
        return Ok(());
    }
    fs::write(path, content).map_err(|error| format!("cannot write {shown}: {error}"))?;
    println!("wrote {shown}");
    Ok(())
}

/// JSON as the spec files have it: two spaces, sorted keys, a newline at the end.
pub(crate) fn pretty(value: &Value) -> Result<String, Box<dyn Error>> {
    Ok(serde_json::to_string_pretty(&sorted(value))? + "\n")
}

/// Keys in order whatever map serde_json is built with.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(sorted).collect(),
        Value::Object(map) => {
            let mut entries: Vec<_> = map.iter().collect();
            entries.sort_unstable_by(|a, b| a.0.cmp(b.0));
            Value::Object(
                entries
                    .into_iter()
                    .map(|(key, value)| (key.clone(), sorted(value)))
                    .collect(),
            )
        }
        other => other.clone(),
    }
}
