//! The operations of the embedded spec; the build script writes the tables.

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
    /// In path order.
    pub(crate) path_parameters: &'static [Parameter],
    pub(crate) query: &'static [Parameter],
    /// The fields of the body; none when there is no body.
    pub(crate) body: Option<&'static [Parameter]>,
    pub(crate) pages: Option<Pages>,
}

/// A path parameter, a query parameter or a field of the body.
#[derive(Debug)]
pub(crate) struct Parameter {
    /// The name on the wire.
    pub(crate) name: &'static str,
    /// The name of the flag, without dashes.
    pub(crate) flag: &'static str,
    pub(crate) help: &'static str,
    pub(crate) kind: Kind,
    pub(crate) required: bool,
    /// Values that the spec knows; others may exist.
    pub(crate) values: &'static [&'static str],
}

/// How a value is written on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(dead_code)] // The spec decides which of these exist.
pub(crate) enum Kind {
    Text,
    Integer,
    Number,
    Boolean,
    Time,
    TextList,
    Json,
}

/// How an operation answers in pages.
#[derive(Debug)]
pub(crate) struct Pages {
    /// Where the cursor of the next page is given.
    pub(crate) next: Place,
    /// The list in the response.
    pub(crate) items: &'static str,
}

/// A part of the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(dead_code)] // The spec decides which of these exist.
pub(crate) enum Place {
    Query,
    Body,
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
            let names = |list: &[Parameter]| list.iter().map(|p| p.name).collect::<Vec<_>>();
            assert_eq!(names(found.path_parameters), operation.path_params);
            assert_eq!(names(found.query), operation.query_params);
        }
    }

    #[test]
    fn flags_of_a_command_differ() {
        for operation in OPERATIONS {
            let mut flags: Vec<_> = operation
                .query
                .iter()
                .chain(operation.body.unwrap_or_default())
                .collect();
            let count = flags.len();
            flags.sort_by_key(|p| p.flag);
            flags.dedup_by_key(|p| p.flag);
            assert_eq!(flags.len(), count, "{}", operation.id);
        }
    }
}
