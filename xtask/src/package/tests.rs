//! Staging this workspace, and manifests that contain each case.

use std::sync::OnceLock;

use toml_edit::{DocumentMut, Item};

use super::manifest::Manifest;
use super::stage::{Staged, stage};
use super::verify::end_to_end;
use crate::{generate, workspace};

const ROOT: &str = r#"
[workspace]
members = ["a"]

[workspace.package]
version = "0.3.1" # the next one
edition = "2024"
publish = false

[workspace.dependencies]
own-server = { path = "tests/server" }
bytes = "1"
tokio = { version = "1", default-features = false, features = ["net", "time"] }

[workspace.lints.rust]
unsafe_code = "forbid"

[workspace.lints.clippy]
panic = { level = "warn", priority = 1 }
"#;

const OWN: &str = r#"[package]
name = "a"
version.workspace = true
edition = { workspace = true }
publish.workspace = true
build = "build.rs"

[lints]
workspace = true

[dependencies]
bytes.workspace = true
tokio = { workspace = true, optional = true, features = ["time", "sync"] }
serde = { version = "1", features = ["derive"] }

[features]
## Runs things.
run = ["dep:tokio"]

[build-dependencies]
own-server.workspace = true

[dev-dependencies]
own-server.workspace = true
tokio = { workspace = true, default-features = true }

[target.'cfg(unix)'.dependencies]
bytes = { workspace = true }

[[test]]
name = "gone"

[[example]]
name = "gone"

[[example]]
name = "kept"
"#;

/// Staged once for all tests: generating takes seconds without optimisation.
fn staged() -> &'static Staged {
    static STAGED: OnceLock<Staged> = OnceLock::new();
    STAGED.get_or_init(|| stage(&workspace::root()).unwrap())
}

#[test]
fn a_manifest_becomes_literal_and_publishable() {
    let mut manifest = Manifest::inherit(OWN, ROOT).unwrap();
    assert_eq!(manifest.publishable("v2.1_beta").unwrap(), ["own-server"]);
    manifest.without_targets("test", &["gone".to_owned()]);
    manifest.without_targets("example", &["gone".to_owned()]);
    manifest.alone();
    assert_eq!(
        manifest.to_string(),
        r#"# Staged by `cargo xtask package` from video-api/Cargo.toml and the workspace's. Not edited by hand.

[package]
name = "a"
version = "0.3.1+spec.v2.1-beta"
edition = "2024"

[lints.rust]
unsafe_code = "forbid"

[lints.clippy]
panic = { level = "warn", priority = 1 }

[dependencies]
bytes = "1"
tokio = { version = "1", default-features = false, features = ["net", "time", "sync"], optional = true }
serde = { version = "1", features = ["derive"] }

[features]
## Runs things.
run = ["dep:tokio"]

[dev-dependencies]
tokio = { version = "1", features = ["net", "time"] }

[target.'cfg(unix)'.dependencies]
bytes = "1"

[[example]]
name = "kept"

[workspace]
"#
    );
}

#[test]
fn a_manifest_that_cannot_be_published_says_why() {
    let failure = |own: &str, spec_version: &str| {
        let mut manifest = Manifest::inherit(own, ROOT)?;
        manifest.publishable(spec_version).map(drop)
    };
    let package = "[package]\nname = \"a\"\nversion = \"1.0.0\"\n";
    let with = |more: &str| format!("{package}{more}");
    assert_eq!(failure(package, "1"), Ok(()));
    for (own, spec_version, expected) in [
        (
            with("[dependencies]\nown-server.workspace = true"),
            "1",
            "own-server is a path",
        ),
        (
            with("[dependencies]\nx = { path = \"../x\" }"),
            "1",
            "name it in [workspace.dependencies]",
        ),
        (
            with("[dependencies]\nx.workspace = true"),
            "1",
            "x is not in [workspace.dependencies]",
        ),
        (
            with("license.workspace = true"),
            "1",
            "package.license is not in",
        ),
        (
            package.replace("1.0.0", "1.0.0+x"),
            "1",
            "already has metadata",
        ),
        (package.to_owned(), "", "is not a version"),
        (package.to_owned(), "1..2", "is not a version"),
        ("[lints]\n".to_owned(), "1", "no [package]"),
    ] {
        let error = failure(&own, spec_version).unwrap_err();
        assert!(error.contains(expected), "{error}");
    }
}

#[test]
fn the_same_inputs_stage_the_same_bytes() {
    let (once, again) = (staged(), stage(&workspace::root()).unwrap());
    for (path, bytes) in &once.files {
        assert!(again.files.get(path) == Some(bytes), "{path} differs");
    }
    assert_eq!(once.files.len(), again.files.len());
    assert_eq!(once.left_out, again.left_out);
    assert_eq!(once.version, again.version);
    assert!(once.surface == again.surface);
}

