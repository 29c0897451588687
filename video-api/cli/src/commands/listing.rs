//! The part of the program's help that clap has no form for.

use std::fmt::Write as _;

use super::alias;
use super::tools::tools;
use crate::index::OPERATIONS;
use crate::output::style::{HEADING, NAME};
use crate::{credentials, exit};

/// All commands, by tag, with credentials and exit codes.
pub(super) fn listing() -> String {
    let mut text = String::new();
    let mut tag = "";
    for operation in OPERATIONS {
        if operation.tag != tag {
            tag = operation.tag;
            let _ = writeln!(text, "\n{HEADING}{tag}:{HEADING:#}");
        }
        entry(&mut text, operation.command, operation.summary);
        if let Some(alias) = alias(operation) {
            entry(
                &mut text,
                alias,
                &format!("The same as {}", operation.command),
            );
        }
    }
    let _ = writeln!(text, "\n{HEADING}Tools:{HEADING:#}");
    for tool in tools() {
        let about = tool.get_about().map(ToString::to_string);
        entry(&mut text, tool.get_name(), &about.unwrap_or_default());
    }
    let _ = writeln!(
        text,
        "\n{HEADING}Credentials:{HEADING:#}\n{}",
        credentials::HELP
    );
    let _ = write!(text, "\n{HEADING}Exit codes:{HEADING:#}\n{}", exit::HELP);
    text.trim_start().to_owned()
}

fn entry(text: &mut String, name: &str, about: &str) {
    /// The longest command that does not push its description to the next line.
    const WIDTH: usize = 28;
    let about = about.trim_end_matches('.');
    if name.len() > WIDTH {
        let _ = writeln!(text, "  {NAME}{name}{NAME:#}\n  {:WIDTH$}  {about}", "");
    } else {
        let _ = writeln!(text, "  {NAME}{name:WIDTH$}{NAME:#}  {about}");
    }
}
