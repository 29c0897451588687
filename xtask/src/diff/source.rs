//! Sources of the sides of a comparison: files, standard input, git.

use std::error::Error;
use std::io::Read as _;
use std::path::Path;
use std::process::Command;

use codegen::Spec;
use openapi_document::Source;
use serde_json::Value;

use crate::workspace;

/// One side of a comparison.
pub(crate) struct Side {
    pub(super) name: String,
    pub(super) source: Source,
    pub(super) spec: Spec,
    /// The document with keywords that the generator does not read; none without such.
    compared: Option<Value>,
    /// Notes for the reader of a report about how the document was read.
    pub(super) notes: Vec<String>,
}

/// Reads a file that a document refers to, by its path relative to the document.
type ReadFile<'r> = dyn FnMut(&str) -> Option<String> + 'r;

impl Side {
    /// Reads a text that refers to no other files; errors name where it came from.
    pub(crate) fn parse(name: impl Into<String>, text: String) -> Result<Self, Box<dyn Error>> {
        Self::read(name.into(), text, &mut |_| None)
    }

    /// The document as it is compared.
    pub(super) fn document(&self) -> &Value {
        let compared = self.compared.as_ref();
        compared.unwrap_or_else(|| self.spec.document())
    }

    /// A file, `-` for standard input, or `REV:path`.
    pub(crate) fn load(source: &str) -> Result<Self, Box<dyn Error>> {
        if source == "-" {
            let mut text = String::new();
            std::io::stdin()
                .read_to_string(&mut text)
                .map_err(|error| format!("cannot read standard input: {error}"))?;
            return Self::parse("standard input", text);
        }
        let path = Path::new(source);
        if !path.exists()
            && let Some((revision, file)) = source.split_once(':')
        {
            return Self::at_revision_in(None, revision, file);
        }
        let shown = path.strip_prefix(workspace::root()).unwrap_or(path);
        let folder = path.parent().unwrap_or(Path::new(""));
        let mut other = |file: &str| std::fs::read_to_string(folder.join(file)).ok();
        Self::read(
            shown.display().to_string(),
            workspace::read(path)?,
            &mut other,
        )
    }

    /// A file as it was at a revision, with the files that it referred to then, in the repository
    /// of a folder, by default the current one.
    pub(super) fn at_revision_in(
        repository: Option<&Path>,
        revision: &str,
        file: &str,
    ) -> Result<Self, Box<dyn Error>> {
        let source = format!("{revision}:{file}");
        let text = git_in(repository, &["show", &source])?;
        let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
        let mut other = |path: &str| {
            let path = joined(folder, path)?;
            git_in(repository, &["show", &format!("{revision}:{path}")]).ok()
        };
        Self::read(source, text, &mut other)
    }

    fn read(name: String, text: String, other: &mut ReadFile<'_>) -> Result<Self, Box<dyn Error>> {
        let failed = |error: openapi_document::Error| format!("{name}: {error}");
        let (mut document, source) = Source::read(text).map_err(failed)?;
        openapi_document::check_version(&document).map_err(failed)?;
        let mut notes = Vec::new();
        if source.may_name_files() && !openapi_document::external_files(&document).is_empty() {
            let own = name.rsplit(['/', ':']).next().unwrap_or_default();
            openapi_document::bundle(&mut document, own, &mut |file| {
                let text = other(file)?;
                openapi_document::parse(&text).ok()
            });
            for (file, places) in openapi_document::external_files(&document) {
                notes.push(format!(
                    "{name} refers to {file} {}, which could not be read and was not compared",
                    times(places.len())
                ));
            }
        }
        let read = openapi_document::from_value_to_compare(document).map_err(failed)?;
        for note in read.loaded.notes.iter().chain(&read.notes) {
            notes.push(format!("{name}: {}: {}", note.pointer, note.message));
        }
        Ok(Self {
            spec: read.loaded.into(),
            compared: read.document,
            name,
            source,
            notes,
        })
    }
}

fn times(count: usize) -> String {
    match count {
        1 => "once".to_owned(),
        count => format!("{count} times"),
    }
}

/// A path relative to a folder of a repository; none when it leads out of it.
fn joined(folder: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// The output of a git command.
pub(crate) fn git(args: &[&str]) -> Result<String, Box<dyn Error>> {
    git_in(None, args)
}

/// The output of a git command in the repository of a folder, by default the current one.
pub(super) fn git_in(repository: Option<&Path>, args: &[&str]) -> Result<String, Box<dyn Error>> {
    let mut command = Command::new("git");
    if let Some(folder) = repository {
        command.current_dir(folder);
    }
    let output = command
        .args(args)
        .output()
        .map_err(|error| format!("cannot run git: {error}"))?;
    if output.status.success() {
        return Ok(String::from_utf8(output.stdout)?);
    }
    let problem = String::from_utf8_lossy(&output.stderr);
    Err(format!("git {}: {}", args.join(" "), problem.trim()).into())
}

/// The commit where the current branch left main.
pub(super) fn merge_base() -> Result<String, Box<dyn Error>> {
    let bases = ["origin/main", "main"];
    let found = bases
        .iter()
        .find_map(|main| git(&["merge-base", "HEAD", main]).ok());
    let found = found.ok_or("no merge base with origin/main or main; name both sides")?;
    Ok(found.trim().to_owned())
}
