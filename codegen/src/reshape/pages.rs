//! Operations that answer in pages, recognised by their cursors.

use super::plan::{Place, Request};
use super::text::Text;
use super::types::Field;
use crate::shape::Shape;

/// How an operation pages.
#[derive(Debug, Clone)]
pub(crate) struct Paging {
    next: Place,
    prev: Option<Place>,
    items: Field,
}

impl Paging {
    /// An operation pages when it takes `next`, and answers with `next` and one list of items.
    pub(crate) fn of(request: &Request<'_>, answer: &[Field]) -> Option<Self> {
        let takes = |word: &str| {
            let found = request.settable.iter().find(|s| s.field.wire == word)?;
            (found.field.shape == Shape::Text).then(|| found.place.clone())
        };
        let gives = |word: &str| {
            answer
                .iter()
                .any(|f| f.wire == word && f.optional && f.shape == Shape::Text)
        };
        let next = takes("next").filter(|_| gives("next"))?;
        let prev = takes("prev").filter(|_| gives("prev"));
        let lists: Vec<&Field> = answer
            .iter()
            .filter(|f| matches!(f.shape, Shape::List(_)))
            .collect();
        let last_word = request.operation.path.rsplit('/').next();
        let items = match lists.as_slice() {
            [only] => *only,
            several => *several
                .iter()
                .find(|f| Some(f.wire.as_str()) == last_word)?,
        };
        Some(Self {
            next,
            prev,
            items: items.clone(),
        })
    }

    /// Writes the `pages` and `items` methods of the request.
    pub(crate) fn methods(&self, text: &mut Text) {
        text.docs(&["Every page, as a stream that follows the cursors."]);
        text.line("#[inline]");
        text.open("pub fn pages(self) -> Pages<Self> {");
        text.line("Pages::new(self)");
        text.close("}");
        text.docs(&["Every item on every page, as a stream."]);
        text.line("#[inline]");
        text.open("pub fn items(self) -> Items<Self> {");
        text.line("Pages::new(self).items()");
        text.close("}");
    }

    /// Writes the trait that the streams are built on.
    pub(crate) fn implementation(&self, text: &mut Text, request: &Request<'_>) {
        let Shape::List(item) = &self.items.shape else {
            return;
        };
        let page = request.response.rust(true);
        text.open(format_args!("impl Paginated for {} {{", request.name));
        text.line(format_args!("type Page = {page};"));
        text.line(format_args!("type Item = {};", item.rust(true)));
        text.line(format_args!(
            "const OPERATION: &'static Operation = &operations::{};",
            request.constant()
        ));
        text.line("#[inline]");
        text.open("fn set_cursor(&mut self, cursor: Cursor) {");
        text.open("match cursor {");
        text.open("Cursor::Next(cursor) => {");
        if let Some(prev) = &self.prev {
            clear(text, prev, "prev");
        }
        assign(text, &self.next, "next");
        text.close("}");
        text.open("Cursor::Prev(cursor) => {");
        clear(text, &self.next, "next");
        match &self.prev {
            Some(prev) => assign(text, prev, "prev"),
            None => text.line("let _ = cursor;"),
        }
        for _ in 0..3 {
            text.close("}");
        }
        text.open("async fn fetch(self) -> Result<Response<Self::Page>, Error> {");
        text.line("self.send().await");
        text.close("}");
        text.open("fn cursor(page: &Self::Page, direction: Direction) -> Option<&str> {");
        text.open("match direction {");
        text.line("Direction::Forward => page.next.as_deref(),");
        let prev = self
            .prev
            .as_ref()
            .map_or("None", |_| "page.prev.as_deref()");
        text.line(format_args!("Direction::Backward => {prev},"));
        text.close("}");
        text.close("}");
        text.line("#[inline]");
        text.open("fn items(page: Self::Page) -> Vec<Self::Item> {");
        let absent = if self.items.optional {
            ".unwrap_or_default()"
        } else {
            ""
        };
        text.line(format_args!("page.{}{absent}", self.items.name));
        text.close("}");
        text.close("}");
    }
}

fn assign(text: &mut Text, place: &Place, word: &str) {
    match place {
        Place::Body => text.line(format_args!("self.body.{word} = Some(cursor);")),
        Place::Query(_) => text.line(format_args!("self.parts.set_query({word:?}, cursor);")),
    }
}

fn clear(text: &mut Text, place: &Place, word: &str) {
    match place {
        Place::Body => text.line(format_args!("self.body.{word} = None;")),
        Place::Query(_) => text.line(format_args!("self.parts.unset_query({word:?});")),
    }
}
