//! Events that carry the whole call.

use serde_json::{Value, json};

use super::context::Context;
use super::render;
use crate::error::ApiError;
use crate::input::Fields;

impl Context<'_> {
    /// `call.updated` and the like need the whole call, as it is now.
    pub(crate) fn emit_with_call(
        &mut self,
        kind: &str,
        cid: &str,
        payload: Value,
    ) -> Result<(), ApiError> {
        let call = render::call(self, self.call(cid)?);
        let mut fields = match payload {
            Value::Object(fields) => fields,
            _ => Fields::new(),
        };
        fields.insert("call".into(), call);
        self.emit(kind, cid, json!(fields));
        Ok(())
    }
}
