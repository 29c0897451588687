//! The folder of staged files, and writing to it.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use super::stage::{Files, tree};
use crate::workspace::Done;

/// The folder of everything this command makes.
pub(super) fn folder(root: &Path) -> PathBuf {
    root.join("target/package")
}

/// Makes a folder hold exactly these files. Those that are right are not touched, so that cargo
/// does not build again what did not change; a lock file and build output stay.
pub(super) fn sync(folder: &Path, files: &Files) -> Done {
    fs::create_dir_all(folder).map_err(|error| cannot("make", folder, error))?;
    let mut there = Files::new();
    tree(folder, "", &mut there)?;
    for old in there.keys() {
        if !files.contains_key(old) && old != "Cargo.lock" {
            let path = folder.join(old);
            fs::remove_file(&path).map_err(|error| cannot("remove", &path, error))?;
            // Fails for a folder that is not empty, which is right.
            let mut above = path.parent();
            while let Some(parent) = above.filter(|parent| *parent != folder) {
                if fs::remove_dir(parent).is_err() {
                    break;
                }
                above = parent.parent();
            }
        }
    }
    for (name, content) in files {
        if there.get(name) == Some(content) {
            continue;
        }
        let path = folder.join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(|error| cannot("make", parent, error))?;
        }
        fs::write(&path, content).map_err(|error| cannot("write", &path, error))?;
    }
    Ok(())
}

pub(super) fn cannot(what: &str, path: &Path, error: std::io::Error) -> Box<dyn Error> {
    format!("cannot {what} {}: {error}", path.display()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_holds_what_is_staged_and_nothing_else() {
        let folder = std::env::temp_dir().join(format!("xtask-package-{}", std::process::id()));
        let files = |list: &[(&str, &str)]| -> Files {
            list.iter()
                .map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec()))
                .collect()
        };
        sync(&folder, &files(&[("a/b/old.rs", "1"), ("kept.rs", "2")])).unwrap();
        fs::write(folder.join("Cargo.lock"), "lock").unwrap();
        let before = fs::metadata(folder.join("kept.rs"))
            .unwrap()
            .modified()
            .unwrap();
        let wanted = files(&[("kept.rs", "2"), ("new.rs", "3")]);
        sync(&folder, &wanted).unwrap();

        let after = fs::metadata(folder.join("kept.rs"))
            .unwrap()
            .modified()
            .unwrap();
        assert_eq!(before, after);
        assert!(!folder.join("a").exists());
        assert!(folder.join("Cargo.lock").exists());
        fs::remove_file(folder.join("Cargo.lock")).unwrap();
        let mut there = Files::new();
        tree(&folder, "", &mut there).unwrap();
        assert_eq!(there, wanted);
        fs::remove_dir_all(&folder).unwrap();
    }
}
