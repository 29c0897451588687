//! The data of a request while it is built.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use reqwest::header::HeaderValue;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::error::{Deferred, Error};
use crate::form::FormField;
use crate::operation::{BodyKind, Method, Operation};
use crate::query::{self, QueryStyle};
use crate::retry::RetryPolicy;
use crate::shared::Shared;

mod fields;
mod headers;
pub(crate) mod url;

/// Everything about a request except its typed body.
#[derive(Clone)]
pub(crate) struct RequestParts {
    pub(crate) shared: Arc<Shared>,
    pub(crate) operation: &'static Operation,
    pub(crate) path: RequestPath,
    pub(crate) query: Vec<QueryPair>,
    /// Header parameters, by their names in the document.
    pub(crate) headers: Vec<(&'static str, HeaderValue)>,
    /// Fields of a form, which is the body.
    form: Vec<FormField>,
    pub(crate) timeout: Option<Duration>,
    pub(crate) retry_policy: Option<RetryPolicy>,
    /// Fields that are added to the body.
    extra: Map<String, Value>,
    deferred: Deferred,
}

/// One parameter in the URL.
#[derive(Debug, Clone)]
pub(crate) struct QueryPair {
    pub(crate) name: Cow<'static, str>,
    pub(crate) value: String,
    /// The parameter that it is a part of, where that is a list or an object.
    part_of: Option<&'static str>,
}

/// The path of a request.
#[derive(Debug, Clone)]
pub(crate) enum RequestPath {
    /// Values for the template of the operation, in path order.
    Values(Vec<String>),
    /// A complete path, percent-encoded.
    Complete(String),
}

#[allow(dead_code)] // The spec decides which of these are used.
impl RequestParts {
    /// `path` holds the values of the path parameters, in path order.
    pub(crate) fn new(
        shared: &Arc<Shared>,
        operation: &'static Operation,
        path: Vec<String>,
    ) -> Self {
        Self::with_path(shared, operation, RequestPath::Values(path))
    }

    pub(crate) fn with_path(
        shared: &Arc<Shared>,
        operation: &'static Operation,
        path: RequestPath,
    ) -> Self {
        Self {
            shared: Arc::clone(shared),
            operation,
            path,
            query: Vec::new(),
            headers: Vec::new(),
            form: Vec::new(),
            timeout: None,
            retry_policy: None,
            extra: Map::new(),
            deferred: Deferred::default(),
        }
    }

    /// Sets a query parameter, replacing an earlier value.
    pub(crate) fn set_query(&mut self, name: impl Into<Cow<'static, str>>, value: String) {
        let name = name.into();
        match self.query.iter_mut().find(|pair| pair.name == name) {
            Some(pair) => pair.value = value,
            None => self.query.push(QueryPair {
                name,
                value,
                part_of: None,
            }),
        }
    }

    /// Unsets a query parameter.
    pub(crate) fn unset_query(&mut self, name: &'static str) {
        self.query.retain(|pair| pair.name != name);
    }

    /// Sets a query parameter that is a list or an object, replacing an earlier value.
    pub(crate) fn set_query_styled<T: Serialize>(
        &mut self,
        name: &'static str,
        style: QueryStyle,
        value: &T,
    ) {
        let value = match serde_json::to_value(value) {
            Ok(value) => value,
            Err(error) => return self.defer(format!("`{name}` cannot be written: {error}")),
        };
        let pairs = query::pairs(name, style, &value);
        let is_new = |name: &str| pairs.iter().any(|(new, _)| new == name);
        self.query
            .retain(|pair| pair.part_of != Some(name) && !is_new(&pair.name));
        self.query
            .extend(pairs.into_iter().map(|(part, value)| QueryPair {
                name: Cow::Owned(part),
                value,
                part_of: Some(name),
            }));
    }

