//! Directions, and how they carry over from a pair of places to one inside of it.

/// A pair of places, which is compared once.
pub(crate) type NodeId = usize;

/// Requests or responses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Direction {
    Request,
    Response,
}

impl Direction {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Response => "response",
        }
    }
}

/// Propagation of a direction from a pair to one inside of it.
#[derive(Clone, Copy)]
pub(crate) enum Via {
    /// Both directions carry over.
    Both,
    /// Only this one does: a property that is read-only or write-only.
    Only(Direction),
    /// From an operation, which has none, into its request or response.
    Into(Direction),
}
