//! Errors of deliveries.

use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::str::Utf8Error;

mod display;

/// A delivery that could not be accepted or read.
///
/// The kind is private so that new ones can be told apart later; ask with the predicates.
/// Exactly one of [`is_signature`](Self::is_signature), [`is_too_large`](Self::is_too_large)
/// and [`is_decode`](Self::is_decode) holds. `Display` is one line that says what to do next.
/// Neither it nor `Debug` shows a secret or the payload as a whole.
pub struct Error {
    kind: Box<Kind>,
}

pub(super) enum Kind {
    Signature(SignatureFault),
    TooLarge {
        limit: usize,
    },
    Gzip(io::Error),
    Base64(base64::DecodeError),
    Envelope(EnvelopeFault),
    Json(JsonFault),
    /// A type this version knows, with a payload it does not.
    Misfit {
        event_type: Box<str>,
        path: String,
        raw: Box<str>,
        source: serde_json::Error,
    },
}

pub(super) enum SignatureFault {
    Missing,
    Malformed,
    Wrong,
    NoSecret,
}

pub(super) enum EnvelopeFault {
    Json(serde_json::Error),
    OtherKind(String),
    NoMessage,
}

/// Those that hold text hold the raw JSON.
pub(super) enum JsonFault {
    Empty,
    Utf8(Utf8Error),
    Syntax(serde_json::Error),
    NotAnObject(Box<str>),
    NoType(Box<str>),
    TypeIsNoString(Box<str>),
}

/// Predicates.
impl Error {
    /// The delivery may not come from the API: the signature is missing, not 64 lower-case
    /// hex digits, or made with another secret or for another body; or the
    /// [`Verifier`](super::Verifier) has no secret. Answer 401.
    pub fn is_signature(&self) -> bool {
        matches!(*self.kind, Kind::Signature(_))
    }

    /// The JSON is larger than allowed, perhaps only once decompressed. Answer 413.
    pub fn is_too_large(&self) -> bool {
        matches!(*self.kind, Kind::TooLarge { .. })
    }

    /// The delivery cannot be read as an event, for one of the reasons below.
    pub fn is_decode(&self) -> bool {
        !self.is_signature() && !self.is_too_large()
    }

    /// The body is damaged gzip, or the message is neither JSON nor base64.
    pub fn is_encoding(&self) -> bool {
        matches!(*self.kind, Kind::Gzip(_) | Kind::Base64(_))
    }

    /// The SNS notification is not a JSON object, has no `Message`, or is of
    /// another kind, such as the confirmation of a subscription.
    pub fn is_envelope(&self) -> bool {
        matches!(*self.kind, Kind::Envelope(_))
    }

    /// The body is empty, not JSON, or JSON but no object.
    pub fn is_not_json(&self) -> bool {
        use JsonFault::{Empty, NotAnObject, Syntax, Utf8};
        matches!(
            *self.kind,
            Kind::Json(Empty | Utf8(_) | Syntax(_) | NotAnObject(_))
        )
    }

    /// The body is an object without a `type`, or with one that is not a string.
    pub fn is_missing_type(&self) -> bool {
        use JsonFault::{NoType, TypeIsNoString};
        matches!(*self.kind, Kind::Json(NoType(_) | TypeIsNoString(_)))
    }

    /// The event is genuine and of a known type, but its payload does not fit: work with
    /// [`raw`](Self::raw), and look for a newer version of this crate.
    pub fn is_misfit(&self) -> bool {
        matches!(*self.kind, Kind::Misfit { .. })
    }
}

/// Accessors.
impl Error {
    /// The event type of a payload that does not fit.
    pub fn event_type(&self) -> Option<&str> {
        match &*self.kind {
            Kind::Misfit { event_type, .. } => Some(event_type),
            _ => None,
        }
    }

    /// The path of the value that does not fit, such as `call.members[0].user_id`; `.` is the whole
    /// payload.
    pub fn path(&self) -> Option<&str> {
        match &*self.kind {
            Kind::Misfit { path, .. } => Some(path),
            _ => None,
        }
    }

    /// The JSON as it came, decompressed, when it is valid JSON but not an event.
    pub fn raw(&self) -> Option<&str> {
        use JsonFault::{NoType, NotAnObject, TypeIsNoString};
        match &*self.kind {
            Kind::Misfit { raw, .. } => Some(raw),
            Kind::Json(NotAnObject(raw) | NoType(raw) | TypeIsNoString(raw)) => Some(raw),
            _ => None,
        }
    }
}

impl StdError for Error {
    #[inline]
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &*self.kind {
            Kind::Gzip(source) => Some(source),
            Kind::Base64(source) => Some(source),
            Kind::Json(JsonFault::Utf8(source)) => Some(source),
            Kind::Envelope(EnvelopeFault::Json(source))
            | Kind::Json(JsonFault::Syntax(source))
            | Kind::Misfit { source, .. } => Some(source),
            _ => None,
        }
    }
}

/// The same as `Display`, since the parts could show the payload.
impl fmt::Debug for Error {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Error({self})")
    }
}

impl From<Kind> for Error {
    #[inline]
    fn from(kind: Kind) -> Self {
        Self {
            kind: Box::new(kind),
        }
    }
}

impl From<SignatureFault> for Error {
    #[inline]
    fn from(fault: SignatureFault) -> Self {
        Kind::Signature(fault).into()
    }
}

impl From<EnvelopeFault> for Error {
    #[inline]
    fn from(fault: EnvelopeFault) -> Self {
        Kind::Envelope(fault).into()
    }
}

impl From<JsonFault> for Error {
    #[inline]
    fn from(fault: JsonFault) -> Self {
        Kind::Json(fault).into()
    }
}
