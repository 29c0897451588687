//! Operations by their id, with arguments as JSON: for scripts, command lines and other languages.
//!
//! ```no_run
//! use video_api::by_name::Arguments;
//!
//! # async fn example(client: video_api::Client) -> Result<(), video_api::Error> {
//! let arguments = Arguments::new()
//!     .path("type", "default")
//!     .path("id", "standup")
//!     .query("members_limit", 5);
//! let response = client.call_operation("GetCall", arguments).await?;
//! println!("{}", response["call"]["cid"]);
//! # Ok(())
//! # }
//! ```
//!
//! Inside, every request goes through the same types as the methods of [`Client`], so both put
//! the same bytes on the wire. What those types cannot carry is refused before anything is sent:
//! unknown names, fields of the wrong type, and values that would be lost or changed, each with
//! its JSON path.

use serde_json::Value;

use crate::operation::Operation;
use crate::{Client, Error, Response, generated};

mod arguments;
mod faithful;
mod named;
mod nearest;
mod prepared;
mod preview;

pub use arguments::Arguments;
pub(crate) use named::Named;
pub use prepared::Prepared;
pub use preview::Preview;

/// The operation with this id, for example `GetCall`; an error that names the nearest one else.
pub fn operation(id: &str) -> Result<&'static Operation, Error> {
    let all = generated::operations::ALL;
    if let Some(operation) = all.iter().find(|operation| operation.id == id) {
        return Ok(operation);
    }
    let hint = nearest::hint(id, all.iter().map(|operation| operation.id));
    Err(Error::invalid(format!(
        "there is no operation `{id}`{hint}"
    )))
}

impl Client {
    /// Performs an operation that is named by its operationId, for example `GetCall`.
    ///
    /// The response is read by its type first, so timestamps come back as RFC 3339 text, and
    /// what the type does not know is not there. See [`by_name`](crate::by_name).
    pub async fn call_operation(
        &self,
        operation_id: &str,
        arguments: Arguments,
    ) -> Result<Response<Value>, Error> {
        self.prepare_operation(operation_id, &arguments)?
            .send()
            .await
    }

    /// Checks and encodes a request by operationId without sending it.
    pub fn prepare_operation(
        &self,
        operation_id: &str,
        arguments: &Arguments,
    ) -> Result<Prepared, Error> {
        let operation = operation(operation_id)?;
        let named = Named::new(operation, arguments);
        let prepared = generated::prepare(self, &named)?;
        prepared.check()?;
        Ok(prepared)
    }
}

#[cfg(test)]
mod tests;
