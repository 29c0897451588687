//! The handle of a call.

use crate::client::Client;

/// A call, named by its type and id. Made by [`Client::call`].
///
/// It only holds the names: making one sends nothing, and the call need not exist yet.
#[derive(Debug, Clone)]
pub struct Call {
    pub(crate) client: Client,
    pub(crate) call_type: String,
    pub(crate) id: String,
}

impl Call {
    /// The call type, for example `default`.
    pub fn call_type(&self) -> &str {
        &self.call_type
    }

    /// The id within its type.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// `type:id`, the form used in tokens and events.
    pub fn cid(&self) -> String {
        format!("{}:{}", self.call_type, self.id)
    }

    /// The client that performs the operations of this handle.
    pub fn client(&self) -> &Client {
        &self.client
    }
}

impl Client {
    /// The handle of a call; sends nothing.
    pub fn call(&self, call_type: impl Into<String>, id: impl Into<String>) -> Call {
        Call {
            client: self.clone(),
            call_type: call_type.into(),
            id: id.into(),
        }
    }
}
