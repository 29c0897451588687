//! The name under which the program was started.

use std::env;
use std::path::Path;

/// The name for usage texts and hints: `cargo video` in a checkout, the path as it was typed when
/// it is relative, otherwise the name of the file.
pub(crate) fn name() -> String {
    if env::var("CARGO_PKG_NAME").is_ok_and(|package| package == env!("CARGO_PKG_NAME")) {
        return "cargo video".to_owned();
    }
    let Some(typed) = env::args_os().next() else {
        return "video-api".to_owned();
    };
    let path = Path::new(&typed);
    match path.file_name().filter(|_| path.is_absolute()) {
        Some(name) => name.to_string_lossy().into_owned(),
        None => typed.to_string_lossy().into_owned(),
    }
}
