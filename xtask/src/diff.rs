//! `cargo xtask diff`: what changed between two specifications, and whom it breaks.

use std::error::Error;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use clap::ValueEnum;
use codegen::surface::{Kind, Line, Wire};
use serde_json::Value;
use spec_diff::output::{self, Names};
use spec_diff::{Level, Options, Report, Suppressions, Surface, rule};

use crate::workspace;

/// The composed specification.
pub(crate) const SPEC: &str = "spec/video-api.json";
const SUPPRESSIONS: &str = "spec/approved-changes.json";

/// Exit code when the comparison could not be made; 0 is clean, 1 found something.
const FAILED: u8 = 2;

/// Arguments of `diff`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The old side: a file, `-`, or REV:path from git [default: the merge base with main].
    old: Option<String>,
    /// The new side [default: spec/video-api.json of the working tree].
    new: Option<String>,
    /// How to print the report.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// The level from which on a change, for callers or Rust code, makes the exit code 1.
    #[arg(long, value_enum, default_value_t = FailOn::Breaking)]
    fail_on: FailOn,
    /// Approved changes [default: spec/approved-changes.json, if it exists].
    #[arg(long, value_name = "FILE")]
    suppressions: Option<PathBuf>,
    /// Take levels for Rust code from the rules instead of generating both sides.
    #[arg(long)]
    no_generate: bool,
    /// List all rules.
    #[arg(long, exclusive = true)]
    rules: bool,
    /// Explain one rule.
    #[arg(long, value_name = "ID", exclusive = true)]
    explain: Option<String>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    Text,
    Json,
    Markdown,
    Github,
    Junit,
    Sarif,
}

#[derive(Clone, Copy, ValueEnum)]
enum FailOn {
    Breaking,
    Risky,
    Additive,
    None,
}

impl FailOn {
    fn level(self) -> Option<Level> {
        match self {
            Self::Breaking => Some(Level::Breaking),
            Self::Risky => Some(Level::Risky),
            Self::Additive => Some(Level::Additive),
            Self::None => None,
        }
    }
}

/// One side of a comparison.
pub(crate) struct Side {
    name: String,
    text: String,
    document: Value,
}

impl Side {
    /// Reads a text; errors name where it came from.
    pub(crate) fn parse(name: impl Into<String>, text: String) -> Result<Self, Box<dyn Error>> {
        let name = name.into();
        let document = spec_diff::parse(&text).map_err(|error| format!("{name}: {error}"))?;
        spec_diff::check(&document).map_err(|error| format!("{name}: {error}"))?;
        Ok(Self {
            name,
            text,
            document,
        })
    }

    /// A file, `-` for standard input, or `REV:path`.
    pub(crate) fn load(source: &str) -> Result<Self, Box<dyn Error>> {
        if source == "-" {
            let mut text = String::new();
            std::io::stdin()
                .read_to_string(&mut text)
                .map_err(|error| format!("cannot read standard input: {error}"))?;
            return Self::parse("standard input", text);
        }
        let path = Path::new(source);
        if !path.exists() && source.contains(':') {
            return Self::parse(source, git(&["show", source])?);
        }
        let shown = path.strip_prefix(workspace::root()).unwrap_or(path);
        Self::parse(shown.display().to_string(), workspace::read(path)?)
    }

    /// The API that is generated from it.
    fn surface(&self) -> Result<Surface, Box<dyn Error>> {
        let spec = codegen::Spec::from_value(self.document.clone())?;
        let surface = codegen::surface(&spec)?;
        let text = |line: &Line| match (line.kind, &line.wire) {
            (Kind::Enum, Wire::Literal(_)) if line.owner != "Event" => line.to_string(),
            _ => line.rust(),
        };
        let lines: Vec<String> = surface.lines().iter().map(text).collect();
        Ok(Surface::parse(&lines.join("\n")))
    }
}

pub(crate) fn run(args: &Args) -> ExitCode {
    match diff(args) {
        Ok(false) => ExitCode::SUCCESS,
        Ok(true) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(FAILED)
        }
    }
}

