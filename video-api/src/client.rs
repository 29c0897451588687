//! The client, its tokens and its base URL. Other methods are beside their subjects: `builder`,
//! `call`, `raw_request`, `convenience`, `by_name`.

use std::fmt;
use std::sync::Arc;

use crate::auth::{Token, UserTokenBuilder, no_secret};
use crate::error::Error;
use crate::shared::Shared;

/// A client of the Stream Video API.
///
/// Cloning is cheap, and clones share connections, credentials, the retry budget and the known rate
/// limits. Make one per application and API key.
#[derive(Clone)]
pub struct Client {
    pub(crate) shared: Arc<Shared>,
}

impl Client {
    /// A token for a user, to be signed with `.sign()`.
    pub fn user_token(&self, user_id: impl Into<String>) -> UserTokenBuilder {
        UserTokenBuilder::new(self.shared.signer.clone(), user_id.into())
    }

    /// A token for a user that is only valid for these calls, each as `type:id`.
    pub fn call_token<I, S>(&self, user_id: impl Into<String>, call_cids: I) -> UserTokenBuilder
    where
        I: IntoIterator<Item = S>,
        S: Into<String>,
    {
        self.user_token(user_id).call_cids(call_cids)
    }

    /// Signs a token like those that this client sends: for trying a request with another program,
    /// such as curl. It is as powerful as the API secret and does not expire, so give it to no device.
    ///
    /// # Errors
    ///
    /// A client without an API secret signs nothing.
    pub fn server_token(&self) -> Result<Token, Error> {
        let signer = self.shared.signer.as_ref().ok_or_else(no_secret)?;
        signer.server_token()
    }

    /// The base URL of all requests.
    pub fn base_url(&self) -> &str {
        self.shared.base.as_str()
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("base_url", &self.base_url())
            .field("credentials", &self.shared.credentials)
            .field("can_sign", &self.shared.signer.is_some())
            .finish_non_exhaustive()
    }
}
