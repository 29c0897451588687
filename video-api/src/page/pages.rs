//! A stream of pages.

use std::collections::HashSet;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_util::Stream;
use tokio::task::JoinHandle;

use super::paginated::{Cursor, Direction, Paginated};
use crate::error::{Error, Kind};
use crate::response::Response;

/// A stream of whole pages.
///
/// It ends after the last page and after an error. An error does not lose the place:
/// [`cursor`](Self::cursor) still points to the page that failed, and
/// [`resume`](Self::resume) makes the stream try it again.
#[must_use = "a stream does nothing until it is polled"]
pub struct Pages<R: Paginated> {
    request: R,
    direction: Direction,
    prefetch: bool,
    /// The cursor of the next page to be yielded; `None` at the start.
    cursor: Option<Cursor>,
    /// Cursors followed so far.
    followed: HashSet<String>,
    pending: Option<Pending<R::Page>>,
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Running,
    /// After an error, until resumed.
    Failed,
    /// After the last page.
    Ended,
}

type PageResult<P> = Result<Response<P>, Error>;

/// A page on its way: in this task, or ahead of it in one of its own.
enum Pending<P> {
    Here(Pin<Box<dyn Future<Output = PageResult<P>> + Send>>),
    Ahead(Task<P>),
}

/// A task that ends with its owner.
struct Task<P>(JoinHandle<PageResult<P>>);

impl<P> Drop for Task<P> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl<R: Paginated> Pages<R> {
    /// The pages of a request, forwards from its beginning.
    #[allow(dead_code)] // Used by the generated requests.
    pub(crate) fn new(request: R) -> Self {
        Self {
            request,
            direction: Direction::default(),
            prefetch: false,
            cursor: None,
            followed: HashSet::new(),
            pending: None,
            state: State::Running,
        }
    }

    /// Goes backwards, along `prev`.
    pub fn backward(mut self) -> Self {
        self.direction = Direction::Backward;
        self
    }

    /// Begins at a cursor kept from earlier, in its direction.
    pub fn from_cursor(mut self, cursor: Cursor) -> Self {
        self.direction = cursor.direction();
        self.cursor = Some(cursor);
        self
    }

    /// Fetches the next page while the current one is being worked on. At most one page is
    /// fetched for nothing. Needs a Tokio runtime, as everything here does.
    pub fn prefetch(mut self, prefetch: bool) -> Self {
        self.prefetch = prefetch;
        self
    }

    /// The cursor of the next page: after an error that of the page that failed; `None` before the
    /// first page and after the last. Pass it to [`from_cursor`](Self::from_cursor) to continue
    /// later.
    pub fn cursor(&self) -> Option<&Cursor> {
        self.cursor.as_ref()
    }

    /// After an error, lets the stream continue with the page that failed.
    pub fn resume(&mut self) {
        if self.state == State::Failed {
            self.state = State::Running;
        }
    }

    /// The next page; `None` after the last one.
    pub async fn try_next(&mut self) -> Result<Option<Response<R::Page>>, Error> {
        poll_fn(|cx| self.poll(cx)).await.transpose()
    }

    fn request_at(&self, cursor: Option<&Cursor>) -> R {
        let mut request = self.request.clone();
        if let Some(cursor) = cursor {
            request.set_cursor(cursor.clone());
        }
        request
    }

    /// Moves on to the page after this one. An error when its cursor was followed before.
    fn advance(&mut self, page: &R::Page) -> Result<(), Error> {
        match R::cursor(page, self.direction).filter(|text| !text.is_empty()) {
            None => {
                self.cursor = None;
                self.state = State::Ended;
                Ok(())
            }
            Some(text) => {
                if let Some(current) = &self.cursor {
                    self.followed.insert(current.as_str().to_owned());
                }
                if self.followed.contains(text) {
                    return Err(Error::new(Kind::Cursor).for_operation(R::OPERATION));
                }
                self.cursor = Some(self.direction.cursor(text));
                Ok(())
            }
        }
    }
}

// No field is pinned.
impl<R: Paginated> Unpin for Pages<R> {}

impl<R: Paginated> Stream for Pages<R> {
    type Item = Result<Response<R::Page>, Error>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll(cx)
    }
}

impl<R: Paginated> Pages<R> {
    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<PageResult<R::Page>>> {
        if self.state != State::Running {
            return Poll::Ready(None);
        }
        let pending = match &mut self.pending {
            Some(pending) => pending,
            None => {
                let request = self.request_at(self.cursor.as_ref());
                self.pending
                    .insert(Pending::Here(Box::pin(request.fetch())))
            }
        };
        let result = match pending {
            Pending::Here(future) => ready!(future.as_mut().poll(cx)),
            Pending::Ahead(task) => match ready!(Pin::new(&mut task.0).poll(cx)) {
                Ok(result) => result,
                Err(error) => Err(Error::new(Kind::Transport)
                    .with_source(error)
                    .for_operation(R::OPERATION)),
            },
        };
        self.pending = None;
        let page = match result {
            Ok(page) => page,
            Err(error) => {
                // Trying again would lead to the same cursor.
                let repeated = error.is_repeated_cursor();
                self.state = if repeated {
                    State::Ended
                } else {
                    State::Failed
                };
                return Poll::Ready(Some(Err(error)));
            }
        };
        match self.advance(&page) {
            Ok(()) => {
                if self.prefetch && self.state == State::Running {
                    let request = self.request_at(self.cursor.as_ref());
                    self.pending = Some(Pending::Ahead(Task(tokio::spawn(request.fetch()))));
                }
            }
            // The page itself is good: it is yielded first, the error comes after it.
            Err(error) => {
                self.pending = Some(Pending::Here(Box::pin(std::future::ready(Err(error)))))
            }
        }
        Poll::Ready(Some(Ok(page)))
    }
}

impl<R: Paginated> fmt::Debug for Pages<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages")
            .field("operation", &R::OPERATION.id)
            .field("direction", &self.direction)
            .field("prefetch", &self.prefetch)
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}
