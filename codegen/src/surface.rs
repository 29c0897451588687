//! The generated API as data: a line per type, field, variant and function, each with what it
//! stands for on the wire.

use std::fmt;

/// The public API of the generated code.
///
/// `Display` renders one line an item, sorted; this is the text that reviewers read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Surface {
    lines: Vec<Line>,
}

impl Surface {
    pub(crate) fn new(lines: impl IntoIterator<Item = Line>) -> Self {
        let mut lines: Vec<Line> = lines.into_iter().collect();
        lines.sort_by_cached_key(Line::to_string);
        Self { lines }
    }

    /// All lines, sorted by their text.
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }
}

impl fmt::Display for Surface {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.lines.iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}

/// One public item, or one member of it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Line {
    /// Kind of the item.
    pub kind: Kind,
    /// Path of the type from the root of the crate, such as `types::CallRequest` or `Client`.
    pub owner: String,
    /// Field, variant, function or associated type; none where the line is about the type itself.
    pub member: Option<String>,
    /// Text after the name in Rust: the type of a field, the rest of a function's signature from
    /// its opening parenthesis, the payload of a variant.
    pub signature: String,
    /// Marked as deprecated.
    pub deprecated: bool,
    /// Meaning on the wire.
    pub wire: Wire,
}

/// Kind of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Kind {
    /// A struct, or one of its public fields.
    Struct,
    /// An enum, or one of its variants.
    Enum,
    /// A conversion into an enum; the signature is the source type.
    Conversion,
    /// A function.
    Function,
    /// The page or item type of a request that can be streamed.
    Pages,
}

/// Meaning of an item on the wire.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Wire {
    /// Nothing of its own.
    None,
    /// A component of the document, by its name there.
    Component(String),
    /// A request: a type, or a function that makes one.
    Operation {
        /// HTTP method in capitals.
        method: String,
        /// Path template.
        path: String,
        /// The function's arguments in their order.
        arguments: Vec<Argument>,
    },
    /// A constructor; its arguments in their order.
    Arguments(Vec<Argument>),
    /// One value of a request or a member of an object.
    Value(Place, String),
    /// A value written as it stands: of an enum, a discriminator or an event type.
    Literal(String),
}

/// An argument of a function.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Argument {
    /// Name in Rust.
    pub name: String,
    /// Place that its value is sent in.
    pub place: Place,
    /// Name on the wire.
    pub wire: String,
}

/// Place that a value is sent in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Place {
    /// In the path.
    Path,
    /// In the query.
    Query,
    /// As a header.
    Header,
    /// As a member of the JSON body.
    Body,
    /// As the whole body.
    WholeBody,
    /// As a member of a JSON object, sent or received.
    Field,
}

impl Line {
    /// The item in Rust alone, without what it stands for on the wire.
    pub fn rust(&self) -> String {
        let Self {
            owner, signature, ..
        } = self;
        let member = self.member.as_deref().unwrap_or_default();
        let mut text = match (self.kind, &self.member) {
            (Kind::Struct, None) => format!("struct {owner}"),
            (Kind::Struct, Some(_)) => format!("struct {owner}.{member}: {signature}"),
            (Kind::Enum, None) => format!("enum {owner}{signature}"),
            (Kind::Enum, Some(_)) => format!("enum {owner}::{member}{signature}"),
            (Kind::Conversion, _) => format!("enum {owner}: From<{signature}>"),
            (Kind::Function, _) => format!("fn {owner}::{member}{signature}"),
            (Kind::Pages, _) => format!("pages {owner} {member}: {signature}"),
        };
        if self.deprecated {
            text.push_str(" (deprecated)");
        }
        text
    }
}

/// The item, then what it stands for on the wire where the Rust name does not say that already.
impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.rust())?;
        match &self.wire {
            Wire::Literal(value) => write!(f, " = {value:?}"),
            Wire::Value(_, wire) if self.member.as_ref() != Some(wire) => {
                write!(f, " = {wire:?}")
            }
            Wire::Operation {
                method,
                path,
                arguments,
            } => {
                write!(f, " = {method} {path}")?;
                renamed(f, arguments)
            }
            Wire::Arguments(arguments) => renamed(f, arguments),
            _ => Ok(()),
        }
    }
}

/// The arguments that are called differently on the wire.
fn renamed(f: &mut fmt::Formatter<'_>, arguments: &[Argument]) -> fmt::Result {
    let differ = |a: &&Argument| a.name != a.wire && a.place != Place::WholeBody;
    for argument in arguments.iter().filter(differ) {
        let place = match argument.place {
            Place::Path => "path ",
            Place::Query => "query ",
            Place::Header => "header ",
            Place::Body | Place::WholeBody => "body ",
            Place::Field => "",
        };
        write!(f, ", {} = {place}{:?}", argument.name, argument.wire)?;
    }
    Ok(())
}
