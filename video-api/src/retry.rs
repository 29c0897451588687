//! Sending again what is safe to send again.

mod budget;
mod decide;
mod policy;

pub use budget::RetryBudget;
pub(crate) use decide::{Decision, Failure, decide, safe_to_repeat};
pub use policy::{RetryContext, RetryPolicy, RetryVerdict};
