//! Responses that are served and read in the benches.

use std::error::Error;
use std::path::PathBuf;

use super::Args;
use super::process::{cargo, folder, output};
use crate::workspace;

/// Files with responses of the size that production sees.
pub(super) struct Bodies {
    pub(super) get_call: PathBuf,
    pub(super) query_calls: PathBuf,
    pub(super) query_calls_200: PathBuf,
}

/// Lets the benchmark of the workspace write its bodies.
pub(super) fn bodies(args: &Args) -> Result<Bodies, Box<dyn Error>> {
    let folder = folder().join("bodies");
    if !args.prepared {
        std::fs::create_dir_all(&folder)?;
        let mut command = cargo(&workspace::root());
        command
            .args(["bench", "--quiet", "--package", "video-api-tests"])
            .args(["--bench", "loopback", "--", "--write-bodies"])
            .arg(&folder);
        output(&mut command)?;
    }
    Ok(Bodies {
        get_call: folder.join("get-call.json"),
        query_calls: folder.join("query-calls-100.json"),
        query_calls_200: folder.join("query-calls-200.json"),
    })
}
