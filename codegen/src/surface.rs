//! The generated API as text: one line per operation, type, field and method.

use std::fmt::Write as _;

use quote::ToTokens;
use syn::{ImplItem, Item, Visibility};

use crate::reshape::{Code, Module, Unit};

/// The public API of the generated code, sorted, one line an item.
pub(crate) fn surface(units: &[Unit]) -> String {
    let mut lines = Vec::new();
    for unit in units {
        let prefix = match unit.module {
            Module::Root => "",
            Module::Types => "types::",
            Module::Requests => "requests::",
            Module::Operations => continue,
        };
        match &unit.code {
            Code::Items(file) => file
                .items
                .iter()
                .for_each(|item| describe(item, prefix, &mut lines)),
            Code::Text(text) => describe_enum(text, prefix, &mut lines),
        }
    }
    lines.sort();
    let mut text = String::new();
    for line in lines {
        let _ = writeln!(text, "{line}");
    }
    text
}

fn describe(item: &Item, prefix: &str, lines: &mut Vec<String>) {
    match item {
        Item::Struct(item) => {
            lines.push(format!("struct {prefix}{}", item.ident));
            for field in item.fields.iter().filter(|f| is_public(&f.vis)) {
                if let Some(name) = &field.ident {
                    let (owner, ty) = (&item.ident, tidy(&field.ty));
                    lines.push(format!(
                        "struct {prefix}{owner}.{}: {ty}{}",
                        plain(name),
                        note(&field.attrs)
                    ));
                }
            }
        }
        Item::Enum(item) => {
            lines.push(format!("enum {prefix}{}", item.ident));
            for variant in &item.variants {
                lines.push(format!(
                    "enum {prefix}{}::{}",
                    item.ident,
                    tidy(&variant_only(variant))
                ));
            }
        }
        Item::Impl(block) => describe_impl(block, prefix, lines),
        _ => {}
    }
}

fn describe_impl(block: &syn::ItemImpl, prefix: &str, lines: &mut Vec<String>) {
    let owner = tidy(&block.self_ty);
    if block.trait_.is_some() {
        // The only generated trait impl is the one that says what is paged.
        for item in &block.items {
            if let ImplItem::Type(item) = item {
                lines.push(format!(
                    "pages {prefix}{owner} {}: {}",
                    item.ident,
                    tidy(&item.ty)
                ));
            }
        }
        return;
    }
    for item in &block.items {
        match item {
            ImplItem::Fn(method) if is_public(&method.vis) => {
                let mut signature = method.sig.clone();
                let name = plain(&signature.ident);
                // What arguments are called is no part of a Rust API, but it is what people read.
                signature.ident = quote::format_ident!("_x");
                let shown = tidy(&signature);
                let rest = shown.split_once("_x").map_or("", |(_, rest)| rest);
                lines.push(format!(
                    "fn {prefix}{owner}::{name}{rest}{}",
                    note(&method.attrs)
                ));
            }
            _ => {}
        }
    }
}

/// Reads the macro calls that declare enums.
fn describe_enum(text: &str, prefix: &str, lines: &mut Vec<String>) {
    let mut owner = "";
    for line in text.lines().map(str::trim) {
        if let Some(rest) = line.strip_prefix("pub enum ") {
            let rest = rest.trim_end_matches([' ', '{']);
            let (name, by) = rest.split_once(' ').unwrap_or((rest, "open"));
            owner = name;
            lines.push(format!("enum {prefix}{owner} ({by})"));
        } else if let Some((variant, value)) = line.split_once(" = ")
            && !line.starts_with("///")
        {
            lines.push(format!(
                "enum {prefix}{owner}::{variant} = {}",
                value.trim_end_matches(',')
            ));
        } else if let Some((ty, _)) = line.strip_prefix("from ").and_then(|l| l.split_once(' ')) {
            lines.push(format!("enum {prefix}{owner}: From<{ty}>"));
        }
    }
}

fn variant_only(variant: &syn::Variant) -> syn::Variant {
    let mut variant = variant.clone();
    variant.attrs.clear();
    variant
}

fn note(attributes: &[syn::Attribute]) -> &'static str {
    if attributes.iter().any(|a| a.path().is_ident("deprecated")) {
        " (deprecated)"
    } else {
        ""
    }
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

fn plain(ident: &syn::Ident) -> String {
    ident.to_string().trim_start_matches("r#").to_owned()
}

/// Tokens as people write them.
fn tidy(tokens: &impl ToTokens) -> String {
    let mut text = tokens.to_token_stream().to_string();
    for (spaced, tight) in [
        (" :: ", "::"),
        (" < ", "<"),
        (" >", ">"),
        ("& ", "&"),
        (" ,", ","),
        (" (", "("),
        ("( ", "("),
        (" )", ")"),
        (" :", ":"),
        ("=(", "= ("),
        ("> =", ">="),
        (",)", ")"),
    ] {
        text = text.replace(spaced, tight);
    }
    text
}
