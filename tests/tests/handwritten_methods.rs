//! The generator knows the methods that the client and the call handle have by hand, so that no
//! operation becomes a second method of the same name.
#![allow(clippy::unwrap_used)] // Helpers of tests.

use std::path::Path;

use syn::{ImplItem, Item, Type};

/// Inherent methods of a type in the sources of the client, sorted.
fn methods(owner: &str) -> Vec<String> {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("../video-api/src")];
    let mut names = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            if path.extension().is_none_or(|extension| extension != "rs") {
                continue;
            }
            let file = syn::parse_file(&std::fs::read_to_string(path).unwrap()).unwrap();
            for item in file.items {
                let Item::Impl(block) = item else { continue };
                let Type::Path(ty) = &*block.self_ty else {
                    continue;
                };
                if block.trait_.is_none() && ty.path.is_ident(owner) {
                    names.extend(block.items.into_iter().filter_map(|item| match item {
                        ImplItem::Fn(method) => Some(method.sig.ident.to_string()),
                        _ => None,
                    }));
                }
            }
        }
    }
    names.sort();
    names
}

#[test]
fn the_generator_knows_every_handwritten_method() {
    assert_eq!(methods("Client"), codegen::CLIENT_METHODS);
    assert_eq!(methods("Call"), codegen::CALL_METHODS);
}
