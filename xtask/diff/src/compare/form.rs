//! Fields of forms: several values are written like one, under the same name again.

use serde_json::Value;

use super::context::{Findings, Kind, Link, Sides};
use super::fact::Fact;
use super::list_entries::entries_of_list;
use super::schema;
use crate::read::{Document, Site};
use crate::rules;

/// True for media types whose fields are written one after the other, as far as no encoding says
/// otherwise.
pub(super) fn is_form(media: &str, (old, new): (&Value, &Value)) -> bool {
    let essence = media.split(';').next().unwrap_or_default().trim();
    let forms = ["application/x-www-form-urlencoded", "multipart/form-data"];
    let is_free = |side: &Value| {
        let encodings = side.get("encoding").and_then(Value::as_object);
        let mut all = encodings.into_iter().flat_map(|map| map.values());
        all.all(|part| {
            let content = part.get("contentType").and_then(Value::as_str);
            let is_json = content.is_some_and(|media| media.contains("json"));
            !is_json && part.get("style").is_none() && part.get("explode").is_none()
        })
    };
    let is_form = forms.iter().any(|form| essence.eq_ignore_ascii_case(form));
    is_form && is_free(old) && is_free(new)
}

/// Compares the schemas of two forms.
pub(super) fn compare<'a>(sides: &Sides<'a>, old: &Site<'a>, new: &Site<'a>) -> Findings<'a> {
    let mut found = schema::compare(sides, old, new);
    let refers = |document: &Document<'a>, site: &Site<'a>| {
        let single = site.single();
        single.is_some_and(|one| document.peel(one).reference.is_some())
    };
    if refers(&sides.old, old) && refers(&sides.new, new) {
        // What the references lead to is the form.
        for link in &mut found.links {
            link.kind = Kind::Form;
        }
        return found;
    }
    let links = std::mem::take(&mut found.links);
    for link in links {
        field(sides, &mut found, link);
    }
    found
}

/// Compares a field, which may take several values now.
fn field<'a>(sides: &Sides<'a>, found: &mut Findings<'a>, link: Link<'a>) {
    let pair = link.old.single().zip(link.new.single());
    let list = pair.and_then(|pair| Some((pair, entries_of_list(sides, pair)?)));
    let Some(((before, after), entries)) = list else {
        found.links.push(link);
        return;
    };
    let text = "several values may be given; one is written as before";
    let fact = Fact::changed(&rules::PARAMETER_BECAME_LIST, before, after, text);
    found.report(fact.values(before.clone(), after.clone()));
    found.link_via(Kind::Schema, link.via, before, entries);
}
