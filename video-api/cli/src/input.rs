//! Values from the command line, from files and from standard input.

use std::fs;
use std::io::{self, Read};
use std::path::Path;

use serde_json::Value;
use video_api::Upload;

use crate::exit::Failure;
use crate::lossless;

/// Reads `JSON`, `@FILE` or `-` (standard input). `what` names it in errors.
pub(crate) fn json(what: &str, given: &str) -> Result<Value, Failure> {
    let text = match given.strip_prefix('@') {
        Some(path) => fs::read_to_string(path)
            .map_err(|error| Failure::input(&format!("{what}: {path}"), &error))?,
        None if given == "-" => {
            let mut text = String::new();
            let read = io::stdin().lock().read_to_string(&mut text);
            read.map_err(|error| Failure::input(&format!("{what}: standard input"), &error))?;
            text
        }
        None => given.to_owned(),
    };
    lossless::parse(&text).map_err(|reason| Failure::usage(format!("{what}: {reason}")))
}

/// Reads bytes: `@FILE`, `-` (standard input), or the text itself.
pub(crate) fn bytes(what: &str, given: &str) -> Result<Vec<u8>, Failure> {
    match given.strip_prefix('@') {
        Some(path) => {
            fs::read(path).map_err(|error| Failure::input(&format!("{what}: {path}"), &error))
        }
        None if given == "-" => {
            let mut bytes = Vec::new();
            let read = io::stdin().lock().read_to_end(&mut bytes);
            read.map_err(|error| Failure::input(&format!("{what}: standard input"), &error))?;
            Ok(bytes)
        }
        None => Ok(given.as_bytes().to_vec()),
    }
}

/// Reads a file to upload, which is named like the one on disk.
pub(crate) fn file(what: &str, given: &str) -> Result<Upload, Failure> {
    let upload = Upload::new(bytes(what, given)?);
    let name = given
        .strip_prefix('@')
        .map(Path::new)
        .and_then(Path::file_name);
    Ok(match name {
        Some(name) => upload.file_name(name.to_string_lossy()),
        None => upload,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_name_what_is_wrong() {
        let error = json("--body", "{\"a\":").unwrap_err();
        assert!(
            error.message.starts_with("--body: not JSON"),
            "{}",
            error.message
        );
        assert!(
            json("--body", "@/no/such/file")
                .unwrap_err()
                .message
                .contains("/no/such/file")
        );
        assert_eq!(json("--body", " [1] ").unwrap(), serde_json::json!([1]));
    }
}
