//! Bounds on the records that fit a filter, in terms that an index can look up.

use serde_json::Value;

/// Records that hold certain values.
#[derive(Debug, Clone)]
pub(crate) enum Bound<'a> {
    /// Any record: the filter says nothing that an index knows.
    Unknown,
    /// Those that hold one of the values in a field.
    Field(&'a str, Values<'a>),
    All(Vec<Bound<'a>>),
    Any(Vec<Bound<'a>>),
    Not(Box<Bound<'a>>),
}

/// Values of a field.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Values<'a> {
    /// Equal to a value, or a list with such an item.
    Equal(&'a Value),
    /// From one end to the other, both included; `None` leaves an end open.
    Between(Option<&'a Value>, Option<&'a Value>),
    /// Texts that contain a part.
    Containing(&'a str),
    /// Texts with a word that begins with this prefix, which is in lower case.
    Beginning(&'a str),
    /// All but null.
    NotNull,
}

impl<'a> Bound<'a> {
    /// The values in `field` of every record within the bound, where one condition says so.
    pub(crate) fn values_of(&self, field: &str) -> Option<Values<'a>> {
        match self {
            Self::All(parts) => parts.iter().find_map(|part| part.values_of(field)),
            Self::Field(name, values) if *name == field => Some(*values),
            _ => None,
        }
    }
}

/// Returns true if the text continues with a prefix in lower case from its start or that of a word.
pub(crate) fn has_word(text: &str, prefix: &str) -> bool {
    if text.is_ascii() && prefix.is_ascii() {
        return has_ascii_word(text.as_bytes(), prefix.as_bytes());
    }
    let continues = |from: usize| {
        let mut letters = lower_case(text.get(from..).unwrap_or_default());
        prefix.chars().all(|wanted| letters.next() == Some(wanted))
    };
    let mut is_in_word = false;
    let mut starts = text.char_indices().filter(|(place, letter)| {
        let is_start = *place == 0 || (letter.is_alphanumeric() && !is_in_word);
        is_in_word = letter.is_alphanumeric();
        is_start
    });
    prefix.is_empty() || starts.any(|(place, _)| continues(place))
}

// Most texts are ASCII, and a query may look through all of them.
fn has_ascii_word(text: &[u8], prefix: &[u8]) -> bool {
    let mut is_in_word = false;
    prefix.is_empty()
        || text.windows(prefix.len()).enumerate().any(|(place, head)| {
            let is_letter = head.first().is_some_and(u8::is_ascii_alphanumeric);
            let is_start = place == 0 || (is_letter && !is_in_word);
            is_in_word = is_letter;
            is_start && head.eq_ignore_ascii_case(prefix)
        })
}

pub(crate) fn lower_case(text: &str) -> impl Iterator<Item = char> {
    text.chars().flat_map(char::to_lowercase)
}
