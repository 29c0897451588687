//! Manifests that stand alone: what is inherited from the workspace becomes literal, what cannot be
//! published goes.

use std::fmt;

use toml_edit::{Array, DocumentMut, InlineTable, Item, Table, TableLike, Value};

const SECTIONS: [&str; 3] = ["dependencies", "dev-dependencies", "build-dependencies"];
const HEADER: &str = "\
# Staged by `cargo xtask package` from video-api/Cargo.toml and the workspace's. Not edited by hand.

";

/// A manifest that inherits nothing.
pub(super) struct Manifest(DocumentMut);

impl Manifest {
    /// Resolves every `workspace = true` of `own` with the root manifest. Paths stay as the root
    /// has them, relative to the root.
    pub(super) fn inherit(own: &str, root: &str) -> Result<Self, String> {
        let root = parse(root, "Cargo.toml")?;
        let shared = root
            .get("workspace")
            .ok_or("Cargo.toml has no [workspace]")?;
        let mut manifest = Self(parse(own, "the package's Cargo.toml")?);
        inherit_package(manifest.package()?, shared.get("package"))?;
        manifest.each_section(|section, dependencies| {
            inherit_dependencies(dependencies, shared.get("dependencies"))
                .map_err(|error| format!("[{section}] {error}"))
        })?;
        if let Some(lints) = manifest.0.get_mut("lints").filter(|item| inherits(item)) {
            *lints = standing_alone(shared.get("lints").ok_or("no [workspace.lints]")?);
        }
        Ok(manifest)
    }

    /// Makes it publishable, with the specification's version as build metadata. Returns the
    /// dev-dependencies that went because they are crates of the workspace.
    pub(super) fn publishable(&mut self, spec_version: &str) -> Result<Vec<String>, String> {
        let version = self.version()?;
        let version = with_metadata(&version, spec_version)?;
        let package = self.package()?;
        package.remove("publish");
        package.remove("build");
        package.insert("version", Item::Value(version.into()));
        package.decor_mut().set_prefix(HEADER);

        let mut gone = Vec::new();
        self.each_section(|section, dependencies| {
            let local: Vec<String> = dependencies
                .iter()
                .filter(|(_, item)| item.get("path").is_some())
                .map(|(name, _)| name.to_owned())
                .collect();
            if let ("dependencies", Some(name)) = (section, local.first()) {
                return Err(format!("{name} is a path: it cannot be published"));
            }
            if section == "build-dependencies" {
                dependencies.clear();
                return Ok(());
            }
            for name in local {
                dependencies.remove(&name);
                gone.push(name);
            }
            Ok(())
        })?;
        for section in SECTIONS {
            let empty = self.0.get(section).and_then(Item::as_table_like);
            if empty.is_some_and(|table| table.is_empty()) {
                self.0.remove(section);
            }
        }
        gone.sort_unstable();
        gone.dedup();
        Ok(gone)
    }

    /// Its own workspace, so that the folders above it do not matter.
    pub(super) fn alone(&mut self) {
        self.0.insert("workspace", Item::Table(Table::new()));
    }

    /// Removes the entries of targets (`example`, `test`, `bench`) whose files are not staged.
    pub(super) fn without_targets(&mut self, kind: &str, names: &[String]) {
        let Some(entries) = self.0.get_mut(kind).and_then(Item::as_array_of_tables_mut) else {
            return;
        };
        entries.retain(|entry| {
            let name = entry.get("name").and_then(Item::as_str);
            !name.is_some_and(|name| names.iter().any(|gone| gone == name))
        });
        if entries.is_empty() {
            self.0.remove(kind);
        }
    }

    /// Removes all entries of a kind of target.
    pub(super) fn without_kind(&mut self, kind: &str) {
        self.0.remove(kind);
    }

    /// Gives every path dependency another path, from its name and its path in the workspace.
    pub(super) fn repoint(&mut self, place: impl Fn(&str, &str) -> String) -> Result<(), String> {
        self.each_section(|_, dependencies| {
            for (name, item) in dependencies.iter_mut() {
                if let Some(path) = item.get_mut("path")
                    && let Some(old) = path.as_str()
                {
                    let new = place(name.get(), old);
                    *path = Item::Value(new.into());
                }
            }
            Ok(())
        })
    }

    /// The package's version.
    pub(super) fn version(&mut self) -> Result<String, String> {
        let version = self.package()?.get("version").and_then(Item::as_str);
        version
            .map(str::to_owned)
            .ok_or_else(|| "no package.version".to_owned())
    }

    fn package(&mut self) -> Result<&mut Table, String> {
        self.0
            .get_mut("package")
            .and_then(Item::as_table_mut)
            .ok_or_else(|| "no [package]".to_owned())
    }

