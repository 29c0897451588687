//! The files of the published package, as bytes: a function of the workspace's files.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::Path;

use serde_json::Value;
use toml_edit::{DocumentMut, Item};

use super::generated;
use super::manifest::Manifest;
use crate::generate;
use crate::workspace;

/// The files of a package by their path in it, in order.
pub(super) type Files = BTreeMap<String, Vec<u8>>;

/// The package before it is written anywhere.
pub(super) struct Staged {
    /// Every file by its path in the package.
    pub(super) files: Files,
    /// Parts that are left out, with the reason; a line each.
    pub(super) left_out: Vec<String>,
    /// The version with the specification's as metadata.
    pub(super) version: String,
    /// The generated API as text.
    pub(super) surface: String,
}

impl Staged {
    /// Sets `package.repository`.
    pub(super) fn name_repository(&mut self, url: &str) -> Result<(), Box<dyn Error>> {
        if !url.starts_with("https://") {
            return Err(format!("--repository {url}: must begin with https://").into());
        }
        let bytes = self.files.get_mut("Cargo.toml").ok_or("no Cargo.toml")?;
        let mut manifest: DocumentMut = std::str::from_utf8(bytes)?.parse()?;
        let package = manifest.get_mut("package").and_then(Item::as_table_mut);
        package
            .ok_or("no [package]")?
            .insert("repository", Item::Value(url.into()));
        *bytes = manifest.to_string().into_bytes();
        Ok(())
    }
}

/// Stages `video-api` of the workspace at `root`.
pub(super) fn stage(root: &Path) -> Result<Staged, Box<dyn Error>> {
    stage_for(root, &root.join("spec/video-api.json"))
}

/// The same with the operations and types of another specification.
pub(super) fn stage_for(root: &Path, spec_path: &Path) -> Result<Staged, Box<dyn Error>> {
    let generated = generate::generate(spec_path)?;
    let spec: Value = serde_json::from_str(&workspace::read(spec_path)?)?;
    let spec_version = spec
        .pointer("/info/version")
        .and_then(Value::as_str)
        .ok_or_else(|| format!("{} has no info.version", spec_path.display()))?;
    let shared = workspace::read(&root.join("Cargo.toml"))?;
    let package = root.join("video-api");

    let mut left_out: Vec<String> = generated
        .left_out
        .iter()
        .map(|gone| format!("{} of the specification: {}", gone.subject, gone.reason))
        .collect();
    let mut manifest = Manifest::inherit(&workspace::read(&package.join("Cargo.toml"))?, &shared)?;
    for name in manifest.publishable(spec_version)? {
        left_out.push(format!("dev-dependency {name}: a crate of the workspace"));
    }
    manifest.alone();

    let mut files = Files::new();
    for folder in ["src", "examples"] {
        tree(&package.join(folder), folder, &mut files)?;
    }
    let lib = files.get("src/lib.rs").ok_or("no src/lib.rs")?;
    let lib = generated::as_file(&String::from_utf8(lib.clone())?)?;
    files.insert("src/lib.rs".to_owned(), lib.into_bytes());
    let surface = generated.surface.to_string();
    let own = generated.code.into_bytes();
    if files.insert("src/generated.rs".to_owned(), own).is_some() {
        return Err("video-api/src/generated.rs is the generated module's name".into());
    }
    for kind in ["test", "bench"] {
        manifest.without_kind(kind);
    }
    texts(root, &package, &mut files)?;

    let version = manifest.version()?;
    files.insert("Cargo.toml".to_owned(), manifest.to_string().into_bytes());
    Ok(Staged {
        files,
        left_out,
        version,
        surface,
    })
}

/// The package's README, and licence files and changelog: its own, else the workspace's.
fn texts(root: &Path, package: &Path, files: &mut Files) -> Result<(), Box<dyn Error>> {
    for folder in [root, package] {
        for name in entries(folder)? {
            if name.starts_with("LICENSE") || name == "CHANGELOG.md" {
                let path = folder.join(&name);
                files.insert(name, read(&path)?);
            }
        }
    }
    if !files.keys().any(|name| name.starts_with("LICENSE")) {
        return Err("no licence file".into());
    }
    files.insert("README.md".to_owned(), read(&package.join("README.md"))?);
    Ok(())
}

/// All files below a folder, by `name` and their path in it.
pub(super) fn tree(folder: &Path, name: &str, files: &mut Files) -> Result<(), Box<dyn Error>> {
    for entry in entries(folder)? {
        let path = folder.join(&entry);
        let below = if name.is_empty() {
            entry
        } else {
            format!("{name}/{entry}")
        };
        if path.is_dir() {
            tree(&path, &below, files)?;
        } else {
            files.insert(below, read(&path)?);
        }
    }
    Ok(())
}

/// The names in a folder, in order, without hidden files and what builds and editors leave.
fn entries(folder: &Path) -> Result<Vec<String>, Box<dyn Error>> {
    let shown = folder.display();
    let cannot = |error| format!("cannot read {shown}: {error}");
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).map_err(cannot)? {
        let name = entry.map_err(cannot)?.file_name();
        let name = name
            .into_string()
            .map_err(|name| format!("{shown}: {} is not Unicode", name.display()))?;
        let left_behind = name.starts_with('.')
            || name == "target"
            || [".orig", ".rej", ".new", "~"]
                .iter()
                .any(|end| name.ends_with(end));
        if !left_behind {
            names.push(name);
        }
    }
    names.sort_unstable();
    Ok(names)
}

fn read(path: &Path) -> Result<Vec<u8>, Box<dyn Error>> {
    fs::read(path).map_err(|error| format!("cannot read {}: {error}", path.display()).into())
}
