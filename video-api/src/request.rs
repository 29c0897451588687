//! A request being put together; what generated requests stand on.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::operation::{BodyKind, Method, Operation};
use crate::{Client, Error, Response, RetryPolicy, transport};

/// The parts of a request that are not its body.
#[derive(Clone)]
pub(crate) struct Parts {
    pub(crate) client: Client,
    pub(crate) operation: &'static Operation,
    pub(crate) path: Vec<String>,
    pub(crate) query: Vec<(&'static str, String)>,
    pub(crate) timeout: Option<Duration>,
    pub(crate) retry_policy: Option<RetryPolicy>,
    /// An argument that could not be used, reported on sending.
    problem: Option<String>,
}

#[allow(dead_code)] // Which of these are used is up to the generated requests.
impl Parts {
    /// `path` holds the values of the path parameters, in path order.
    pub(crate) fn new(client: &Client, operation: &'static Operation, path: Vec<String>) -> Self {
        Self {
            client: client.clone(),
            operation,
            path,
            query: Vec::new(),
            timeout: None,
            retry_policy: None,
            problem: None,
        }
    }

    /// Sets a query parameter, replacing what was set before.
    pub(crate) fn set_query(&mut self, name: &'static str, value: String) {
        match self.query.iter_mut().find(|(set, _)| *set == name) {
            Some((_, old)) => *old = value,
            None => self.query.push((name, value)),
        }
    }

    /// Unsets a query parameter.
    pub(crate) fn unset_query(&mut self, name: &'static str) {
        self.query.retain(|(set, _)| *set != name);
    }

    /// Sets a query parameter that is JSON text.
    pub(crate) fn set_query_json<T: Serialize>(&mut self, name: &'static str, value: &T) {
        match serde_json::to_string(value) {
            Ok(json) => self.set_query(name, json),
            Err(error) => {
                self.problem = Some(format!("`{name}` cannot be written as JSON: {error}"))
            }
        }
    }

    /// Sets a query parameter that is a list.
    pub(crate) fn set_query_list(&mut self, name: &'static str, values: Vec<String>) {
        let joined = values.into_iter().reduce(|list, value| list + "," + &value);
        self.set_query(name, joined.unwrap_or_default());
    }

    /// The method as far as repeating is concerned: a read that alerts people is no plain read.
    pub(crate) fn repeated_as(&self) -> Method {
        let listed = self.operation.non_idempotent_params;
        let alerts = |(name, value): &(&str, String)| listed.contains(name) && value == "true";
        if self.query.iter().any(alerts) {
            Method::Post
        } else {
            self.operation.method
        }
    }

    /// Bounds this operation with all its attempts; one attempt may use all of the time.
    pub(crate) fn set_timeout(&mut self, timeout: Duration) {
        self.timeout = Some(timeout);
    }

    /// When this request is repeated.
    pub(crate) fn set_retry_policy(&mut self, policy: RetryPolicy) {
        self.retry_policy = Some(policy);
    }

    /// Sends the request without a body.
    pub(crate) async fn send<T: DeserializeOwned>(self) -> Result<Response<T>, Error> {
        let body = match self.operation.body {
            BodyKind::None => None,
            BodyKind::Json => Some(Bytes::from_static(b"{}")),
        };
        transport::perform(self, body).await?.decode()
    }

    /// Sends the request with a JSON body.
    pub(crate) async fn send_json<B: Serialize, T: DeserializeOwned>(
        self,
        body: &B,
    ) -> Result<Response<T>, Error> {
        let encoded = serde_json::to_vec(body).map_err(|error| self.unencodable(&error));
        let body = encoded?;
        transport::perform(self, Some(body.into())).await?.decode()
    }

    fn unencodable(&self, error: &serde_json::Error) -> Error {
        Error::invalid(format!("the body cannot be written as JSON: {error}"))
            .for_operation(self.operation)
    }

    pub(crate) fn check(&self) -> Result<(), Error> {
        match &self.problem {
            Some(problem) => Err(Error::invalid(problem.as_str())),
            None => Ok(()),
        }
    }
}

/// Shows which parameters are set but not their values.
impl fmt::Debug for Parts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let query: Vec<_> = self.query.iter().map(|(name, _)| *name).collect();
        f.debug_struct("Parts")
            .field("operation", &self.operation.id)
            .field("path", &self.path)
            .field("query", &query)
            .field("timeout", &self.timeout)
            .field("retry_policy", &self.retry_policy)
            .finish_non_exhaustive()
    }
}

/// Options that every request has.
macro_rules! request_options {
    ($name:ident) => {
        impl $name {
            /// Bounds the operation with all its attempts; one attempt may use all of the time.
            #[inline]
            pub fn with_timeout(mut self, timeout: ::std::time::Duration) -> Self {
                self.parts.set_timeout(timeout);
                self
            }

            /// Decides anew when this request is repeated.
            #[inline]
            pub fn with_retry_policy(mut self, policy: $crate::RetryPolicy) -> Self {
                self.parts.set_retry_policy(policy);
                self
            }
        }
    };
}
pub(crate) use request_options;
