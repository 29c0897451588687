//! A stream of items.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_util::Stream;

use super::pages::Pages;
use super::paginated::{Cursor, Paginated};
use crate::error::Error;
use crate::response::Response;

/// A stream of the items of all pages.
///
/// Like [`Pages`], it ends after an error, keeps its place, and can be resumed.
#[must_use = "a stream does nothing until it is polled"]
pub struct Items<R: Paginated> {
    pages: Pages<R>,
    current: std::vec::IntoIter<R::Item>,
}

impl<R: Paginated> Pages<R> {
    /// Every item of every page.
    pub fn items(self) -> Items<R> {
        Items {
            pages: self,
            current: Vec::new().into_iter(),
        }
    }
}

impl<R: Paginated> Items<R> {
    /// Goes backwards, along `prev`. The items within a page keep their order.
    pub fn backward(mut self) -> Self {
        self.pages = self.pages.backward();
        self
    }

    /// Begins at a cursor kept from earlier, in its direction.
    pub fn from_cursor(mut self, cursor: Cursor) -> Self {
        self.pages = self.pages.from_cursor(cursor);
        self
    }

    /// Fetches the next page while the items of the current one are being worked on.
    pub fn prefetch(mut self, prefetch: bool) -> Self {
        self.pages = self.pages.prefetch(prefetch);
        self
    }

    /// The cursor of the page after the current items, see [`Pages::cursor`].
    pub fn cursor(&self) -> Option<&Cursor> {
        self.pages.cursor()
    }

    /// After an error, lets the stream continue with the page that failed.
    pub fn resume(&mut self) {
        self.pages.resume();
    }

    /// The next item; `None` after the last one.
    pub async fn try_next(&mut self) -> Result<Option<R::Item>, Error> {
        poll_fn(|cx| self.poll(cx)).await.transpose()
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<R::Item, Error>>> {
        loop {
            if let Some(item) = self.current.next() {
                return Poll::Ready(Some(Ok(item)));
            }
            match ready!(self.pages.poll(cx)) {
                Some(Ok(page)) => self.current = R::items(Response::into_inner(page)).into_iter(),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}

// No field is pinned.
impl<R: Paginated> Unpin for Items<R> {}

impl<R: Paginated> Stream for Items<R> {
    type Item = Result<R::Item, Error>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll(cx)
    }
}

impl<R: Paginated> fmt::Debug for Items<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items")
            .field("pages", &self.pages)
            .finish_non_exhaustive()
    }
}
