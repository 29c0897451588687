//! `cargo xtask diff`: changes between two specifications, and the callers that they break.

mod log;
mod source;

use std::error::Error;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::ValueEnum;
use spec_diff::output::{self, Names};
use spec_diff::{Config, Filter, GeneratedApi, Limits, Options, Report, rule};

use source::merge_base;
pub(crate) use source::{Side, git};

use crate::{compose, workspace};

/// The composed specification.
pub(crate) const SPEC: &str = "spec/video-api.json";
const CONFIG: &str = "spec/diff.json";

/// Exit code when the comparison could not be made; 0 is clean, 1 found something.
const FAILED: u8 = 2;

/// Arguments of `diff`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The old side: a file, `-`, or REV:path from git [default: the merge base with main].
    old: Option<String>,
    /// The new side [default: spec/video-api.json of the working tree].
    new: Option<String>,
    /// Format of the report.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// The level from which on the exit code is 1: breaking, risky, additive or cosmetic; with none
    /// it never is. For both audiences or as wire=LEVEL,rust=LEVEL.
    #[arg(long, value_name = "LEVELS", default_value = "breaking")]
    fail_on: Limits,
    /// Levels of rules and approved changes [default: spec/diff.json, if it exists].
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Only changes that match path=PATTERN, tag=PATTERN or rule=PATTERN; `*` stands for any text.
    #[arg(long, value_name = "FILTER")]
    only: Vec<Filter>,
    /// No changes that match path=PATTERN, tag=PATTERN or rule=PATTERN.
    #[arg(long, value_name = "FILTER")]
    ignore: Vec<Filter>,
    /// A prefix of paths that does not count when operations are paired, such as /v1.
    #[arg(long, value_name = "PREFIX")]
    strip_prefix: Vec<String>,
    /// A changelog over several versions, oldest first, or over a git range: FROM..TO:path.
    /// Formats: markdown, html.
    #[arg(long, value_name = "SPEC", num_args = 1.., conflicts_with_all = ["old", "new"])]
    log: Vec<String>,
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

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
    Markdown,
    Html,
    Github,
    Junit,
    Sarif,
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

/// True when a change reaches a limit.
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
    if !args.log.is_empty() {
        print(&log::changelog(args, None)?)?;
        return Ok(false);
    }
    if args.old.as_deref() == Some("-") && args.new.as_deref() == Some("-") {
        return Err("only one side can be standard input".into());
    }
    let (old, new) = sides(args)?;
    let mut report = check(args, &old, &new)?;
    let outdated = is_own(args.new.as_deref())
        .then(|| note_outdated(&mut report, &workspace::root().join("spec")))
        .flatten();
    let names = Names {
        old: &old.name,
        new: &new.name,
    };
    print(&match args.format {
        Format::Text => output::text(&report, names),
        Format::Json => output::json(&report),
        Format::Markdown => output::markdown(&report, names),
        Format::Html => output::html(&report, names),
        Format::Github => output::github(&report, names),
        Format::Junit => output::junit(&report, args.fail_on),
        Format::Sarif => output::sarif(&report, names),
    })?;
    let failed = report.failing(args.fail_on).next().is_some();
    // The process ends now, which frees them in no time.
    std::mem::forget((old, new, report));
    // Whatever was compared, it is not what the sources say.
    outdated.map_or(Ok(failed), |reason| Err(reason.into()))
}

/// True when the new side is the specification of the working tree.
fn is_own(new: Option<&str>) -> bool {
    let own = workspace::root().join(SPEC);
    new.is_none_or(
        |new| match (Path::new(new).canonicalize(), own.canonicalize()) {
            (Ok(new), Ok(own)) => new == own,
            _ => false,
        },
    )
}

/// Notes and returns the reason when the composed specification in a folder is not what its sources
/// make.
fn note_outdated(report: &mut Report, spec: &Path) -> Option<String> {
    let reason = compose::out_of_date(spec)?;
    let note = format!("{SPEC} is out of date: {reason}");
    report.notes.insert(0, note.clone());
    Some(note)
}

