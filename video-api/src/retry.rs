//! Repeating requests where that is safe: the decision, the budget that clones of a client share, settings.

mod budget;
mod decide;
mod policy;

pub use budget::RetryBudget;
pub(crate) use decide::next_attempt_after;
pub use policy::{RetryContext, RetryPolicy, RetryVerdict};
