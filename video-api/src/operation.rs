//! Operations of the API as plain data.

use std::fmt;

/// One operation of the API: where it lives and how it is called.
///
/// Values are generated from the spec; `operations::ALL` lists them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Operation {
    /// The operationId of the spec, for example `QueryCalls`.
    pub id: &'static str,
    /// The method on [`Client`](crate::Client), for example `query_calls`.
    pub name: &'static str,
    /// HTTP method; it also decides what may be retried, see [`Method::is_idempotent`].
    pub method: Method,
    /// A query sent by POST: it only reads and is retried like a GET.
    pub only_reads: bool,
    /// Path template, for example `/api/v2/video/call/{type}/{id}`.
    pub path: &'static str,
    /// The group the operation belongs to.
    pub tag: &'static str,
    /// One sentence about what it does.
    pub summary: &'static str,
    /// The documented status of a success; any other 2xx is accepted as well.
    pub success: u16,
    /// Names of the path parameters, in path order.
    pub path_params: &'static [&'static str],
    /// Names of the query parameters.
    pub query_params: &'static [&'static str],
    /// Names of the query parameters that ring or notify people when they are `true`, so that the
    /// request must not be repeated blindly.
    pub non_idempotent_params: &'static [&'static str],
    /// The body that requests have, if any.
    pub body: BodyKind,
    /// Media type of the response, as it is asked for.
    pub accept: &'static str,
}

/// HTTP method of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Method {
    /// Reads; never changes anything.
    Get,
    /// Creates or triggers something; repeating it may do it twice.
    Post,
    /// Replaces a resource; repeating it changes nothing more.
    Put,
    /// Changes parts of a resource.
    Patch,
    /// Removes a resource; repeating it changes nothing more.
    Delete,
}

impl Method {
    /// The method as written on the request line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }

    /// Returns `true` if sending a request twice has the effect of sending it once.
    ///
    /// In this API every GET only reads, every PUT replaces a whole call type, trunk or
    /// routing rule, and every DELETE names the one thing to remove, so all three are
    /// idempotent. A repeated DELETE may answer 404 because the first one worked.
    pub const fn is_idempotent(self) -> bool {
        matches!(self, Self::Get | Self::Put | Self::Delete)
    }

    pub(crate) fn to_http(self) -> reqwest::Method {
        match self {
            Self::Get => reqwest::Method::GET,
            Self::Post => reqwest::Method::POST,
            Self::Put => reqwest::Method::PUT,
            Self::Patch => reqwest::Method::PATCH,
            Self::Delete => reqwest::Method::DELETE,
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Describes the request body of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum BodyKind {
    /// No body; a POST then says `content-length: 0`.
    None,
    /// A JSON object; `{}` when no field is set.
    Json,
    /// JSON of another media type than `application/json`.
    JsonAs(&'static str),
    /// Fields as `application/x-www-form-urlencoded`.
    Form,
    /// Fields and files as `multipart/form-data`.
    Multipart,
    /// Text or bytes of this media type, or of the one that the request names.
    Raw(&'static str),
}
