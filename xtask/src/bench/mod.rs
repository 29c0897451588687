//! `cargo xtask bench`: measures what spans processes, beside what people would use otherwise, and
//! writes tables and plots.

mod bodies;
mod building;
mod calls;
mod decoding;
mod differing;
mod group;
mod peers;
mod plot;
mod process;
mod progenitor;
mod serving;
mod sizes;
mod synthetic;

use clap::ValueEnum;

use crate::workspace::Done;

/// Arguments of `bench`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The groups to measure; all if none is given.
    #[arg(value_enum)]
    groups: Vec<Name>,
    /// Print the tables without writing BENCHMARKS.md and the plots.
    #[arg(long)]
    dry_run: bool,
    /// Download and build what the groups need, and measure nothing.
    #[arg(long)]
    prepare: bool,
    /// Measure what `--prepare` built last.
    #[arg(long, conflicts_with = "prepare")]
    prepared: bool,
    /// A Python with the package getstream, for its calls.
    #[arg(long, value_name = "FILE")]
    python: Option<String>,
    /// A folder with node_modules/@stream-io/node-sdk, for its calls.
    #[arg(long, value_name = "FOLDER")]
    node: Option<String>,
    /// The clients whose building is measured again; all if none is given.
    #[arg(long = "peer", value_enum, value_name = "CLIENT")]
    peers: Vec<peers::Peer>,
    /// Leave out the vendor's Rust crate, which takes minutes to build.
    #[arg(long)]
    without_getstream: bool,
}

/// A group of figures.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Name {
    /// Building a program with two calls.
    Building,
    /// Calls over loopback.
    Calls,
    /// Reading a response.
    Decoding,
    /// The diff of large documents.
    Diff,
    /// The generator and the diff over the size of the specification.
    Sizes,
    /// The local server under load.
    Serving,
}

pub(crate) fn run(args: &Args) -> Done {
    let all = Name::value_variants();
    let wanted = |name: &&Name| args.groups.is_empty() || args.groups.contains(name);
    for name in all.iter().filter(wanted) {
        if args.prepare {
            match name {
                Name::Building => building::prepare(args)?,
                Name::Calls => drop(calls::prepare(args)?),
                Name::Decoding => drop(decoding::prepare(args)?),
                Name::Diff | Name::Sizes => drop(sizes::prepare(args)?),
                Name::Serving => serving::prepare()?,
            }
            continue;
        }
        let group = match name {
            Name::Building => building::measure(args)?,
            Name::Calls => calls::measure(args)?,
            Name::Decoding => decoding::measure(args)?,
            Name::Diff => differing::measure(args)?,
            Name::Sizes => sizes::measure(args)?,
            Name::Serving => serving::measure()?,
        };
        println!("\n{}", group.table());
        if !args.dry_run {
            group.write()?;
        }
    }
    Ok(())
}
