//! Sends many requests from a file and writes results in the order of the input.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::ArgMatches;
use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use video_api::by_name::Prepared;
use video_api::{Client, RetryBudget, RetryPolicy};

use crate::exit::{Exit, Failure};
use crate::{credentials, runtime};

mod earlier;
mod files;
mod interrupt;
mod line;
mod progress;
mod reader;
mod record;
mod results;
mod summary;

use earlier::{Earlier, Verdict};
use files::Opened;
use interrupt::Interrupt;
use progress::Progress;
use reader::{Input, Line};
use record::Record;
use results::Results;
use summary::Summary;

/// Settings of a run.
struct Options {
    concurrency: usize,
    dry_run: bool,
    retry_uncertain: bool,
}

pub(crate) fn run(matches: &ArgMatches) -> Result<ExitCode, Failure> {
    let options = Options {
        concurrency: match matches.get_one::<u16>("concurrency") {
            _ if matches.get_flag("in-order") => 1,
            Some(count) => usize::from(*count),
            None => 16,
        },
        dry_run: matches.get_flag("dry-run"),
        retry_uncertain: matches.get_flag("retry-uncertain"),
    };
    let client = credentials::client(matches, options.dry_run, |builder| {
        let builder = builder
            .pace_by_rate_limit(true)
            // The concurrency already limits the load.
            .retry_budget(RetryBudget::unlimited())
            .retry_policy(
                RetryPolicy::new()
                    .max_attempts(5)
                    .max_server_delay(Duration::from_secs(90)),
            );
        match matches.contains_id("timeout") {
            true => builder,
            // Waiting for a rate limit may take several minutes.
            false => builder.timeout(Duration::from_secs(600)),
        }
    })?;
    let input = Input::open(
        matches
            .get_one::<String>("input")
            .map_or("-", String::as_str),
    )?;
    let output = matches.get_one::<String>("output").map(String::as_str);
    let Opened {
        out,
        files,
        earlier,
    } = files::open(output, matches.get_flag("resume"))?;
    let progress = Progress::start(input.size(), output.is_some());
    let batch = Batch {
        client,
        options,
        results: Results::new(out, files),
        earlier,
        progress,
        summary: Summary::start(),
    };
    runtime::runtime()?.block_on(batch.run(input, matches.get_flag("json")))
}

struct Batch {
    client: Client,
    options: Options,
    results: Results,
    earlier: Earlier,
    progress: Progress,
    summary: Summary,
}

/// A finished line.
struct Done {
    place: u64,
    record: Record,
}

impl Batch {
    async fn run(mut self, input: Input, json: bool) -> Result<ExitCode, Failure> {
        let interrupt = Interrupt::listen()?;
        let mut lines = input.lines();
        let mut in_flight = FuturesUnordered::new();
        let mut place = 0;
        let (mut ended, mut warned) = (false, false);
        let mut failure = None;
        loop {
            let stopping = ended || failure.is_some() || interrupt.is_set();
            if interrupt.is_set() && !warned {
                warned = true;
                self.progress
                    .say("finishing the requests in flight; press Ctrl-C again to stop at once");
            }
            let room = in_flight.len() < self.options.concurrency && self.results.has_room(place);
            tokio::select! {
                () = interrupt.wait(), if !stopping => {}
                Some(done) = in_flight.next(), if !in_flight.is_empty() => {
                    failure = failure.or(self.finish(done).err());
                }
                line = lines.recv(), if !stopping && room => match line {
                    None => ended = true,
                    Some(line) => {
                        self.progress.read(line.end);
                        match self.begin(line, place) {
                            Ok(Begun::Blank) => {}
                            Ok(Begun::Finished) => place += 1,
                            Ok(Begun::Sending(sending)) => {
                                in_flight.push(sending);
                                place += 1;
                            }
                            Err(error) => failure = Some(error),
                        }
                    }
                },
                else => break,
            }
        }
        self.progress.end();
        // Also after a failure: received responses are kept.
        let complete = ended && failure.is_none() && !interrupt.is_set();
        let closed = self.close(complete);
        self.summary.print(json);
        match (failure, closed) {
            (Some(failure), _) | (None, Err(failure)) => Err(failure),
            (None, Ok(())) if interrupt.is_set() => Ok(Exit::Interrupted.into()),
            (None, Ok(())) if self.summary.all_ok() => Ok(ExitCode::SUCCESS),
            (None, Ok(())) => Ok(Exit::Partial.into()),
        }
    }

    /// Keeps results after the end of the input, and completes the files.
    fn close(&mut self, complete: bool) -> Result<(), Failure> {
        while complete && let Some((record, kept)) = self.earlier.next_rest()? {
            self.summary.count_kept(kept);
            self.results.append(&record)?;
        }
        self.results.close(complete)
    }

    /// Checks a line and starts its request, unless it is kept or invalid.
    fn begin(&mut self, line: Line, place: u64) -> Result<Begun, Failure> {
        let text = match line.text {
            Ok(text) if text.trim().is_empty() => return Ok(Begun::Blank),
            Ok(text) => text,
            Err(reason) => {
                let record = Record::invalid(line.number, String::new(), None, reason);
                return self
                    .finish(Done { place, record })
                    .map(|()| Begun::Finished);
            }
        };
        let input = record::fingerprint(&text);
        let before = self
            .earlier
            .about(line.number, &input, self.options.retry_uncertain)?;
        if let Verdict::Keep { record, kept } = before {
            self.summary.count_kept(kept);
            self.results.put(place, record, false)?;
            return Ok(Begun::Finished);
        }
        let (id, prepared) = line::prepare(&self.client, &text);
        let record = match prepared {
            Err(reason) => Record::invalid(line.number, input, id, reason),
            Ok(prepared) if self.options.dry_run => Record::request(line.number, input, &prepared)?,
            Ok(prepared) => return Ok(Begun::Sending(send(place, line.number, input, prepared))),
        };
        self.finish(Done { place, record })
            .map(|()| Begun::Finished)
    }

    fn finish(&mut self, done: Done) -> Result<(), Failure> {
        let record = &done.record;
        self.summary.count(record);
        if let Some(reason) = record.reason() {
            self.progress.complain(record.line(), reason);
        }
        self.progress.count(&self.summary);
        self.results
            .put(done.place, done.record.into_bytes()?, true)
    }
}

enum Begun {
    Blank,
    Finished,
    Sending(Sending),
}

async fn perform(place: u64, line: u64, input: String, prepared: Prepared) -> Done {
    let started = Instant::now();
    let id = prepared.operation().id;
    let result = prepared.send().await;
    let record = Record::sent(line, input, id, result, started.elapsed());
    Done { place, record }
}

type Sending = std::pin::Pin<Box<dyn Future<Output = Done>>>;

fn send(place: u64, line: u64, input: String, prepared: Prepared) -> Sending {
    Box::pin(perform(place, line, input, prepared))
}
