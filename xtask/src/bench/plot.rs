//! Bar plots as SVG, readable on light and dark pages.

use std::fmt::Write as _;

/// Horizontal bars in groups that share a scale.
pub(super) struct Plot {
    pub(super) title: &'static str,
    pub(super) panels: Vec<Panel>,
}

/// Bars of one quantity.
pub(super) struct Panel {
    pub(super) title: String,
    /// Label, value, and the value as text; the first bar is this project's.
    pub(super) bars: Vec<(String, f64, String)>,
    /// Spreads values that differ by orders of magnitude.
    pub(super) logarithmic: bool,
}

const WIDTH: f64 = 720.0;
const LABEL: f64 = 235.0;
const VALUE: f64 = 90.0;
const BAR: f64 = 20.0;
const STEP: f64 = 26.0;

const STYLE: &str = "
  text { font: 13px system-ui, sans-serif; fill: #24292f; }
  .title { font-weight: 600; font-size: 15px; }
  .panel { font-weight: 600; }
  .bar { fill: #8c959f; }
  .own { fill: #0969da; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; }
    .bar { fill: #6e7681; }
    .own { fill: #58a6ff; }
  }
";

impl Plot {
    /// The plot as a file.
    pub(super) fn svg(&self) -> String {
        let mut body = String::new();
        let mut y = 24.0;
        let _ = writeln!(
            body,
            "<text class=\"title\" x=\"0\" y=\"{y}\">{}</text>",
            escape(self.title)
        );
        for panel in &self.panels {
            y += 32.0;
            let _ = writeln!(
                body,
                "<text class=\"panel\" x=\"0\" y=\"{y}\">{}</text>",
                escape(&panel.title)
            );
            y += 10.0;
            for (index, (label, value, text)) in panel.bars.iter().enumerate() {
                let length = panel.length(*value) * (WIDTH - LABEL - VALUE);
                let class = if index == 0 { "bar own" } else { "bar" };
                let middle = y + BAR * 0.72;
                let _ = writeln!(
                    body,
                    "<text x=\"0\" y=\"{middle:.1}\">{}</text>\
                     <rect class=\"{class}\" x=\"{LABEL}\" y=\"{y:.1}\" width=\"{length:.1}\" height=\"{BAR}\" rx=\"2\"/>\
                     <text x=\"{:.1}\" y=\"{middle:.1}\">{}</text>",
                    escape(label),
                    LABEL + length + 6.0,
                    escape(text),
                );
                y += STEP;
            }
        }
        let height = y + 8.0;
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" height=\"{height}\" role=\"img\">\n\
             <title>{}</title>\n<style>{STYLE}</style>\n{body}</svg>\n",
            escape(self.title)
        )
    }
}

impl Panel {
    /// The length of a bar, from 0 to 1.
    fn length(&self, value: f64) -> f64 {
        let values = || self.bars.iter().map(|(_, value, _)| *value);
        let largest = values().fold(f64::MIN_POSITIVE, f64::max);
        if !self.logarithmic {
            return value / largest;
        }
        // The smallest bar stays visible.
        let smallest = values().fold(largest, f64::min) / 1.5;
        (value / smallest).ln() / (largest / smallest).ln()
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_bar_fills_the_scale_and_none_leaves_it() {
        for logarithmic in [false, true] {
            let bars =
                [1.0, 10.0, 1000.0].map(|value| (format!("<{value}>"), value, format!("{value}")));
            let panel = Panel {
                title: "t".to_owned(),
                bars: bars.into(),
                logarithmic,
            };
            let lengths: Vec<f64> = panel
                .bars
                .iter()
                .map(|(_, value, _)| panel.length(*value))
                .collect();
            assert!(
                lengths.is_sorted() && lengths[0] > 0.0 && lengths[2] == 1.0,
                "{lengths:?}"
            );
            let svg = Plot {
                title: "a & b",
                panels: vec![panel],
            }
            .svg();
            assert!(
                svg.contains("a &amp; b")
                    && svg.contains("&lt;10&gt;")
                    && svg.contains("prefers-color-scheme")
            );
            assert_eq!(svg.matches("bar own").count(), 1);
        }
    }
}
