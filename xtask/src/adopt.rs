//! `cargo xtask adopt FILE`: a vendor's OpenAPI document takes the place of the documentation page.
//!
//! The wanted part becomes spec/documented.json in the layout that amendments expect, amendments
//! keep the changes that still apply, and compose does the rest. `git checkout spec` goes back.

mod amendments;
mod carriers;
mod clean;
mod describe;
mod events;
mod fit;
mod layout;
mod left_out;
mod prune;
mod state;
mod summary;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use crate::workspace::{self, Done};
use crate::{compose, diff};
use state::{Adopted, Current};

/// Arguments of `adopt`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// An OpenAPI 3.0 or 3.1 document, JSON or YAML.
    file: PathBuf,
    /// Take paths that start like this; may be repeated.
    #[arg(long, value_name = "PATH-PREFIX", default_value = "/api/v2/video")]
    include: Vec<String>,
    /// Leave out paths that start like this; may be repeated.
    #[arg(long, value_name = "PATH-PREFIX")]
    exclude: Vec<String>,
    /// Fail, and write nothing, when something that is wanted cannot be generated.
    #[arg(long)]
    strict: bool,
}

pub(crate) fn run(args: &Args) -> Done {
    let spec = workspace::root().join("spec");
    let shown = args.file.display();
    let text = workspace::read(&args.file)?;
    let loaded = openapi_document::load(&text).map_err(|error| format!("{shown}: {error}"))?;
    let current = Current {
        documented: parse(&spec.join("documented.json"))?,
        amendments: compose::load(&spec.join("amendments"))?,
        composed: parse(&spec.join("video-api.json"))?,
    };
    let mut adopted = adopt(loaded.document, &current, &args.include, &args.exclude)
        .map_err(|error| format!("{shown}: {error}"))?;
    for note in loaded.notes {
        adopted
            .notes
            .push(format!("{} {}", note.pointer, note.message));
    }
    summary::print(&adopted)?;
    if args.strict && !adopted.left_out.is_empty() {
        let count = adopted.left_out.len();
        return Err(format!("{count} left out, see above; nothing was written").into());
    }
    write(&spec, &adopted, &current)?;
    compose::run(&compose::Args { check: false })?;
    let old = diff::Side::parse("before", workspace::pretty(&current.composed)?)?;
    let new = diff::Side::parse("spec/video-api.json", workspace::pretty(&adopted.composed)?)?;
    diff::show(&diff::compare(&old, &new, true), &old, &new)?;
    println!("next: cargo xtask surface, to see what users get; git checkout spec, to go back");
    Ok(())
}

fn parse(path: &Path) -> Result<Value, Box<dyn Error>> {
    serde_json::from_str(&workspace::read(path)?)
        .map_err(|error| format!("{}: {error}", path.display()).into())
}

fn adopt(
    mut document: Value,
    current: &Current,
    include: &[String],
    exclude: &[String],
) -> Result<Adopted, Box<dyn Error>> {
    same_api(&document, &current.composed)?;
    let prefixes = prune::prefixes(&document);
    if prune::paths(&mut document, include, exclude) == 0 {
        let (wanted, known) = (include.join(", "), prefixes.join(", "));
        return Err(format!("no path starts with {wanted}; paths start with: {known}").into());
    }
    let mut kept = events::known(&current.composed);
    for amendment in &current.amendments {
        kept.extend(prune::schemas_referred_to(&amendment.patch));
    }
    only_what_matters(&mut document);
    prune::components(&mut document, &kept);
    let broken = clean::broken_references(&mut document);
    let malformed = codegen::loosen_malformed(&mut document)?;
    let malformed = malformed
        .iter()
        .map(|it| format!("{} {}", it.pointer, it.reason));
    carriers::default_successes(&mut document);
    codegen::name_operations(&mut document)?;
    let mut laid_out = layout::lay_out(&mut document);
    laid_out.notes.extend(malformed);
    laid_out.notes.extend(broken);
    let repairs = clean::schemas(&mut document);
    laid_out.name_bodies(&mut document);
    let left_out = left_out::remove(&mut document)?;
    prune::components(&mut document, &kept);
    describe::everything(&mut document);
    let mut adopted = Adopted {
        composed: Value::Null,
        amendments: Vec::new(),
        dropped: Vec::new(),
        documented: document,
        left_out,
        notes: laid_out.notes,
        repairs,
    };
    amendments::keep_fitting(&mut adopted, current);
    events::drop_broken(&mut adopted);
    amendments::fold_errors(&mut adopted);
    amendments::drop_unreachable(&mut adopted);
    amendments::declare_tags(&mut adopted);
    adopted
        .amendments
        .retain(|amendment| amendment.patch != json!({}));
    adopted.composed = compose::compose(adopted.documented.clone(), &adopted.amendments)
        .map_err(|problems| format!("does not become a spec:\n  {}", problems.join("\n  ")))?;
    left_out::generate(&adopted.composed)?;
    Ok(adopted)
}

fn only_what_matters(document: &mut Value) {
    let Value::Object(root) = document else {
        return;
    };
    root.retain(|key, _| {
        matches!(
            key.as_str(),
            "openapi"
                | "info"
                | "paths"
                | "components"
                | "security"
                | "servers"
                | "x-webhook-events"
        )
    });
    let word = |key: &str| {
        let found = root.get("info").and_then(|info| info.get(key));
        found
            .and_then(Value::as_str)
            .unwrap_or("unknown")
            .to_owned()
    };
    let info = json!({"title": word("title"), "version": word("version"), "x-origin": "adopted"});
    root.insert("info".to_owned(), info);
}

/// Refuses a document of another API: it has none of the paths known so far.
fn same_api(document: &Value, composed: &Value) -> Done {
    let paths = |document: &Value| -> BTreeSet<String> {
        let paths = document.get("paths").and_then(Value::as_object);
        paths.into_iter().flat_map(Map::keys).cloned().collect()
    };
    let known = paths(composed);
    if known.is_disjoint(&paths(document)) {
        let count = known.len();
        return Err(format!(
            "is a document of another API: it has none of the {count} paths of \
             spec/video-api.json; nothing was written"
        )
        .into());
    }
    Ok(())
}

fn write(spec: &Path, adopted: &Adopted, current: &Current) -> Done {
    let save = |path: PathBuf, value: &Value| -> Done {
        let text = workspace::pretty(value)?;
        fs::write(&path, text)
            .map_err(|error| format!("cannot write {}: {error}", path.display()).into())
    };
    for amendment in &current.amendments {
        let path = spec.join("amendments").join(&amendment.name);
        match adopted
            .amendments
            .iter()
            .find(|kept| kept.name == amendment.name)
        {
            Some(kept) if kept.patch == amendment.patch => {}
            Some(kept) => save(path, &json!({"reason": kept.reason, "patch": kept.patch}))?,
            None => fs::remove_file(&path)
                .map_err(|error| format!("cannot remove {}: {error}", path.display()))?,
        }
    }
    save(spec.join("documented.json"), &adopted.documented)
}
