//! The runtime that requests run on.

use crate::exit::Failure;

/// Builds a runtime of one thread, which is enough.
pub(crate) fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.map_err(|error| Failure::usage(format!("cannot start the runtime: {error}")))
}
