//! A group of figures: its table in BENCHMARKS.md and its plot.

use std::fs;

use super::plot::Plot;
use crate::workspace::{self, Done};

/// A group of figures.
pub(super) struct Group {
    /// The name of its markers and its plot.
    pub(super) name: &'static str,
    pub(super) headings: Vec<&'static str>,
    pub(super) rows: Vec<Vec<String>>,
    /// Remarks below the table.
    pub(super) notes: Vec<String>,
    pub(super) plot: Plot,
}

/// The folder of the plots, from the root.
const PLOTS: &str = "tests/benches/plots";

impl Group {
    /// The table and its notes as Markdown.
    pub(super) fn table(&self) -> String {
        let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
        let headings: Vec<String> = self.headings.iter().map(|&h| h.to_owned()).collect();
        let mut text = line(&headings);
        text += &line(&vec!["---".to_owned(); headings.len()]);
        for row in &self.rows {
            text += &line(row);
        }
        for note in &self.notes {
            text = text + "\n" + note + "\n";
        }
        text
    }

    /// Writes the table between its markers in BENCHMARKS.md, and the plot.
    pub(super) fn write(&self) -> Done {
        let root = workspace::root();
        let path = root.join("BENCHMARKS.md");
        let text = workspace::read(&path)?;
        let begin = format!("<!-- cargo xtask bench {} -->\n", self.name);
        let end = "<!-- end -->";
        let parts = text.split_once(&begin).and_then(|(before, rest)| {
            let (_, after) = rest.split_once(end)?;
            Some((before, after))
        });
        let (before, after) = parts.ok_or_else(|| format!("BENCHMARKS.md has no place {begin}"))?;
        let plot = format!("{PLOTS}/{}.svg", self.name);
        let table = self.table();
        let alt = self.plot.title;
        let section = format!("{begin}\n![{alt}]({plot})\n\n{table}\n{end}");
        fs::write(&path, format!("{before}{section}{after}"))?;
        fs::create_dir_all(root.join(PLOTS))?;
        fs::write(root.join(&plot), self.plot.svg())?;
        println!("wrote BENCHMARKS.md and {plot}");
        Ok(())
    }
}
