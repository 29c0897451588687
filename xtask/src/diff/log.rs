//! A changelog over several versions of one specification.

use std::error::Error;
use std::path::Path;

use spec_diff::Report;
use spec_diff::output::{self, Version};

use super::source::{Side, git_in};
use super::{Args, Format, check};

/// One version and where it comes from.
struct Release {
    name: String,
    date: Option<String>,
    side: Side,
}

/// The changelog that the arguments ask for; revisions are those of the repository of a folder, by
/// default the current one.
pub(super) fn changelog(args: &Args, repository: Option<&Path>) -> Result<String, Box<dyn Error>> {
    let (title, releases) = match args.log.as_slice() {
        [range] => from_git(repository, range)?,
        files => (String::from("the API"), from_files(files)?),
    };
    let mut entries: Vec<(&Release, Report)> = Vec::new();
    for pair in releases.windows(2) {
        let [before, after] = pair else { continue };
        if before.side.document() != after.side.document() {
            entries.push((after, check(args, &before.side, &after.side)?));
        }
    }
    let versions: Vec<Version<'_>> = entries
        .iter()
        .rev()
        .map(|(release, report)| Version {
            name: &release.name,
            date: release.date.as_deref(),
            report,
        })
        .collect();
    match args.format {
        Format::Html => Ok(output::log_html(&title, &versions)),
        Format::Text | Format::Markdown => Ok(output::log_markdown(&title, &versions)),
        _ => Err("--log prints markdown or html; choose one with --format".into()),
    }
}

/// Files or REV:path, oldest first.
fn from_files(sources: &[String]) -> Result<Vec<Release>, Box<dyn Error>> {
    let release = |source: &String| {
        let side = Side::load(source)?;
        let version = side.spec.document().pointer("/info/version");
        let version = version
            .and_then(|version| version.as_str())
            .unwrap_or_default();
        Ok(Release {
            name: format!("{version}, {}", side.name),
            date: None,
            side,
        })
    };
    sources.iter().map(release).collect()
}

/// The versions of one file in a range of commits: `FROM..TO:path`.
fn from_git(
    repository: Option<&Path>,
    range: &str,
) -> Result<(String, Vec<Release>), Box<dyn Error>> {
    let parsed = range.split_once(':').and_then(|(commits, path)| {
        let (from, to) = commits.split_once("..")?;
        Some((from, to, path))
    });
    let Some((from, to, path)) = parsed else {
        return Err(format!(
            "{range} is one file; name several, oldest first, or a git range as FROM..TO:path"
        )
        .into());
    };
    let to = if to.is_empty() { "HEAD" } else { to };
    let format = "--format=%H%x09%as%x09%(describe:tags)%x09%s";
    let commits = format!("{from}..{to}");
    let arguments = [
        "log",
        "--reverse",
        "--diff-filter=AM",
        format,
        &commits,
        "--",
        path,
    ];
    let log = git_in(repository, &arguments)?;
    let mut releases = Vec::new();
    if let Ok(side) = Side::at_revision_in(repository, from, path) {
        releases.push(Release {
            name: from.to_owned(),
            date: None,
            side,
        });
    }
    for line in log.lines() {
        let mut parts = line.splitn(4, '\t');
        let mut part = || parts.next().unwrap_or_default();
        let (commit, date, tag, subject) = (part(), part(), part(), part());
        let short = commit.get(..8).unwrap_or(commit);
        let name = if tag.is_empty() {
            format!("{short} {subject}")
        } else {
            format!("{tag} {subject}")
        };
        releases.push(Release {
            name,
            date: Some(date.to_owned()),
            side: Side::at_revision_in(repository, commit, path)?,
        });
    }
    Ok((path.to_owned(), releases))
}
