//! An operation of the API as a function on the state, with the right that it takes.

use serde_json::Value;

use super::context::Context;
use crate::error::ApiError;
use crate::input::{Fields, Input, ReadFields};

/// The response of a handler.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Reply {
    /// `duration` is added later.
    pub(crate) body: Value,
    /// The body holds values that do not follow from what happened.
    pub(crate) is_sample: bool,
}

impl From<Value> for Reply {
    fn from(body: Value) -> Self {
        Self {
            body,
            is_sample: false,
        }
    }
}

impl From<Fields> for Reply {
    fn from(body: Fields) -> Self {
        Value::Object(body).into()
    }
}

pub(crate) type HandlerResult = Result<Reply, ApiError>;

type Run = fn(&mut Context<'_>, &Input) -> HandlerResult;

/// How a handler treats the state.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Looks something up.
    Read,
    /// Looks through many things.
    Query,
    /// Changes something.
    Write,
}

/// The right to perform an operation.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// Any valid token; the handler may know more.
    Anyone,
    /// A server token.
    Server,
    /// A server token, or a user with this capability in the call.
    Capability(&'static str),
}

/// An operation and what it does.
pub(crate) struct Handler {
    pub(crate) operation: &'static str,
    kind: Kind,
    pub(crate) access: Access,
    run: Run,
}

impl Handler {
    /// Tells if this request reads, queries or writes.
    pub(crate) fn kind(&self, input: &Input) -> Kind {
        // Ringing the members of a call is more than reading it.
        if input.query.flag("ring") || input.query.flag("notify") {
            return Kind::Write;
        }
        self.kind
    }

    pub(crate) fn run(&self, context: &mut Context<'_>, input: &Input) -> HandlerResult {
        (self.run)(context, input)
    }
}

pub(crate) const fn read(operation: &'static str, access: Access, run: Run) -> Handler {
    Handler {
        operation,
        kind: Kind::Read,
        access,
        run,
    }
}

pub(crate) const fn query(operation: &'static str, access: Access, run: Run) -> Handler {
    Handler {
        operation,
        kind: Kind::Query,
        access,
        run,
    }
}

pub(crate) const fn write(operation: &'static str, access: Access, run: Run) -> Handler {
    Handler {
        operation,
        kind: Kind::Write,
        access,
        run,
    }
}
