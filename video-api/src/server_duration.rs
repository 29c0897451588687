//! How long the server says it worked on a request, from the field that responses have for it.

use std::collections::BTreeMap;

/// A response body that may say how long the server worked.
#[allow(dead_code)] // The transport is going to read it.
pub(crate) trait ServerDuration {
    /// As the server wrote it, such as `12.34ms`.
    fn server_duration(&self) -> Option<&str> {
        None
    }
}

impl ServerDuration for () {}
impl ServerDuration for bool {}
impl ServerDuration for i32 {}
impl ServerDuration for i64 {}
impl ServerDuration for f32 {}
impl ServerDuration for f64 {}
impl ServerDuration for String {}
impl ServerDuration for crate::Timestamp {}
impl ServerDuration for crate::JsonObject {}
impl ServerDuration for serde_json::Value {}
impl<T> ServerDuration for Vec<T> {}
impl<T> ServerDuration for BTreeMap<String, T> {}

/// Implements the trait for generated types: with a required field, an optional one, or none.
macro_rules! server_durations {
    ($($ty:path => $kind:ident $(($field:ident))?,)*) => {
        $($crate::server_duration::server_durations!(@ $ty, $kind $(($field))?);)*
    };
    (@ $ty:path, Some($field:ident)) => {
        impl $crate::server_duration::ServerDuration for $ty {
            fn server_duration(&self) -> ::std::option::Option<&str> {
                ::std::option::Option::Some(&self.$field)
            }
        }
    };
    (@ $ty:path, None) => {
        impl $crate::server_duration::ServerDuration for $ty {}
    };
    (@ $ty:path, $field:ident) => {
        impl $crate::server_duration::ServerDuration for $ty {
            fn server_duration(&self) -> ::std::option::Option<&str> {
                self.$field.as_deref()
            }
        }
    };
}
pub(crate) use server_durations;
