//! What people and programs get to see.

pub(crate) mod error;
pub(crate) mod table;
pub(crate) mod tree;

/// Text that cannot move the cursor or change colours: a call's name may be anybody's.
pub(crate) fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter.is_control() || is_direction(letter) {
            out.extend(letter.escape_default());
        } else {
            out.push(letter);
        }
    }
    out
}

/// Characters that make a text look like another one.
fn is_direction(letter: char) -> bool {
    matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}')
}

/// The width of the terminal, or what fits on most pages.
pub(crate) fn width() -> usize {
    const USUAL: usize = 100;
    let terminal = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    terminal.filter(|width| *width >= 40).unwrap_or(USUAL)
}
