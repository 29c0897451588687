//! Paging over a pretended server.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use futures_util::{Stream, StreamExt, TryStreamExt};

use super::*;
use crate::error::{Error, Kind};
use crate::operation::{BodyKind, Method, Operation};
use crate::response::{Meta, Response};

static LIST: Operation = Operation {
    id: "List",
    name: "list",
    method: Method::Post,
    path: "/list",
    tag: "test",
    summary: "",
    success: 200,
    path_params: &[],
    query_params: &[],
    only_reads: false,
    non_idempotent_params: &[],
    body: BodyKind::Json,
    accept: "application/json",
};

/// Pages by number; page `n` has the items `n0` and `n1`.
#[derive(Clone)]
struct List {
    server: Arc<Server>,
    cursor: Option<Cursor>,
}

struct Server {
    pages: usize,
    /// The value of `next`, in place of the cursor of the following page.
    next: fn(usize) -> Option<String>,
    fetched: Mutex<Vec<usize>>,
    failures: AtomicUsize,
    fail_at: usize,
}

struct Page {
    items: Vec<String>,
    next: Option<String>,
    prev: Option<String>,
}

impl Paginated for List {
    type Page = Page;
    type Item = String;
    const OPERATION: &'static Operation = &LIST;

    fn set_cursor(&mut self, cursor: Cursor) {
        self.cursor = Some(cursor);
    }

    async fn fetch(self) -> Result<Response<Page>, Error> {
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        let n: usize = self
            .cursor
            .as_ref()
            .map_or(0, |c| c.as_str().parse().unwrap());
        self.server.fetched.lock().unwrap().push(n);
        let failing = &self.server.failures;
        if n == self.server.fail_at
            && failing
                .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |f| f.checked_sub(1))
                .is_ok()
        {
            return Err(Error::new(Kind::Transport));
        }
        let following = (n + 1 < self.server.pages).then(|| (n + 1).to_string());
        let body = Page {
            items: vec![format!("{n}0"), format!("{n}1")],
            next: (self.server.next)(n).or(following),
            prev: n.checked_sub(1).map(|n| n.to_string()),
        };
        let meta = Meta {
            status: reqwest::StatusCode::OK,
            headers: Default::default(),
            request_id: "id".into(),
            attempts: 1,
            server_duration: None,
            corrected: Vec::new(),
        };
        Ok(Response { body, meta })
    }

    fn cursor(page: &Page, direction: Direction) -> Option<&str> {
        match direction {
            Direction::Forward => page.next.as_deref(),
            Direction::Backward => page.prev.as_deref(),
        }
    }

    fn items(page: Page) -> Vec<String> {
        page.items
    }
}

fn list(pages: usize, next: fn(usize) -> Option<String>, fail_at: usize, failures: usize) -> List {
    let server = Server {
        pages,
        next,
        fetched: Mutex::default(),
        failures: failures.into(),
        fail_at,
    };
    List {
        server: Arc::new(server),
        cursor: None,
    }
}

fn plain(pages: usize) -> List {
    list(pages, |_| None, 0, 0)
}

#[tokio::test(start_paused = true)]
async fn every_item_of_every_page_once_and_in_order() {
    let items: Vec<String> = Pages::new(plain(3)).items().try_collect().await.unwrap();
    assert_eq!(items, ["00", "01", "10", "11", "20", "21"]);
    let pages: Vec<_> = Pages::new(plain(3)).try_collect().await.unwrap();
    assert_eq!(pages.len(), 3);
    let mut by_hand = Pages::new(plain(1));
    assert!(by_hand.try_next().await.unwrap().is_some());
    assert!(by_hand.try_next().await.unwrap().is_none());
    assert!(by_hand.try_next().await.unwrap().is_none());
}

