//! Requests whose responses come in pages.

use std::future::Future;

use crate::error::Error;
use crate::operation::Operation;
use crate::response::Response;

/// A request whose response has cursors. Implemented by the generated requests.
pub trait Paginated: Clone + Send + Sized + 'static {
    /// The response body.
    type Page: Send + 'static;
    /// The type of the items on a page.
    type Item: Send + 'static;
    /// The operation behind it.
    const OPERATION: &'static Operation;

    /// Asks for the page a cursor points to.
    fn set_cursor(&mut self, cursor: Cursor);
    /// Gets one page.
    fn fetch(self) -> impl Future<Output = Result<Response<Self::Page>, Error>> + Send;
    /// The cursor to the page after, or before, this one.
    fn cursor(page: &Self::Page, direction: Direction) -> Option<&str>;
    /// The items of a page.
    fn items(page: Self::Page) -> Vec<Self::Item>;
}

/// A position between pages; keep one to continue later.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Cursor {
    /// The `next` of a page.
    Next(String),
    /// The `prev` of a page.
    Prev(String),
}

impl Cursor {
    /// The text the server gave.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Next(text) | Self::Prev(text) => text,
        }
    }

    /// The direction it leads to.
    pub fn direction(&self) -> Direction {
        match self {
            Self::Next(_) => Direction::Forward,
            Self::Prev(_) => Direction::Backward,
        }
    }
}

/// The direction of paging.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Direction {
    /// Along `next`.
    #[default]
    Forward,
    /// Along `prev`.
    Backward,
}

impl Direction {
    pub(super) fn cursor(self, text: &str) -> Cursor {
        match self {
            Self::Forward => Cursor::Next(text.to_owned()),
            Self::Backward => Cursor::Prev(text.to_owned()),
        }
    }
}