    /// Every table of dependencies, those under `[target]` too.
    fn each_section(
        &mut self,
        mut visit: impl FnMut(&str, &mut dyn TableLike) -> Result<(), String>,
    ) -> Result<(), String> {
        for section in SECTIONS {
            if let Some(table) = self.0.get_mut(section).and_then(Item::as_table_like_mut) {
                visit(section, table)?;
            }
        }
        let Some(targets) = self.0.get_mut("target").and_then(Item::as_table_like_mut) else {
            return Ok(());
        };
        for (_, target) in targets.iter_mut() {
            for section in SECTIONS {
                if let Some(table) = target.get_mut(section).and_then(Item::as_table_like_mut) {
                    visit(section, table)?;
                }
            }
        }
        Ok(())
    }
}

impl fmt::Display for Manifest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// `0.1.0` of specification `1.0.0` is `0.1.0+spec.1.0.0`; what build metadata may not contain
/// becomes a hyphen.
fn with_metadata(version: &str, spec_version: &str) -> Result<String, String> {
    if version.contains('+') {
        return Err(format!("package.version {version} already has metadata"));
    }
    let clean: String = spec_version
        .trim()
        .chars()
        .map(|c| match c {
            c if c.is_ascii_alphanumeric() || c == '.' => c,
            _ => '-',
        })
        .collect();
    if clean.split('.').any(str::is_empty) {
        return Err(format!("info.version {spec_version:?} is not a version"));
    }
    Ok(format!("{version}+spec.{clean}"))
}

fn parse(text: &str, what: &str) -> Result<DocumentMut, String> {
    text.parse().map_err(|error| format!("{what}: {error}"))
}

fn inherits(item: &Item) -> bool {
    item.get("workspace").and_then(Item::as_bool) == Some(true)
}

fn inherit_package(package: &mut Table, shared: Option<&Item>) -> Result<(), String> {
    let mut entries = Vec::new();
    for (key, item) in package.iter() {
        let value = if inherits(item) {
            shared
                .and_then(|shared| shared.get(key))
                .ok_or_else(|| format!("package.{key} is not in [workspace.package]"))?
        } else {
            item
        };
        entries.push((key.to_owned(), plain(value)));
    }
    refill(package, entries);
    Ok(())
}

fn inherit_dependencies(
    dependencies: &mut dyn TableLike,
    shared: Option<&Item>,
) -> Result<(), String> {
    let mut entries = Vec::new();
    for (name, own) in dependencies.iter() {
        let value = if inherits(own) {
            let shared = shared
                .and_then(|shared| shared.get(name))
                .ok_or_else(|| format!("{name} is not in [workspace.dependencies]"))?;
            merged(own, shared).ok_or_else(|| format!("{name} is not understood"))?
        } else if own.get("path").is_some() {
            // Its path would be relative to the package, all others are relative to the root.
            return Err(format!("{name}: name it in [workspace.dependencies]"));
        } else {
            plain(own)
        };
        entries.push((name.to_owned(), value));
    }
    dependencies.clear();
    for (name, value) in entries {
        dependencies.insert(&name, value);
    }
    Ok(())
}

/// A workspace dependency with what the package adds to it, by cargo's rules.
fn merged(own: &Item, shared: &Item) -> Option<Item> {
    let mut all = match shared.as_str() {
        Some(version) => InlineTable::from_iter([("version", Value::from(version))]),
        None => inline(shared)?,
    };
    for (key, value) in own.as_table_like()?.iter() {
        match key {
            "workspace" => {}
            "features" => {
                let features = all.entry(key).or_insert_with(|| Value::Array(Array::new()));
                let features = features.as_array_mut()?;
                for feature in value.as_array()?.iter().filter_map(Value::as_str) {
                    if !features.iter().any(|known| known.as_str() == Some(feature)) {
                        features.push(feature);
                    }
                }
            }
            // A package may switch the default features on, never off.
            "default-features" if value.as_bool()? => drop(all.remove(key)),
            "default-features" => {}
            _ => drop(all.insert(key, value.clone().into_value().ok()?)),
        }
    }
    all.fmt();
    Some(Item::Value(match (all.len(), all.get("version")) {
        (1, Some(version)) => bare(version),
        _ => Value::InlineTable(all),
    }))
}

fn inline(item: &Item) -> Option<InlineTable> {
    match item.clone().into_value().ok()? {
        Value::InlineTable(table) => Some(table),
        _ => None,
    }
}

/// Without the spaces and comments that were around it where it came from.
fn plain(item: &Item) -> Item {
    match item {
        Item::Value(value) => Item::Value(bare(value)),
        other => standing_alone(other),
    }
}

fn bare(value: &Value) -> Value {
    let mut value = value.clone();
    value.decor_mut().clear();
    value
}

/// A table with new places for itself and its subtables: those of another file mean nothing here.
fn standing_alone(item: &Item) -> Item {
    let Some(old) = item.as_table_like() else {
        return item.clone();
    };
    if item.is_value() {
        return plain(item);
    }
    let mut table = Table::new();
    table.set_implicit(old.iter().all(|(_, item)| item.is_table()));
    refill(
        &mut table,
        old.iter().map(|(key, item)| (key.to_owned(), plain(item))),
    );
    Item::Table(table)
}

fn refill(table: &mut Table, entries: impl IntoIterator<Item = (String, Item)>) {
    table.clear();
    for (key, item) in entries {
        table.insert(&key, item);
    }
}