/// True when there is a change as bad as the limit.
fn diff(args: &Args) -> Result<bool, Box<dyn Error>> {
    if args.rules {
        print(&output::listing())?;
        return Ok(false);
    }
    if let Some(id) = &args.explain {
        let rule = rule::find(id).ok_or_else(|| {
            format!("no rule is called {id}; cargo xtask diff --rules lists them")
        })?;
        print(&output::explain(rule))?;
        return Ok(false);
    }
    if args.old.as_deref() == Some("-") && args.new.as_deref() == Some("-") {
        return Err("only one side can be standard input".into());
    }
    let old = match &args.old {
        Some(source) => Side::load(source)?,
        None => Side::load(&format!("{}:{SPEC}", merge_base()?))?,
    };
    let new = match &args.new {
        Some(source) => Side::load(source)?,
        None => Side::load(&workspace::root().join(SPEC).display().to_string())?,
    };
    let mut report = compare(&old, &new, !args.no_generate);
    if let Some(suppressions) = suppressions(args)? {
        report.suppress(&suppressions, &Options::today().today);
    }
    let names = Names {
        old: &old.name,
        new: &new.name,
    };
    let limit = args.fail_on.level();
    print(&match args.format {
        Format::Text => output::text(&report, names),
        Format::Json => output::json(&report),
        Format::Markdown => output::markdown(&report, names),
        Format::Github => output::github(&report, names),
        Format::Junit => output::junit(&report, limit),
        Format::Sarif => output::sarif(&report, names),
    })?;
    Ok(limit.is_some_and(|limit| report.at_least(limit).next().is_some()))
}

/// Compares two sides; with `generate`, levels for Rust code come from the generated APIs.
pub(crate) fn compare(old: &Side, new: &Side, generate: bool) -> Report {
    let same = old.document == new.document;
    let mut notes = Vec::new();
    let mut surface = |side: &Side| match side.surface() {
        Ok(surface) => Some(surface),
        Err(error) => {
            notes.push(format!(
                "levels for Rust code are those of the rules, because {} cannot be generated: {error}",
                side.name
            ));
            None
        }
    };
    let surfaces = if generate && !same {
        surface(old).zip(surface(new))
    } else {
        None
    };
    let pair = surfaces.as_ref().map(|(old, new)| (old, new));
    let today = Options::today();
    let mut report = spec_diff::compare_with(&old.document, &new.document, pair, &today);
    report.locate(&old.text, &new.text);
    report.notes.extend(notes);
    report
}

/// The report as text, for other commands.
pub(crate) fn show(report: &Report, old: &Side, new: &Side) -> Result<(), Box<dyn Error>> {
    let names = Names {
        old: &old.name,
        new: &new.name,
    };
    print(&output::text(report, names))
}

fn suppressions(args: &Args) -> Result<Option<Suppressions>, Box<dyn Error>> {
    let own = workspace::root().join(SUPPRESSIONS);
    let path = match &args.suppressions {
        Some(path) => path,
        None if own.exists() => &own,
        None => return Ok(None),
    };
    let text = workspace::read(path)?;
    let all = Suppressions::parse(&text);
    Ok(Some(
        all.map_err(|error| format!("{}: {error}", path.display()))?,
    ))
}

/// Colours stay only where standard output is a terminal that wants them.
fn print(text: &str) -> Result<(), Box<dyn Error>> {
    let mut out = anstream::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(format!("cannot write the report: {error}").into())
        }
        _ => Ok(()),
    }
}

/// Where the current branch left main.
fn merge_base() -> Result<String, Box<dyn Error>> {
    let bases = ["origin/main", "main"];
    let found = bases
        .iter()
        .find_map(|main| git(&["merge-base", "HEAD", main]).ok());
    let found = found.ok_or("no merge base with origin/main or main; name both sides")?;
    Ok(found.trim().to_owned())
}

pub(crate) fn git(args: &[&str]) -> Result<String, Box<dyn Error>> {
    let output = Command::new("git")
        .args(args)
        .output()
        .map_err(|error| format!("cannot run git: {error}"))?;
    if output.status.success() {
        return Ok(String::from_utf8(output.stdout)?);
    }
    let problem = String::from_utf8_lossy(&output.stderr);
    Err(format!("git {}: {}", args.join(" "), problem.trim()).into())
}

#[cfg(test)]
mod tests;
