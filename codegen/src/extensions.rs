//! Keys and formats that several repairs and later steps share, for what OpenAPI has no place.

/// In an operation: the media type of its form, and whether it is required.
pub(crate) const FORM: &str = "x-form";

/// The format of a field of a form that is a file.
pub(crate) const FILE: &str = "x-file";

/// In a schema: the values that a number or boolean lists. They are documented, and tell the
/// alternatives of a union apart.
pub(crate) const VALUES: &str = "x-listed-values";

/// In a schema: what its values mean, by their text.
pub(crate) const MEANINGS: &str = "x-enum-descriptions";
