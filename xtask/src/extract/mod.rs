//! `cargo xtask extract PAGE`: the documentation page as text becomes spec/documented.json.
//!
//! The page is a lossy print of a spec; its scars are parsed here, and a line that is not
//! understood is an error with its number. Only facts are kept, none of the prose.

mod document;
mod error;
mod examples;
mod fields;
mod lines;
mod model;
mod operations;
mod page;
mod paths;
mod rows;
mod types;

#[cfg(test)]
mod tests;

use std::error::Error;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::workspace::{self, Done};

/// Arguments of `extract`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The documentation page as plain text; it is not part of the repository.
    page: PathBuf,
    /// Compare with the committed file instead of writing it.
    #[arg(long)]
    check: bool,
}

/// Runs the command.
pub(crate) fn run(args: &Args) -> Done {
    let shown = args.page.display();
    if !args.page.is_file() {
        return Err(format!(
            "{shown} is not there: give the path of the documentation page, saved as plain text"
        )
        .into());
    }
    let text = workspace::read(&args.page)?;
    let page = page::parse(&text).map_err(|error| format!("{shown}: {error}"))?;
    println!("{}", summary(&page));
    let content = workspace::pretty(&document::build(&page))?;
    let target = workspace::root().join("spec/documented.json");
    if args.check && adopted(&target)? {
        println!("spec/documented.json is adopted, not extracted: nothing to compare");
        return Ok(());
    }
    let recipe = format!("cargo xtask extract {shown}");
    workspace::write_or_check(&target, &content, args.check, &recipe)
}

/// Returns true if the spec comes from a vendor's document; see `cargo xtask adopt`.
pub(crate) fn adopted(documented: &Path) -> Result<bool, Box<dyn Error>> {
    let document: Value = serde_json::from_str(&workspace::read(documented)?)?;
    Ok(document
        .pointer("/info/x-origin")
        .is_some_and(|origin| origin == "adopted"))
}

/// Counts of what was found, so that a shrunken page does not pass unseen.
fn summary(page: &model::Page) -> String {
    let rows: usize = page
        .types
        .iter()
        .flat_map(|t| &t.fields)
        .map(Vec::len)
        .sum();
    format!(
        "{} operations, {} types, {rows} documented fields",
        page.operations.len(),
        page.types.len()
    )
}
