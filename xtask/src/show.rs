//! `cargo xtask show NAME`: the generated Rust of one operation or type.

use crate::generate;
use crate::workspace::Done;

/// Arguments of `show`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Operation id, method or type, for example QueryCalls, query_calls or CallRequest.
    name: String,
}

pub(crate) fn run(args: &Args) -> Done {
    let generated = generate::generate(&generate::own_spec())?;
    if let Some(text) = generated.show(&args.name) {
        print!("{text}");
        return Ok(());
    }
    let names = generated.names();
    let nearest = names
        .iter()
        .max_by(|a, b| likeness(a, &args.name).total_cmp(&likeness(b, &args.name)));
    let hint = nearest
        .map(|name| format!("; did you mean {name}?"))
        .unwrap_or_default();
    Err(format!(
        "nothing generated is called {}{hint}; what is written by hand is in `cargo doc -p video-api --no-deps --open`",
        args.name
    )
    .into())
}

fn likeness(name: &str, wanted: &str) -> f64 {
    strsim::normalized_levenshtein(&name.to_lowercase(), &wanted.to_lowercase())
}
