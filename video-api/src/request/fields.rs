//! The fields of a form.

use std::borrow::Cow;

use bytes::Bytes;
use reqwest::header::HeaderValue;
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use super::RequestParts;
use crate::error::Error;
use crate::form::{self, Content, FormField};
use crate::operation::BodyKind;
use crate::query::{self, QueryStyle};
use crate::upload::Upload;

#[allow(dead_code)] // Used where the spec has forms.
impl RequestParts {
    /// Sets a field of a form, replacing an earlier value.
    pub(crate) fn set_field(&mut self, name: &'static str, value: String) {
        self.replace_field(name, [Content::Text(value)]);
    }

    /// Sets a field that is JSON text.
    pub(crate) fn set_field_json<T: Serialize>(&mut self, name: &'static str, value: &T) {
        match serde_json::to_string(value) {
            Ok(json) => self.replace_field(name, [Content::Json(json)]),
            Err(error) => self.defer(format!("`{name}` cannot be written as JSON: {error}")),
        }
    }

    /// Sets a field that is a list: each item is a field of that name.
    pub(crate) fn set_field_items<T: Serialize>(&mut self, name: &'static str, value: &T) {
        match serde_json::to_value(value) {
            Ok(Value::Array(items)) => {
                self.replace_field(name, items.iter().filter_map(Content::of));
            }
            Ok(value) => self.replace_field(name, Content::of(&value)),
            Err(error) => self.defer(format!("`{name}` cannot be written: {error}")),
        }
    }

    /// Sets a field that is a list or an object in a style of the query.
    pub(crate) fn set_field_styled<T: Serialize>(
        &mut self,
        name: &'static str,
        style: QueryStyle,
        value: &T,
    ) {
        let value = match serde_json::to_value(value) {
            Ok(value) => value,
            Err(error) => return self.defer(format!("`{name}` cannot be written: {error}")),
        };
        self.unset_field(name);
        let pairs = query::pairs(name, style, &value).into_iter();
        self.form.extend(pairs.map(|(part, value)| FormField {
            name: part.into(),
            part_of: name.into(),
            content: Content::Text(value),
            media: None,
        }));
    }

    /// Sets a field that is a file.
    pub(crate) fn set_field_file(&mut self, name: &'static str, file: Upload) {
        self.set_field_files(name, vec![file]);
    }

    /// Sets a field that is a list of files.
    pub(crate) fn set_field_files(&mut self, name: &'static str, files: Vec<Upload>) {
        self.replace_field(name, files.into_iter().map(Content::File));
    }

    /// Sets the documented media type of a field that is set.
    pub(crate) fn set_field_media(&mut self, name: &'static str, media: &'static str) {
        let mut fields = self.form.iter_mut().filter(|field| field.part_of == name);
        fields.by_ref().for_each(|field| field.media = Some(media));
    }

    /// Sets a field that the spec does not have.
    pub(super) fn set_extra_field(&mut self, name: String, value: Value) {
        self.replace_field(name, Content::of(&value));
    }

    fn replace_field(
        &mut self,
        name: impl Into<Cow<'static, str>>,
        contents: impl IntoIterator<Item = Content>,
    ) {
        let name = name.into();
        self.unset_field(&name);
        let contents = contents.into_iter();
        self.form.extend(contents.map(|content| FormField {
            name: name.clone(),
            part_of: name.clone(),
            content,
            media: None,
        }));
    }

    fn unset_field(&mut self, name: &str) {
        self.form.retain(|field| field.part_of != name);
    }

    /// Encodes the form, and sets the media type. Without any field there is no body where that
    /// is `optional`.
    pub(crate) fn encode_form(&mut self, optional: bool) -> Result<Option<Bytes>, Error> {
        if optional && self.form.is_empty() {
            return Ok(None);
        }
        if self.operation.body != BodyKind::Multipart {
            return Ok(Some(form::urlencoded(&self.form)));
        }
        let boundary = format!("form-{}", Uuid::new_v4().simple());
        let body = form::multipart(&self.form, &boundary)
            .map_err(|error| error.for_operation(self.operation))?;
        let media = format!("multipart/form-data; boundary={boundary}");
        let media = HeaderValue::try_from(media)
            .map_err(|_| Error::invalid("the boundary is not a valid header value"))?;
        self.headers.push(("content-type", media));
        Ok(Some(body))
    }
}