#[tokio::test(start_paused = true)]
async fn backwards_and_from_a_cursor() {
    let from = Pages::new(plain(4)).from_cursor(Cursor::Prev("2".into()));
    let items: Vec<String> = from.items().try_collect().await.unwrap();
    assert_eq!(items, ["20", "21", "10", "11", "00", "01"]);
    let mut pages = Pages::new(plain(4));
    pages.try_next().await.unwrap();
    assert_eq!(pages.cursor(), Some(&Cursor::Next("1".into())));
    let kept = pages.cursor().cloned().unwrap();
    let rest: Vec<String> = Pages::new(plain(4))
        .items()
        .from_cursor(kept)
        .try_collect()
        .await
        .unwrap();
    assert_eq!(rest.len(), 6);
    let first: Vec<String> = Pages::new(plain(4))
        .backward()
        .items()
        .try_collect()
        .await
        .unwrap();
    assert_eq!(first, ["00", "01"], "nothing before the first page");
}

#[tokio::test(start_paused = true)]
async fn an_empty_cursor_ends() {
    let server = list(5, |n| (n == 1).then(String::new), 0, 0);
    let items: Vec<String> = Pages::new(server).items().try_collect().await.unwrap();
    assert_eq!(items.len(), 4);
}

#[tokio::test(start_paused = true)]
async fn a_repeated_cursor_is_an_error_after_the_good_pages() {
    for (next, good) in [
        (
            (|n| (n == 2).then(|| "2".into())) as fn(usize) -> Option<String>,
            3,
        ),
        (|n| (n == 2).then(|| "1".into()), 3),
    ] {
        for prefetch in [false, true] {
            let mut pages = Pages::new(list(9, next, 0, 0)).prefetch(prefetch);
            for _ in 0..good {
                assert!(pages.try_next().await.unwrap().is_some());
            }
            let error = pages.try_next().await.err().unwrap();
            assert_eq!(error.error_type(), "cursor");
            pages.resume();
            assert!(
                error
                    .to_string()
                    .starts_with("List: the server repeated a cursor"),
                "{error}"
            );
            assert!(pages.try_next().await.unwrap().is_none());
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_failing_page_comes_after_what_was_good_and_can_be_resumed() {
    for prefetch in [false, true] {
        let server = list(3, |_| None, 1, 1);
        let mut items = Pages::new(server.clone()).items().prefetch(prefetch);
        assert_eq!(items.try_next().await.unwrap().as_deref(), Some("00"));
        assert_eq!(items.try_next().await.unwrap().as_deref(), Some("01"));
        assert!(items.try_next().await.is_err());
        assert_eq!(
            items.try_next().await.unwrap(),
            None,
            "never loops by itself"
        );
        assert_eq!(items.cursor(), Some(&Cursor::Next("1".into())));
        items.resume();
        let rest: Vec<String> = items.try_collect().await.unwrap();
        assert_eq!(rest, ["10", "11", "20", "21"]);
        assert_eq!(*server.server.fetched.lock().unwrap(), [0, 1, 1, 2]);
    }
}

#[tokio::test(start_paused = true)]
async fn prefetch_is_one_page_ahead_and_ends_with_the_stream() {
    let server = plain(5);
    let mut pages = Pages::new(server.clone()).prefetch(true);
    pages.try_next().await.unwrap();
    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    assert_eq!(*server.server.fetched.lock().unwrap(), [0, 1]);
    pages.try_next().await.unwrap();
    drop(pages);
    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    assert_eq!(
        *server.server.fetched.lock().unwrap(),
        [0, 1],
        "the third was cancelled"
    );

    let lazy = plain(5);
    let mut pages = Pages::new(lazy.clone());
    pages.try_next().await.unwrap();
    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    assert_eq!(*lazy.server.fetched.lock().unwrap(), [0]);
}

#[test]
fn streams_are_send_and_unpin() {
    fn check<T: Stream + Send + Unpin>(_: T) {}
    check(Pages::new(plain(1)));
    check(Pages::new(plain(1)).items().map(|item| item));
}
