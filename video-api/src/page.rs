//! Paging: every page, or every item of every page, as a stream, over a
//! trait that generated requests implement.

mod items;
mod pages;
mod paginated;

pub use items::Items;
pub use pages::Pages;
pub use paginated::{Cursor, Direction, Paginated};

#[cfg(test)]
mod tests;
