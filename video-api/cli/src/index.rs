//! The operations of the embedded specification; the build script writes the tables.

/// One operation, and so one command.
#[derive(Debug)]
pub(crate) struct Operation {
    /// The operationId.
    pub(crate) id: &'static str,
    /// The name of the command.
    pub(crate) command: &'static str,
    pub(crate) tag: &'static str,
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
    pub(crate) summary: &'static str,
    pub(crate) description: &'static str,
    pub(crate) has_body: bool,
    /// True if the body is text or bytes.
    pub(crate) raw_body: bool,
    /// True if the response is text or bytes.
    pub(crate) raw_response: bool,
    /// Required ones first, in the order of the library's arguments.
    pub(crate) parameters: &'static [Parameter],
    pub(crate) pages: Option<Pages>,
    /// The path of the list that the response is about, if it is a list.
    pub(crate) list: Option<&'static str>,
    /// The lists of objects in the response.
    pub(crate) lists: &'static [List],
}

/// A parameter of the path, the query or the headers, or a field of the body.
#[derive(Debug)]
pub(crate) struct Parameter {
    /// The name on the wire.
    pub(crate) name: &'static str,
    /// The name of the flag, without dashes.
    pub(crate) flag: &'static str,
    pub(crate) place: Place,
    pub(crate) help: &'static str,
    pub(crate) kind: Kind,
    pub(crate) required: bool,
    /// Values that the specification knows; others may exist.
    pub(crate) values: &'static [&'static str],
    /// The fields of a JSON object; empty for other kinds.
    pub(crate) fields: &'static [&'static str],
    /// The shape of a JSON value; empty for other kinds.
    pub(crate) shape: &'static str,
    /// A valid JSON value; empty for other kinds.
    pub(crate) example: &'static str,
}

/// The form of a value on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(dead_code)] // The specification decides which of these exist.
pub(crate) enum Kind {
    Text,
    Integer,
    Number,
    Boolean,
    Time,
    TextList,
    /// A list of sort keys.
    Sort,
    Json,
    /// The content of a file.
    File,
    FileList,
}

/// The pagination of an operation.
#[derive(Debug)]
pub(crate) struct Pages {
    /// The part of the request that takes the cursor.
    pub(crate) next: Place,
    /// The list in the response.
    pub(crate) items: &'static str,
}

/// A list of objects in a response.
#[derive(Debug)]
pub(crate) struct List {
    /// Field names joined by dots.
    pub(crate) path: &'static str,
    /// The columns shown by default, the most important first.
    pub(crate) columns: &'static [&'static str],
    /// Columns shown on request.
    pub(crate) more: &'static [&'static str],
}

/// A part of the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(dead_code)] // The specification decides which of these exist.
pub(crate) enum Place {
    Path,
    Query,
    Header,
    Body,
}

impl Operation {
    /// The required parameters, which can be given by position.
    pub(crate) fn required(&self) -> impl Iterator<Item = &'static Parameter> {
        self.parameters.iter().filter(|p| p.required)
    }

    pub(crate) fn list_at(&self, path: &str) -> Option<&'static List> {
        self.lists.iter().find(|list| list.path == path)
    }
}

include!(concat!(env!("OUT_DIR"), "/index.rs"));

#[cfg(test)]
mod tests {
    use super::*;
    use video_api::operations;

    #[test]
    fn commands_are_the_methods_of_the_library() {
        assert_eq!(OPERATIONS.len(), operations::ALL.len());
        for operation in operations::ALL {
            let found = OPERATIONS.iter().find(|o| o.id == operation.id).unwrap();
            assert_eq!(found.command, operation.name.replace('_', "-"));
            assert_eq!(
                (found.method, found.path),
                (operation.method.as_str(), operation.path)
            );
            let names = |place| {
                let parameters = found.parameters.iter().filter(move |p| p.place == place);
                parameters.map(|p| p.name).collect::<Vec<_>>()
            };
            assert_eq!(names(Place::Path), operation.path_params);
            let (mut here, mut there) = (names(Place::Query), operation.query_params.to_vec());
            here.sort_unstable();
            there.sort_unstable();
            assert_eq!(here, there);
        }
    }

    #[test]
    fn flags_of_a_command_differ() {
        for operation in OPERATIONS {
            let mut flags: Vec<_> = operation.parameters.iter().map(|p| p.flag).collect();
            flags.sort_unstable();
            flags.dedup();
            assert_eq!(flags.len(), operation.parameters.len(), "{}", operation.id);
        }
    }

    #[test]
    fn every_list_has_default_columns() {
        for operation in OPERATIONS {
            if let Some(path) = operation.list {
                let list = operation.list_at(path).unwrap();
                assert!(!list.columns.is_empty(), "{} {path}", operation.id);
            }
        }
    }
}
