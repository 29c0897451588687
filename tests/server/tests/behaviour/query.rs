//! Any operation that answers a list, asked in the same way.

use serde_json::Value;

use super::api::Api;

/// A query: how it is asked, what its response calls the records, and a key of each.
pub(crate) struct Query {
    pub(crate) request: String,
    /// Fields that the request needs in any case.
    pub(crate) fixed: Value,
    pub(crate) list: &'static str,
    pub(crate) key: &'static str,
}

impl Query {
    pub(crate) async fn ask(&self, api: &Api, more: &Value) -> Value {
        let mut fields = self.fixed.clone();
        for (name, value) in more.as_object().unwrap() {
            fields[name] = value.clone();
        }
        if self.request.starts_with("POST") {
            return api.ask(&self.request, fields).await;
        }
        let fields = fields.as_object().unwrap().iter();
        let query: Vec<String> = fields
            .map(|(name, value)| {
                let text = value.as_str().map_or(value.to_string(), str::to_owned);
                let encoded: String = text.bytes().map(|byte| format!("%{byte:02X}")).collect();
                format!("{name}={encoded}")
            })
            .collect();
        let request = format!("{}?{}", self.request, query.join("&"));
        api.ask(&request, Value::Null).await
    }

    pub(crate) fn keys(&self, page: &Value) -> Vec<String> {
        let records = page[self.list].as_array().unwrap().iter();
        records
            .map(|record| record.pointer(self.key).unwrap().to_string())
            .collect()
    }
}