#[test]
fn the_package_is_plain_source() {
    let staged = staged();
    let text = |path: &str| String::from_utf8(staged.files[path].clone()).unwrap();
    let root = workspace::root();
    assert!(!staged.files.contains_key("build.rs"));
    for name in ["LICENSE-MIT", "LICENSE-APACHE", "README.md"] {
        assert!(staged.files.contains_key(name), "{name}");
    }

    let generated = generate::generate(&generate::own_spec()).unwrap();
    assert_eq!(text("src/generated.rs"), generated.code);
    // The golden is of the spec from the page; an adopted one waits for `cargo xtask surface`.
    let reviewed = if crate::extract::adopted(&generate::own_spec()).unwrap() {
        generated.surface.to_string()
    } else {
        workspace::read(&root.join("tests/golden/surface.txt")).unwrap()
    };
    assert_eq!(staged.surface, reviewed);
    // Nothing else is changed, but for one place in lib.rs.
    for (path, bytes) in &staged.files {
        let own = root.join("video-api").join(path);
        if path.ends_with(".rs") && !["src/generated.rs", "src/lib.rs"].contains(&path.as_str()) {
            assert_eq!(*bytes, std::fs::read(own).unwrap(), "{path}");
        }
    }
    let lib = text("src/lib.rs");
    assert!(lib.contains("\nmod generated;\n"), "{lib}");
    assert!(!lib.contains("include!"), "{lib}");
}

#[test]
fn the_release_names_the_repository() {
    let mut staged = stage(&workspace::root()).unwrap();
    assert!(staged.name_repository("video-api").is_err());
    let address = "https://git.example/video-api";
    staged.name_repository(address).unwrap();
    let text = String::from_utf8(staged.files["Cargo.toml"].clone()).unwrap();
    let manifest: DocumentMut = text.parse().unwrap();
    assert_eq!(manifest["package"]["repository"].as_str(), Some(address));
    // The workflow gives its own address.
    let workflow =
        workspace::read(&workspace::root().join(".github/workflows/release.yml")).unwrap();
    let given = r#"cargo xtask package --repository "$GITHUB_SERVER_URL/$GITHUB_REPOSITORY""#;
    assert!(workflow.contains(given), "{workflow}");
}

#[test]
fn its_readme_asks_for_nothing_that_is_not_there() {
    let text = String::from_utf8(staged().files["README.md"].clone()).unwrap();
    for gone in ["quickstart", "cargo xtask", "--workspace", "tests/server"] {
        assert!(!text.contains(gone), "{gone}: {text}");
    }
    for link in text.split("](").skip(1) {
        let target = link.split(')').next().unwrap_or(link);
        assert!(
            target.starts_with("https://"),
            "{target} is not in the package"
        );
    }
    assert!(text.contains("```rust,no_run"), "{text}");
}

#[test]
fn the_manifest_needs_nothing_of_the_workspace() {
    let staged = staged();
    let text = String::from_utf8(staged.files["Cargo.toml"].clone()).unwrap();
    let manifest: DocumentMut = text.parse().unwrap();
    for gone in [
        "workspace = true",
        "path =",
        "build-dependencies",
        "publish",
    ] {
        assert!(!text.contains(gone), "{gone}: {text}");
    }
    for kept in [
        "keywords =",
        "categories =",
        "[package.metadata.docs.rs]",
        "all-features = true",
    ] {
        assert!(text.contains(kept), "{kept}: {text}");
    }
    assert!(manifest["workspace"].as_table().unwrap().is_empty());
    assert_eq!(
        manifest["package"]["version"].as_str(),
        Some(staged.version.as_str())
    );
    let own = workspace::read(&workspace::root().join("video-api/Cargo.toml")).unwrap();
    let own: DocumentMut = own.parse().unwrap();
    let names = |item: &Item| -> Vec<String> {
        let table = item.as_table().unwrap();
        table.iter().map(|(name, _)| name.to_owned()).collect()
    };
    for section in ["dependencies", "features"] {
        assert_eq!(names(&manifest[section]), names(&own[section]), "{section}");
    }
}

#[test]
fn end_to_end_tests_are_pointed_at_the_package() {
    let root = workspace::root();
    let own = workspace::read(&root.join("tests/Cargo.toml")).unwrap();
    let shared = workspace::read(&root.join("Cargo.toml")).unwrap();
    let (files, _) = end_to_end(&root, &own, &shared).unwrap();
    let manifest: DocumentMut = String::from_utf8(files["Cargo.toml"].clone())
        .unwrap()
        .parse()
        .unwrap();
    let dependencies = &manifest["dev-dependencies"];
    let path = |name: &str| dependencies[name]["path"].as_str().unwrap().to_owned();
    assert_eq!(path("video-api"), "../video-api");
    assert_eq!(path("video-api-server"), "../../../tests/server");
    assert!(files.contains_key("tests/operations.rs"));
    assert!(!files.keys().any(|name| name.starts_with("tests/inventory")));
}
