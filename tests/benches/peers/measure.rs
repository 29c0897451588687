//! Measures one operation of one peer: `OPERATION URL KEY SECRET COUNT IN_FLIGHT`.

use std::time::{Duration, Instant};

use futures_util::stream::{self, StreamExt as _};

pub(crate) type Failure = Box<dyn std::error::Error>;

#[derive(Clone, Copy)]
pub(crate) enum Operation {
    GetCall,
    QueryCalls,
}

impl std::str::FromStr for Operation {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Self, Failure> {
        match text {
            "GetCall" => Ok(Self::GetCall),
            "QueryCalls" => Ok(Self::QueryCalls),
            other => Err(format!("unknown operation {other}").into()),
        }
    }
}

pub(crate) struct Calls {
    pub(crate) operation: Operation,
    pub(crate) url: String,
    pub(crate) key: String,
    pub(crate) secret: String,
    count: usize,
    in_flight: usize,
}

impl Calls {
    pub(crate) fn from_arguments() -> Result<Self, Failure> {
        let arguments: Vec<String> = std::env::args().skip(1).collect();
        let [operation, url, key, secret, count, in_flight] = arguments.as_slice() else {
            return Err("usage: OPERATION URL KEY SECRET COUNT IN_FLIGHT".into());
        };
        Ok(Self {
            operation: operation.parse()?,
            url: url.clone(),
            key: key.clone(),
            secret: secret.clone(),
            count: count.parse()?,
            in_flight: in_flight.parse()?,
        })
    }

    /// Prints wall and CPU time of the calls in seconds, after a few that open connections.
    pub(crate) async fn measure<F>(&self, one: impl Fn() -> F) -> Result<(), Failure>
    where
        F: Future<Output = Result<usize, Failure>>,
    {
        self.run(2 * self.in_flight, &one).await?;
        let (started, cpu) = (Instant::now(), cpu()?);
        self.run(self.count, &one).await?;
        let wall = started.elapsed().as_secs_f64();
        let cpu = (self::cpu()? - cpu).as_secs_f64();
        println!("{{\"wall\": {wall}, \"cpu\": {cpu}}}");
        Ok(())
    }

    async fn run<F>(&self, count: usize, one: &impl Fn() -> F) -> Result<(), Failure>
    where
        F: Future<Output = Result<usize, Failure>>,
    {
        let mut results = stream::iter(0..count)
            .map(|_| one())
            .buffer_unordered(self.in_flight);
        while let Some(size) = results.next().await {
            if size? == 0 {
                return Err("an empty response".into());
            }
        }
        Ok(())
    }
}

/// CPU time of this thread, on which everything runs.
fn cpu() -> Result<Duration, Failure> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat")?;
    let nanos = text.split(' ').next().unwrap_or_default().parse()?;
    Ok(Duration::from_nanos(nanos))
}
