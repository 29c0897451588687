//! `cargo xtask changelog`: writes the changes of the specification since the last release into
//! CHANGELOG.md.

use std::error::Error;
use std::fmt::Write as _;

use spec_diff::{Change, Level};

use crate::diff::{self, Side};
use crate::workspace::{self, Done};

const BEGIN: &str = "<!-- changes of the specification, written by `cargo xtask changelog` -->\n";
const END: &str = "<!-- end of the changes of the specification -->\n";

/// Arguments of `changelog`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Only compare with the committed file.
    #[arg(long)]
    check: bool,
    /// The release to compare with [default: the last tag that starts with v].
    #[arg(long, value_name = "REV")]
    from: Option<String>,
}

pub(crate) fn run(args: &Args) -> Done {
    let path = workspace::root().join("CHANGELOG.md");
    let text = workspace::read(&path)?;
    let from = match &args.from {
        Some(from) => Some(from.clone()),
        None => last_release(),
    };
    let section = match from {
        Some(from) => {
            let old = Side::load(&format!("{from}:{}", diff::SPEC))?;
            let new = Side::load(&workspace::root().join(diff::SPEC).display().to_string())?;
            section(&from, &diff::compare(&old, &new, true).changes)
        }
        None => {
            println!("no release is tagged, so there is nothing to compare with");
            String::new()
        }
    };
    let text = replace(&text, &section)?;
    workspace::write_or_check(&path, &text, args.check, "cargo xtask changelog")
}

/// The last release; shallow clones and new repositories have none.
fn last_release() -> Option<String> {
    let tag = diff::git(&["describe", "--tags", "--abbrev=0", "--match", "v*"]).ok()?;
    Some(tag.trim().to_owned())
}

/// Changes that users notice, the worst first.
fn section(from: &str, changes: &[Change]) -> String {
    let mut text = String::new();
    for (level, title) in [
        (Level::Breaking, "Breaking"),
        (Level::Risky, "Risky"),
        (Level::Additive, "New"),
    ] {
        let changes: Vec<&Change> = changes.iter().filter(|c| c.level() == level).collect();
        if !changes.is_empty() {
            let _ = writeln!(text, "\n#### {title}\n");
        }
        for change in changes {
            let _ = write!(text, "- {}", change.message.trim_end_matches('.'));
            let _ = match &*change.operations {
                [] => writeln!(text),
                [only] => writeln!(text, " (`{only}`)"),
                [first, rest @ ..] => {
                    writeln!(text, " (`{first}` and {} more)", rest.len())
                }
            };
        }
    }
    match text.is_empty() {
        true => text,
        false => format!("### The API since {from}\n{text}"),
    }
}

/// Puts a section between the markers.
fn replace(text: &str, section: &str) -> Result<String, Box<dyn Error>> {
    let parts = text.split_once(BEGIN).and_then(|(before, rest)| {
        let (_, after) = rest.split_once(END)?;
        Some((before, after))
    });
    let (before, after) = parts.ok_or("CHANGELOG.md has lost the markers around the section")?;
    let section = match section {
        "" => String::new(),
        section => format!("\n{section}\n"),
    };
    Ok(format!("{before}{BEGIN}{section}{END}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn users_read_what_breaks_first() {
        let document = |fields: serde_json::Value| {
            let schema = json!({"type": "object", "properties": fields});
            let content = json!({"application/json": {"schema": schema}});
            json!({"openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "paths": {"/calls": {"get": {
                "operationId": "ListCalls",
                "responses": {"200": {"description": "ok", "content": content}}}}}})
        };
        let side = |fields| Side::parse("x", document(fields).to_string()).unwrap();
        let old = side(json!({"a": {"type": "string"}}));
        let new = side(json!({"b": {"type": "string"}}));
        let section = section("v1", &diff::compare(&old, &new, true).changes);
        let [breaking, new] = ["#### Breaking", "#### New"].map(|title| section.find(title));
        assert!(breaking.is_some() && breaking < new, "{section}");
        assert!(section.contains("(`GET /calls`)"), "{section}");
    }

    #[test]
    fn only_the_section_is_replaced() {
        let text = format!("# Changelog\n{BEGIN}old\n{END}\n## 0.1.0\n");
        let new = replace(&text, "### The API\n").unwrap();
        assert_eq!(
            new,
            format!("# Changelog\n{BEGIN}\n### The API\n\n{END}\n## 0.1.0\n")
        );
        assert_eq!(
            replace(&new, "").unwrap(),
            format!("# Changelog\n{BEGIN}{END}\n## 0.1.0\n")
        );
        assert!(replace("# Changelog\n", "").is_err());
    }
}
