//! Sort criteria in one word.

use crate::types::SortParamRequest;

impl SortParamRequest {
    /// Sorts by this field, smallest or earliest first.
    ///
    /// ```
    /// use video_api::types::SortParamRequest;
    ///
    /// let newest_first = SortParamRequest::descending("created_at");
    /// assert_eq!(newest_first.direction, Some(-1));
    /// ```
    pub fn ascending(field: impl Into<String>) -> Self {
        Self::new().field(field).direction(1)
    }

    /// Sorts by this field, largest or latest first.
    pub fn descending(field: impl Into<String>) -> Self {
        Self::new().field(field).direction(-1)
    }
}