/// Reads both sides, at the same time.
fn sides(args: &Args) -> Result<(Side, Side), Box<dyn Error>> {
    let old = match &args.old {
        Some(source) => source.clone(),
        None => format!("{}:{SPEC}", merge_base()?),
    };
    let own = || workspace::root().join(SPEC).display().to_string();
    let new = args.new.clone().unwrap_or_else(own);
    let load = |source: &str| Side::load(source).map_err(|error| error.to_string());
    let (old, new) = std::thread::scope(|scope| {
        let old = scope.spawn(|| load(&old));
        let new = load(&new);
        (old.join(), new)
    });
    let old = old.map_err(|_| "reading the old side failed")?;
    Ok((old?, new?))
}

/// Compares two sides as the arguments say.
fn check(args: &Args, old: &Side, new: &Side) -> Result<Report, Box<dyn Error>> {
    let mut options = Options::today();
    options.strip_prefixes.clone_from(&args.strip_prefix);
    let mut report = compare_with(old, new, !args.no_generate, &options);
    report.choose(&args.only, &args.ignore, [old.document(), new.document()]);
    if let Some(config) = config(args)? {
        report.configure(&config, &options.today);
    }
    Ok(report)
}

/// Compares two sides; with `generate`, levels for Rust code come from the generated APIs.
pub(crate) fn compare(old: &Side, new: &Side, generate: bool) -> Report {
    compare_with(old, new, generate, &Options::today())
}

fn compare_with(old: &Side, new: &Side, generate: bool, options: &Options) -> Report {
    let (before, after) = (old.document(), new.document());
    let generate = generate && before != after;
    let mut apis = Err("--no-generate was given".to_owned());
    let mut report = std::thread::scope(|scope| {
        let start = |side| generate.then(|| scope.spawn(move || generated(side)));
        let (before_api, after_api) = (start(old), start(new));
        let wait = || {
            let wait = |thread: Option<std::thread::ScopedJoinHandle<'_, _>>| {
                let joined = thread.map(std::thread::ScopedJoinHandle::join);
                joined.map(|api| api.unwrap_or_else(|_| Err("the generator failed".to_owned())))
            };
            if let (Some(before), Some(after)) = (wait(before_api), wait(after_api)) {
                apis = before.and_then(|before| Ok((before, after?)));
            }
            apis.as_ref().ok().map(|(before, after)| (before, after))
        };
        spec_diff::compare_with(before, after, wait, options)
    });
    if let Err(reason) = apis {
        if generate {
            let text = "levels for Rust code are those of the rules, because";
            report.notes.push(format!("{text} {reason}"));
        }
        report.not_generated(&reason);
    }
    report.locate(&old.source, &new.source);
    report
        .notes
        .extend(old.notes.iter().chain(&new.notes).cloned());
    report
}

/// The API that is generated from a side, or why there is none.
fn generated(side: &Side) -> Result<GeneratedApi, String> {
    let api = GeneratedApi::of(&side.spec);
    api.map_err(|error| format!("{} cannot be generated: {error}", side.name))
}

/// The report as text, for other commands.
pub(crate) fn show(report: &Report, old: &Side, new: &Side) -> Result<(), Box<dyn Error>> {
    let names = Names {
        old: &old.name,
        new: &new.name,
    };
    print(&output::text(report, names))
}

fn config(args: &Args) -> Result<Option<Config>, Box<dyn Error>> {
    let own = workspace::root().join(CONFIG);
    let path = match &args.config {
        Some(path) => path,
        None if own.exists() => &own,
        None => return Ok(None),
    };
    let config = Config::parse(&workspace::read(path)?);
    Ok(Some(
        config.map_err(|error| format!("{}: {error}", path.display()))?,
    ))
}

/// Colours stay only where standard output is a terminal that wants them.
fn print(text: &str) -> Result<(), Box<dyn Error>> {
    let bytes = text.as_bytes();
    let printed = if bytes.contains(&b'\x1b') {
        let mut out = anstream::stdout().lock();
        out.write_all(bytes).and_then(|()| out.flush())
    } else {
        let mut out = std::io::stdout().lock();
        out.write_all(bytes).and_then(|()| out.flush())
    };
    match printed {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(format!("cannot write the report: {error}").into())
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
