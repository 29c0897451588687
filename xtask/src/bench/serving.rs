//! The local server under load, as `tests/server/benches/load.rs` measures it.

use std::collections::BTreeMap;
use std::error::Error;

use super::group::Group;
use super::plot::{Panel, Plot};
use super::process::{cargo, output};
use crate::workspace::{self, Done};

/// Calls that the server keeps meanwhile.
const CALLS: &str = "100000";

const BENCH: [&str; 6] = [
    "bench",
    "--quiet",
    "-p",
    "video-api-server",
    "--bench",
    "load",
];

/// Builds the load bench.
pub(super) fn prepare() -> Done {
    output(cargo(&workspace::root()).args(BENCH).arg("--no-run")).map(drop)
}

pub(super) fn measure() -> Result<Group, Box<dyn Error>> {
    let mut command = cargo(&workspace::root());
    let text = output(command.args(BENCH).args(["--", "--json", CALLS]))?;
    let figures: BTreeMap<String, f64> = serde_json::from_str(text.trim())?;
    let of = |name: &str| {
        let figure = figures.get(name).copied();
        figure.ok_or_else(|| format!("the load bench printed no {name:?}"))
    };
    let queries = figures
        .keys()
        .filter_map(|name| name.strip_prefix("query "));
    let (mut rows, mut times) = (Vec::new(), Vec::new());
    let alone = of("reads")?;
    let mut reads = vec![("alone".to_owned(), alone, format!("{alone:.0}/s"))];
    for query in queries {
        let time = of(&format!("query {query}"))?;
        let beside = of(&format!("reads beside {query}"))?;
        rows.push(vec![
            query.to_owned(),
            format!("{time:.1}"),
            format!("{:.1}", of(&format!("slowest {query}"))?),
            format!("{beside:.0}"),
            format!("{:.0}", of(&format!("queries beside {query}"))?),
        ]);
        let label = query.replace('`', "");
        times.push((label.clone(), time, format!("{time:.1} ms")));
        reads.push((format!("beside {label}"), beside, format!("{beside:.0}/s")));
    }
    let notes = vec![
        format!(
            "Release build on one core, the load on another, {CALLS} calls with two members kept. Each \
             query has a sort and a limit of 25; one client repeats it, while eight connections read calls."
        ),
        format!(
            "GetCall alone: {alone:.0}/s. GetOrCreateCall on one connection: {:.0}/s. Memory: {:.0} bytes per \
             call. From starting the process to its first response: {:.0} ms.",
            of("creates")?,
            of("memory")?,
            of("start")?,
        ),
        format!(
            "ResolveSipInbound by the number of a call: {:.1} ms. DeleteUsers of one user, whose calls are \
             looked for: {:.1} ms.",
            of("resolve")?,
            of("delete user")?,
        ),
    ];
    Ok(Group {
        name: "serving",
        headings: vec![
            "QueryCalls: filter, order",
            "ms",
            "slowest 1 %, ms",
            "GetCalls per second beside it",
            "and queries per second",
        ],
        rows,
        notes,
        plot: Plot {
            title: "The local server with 100,000 calls, on one core",
            panels: vec![
                Panel {
                    title: "QueryCalls, milliseconds".to_owned(),
                    bars: times,
                    logarithmic: false,
                },
                Panel {
                    title: "GetCalls per second".to_owned(),
                    bars: reads,
                    logarithmic: false,
                },
            ],
        },
    })
}
