//! Operations that answer in pages, recognised by their cursors.

use super::request::{Paging, Place, Request};
use super::text::Text;
use super::types::Field;
use crate::model::In;
use crate::shape::Shape;
use crate::surface::{Kind, Wire};

/// Finds the paging of an operation: it takes `next`, and answers with `next` and one list of items.
pub(crate) fn paging(request: &Request<'_>, response: &[Field]) -> Option<Paging> {
    let takes = |word: &str| {
        let found = request.settable.iter().find(|s| s.field.wire == word)?;
        let is_elsewhere = matches!(&found.place, Place::Sent(sent) if sent.place != In::Query);
        (found.field.shape == Shape::Text && !is_elsewhere).then(|| found.place.clone())
    };
    let gives = |word: &str| {
        response
            .iter()
            .any(|f| f.wire == word && f.optional && f.shape == Shape::Text)
    };
    let next = takes("next").filter(|_| gives("next"))?;
    let prev = takes("prev").filter(|_| gives("prev"));
    let lists: Vec<&Field> = response
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
    Some(Paging {
        next,
        prev,
        items: items.clone(),
    })
}

/// Writes the `pages` and `items` methods of the request.
pub(crate) fn methods(text: &mut Text) {
    text.docs(&["Every page, as a stream that follows the cursors."]);
    text.line("#[inline]");
    text.function("pages", "(self) -> Pages<Self>", false, Wire::None);
    text.line("Pages::new(self) }");
    text.docs(&["Every item on every page, as a stream."]);
    text.line("#[inline]");
    text.function("items", "(self) -> Items<Self>", false, Wire::None);
    text.line("Pages::new(self).items() }");
}

/// Writes the trait that the streams are built on.
pub(crate) fn implementation(text: &mut Text, request: &Request<'_>, paging: &Paging) {
    let Shape::List(item) = &paging.items.shape else {
        return;
    };
    let (name, constant) = (&request.name, request.constant());
    let (page, item) = (request.response.rust(true), item.rust(true));
    text.record(Kind::Pages, "Page", &page, false, Wire::None);
    text.record(Kind::Pages, "Item", &item, false, Wire::None);
    let next = assign(&paging.next, "next");
    let clear_next = clear(&paging.next, "next");
    let (clear_prev, prev, page_prev) = match &paging.prev {
        Some(place) => (
            clear(place, "prev"),
            assign(place, "prev"),
            "page.prev.as_deref()",
        ),
        None => (String::new(), "let _ = cursor;".to_owned(), "None"),
    };
    let absent = if paging.items.optional {
        ".unwrap_or_default()"
    } else {
        ""
    };
    let items = &paging.items.name;
    text.line(format_args!(
        "impl Paginated for {name} {{
            type Page = {page};
            type Item = {item};
            const OPERATION: &'static Operation = &operations::{constant};
            #[inline]
            fn set_cursor(&mut self, cursor: Cursor) {{
                match cursor {{
                    Cursor::Next(cursor) => {{ {clear_prev} {next} }}
                    Cursor::Prev(cursor) => {{ {clear_next} {prev} }}
                }}
            }}
            async fn fetch(self) -> Result<Response<Self::Page>, Error> {{
                self.send().await
            }}
            fn cursor(page: &Self::Page, direction: Direction) -> Option<&str> {{
                match direction {{
                    Direction::Forward => page.next.as_deref(),
                    Direction::Backward => {page_prev},
                }}
            }}
            #[inline]
            fn items(page: Self::Page) -> Vec<Self::Item> {{
                page.{items}{absent}
            }}
        }}"
    ));
}

fn assign(place: &Place, word: &str) -> String {
    match place {
        Place::Body | Place::WholeBody => format!("self.body.{word} = Some(cursor);"),
        Place::Sent(_) => format!("self.parts.set_query({word:?}, cursor);"),
    }
}

fn clear(place: &Place, word: &str) -> String {
    match place {
        Place::Body | Place::WholeBody => format!("self.body.{word} = None;"),
        Place::Sent(_) => format!("self.parts.unset_query({word:?});"),
    }
}
