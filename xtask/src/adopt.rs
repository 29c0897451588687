//! `cargo xtask adopt FILE`: a vendor's OpenAPI document takes the place of the documentation page.
//!
//! The wanted part becomes spec/documented.json in the layout that amendments expect, amendments
//! keep the changes that still apply, and compose does the rest. `git checkout spec` goes back.

mod clean;
mod fit;
mod layout;
mod prune;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use codegen::{LeftOut, Part};
use openapi_document::pointer::{join, tokens};
use openapi_document::{
    Component, component_name, reached_components, reference, resolve, resolved,
};
use serde_json::{Map, Value, json};

use crate::counts::Amendment;
use crate::workspace::{self, Done};
use crate::{compose, diff};
use fit::{Dropped, Why};

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

/// Everything that goes to spec/, and what there is to say about it.
struct Adopted {
    documented: Value,
    amendments: Vec<Amendment>,
    composed: Value,
    left_out: Vec<LeftOut>,
    notes: Vec<String>,
    repairs: Vec<(&'static str, usize)>,
    dropped: Vec<(String, Vec<Dropped>)>,
}

/// The present content of spec/.
struct Current {
    documented: Value,
    amendments: Vec<Amendment>,
    composed: Value,
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
    print_summary(&adopted)?;
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

/// A string member, empty when absent.
fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
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
    let mut kept = events(&current.composed);
    for amendment in &current.amendments {
        kept.extend(prune::schemas_referred_to(&amendment.patch));
    }
    only_what_matters(&mut document);
    prune::components(&mut document, &kept);
    let broken = clean::broken_references(&mut document);
    let mut laid_out = layout::lay_out(&mut document);
    laid_out.notes.extend(broken);
    let repairs = clean::schemas(&mut document);
    laid_out.name_bodies(&mut document);
    let left_out = leave_out(&mut document)?;
    prune::components(&mut document, &kept);
    clean::describe(&mut document);
    let mut adopted = Adopted {
        composed: Value::Null,
        amendments: Vec::new(),
        dropped: Vec::new(),
        documented: document,
        left_out,
        notes: laid_out.notes,
        repairs,
    };
    fit_amendments(&mut adopted, current);
    drop_broken_events(&mut adopted);
    fold_errors(&mut adopted);
    drop_unreachable(&mut adopted);
    declare_tags(&mut adopted);
    adopted
        .amendments
        .retain(|amendment| amendment.patch != json!({}));
    adopted.composed = compose::compose(adopted.documented.clone(), &adopted.amendments)
        .map_err(|problems| format!("does not become a spec:\n  {}", problems.join("\n  ")))?;
    generate(&adopted.composed)?;
    Ok(adopted)
}

/// The schemas of the webhook events that are known now: a vendor lists them beside the paths.
fn events(composed: &Value) -> BTreeSet<String> {
    let events = composed.pointer("/x-webhook-events/events");
    let events = events.and_then(Value::as_object).into_iter().flatten();
    let targets = events.filter_map(|(_, event)| reference(event));
    targets
        .filter_map(|target| component_name(target, "schemas"))
        .map(Cow::into_owned)
        .collect()
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

fn generate(document: &Value) -> Result<codegen::Generated, Box<dyn Error>> {
    let spec = codegen::Spec::from_value(document.clone());
    Ok(spec.and_then(|spec| codegen::generate(&spec))?)
}

/// Takes out what codegen cannot generate, so that client, server and tests agree.
fn leave_out(document: &mut Value) -> Result<Vec<LeftOut>, Box<dyn Error>> {
    let left_out = generate(document)?.left_out;
    for missing in &left_out {
        let Some((item, method)) = missing.pointer.rsplit_once('/') else {
            continue;
        };
        let parameters = document.pointer("/components/parameters").cloned();
        let Some(Value::Object(item)) = document.pointer_mut(item) else {
            continue;
        };
        match (&missing.part, item.get_mut(method)) {
            (Part::Whole, _) => {
                item.remove(method);
            }
            (Part::Parameter { name, place }, Some(operation)) => {
                let is_it = |reference: &Value| {
                    let target = reference.get("$ref").and_then(Value::as_str);
                    let key = target.and_then(|target| target.rsplit('/').next());
                    let found = key.and_then(|key| parameters.as_ref()?.get(key));
                    found.is_some_and(|p| {
                        p.get("name") == Some(&json!(name)) && p.get("in") == Some(&json!(place))
                    })
                };
                if let Some(Value::Array(list)) = operation.get_mut("parameters") {
                    list.retain(|parameter| !is_it(parameter));
                }
            }
            (Part::Schema, Some(Value::Object(schema))) => {
                schema.retain(|key, _| key == "description");
            }
            (Part::Answer(status), Some(operation)) => {
                if let Some(Value::Object(responses)) = operation.get_mut("responses") {
                    responses.remove(status);
                }
            }
            _ => {}
        }
    }
    if let Some(Value::Object(paths)) = document.get_mut("paths") {
        paths.retain(|_, item| item.as_object().is_some_and(|item| !item.is_empty()));
        if paths.is_empty() {
            return Err("nothing of it can be generated".into());
        }
    }
    Ok(left_out)
}

/// Applies the amendments to the old and the new document side by side and keeps what fits.
fn fit_amendments(adopted: &mut Adopted, current: &Current) {
    let mut base = current.documented.clone();
    let mut document = adopted.documented.clone();
    for amendment in &current.amendments {
        let mut dropped = Vec::new();
        let patch = fit::fit(&base, &document, &amendment.patch, &mut dropped);
        json_patch::merge(&mut base, &amendment.patch);
        json_patch::merge(&mut document, &patch);
        adopted.dropped.push((amendment.name.clone(), dropped));
        adopted.amendments.push(Amendment {
            patch,
            ..amendment.clone()
        });
    }
}

fn merged(adopted: &Adopted) -> Value {
    let mut document = adopted.documented.clone();
    for amendment in &adopted.amendments {
        json_patch::merge(&mut document, &amendment.patch);
    }
    document
}

/// Removes what amendments say at a place, and the objects that are empty without it.
fn forget(adopted: &mut Adopted, tokens: &[&str], why: Why) {
    for (index, amendment) in adopted.amendments.iter_mut().enumerate() {
        if remove(&mut amendment.patch, tokens)
            && let Some((_, dropped)) = adopted.dropped.get_mut(index)
        {
            let pointer = join("", tokens);
            dropped.push(Dropped { pointer, why });
        }
    }
}

fn remove(patch: &mut Value, tokens: &[&str]) -> bool {
    let (Some(map), Some((first, rest))) = (patch.as_object_mut(), tokens.split_first()) else {
        return false;
    };
    if rest.is_empty() {
        return map.remove(*first).is_some();
    }
    let Some(inner) = map.get_mut(*first) else {
        return false;
    };
    let removed = remove(inner, rest);
    if removed && inner.as_object().is_some_and(Map::is_empty) {
        map.remove(*first);
    }
    removed
}

/// An event cannot be read if its schema does not name it, or leads to a type that is gone.
fn drop_broken_events(adopted: &mut Adopted) {
    let document = merged(adopted);
    let webhooks = document.get("x-webhook-events");
    let discriminator = webhooks
        .map(|w| text(w, "discriminator"))
        .unwrap_or_default();
    let listed = webhooks
        .and_then(|w| w.get("events"))
        .and_then(Value::as_object);
    let dangling = dangling_components(&document);
    let components = json!({"components": document.get("components")});
    let mut broken = Vec::new();
    for (name, event) in listed.into_iter().flatten() {
        let schema = resolved(&document, event);
        let property = schema
            .get("properties")
            .and_then(|all| all.get(discriminator));
        let said = property.and_then(|property| property.get("default"));
        let is_named = said.and_then(Value::as_str) == Some(name.as_str());
        let own = reference(event).and_then(|target| component_name(target, "schemas"));
        let own = own.map(|own| ("schemas".to_owned(), own.into_owned()));
        if !is_named || !reached_components(&components, own).is_disjoint(&dangling) {
            broken.push(name.clone());
        }
    }
    if listed.is_some_and(|listed| !listed.is_empty() && listed.len() == broken.len()) {
        adopted
            .notes
            .push("no webhook event can be read, so there are none".to_owned());
        forget(adopted, &["x-webhook-events"], Why::Otherwise);
        return;
    }
    for name in broken {
        forget(
            adopted,
            &["x-webhook-events", "events", &name],
            Why::Otherwise,
        );
    }
}

/// Section and name of the components that hold a reference to nothing.
fn dangling_components(document: &Value) -> BTreeSet<Component> {
    let mut found = BTreeSet::new();
    openapi_document::visit(document, &mut |_, value, at| {
        let is_dangling = reference(value).is_some_and(|target| resolve(document, target).is_err());
        let mut tokens = tokens(at).map(Cow::into_owned);
        if is_dangling
            && tokens.next().is_some_and(|first| first == "components")
            && let (Some(section), Some(name)) = (tokens.next(), tokens.next())
        {
            found.insert((section, name));
        }
    });
    found
}

/// Error statuses that only repeat what `default` says are not listed one by one.
fn fold_errors(adopted: &mut Adopted) {
    let document = merged(adopted);
    let body = |response: &Value| {
        let response = resolved(&document, response);
        let schema = response.pointer("/content/application~1json/schema");
        schema.map(|schema| resolved(&document, schema).clone())
    };
    let mut folded = 0;
    let paths = adopted
        .documented
        .get_mut("paths")
        .and_then(Value::as_object_mut);
    for (path, item) in paths.into_iter().flatten() {
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            let merged = document
                .get("paths")
                .and_then(|paths| paths.get(path)?.get(method)?.get("responses"));
            let default = merged.and_then(|all| all.get("default")).and_then(body);
            let responses = operation
                .get_mut("responses")
                .and_then(Value::as_object_mut);
            if let (Some(default), Some(responses)) = (default, responses) {
                let before = responses.len();
                responses.retain(|status, response| {
                    !status.starts_with(['4', '5']) || body(response).as_ref() != Some(&default)
                });
                folded += before - responses.len();
            }
        }
    }
    adopted
        .repairs
        .push(("error statuses that repeat `default`", folded));
}

/// Drops components that amendments add and that nothing refers to any more.
fn drop_unreachable(adopted: &mut Adopted) {
    let document = merged(adopted);
    let reached = reached_components(&document, []);
    let mut unreached = Vec::new();
    let sections = document.get("components").and_then(Value::as_object);
    for (section, entries) in sections
        .into_iter()
        .flatten()
        .filter(|(s, _)| *s != "securitySchemes")
    {
        for name in entries.as_object().into_iter().flat_map(Map::keys) {
            if !reached.contains(&(section.clone(), name.clone())) {
                unreached.push((section.clone(), name.clone()));
            }
        }
    }
    for (section, name) in unreached {
        forget(adopted, &["components", &section, &name], Why::Gone);
        let at = format!("/components/{section}");
        if let Some(Value::Object(entries)) = adopted.documented.pointer_mut(&at) {
            entries.remove(&name);
        }
    }
}

/// Operations that no amendment groups keep the vendor's group, which must be declared.
fn declare_tags(adopted: &mut Adopted) {
    let document = merged(adopted);
    let names = |tags: Option<&Value>| -> BTreeSet<String> {
        let tags = tags.and_then(Value::as_array).into_iter().flatten();
        tags.map(|tag| text(tag, "name").to_owned()).collect()
    };
    let declared = names(document.get("tags"));
    let mut used = BTreeSet::new();
    let paths = document.get("paths").and_then(Value::as_object);
    for operation in paths
        .into_iter()
        .flatten()
        .flat_map(|(_, item)| item.as_object())
        .flatten()
    {
        let tag = operation.1.pointer("/tags/0").and_then(Value::as_str);
        used.extend(tag.map(str::to_owned));
    }
    let missing: Vec<Value> = used
        .difference(&declared)
        .map(|tag| json!({"name": tag, "description": format!("`{tag}`.")}))
        .collect();
    for amendment in &mut adopted.amendments {
        if let Some(Value::Array(tags)) = amendment.patch.get_mut("tags") {
            tags.extend(missing);
            return;
        }
    }
}

fn print_summary(adopted: &Adopted) -> Done {
    let generated = generate(&adopted.composed)?;
    let operations = adopted.composed.get("paths").and_then(Value::as_object);
    let operations = operations
        .into_iter()
        .flat_map(Map::values)
        .filter_map(Value::as_object);
    let schemas = adopted
        .composed
        .pointer("/components/schemas")
        .and_then(Value::as_object);
    println!(
        "{} operations, {} types, {} lines of Rust",
        operations.map(Map::len).sum::<usize>(),
        schemas.map_or(0, Map::len),
        generated.code.lines().count()
    );
    for note in &adopted.notes {
        println!("note: {note}");
    }
    for (what, count) in adopted.repairs.iter().filter(|(_, count)| *count > 0) {
        println!("repaired {what}: {count}");
    }
    for missing in &adopted.left_out {
        println!(
            "left out {} ({}): {}",
            missing.subject, missing.pointer, missing.reason
        );
    }
    for (name, dropped) in &adopted.dropped {
        let mut counts: BTreeMap<Why, usize> = BTreeMap::new();
        for change in dropped {
            *counts.entry(change.why).or_default() += 1;
        }
        let kept = adopted
            .amendments
            .iter()
            .any(|amendment| amendment.name == *name);
        let file = if kept {
            "in part"
        } else {
            "not at all, removed"
        };
        if !dropped.is_empty() {
            println!("amendment {name} applies {file}:");
        }
        for (why, count) in counts {
            println!("  {count} changes no longer apply: {}", why.words());
        }
        // Changes that the document already makes are no loss; the others are worth a look.
        for change in dropped.iter().filter(|change| change.why != Why::Already) {
            println!("    {}: {}", change.pointer, change.why.words());
        }
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
