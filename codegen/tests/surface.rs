//! The surface is what the generated Rust declares: each public item of the code is a line of it,
//! and each line is in the code.
#![allow(clippy::unwrap_used, clippy::panic)] // Helpers of tests.

use std::collections::BTreeSet;
use std::path::Path;

use codegen::surface::{Kind, Line};
use codegen::{Generated, Spec};
use quote::{ToTokens, quote};
use syn::{ImplItem, Item, Visibility};

fn generate(path: &Path) -> (Spec, Generated) {
    let spec = Spec::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let generated = codegen::generate(&spec).unwrap_or_else(|error| panic!("{error}"));
    (spec, generated)
}

fn specs() -> Vec<std::path::PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = std::fs::read_dir(root.join("tests/fixtures")).unwrap();
    let fixtures = folders.map(|entry| entry.unwrap().path().join("spec.json"));
    fixtures
        .chain([root.join("../spec/video-api.json")])
        .collect()
}

/// Tokens without the spaces between them.
fn plain(tokens: impl ToTokens) -> String {
    let text = tokens.to_token_stream().to_string();
    let text: String = text.split_whitespace().collect();
    text.replace(",)", ")").replace(",>", ">")
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

/// Public structs, fields, functions and page types, as `owner member signature`.
fn declared(items: &[Item], module: &str, found: &mut BTreeSet<String>) {
    for item in items {
        match item {
            Item::Mod(inner) => {
                let items = &inner.content.as_ref().unwrap().1;
                declared(items, &format!("{}::", inner.ident), found);
            }
            Item::Struct(item) if is_public(&item.vis) => {
                let owner = format!("{module}{}", item.ident);
                found.insert(format!("struct {owner}"));
                for field in item.fields.iter().filter(|field| is_public(&field.vis)) {
                    let name = plain(field.ident.as_ref().unwrap());
                    found.insert(format!("struct {owner} {name} {}", plain(&field.ty)));
                }
            }
            Item::Impl(block) => {
                let owner = format!("{module}{}", plain(&block.self_ty));
                let is_pages = block.trait_.is_some();
                for item in &block.items {
                    match item {
                        ImplItem::Fn(function) if is_public(&function.vis) => {
                            let (inputs, output) = (&function.sig.inputs, &function.sig.output);
                            let signature = plain(quote!((#inputs) #output));
                            let name = &function.sig.ident;
                            found.insert(format!("fn {owner} {name} {signature}"));
                        }
                        ImplItem::Type(item) if is_pages => {
                            let (name, ty) = (&item.ident, plain(&item.ty));
                            found.insert(format!("pages {owner} {name} {ty}"));
                        }
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
}

fn expected(line: &Line) -> Option<String> {
    let kind = match line.kind {
        Kind::Struct => "struct",
        Kind::Function => "fn",
        Kind::Pages => "pages",
        _ => return None,
    };
    let signature: String = line.signature.split_whitespace().collect();
    let name = line.member.as_ref().map(|name| {
        let is_keyword = syn::parse_str::<syn::Ident>(name).is_err() || name == "gen";
        if is_keyword {
            format!(" r#{name} {signature}")
        } else {
            format!(" {name} {signature}")
        }
    });
    Some(format!("{kind} {}{}", line.owner, name.unwrap_or_default()))
}

#[test]
fn the_surface_is_what_the_code_declares() {
    for path in specs() {
        let (spec, generated) = generate(&path);
        let file = syn::parse_file(&generated.code).unwrap();
        let mut found = BTreeSet::new();
        declared(&file.items, "", &mut found);
        let lines = generated.surface.lines().iter().filter_map(expected);
        let expected: BTreeSet<String> = lines.collect();
        let differ: Vec<&String> = found.symmetric_difference(&expected).collect();
        assert!(differ.is_empty(), "{}: {differ:#?}", path.display());
        assert!(!found.is_empty());
        // And it is the same without any code.
        assert!(codegen::surface(&spec).unwrap().0 == generated.surface);
    }
}

/// Returns true for the enum of the responses of an operation.
fn is_by_status(generated: &Generated, owner: &str) -> bool {
    let mut lines = generated.surface.lines().iter();
    lines.any(|line| {
        line.owner == owner && line.member.is_none() && line.signature == " (by status)"
    })
}

#[test]
fn enums_of_the_surface_are_declared_with_their_values() {
    for path in specs() {
        let (_, generated) = generate(&path);
        for line in generated.surface.lines() {
            let Some(member) = &line.member else { continue };
            let codegen::surface::Wire::Literal(value) = &line.wire else {
                continue;
            };
            if line.owner == "Event" {
                // A long arm has its value on a line of its own.
                let code: String = generated.code.split_whitespace().collect();
                let arm = format!("Self::{member}(_)=>{value:?}");
                let braced = format!("Self::{member}(_)=>{{{value:?}}}");
                assert!(code.contains(&arm) || code.contains(&braced), "{arm}");
            } else if is_by_status(&generated, &line.owner) {
                let pattern = value.parse::<u16>().map(|status| format!("{status}u16=>"));
                let pattern = pattern.unwrap_or_else(|_| "200u16..=299=>".to_owned());
                let code: String = generated.code.split_whitespace().collect();
                let arms = code.split(&pattern).skip(1);
                let reads = |arm: &str| {
                    let body = arm.split_once("status,body,").unwrap_or_default().1;
                    body.starts_with(&format!("Self::{member}"))
                        || body.starts_with(&format!("|()|Self::{member}"))
                };
                assert!(arms.into_iter().any(reads), "{pattern} {member}");
            } else {
                let variant = format!("{member}{} = ", line.signature);
                // Numbers and booleans are no text.
                let literals = [format!("{variant}{value:?},"), format!("{variant}{value},")];
                let found = literals.iter().any(|it| generated.code.contains(it));
                assert!(found, "{literals:?}");
            }
        }
    }
}

#[test]
fn the_surface_alone_is_the_one_that_comes_with_the_code() {
    for path in specs() {
        let (spec, generated) = generate(&path);
        let (surface, left_out) = codegen::surface(&spec).unwrap();
        assert_eq!(surface, generated.surface, "{}", path.display());
        assert_eq!(left_out, generated.left_out, "{}", path.display());
    }
}
