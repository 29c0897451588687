//! Paths of earlier versions of the API, which SDKs of that time still use.

/// A path that the spec no longer has.
pub(super) struct EarlierPath {
    pub(super) path: &'static str,
    /// The operation that took its place.
    pub(super) operation: &'static str,
    /// Path values of that operation which the earlier path implies.
    pub(super) values: Implied,
}

/// Path parameters that an earlier path leaves out, each with its value.
pub(super) type Implied = &'static [(&'static str, &'static str)];

/// Recordings had one type before there were several.
const COMPOSITE: Implied = &[("recording_type", "composite")];

pub(super) const EARLIER_PATHS: [EarlierPath; 2] = [
    EarlierPath {
        path: "/api/v2/video/call/{type}/{id}/start_recording",
        operation: "StartRecording",
        values: COMPOSITE,
    },
    EarlierPath {
        path: "/api/v2/video/call/{type}/{id}/stop_recording",
        operation: "StopRecording",
        values: COMPOSITE,
    },
];
