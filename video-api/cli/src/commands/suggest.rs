//! Suggestions after a mistyped command or flag.

use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue};

use crate::index::{Kind, OPERATIONS, Operation};

/// Improves the suggestions of an error in these arguments.
pub(crate) fn suggest(error: &mut clap::Error, arguments: &[OsString]) {
    keep_nearest(error);
    if let Some(ContextValue::String(given)) = error.get(ContextKind::InvalidSubcommand) {
        suggest_described(error, &given.clone());
    }
    if let Some(ContextValue::String(flag)) = error.get(ContextKind::InvalidArg)
        && let Some(tip) = field_tip(flag, arguments)
    {
        let tips = vec![clap::builder::StyledStr::from(tip)];
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(tips));
        error.remove(ContextKind::SuggestedArg);
    }
}

/// Keeps the most similar name, which clap lists last.
fn keep_nearest(error: &mut clap::Error) {
    for kind in [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg] {
        if let Some(ContextValue::Strings(names)) = error.get(kind)
            && let Some(nearest) = names.last().cloned()
        {
            error.insert(kind, ContextValue::Strings(vec![nearest]));
        }
    }
}

/// A name that is so similar was mistyped.
const MISTYPED: f64 = 0.9;

/// Suggests an operation that is described in the words that were given (`create-user`: "Creates
/// users, …").
fn suggest_described(error: &mut clap::Error, given: &str) {
    let described = described_by(given);
    let kept = match error.get(ContextKind::SuggestedSubcommand) {
        Some(ContextValue::Strings(names)) => {
            let is_mistyped = |name: &str| strsim::jaro(name, given) > MISTYPED;
            let mut names = names.iter();
            names.any(|name| described.contains(&name.as_str()) || is_mistyped(name))
        }
        _ => false,
    };
    if let Some(name) = described.first().filter(|_| !kept) {
        let name = ContextValue::Strings(vec![(*name).to_owned()]);
        error.insert(ContextKind::SuggestedSubcommand, name);
    }
}

/// The commands whose name or summary has all words of a name that is not a command.
fn described_by(given: &str) -> Vec<&'static str> {
    let given: Vec<String> = given.split('-').map(str::to_lowercase).collect();
    let matches = |operation: &&Operation| {
        let text = format!("{} {}", operation.command, operation.summary).to_lowercase();
        let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).collect();
        // As beginnings, so that `user` is found in `users`.
        let has = |given: &String| words.iter().any(|word| word.starts_with(given.as_str()));
        given.iter().all(|word| word.len() > 2 && has(word))
    };
    OPERATIONS
        .iter()
        .filter(matches)
        .map(|o| o.command)
        .collect()
}

/// A flag that does not exist may be a field of a JSON argument, such as `sort` of `--payload`.
fn field_tip(flag: &str, arguments: &[OsString]) -> Option<String> {
    let name = flag.strip_prefix("--")?.split('=').next()?;
    let field = name.replace('-', "_");
    let named = |o: &&Operation| arguments.iter().any(|word| word == o.command);
    let operation = OPERATIONS.iter().find(named)?;
    let mut parameters = operation.parameters.iter();
    let holder = parameters.find(|p| p.kind == Kind::Json && p.fields.contains(&&*field))?;
    let holder = holder.flag;
    Some(format!(
        "`{field}` is a field of --{holder}: --{holder} '{{\"{field}\": …}}'"
    ))
}
