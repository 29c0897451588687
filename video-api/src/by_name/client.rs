//! The entry points: operations by their id.

use serde_json::Value;

use super::arguments::Arguments;
use super::bound::BoundArguments;
use super::nearest;
use super::prepared::Prepared;
use crate::client::Client;
use crate::error::Error;
use crate::generated;
use crate::operation::Operation;
use crate::response::Response;

/// Finds the operation with this id, for example `GetCall`. The error suggests the nearest one.
pub fn operation(id: &str) -> Result<&'static Operation, Error> {
    let all = generated::operations::ALL;
    if let Some(operation) = all.iter().find(|operation| operation.id == id) {
        return Ok(operation);
    }
    let hint = nearest::hint(id, all.iter().map(|operation| operation.id));
    Err(Error::invalid(format!("unknown operation `{id}`{hint}")))
}

impl Client {
    /// Performs the operation with this operationId, for example `GetCall`.
    ///
    /// The response is decoded by its type first, so timestamps come back as RFC 3339 text, and
    /// fields that the type does not have are not there. See [`by_name`](crate::by_name).
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
        let arguments = BoundArguments::new(operation, arguments);
        let prepared = generated::prepare(self, &arguments)?;
        prepared.check()?;
        Ok(prepared)
    }
}
