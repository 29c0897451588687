//! Many callers, many faults, a bounded number of operations: nothing is done twice, nothing is
//! lost track of, memory stays flat, and nothing is left running.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)] // Helpers of tests.

mod caller;
mod ledger;
mod memory;
mod rng;
mod scenario;

use std::io::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::runtime::Handle;
use video_api::{Client, RetryBudget, RetryPolicy};

use caller::{Caller, Tally};
use ledger::Ledger;
use scenario::Scenario;

const SEED: u64 = 0x5eed_0f50_ac00;
const TASKS: u64 = 64;
const OPERATIONS: u64 = 320;
/// Not a matter of speed (it takes about 20 s of processor time): after this long, something hangs.
const HANGS: Duration = Duration::from_secs(600);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_soak_does_nothing_twice_and_leaves_nothing_behind() {
    let started = Instant::now();
    let ledger = Arc::new(Ledger::default());
    let scenario = Scenario::start(SEED, Arc::clone(&ledger)).await;
    let client = Client::builder("key")
        .secret("a-secret-only-for-tests-0123456789")
        .base_url(scenario.url())
        .connect_timeout(Duration::from_secs(5))
        .attempt_timeout(Duration::from_millis(300))
        .timeout(Duration::from_secs(5))
        .max_response_size(256 * 1024)
        .retry_policy(
            RetryPolicy::default()
                .base_delay(Duration::from_millis(2))
                .max_server_delay(Duration::from_millis(20)),
        )
        .retry_budget(RetryBudget::new(1000, 0.5, 100.0))
        .build()
        .unwrap();
    let memory = memory::watch(Arc::clone(&ledger), TASKS * OPERATIONS);

    let tasks: Vec<_> = (0..TASKS)
        .map(|task| {
            let caller = Caller::new(SEED, task, client.clone(), Arc::clone(&ledger));
            tokio::spawn(caller.run(OPERATIONS))
        })
        .collect();
    let mut tally = Tally::default();
    let all = async {
        for task in tasks {
            tally.add(task.await.expect("a caller failed"));
        }
    };
    tokio::time::timeout(HANGS, all)
        .await
        .expect("the soak hangs");
    let took = started.elapsed();
    let memory = memory.await.unwrap();
    let restarts = scenario.stop().await;
    drop(client);

    // Past the test runner, which would swallow it.
    let mut out = std::io::stdout();
    let _ = writeln!(out, "{tally}\n{ledger}");
    let _ = writeln!(
        out,
        "{restarts} restarts, {took:.1?}, {:.0} operations a second; resident {memory}",
        (TASKS * OPERATIONS) as f64 / took.as_secs_f64()
    );

    assert!(
        ledger.problems().is_empty(),
        "{}",
        ledger.problems().join("\n")
    );
    assert_eq!(tally.operations(), TASKS * OPERATIONS);
    assert!(tally.operations() >= 20_000);
    // What is claimed below must have happened at all.
    tally.assert_varied();
    ledger.assert_varied();
    assert!(restarts > 0, "the server was never restarted");
    memory.assert_flat();
    nothing_runs().await;
}

/// Waits a moment for connections to notice that their client is gone.
async fn nothing_runs() {
    let metrics = Handle::current().metrics();
    let deadline = Instant::now() + Duration::from_secs(5);
    while metrics.num_alive_tasks() > 0 {
        assert!(
            Instant::now() < deadline,
            "{} tasks are still running",
            metrics.num_alive_tasks()
        );
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
