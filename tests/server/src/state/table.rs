//! One kind of record by key, and which records a write changed.

use std::sync::Arc;

use imbl::OrdMap;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// A record that a write put, changed or removed.
#[derive(Debug, Clone)]
pub(crate) struct Change {
    /// The table's name, as in [`super::State`].
    pub(crate) table: &'static str,
    pub(crate) key: Arc<str>,
    /// The record after the write; `None` when it is gone.
    pub(crate) record: Option<Value>,
}

/// Records by key, in key order. Copying one is cheap: copies share what they have in common.
#[derive(Debug, Clone)]
pub(crate) struct Table<T> {
    name: &'static str,
    rows: OrdMap<Arc<str>, Arc<T>>,
    /// The records that the write in progress touched, as they were before it.
    touched: OrdMap<Arc<str>, Option<Arc<T>>>,
}

impl<T: Clone + Serialize + DeserializeOwned> Table<T> {
    pub(crate) fn new(name: &'static str) -> Self {
        Self {
            name,
            rows: OrdMap::new(),
            touched: OrdMap::new(),
        }
    }

    pub(crate) fn get(&self, key: &str) -> Option<&T> {
        self.rows.get(key).map(AsRef::as_ref)
    }

    pub(crate) fn contains(&self, key: &str) -> bool {
        self.rows.contains_key(key)
    }

    /// A record to change; it counts as changed.
    pub(crate) fn get_mut(&mut self, key: &str) -> Option<&mut T> {
        let (known, record) = self.rows.get_key_value(key)?;
        if !self.touched.contains_key(key) {
            let before = Some(Arc::clone(record));
            self.touched.insert(Arc::clone(known), before);
        }
        self.rows.get_mut(key).map(Arc::make_mut)
    }

    pub(crate) fn put(&mut self, key: &str, record: T) {
        let key: Arc<str> = key.into();
        let before = self.rows.insert(Arc::clone(&key), Arc::new(record));
        self.touched.entry(key).or_insert(before);
    }

    pub(crate) fn remove(&mut self, key: &str) -> Option<Arc<T>> {
        let (key, record) = self.rows.remove_with_key(key)?;
        let before = || Some(Arc::clone(&record));
        self.touched.entry(key).or_insert_with(before);
        Some(record)
    }

    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// The records in key order.
    pub(crate) fn values(&self) -> impl DoubleEndedIterator<Item = &T> {
        self.rows.values().map(AsRef::as_ref)
    }

    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = (&Arc<str>, &T)> {
        self.rows.iter().map(|(key, record)| (key, record.as_ref()))
    }

    /// The keys that start with a text.
    pub(crate) fn starting_with(&self, prefix: &str) -> Vec<Arc<str>> {
        let from: Arc<str> = prefix.into();
        let keys = self.rows.range(from..).map(|(key, _)| key);
        keys.take_while(|key| key.starts_with(prefix))
            .cloned()
            .collect()
    }

    /// A record together with whoever else holds it.
    pub(super) fn shared(&self, key: &str) -> Option<&Arc<T>> {
        self.rows.get(key)
    }

    /// The records that the write in progress touched, as they were before it and are now.
    pub(super) fn touched(
        &self,
    ) -> impl Iterator<Item = (&Arc<str>, Option<&Arc<T>>, Option<&Arc<T>>)> {
        let touched = self.touched.iter();
        touched.map(|(key, before)| (key, before.as_ref(), self.rows.get(key)))
    }

    pub(super) fn forget_touched(&mut self) {
        if !self.touched.is_empty() {
            self.touched = OrdMap::new();
        }
    }
}

/// The part of a table that does not depend on its records.
pub(crate) trait AnyTable {
    fn name(&self) -> &'static str;
    /// The records changed since the last write, as JSON.
    fn changes(&self) -> Vec<Change>;
    /// Every record as JSON, as after a write that put them all.
    fn records(&self) -> Vec<Change>;
    /// Takes a record over as JSON.
    fn restore(&mut self, key: &str, record: Value) -> Result<(), serde_json::Error>;
    fn forget_changes(&mut self);
}

impl<T: Clone + Serialize + DeserializeOwned> AnyTable for Table<T> {
    fn name(&self) -> &'static str {
        self.name
    }

    fn changes(&self) -> Vec<Change> {
        let json = |record: &Arc<T>| serde_json::to_value(record.as_ref()).ok();
        self.touched()
            .map(|(key, _, after)| Change {
                table: self.name,
                key: Arc::clone(key),
                record: after.and_then(json),
            })
            .collect()
    }

    fn records(&self) -> Vec<Change> {
        let record = |(key, record): (&Arc<str>, &T)| Change {
            table: self.name,
            key: Arc::clone(key),
            record: serde_json::to_value(record).ok(),
        };
        self.iter().map(record).collect()
    }

    fn restore(&mut self, key: &str, record: Value) -> Result<(), serde_json::Error> {
        let record = serde_json::from_value(record)?;
        self.rows.insert(key.into(), Arc::new(record));
        Ok(())
    }

    fn forget_changes(&mut self) {
        self.forget_touched();
    }
}
