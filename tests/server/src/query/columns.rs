//! Fields that conditions and order can name, and how they are read.

use serde_json::{Map, Value};

use super::value::Field;
use crate::error::ApiError;

/// How a field compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Comparison {
    /// By its value.
    Plain,
    /// As a moment: requests write RFC 3339 or nanoseconds, the field holds nanoseconds.
    Time,
}

/// Reads a field of a record.
pub(crate) type Get<T> = for<'a> fn(&'a T) -> Field<'a>;

/// Reads the free data of a record.
pub(crate) type Custom<T> = fn(&T) -> &Map<String, Value>;

/// A field that conditions and order can name.
pub(crate) struct Column<T> {
    pub(crate) name: &'static str,
    pub(crate) kind: Comparison,
    pub(crate) get: Get<T>,
}

impl<T> Column<T> {
    /// A field that compares by its value.
    pub(crate) const fn plain(name: &'static str, get: Get<T>) -> Self {
        let kind = Comparison::Plain;
        Self { name, kind, get }
    }

    /// A field that holds a moment.
    pub(crate) const fn time(name: &'static str, get: Get<T>) -> Self {
        let kind = Comparison::Time;
        Self { name, kind, get }
    }
}

/// The fields and the order of records of a kind.
pub(crate) struct Columns<T: 'static> {
    pub(crate) fields: &'static [Column<T>],
    /// Free data under `custom`, if there are such.
    pub(crate) custom: Option<Custom<T>>,
    /// Identifies a record in cursors.
    pub(crate) key: fn(&T) -> String,
    /// The order when none is asked for.
    pub(crate) order: (&'static str, i64),
}

/// A field that was looked up once and is read often.
pub(super) enum Source<T: 'static> {
    Column(Get<T>),
    Custom(Custom<T>, Vec<String>),
}

impl<T> Clone for Source<T> {
    fn clone(&self) -> Self {
        match self {
            Self::Column(get) => Self::Column(*get),
            Self::Custom(custom, steps) => Self::Custom(*custom, steps.clone()),
        }
    }
}

impl<T> Source<T> {
    pub(super) fn read<'a>(&self, record: &'a T) -> Field<'a> {
        match self {
            Self::Column(get) => get(record),
            Self::Custom(custom, steps) => {
                let mut steps = steps.iter();
                let first = steps.next().and_then(|step| custom(record).get(step));
                let found = steps.fold(first, |value, step| value?.get(step));
                found.map_or(Field::Null, Field::from_json)
            }
        }
    }
}

impl<T> Columns<T> {
    pub(super) fn find(&self, name: &str) -> Result<(Source<T>, Comparison), ApiError> {
        if let Some(column) = self.fields.iter().find(|column| column.name == name) {
            return Ok((Source::Column(column.get), column.kind));
        }
        if let (Some(custom), Some(path)) = (self.custom, name.strip_prefix("custom.")) {
            let steps = path.split('.').map(str::to_owned).collect();
            return Ok((Source::Custom(custom, steps), Comparison::Plain));
        }
        Err(ApiError::input(format!(
            "{name} is not a field to filter or sort by; these are: {}",
            self.names().join(", ")
        )))
    }

    fn names(&self) -> Vec<&str> {
        let names = self.fields.iter().map(|column| column.name);
        names.chain(self.custom.map(|_| "custom.…")).collect()
    }
}