    /// Sets a query parameter that is JSON text.
    pub(crate) fn set_query_json<T: Serialize>(&mut self, name: &'static str, value: &T) {
        match serde_json::to_string(value) {
            Ok(json) => self.set_query(name, json),
            Err(error) => self.defer(format!("`{name}` cannot be written as JSON: {error}")),
        }
    }

    /// Sets a query parameter that is a list.
    pub(crate) fn set_query_list(&mut self, name: &'static str, values: Vec<String>) {
        let joined = values.into_iter().reduce(|list, value| list + "," + &value);
        self.set_query(name, joined.unwrap_or_default());
    }

    /// Sets a field that the spec does not have: in the body, or, for an operation without fields in
    /// its body, in the query.
    pub(crate) fn set_extra<T: Serialize + ?Sized>(&mut self, name: String, value: &T) {
        match (serde_json::to_value(value), self.operation.body) {
            (Ok(value), BodyKind::Json | BodyKind::JsonAs(_)) => {
                drop(self.extra.insert(name, value))
            }
            (Ok(value), BodyKind::Form | BodyKind::Multipart) => self.set_extra_field(name, value),
            (Ok(Value::String(text)), _) => self.set_query(name, text),
            (Ok(value), _) => self.set_query(name, value.to_string()),
            (Err(error), _) => self.defer(format!("`{name}` cannot be written as JSON: {error}")),
        }
    }

    pub(crate) fn set_timeout(&mut self, timeout: Duration) {
        self.timeout = Some(timeout);
    }

    pub(crate) fn set_retry_policy(&mut self, policy: RetryPolicy) {
        self.retry_policy = Some(policy);
    }

    /// The method that decides about retries: a GET with a parameter that does something each time
    /// counts as a POST, a POST that only reads as a GET.
    pub(crate) fn retry_method(&self) -> Method {
        let listed = self.operation.non_idempotent_params;
        let alerts = |pair: &QueryPair| listed.contains(&&*pair.name) && pair.value == "true";
        if self.query.iter().any(alerts) {
            Method::Post
        } else if self.operation.only_reads {
            Method::Get
        } else {
            self.operation.method
        }
    }

    /// Encodes a body together with the extra fields.
    pub(crate) fn encode_body<B: Serialize>(&self, body: &B) -> Result<Bytes, Error> {
        let encoded = if self.extra.is_empty() {
            serde_json::to_vec(body)
        } else {
            serde_json::to_value(body).and_then(|mut body| {
                if let Value::Object(fields) = &mut body {
                    fields.extend(self.extra.clone());
                }
                serde_json::to_vec(&body)
            })
        };
        encoded.map(Bytes::from).map_err(|error| {
            Error::invalid(format!("the body cannot be written as JSON: {error}"))
                .for_operation(self.operation)
        })
    }

    /// Keeps an error until the request is sent.
    pub(crate) fn defer(&mut self, reason: impl Into<Box<str>>) {
        self.deferred.set(reason);
    }

    /// Reports an error of a setter.
    pub(crate) fn check(&self) -> Result<(), Error> {
        match self.deferred.reason() {
            Some(reason) => Err(Error::invalid(reason)),
            None => Ok(()),
        }
    }
}

/// Shows which parameters are set but not their values.
impl fmt::Debug for RequestParts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let query: Vec<_> = self.query.iter().map(|pair| &pair.name).collect();
        f.debug_struct("RequestParts")
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

            /// Replaces the client's retry policy for this request.
            #[inline]
            pub fn with_retry_policy(mut self, policy: $crate::RetryPolicy) -> Self {
                self.parts.set_retry_policy(policy);
                self
            }

            /// Sets a field that this version of the crate does not know: at the top of the body,
            /// or in the query when the operation has no body. It replaces a field of that name.
            #[inline]
            pub fn extra(
                mut self,
                field: impl ::std::convert::Into<::std::string::String>,
                value: impl ::serde::Serialize,
            ) -> Self {
                self.parts.set_extra(field.into(), &value);
                self
            }
        }
    };
}
pub(crate) use request_options;
