//! Operations that answer in pages, recognised by their cursors.

use proc_macro2::TokenStream;
use quote::quote;

use super::ident;
use super::plan::{Place, Request};
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

    /// `pages` and `items` methods of the request.
    pub(crate) fn methods(&self) -> TokenStream {
        quote! {
            /// Every page, as a stream that follows the cursors.
            #[inline]
            pub fn pages(self) -> Pages<Self> {
                Pages::new(self)
            }
            /// Every item on every page, as a stream.
            #[inline]
            pub fn items(self) -> Items<Self> {
                Pages::new(self).items()
            }
        }
    }

    /// The trait that the streams are built on.
    pub(crate) fn implementation(&self, request: &Request<'_>) -> TokenStream {
        let name = ident(&request.name);
        let constant = request.constant();
        let page = request.response.rust(true);
        let Shape::List(item) = &self.items.shape else {
            return quote!();
        };
        let item = item.rust(true);
        let list = ident(&self.items.name);
        let list = if self.items.optional {
            quote!(page.#list.unwrap_or_default())
        } else {
            quote!(page.#list)
        };
        let (set_prev, get_prev) = match &self.prev {
            Some(place) => (assign(place, "prev"), quote!(page.prev.as_deref())),
            None => (quote!(let _ = cursor;), quote!(None)),
        };
        let set_next = assign(&self.next, "next");
        let clear_next = clear(&self.next, "next");
        let clear_prev = self.prev.as_ref().map(|place| clear(place, "prev"));
        quote! {
            impl Paginated for #name {
                type Page = #page;
                type Item = #item;
                const OPERATION: &'static Operation = &operations::#constant;
                fn set_cursor(&mut self, cursor: Cursor) {
                    match cursor {
                        Cursor::Next(cursor) => {
                            #clear_prev
                            #set_next
                        }
                        Cursor::Prev(cursor) => {
                            #clear_next
                            #set_prev
                        }
                    }
                }
                async fn fetch(self) -> Result<Response<Self::Page>, Error> {
                    self.send().await
                }
                fn cursor(page: &Self::Page, direction: Direction) -> Option<&str> {
                    match direction {
                        Direction::Forward => page.next.as_deref(),
                        Direction::Backward => #get_prev,
                    }
                }
                fn items(page: Self::Page) -> Vec<Self::Item> {
                    #list
                }
            }
        }
    }
}

fn assign(place: &Place, word: &str) -> TokenStream {
    let field = ident(word);
    match place {
        Place::Body => quote!(self.body.#field = Some(cursor);),
        Place::Query(_) => quote!(self.parts.set_query(#word, cursor);),
    }
}

fn clear(place: &Place, word: &str) -> TokenStream {
    let field = ident(word);
    match place {
        Place::Body => quote!(self.body.#field = None;),
        Place::Query(_) => quote!(self.parts.unset_query(#word);),
    }
}
