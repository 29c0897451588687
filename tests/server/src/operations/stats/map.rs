//! The map of a session: where its participants are.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::measures::{counts, session_of};
use super::participants::{call_fields, location, with_times};
use crate::input::{Fields, Input, ReadFields};
use crate::operations::context::Context;
use crate::operations::handler::HandlerResult;
use crate::operations::render;
use crate::state::Participation;

/// Responds with where participants are, as far as their clients said so.
pub(crate) fn map(context: &mut Context<'_>, input: &Input) -> HandlerResult {
    let session = session_of(context, input)?;
    let query = &input.query;
    let from = query.moment("start_time").unwrap_or(i64::MIN);
    let to = query.moment("end_time").unwrap_or(i64::MAX);
    let within: Vec<&Participation> = session
        .participations
        .iter()
        .filter(|one| one.joined_at <= to && one.left_at.is_none_or(|left| left >= from))
        .collect();
    let mut fields = with_times(call_fields(session, "call_type", "call_id"), session);
    fields.insert("counts".into(), counts(session, context.now));
    fields.insert("generated_at".into(), context.now.into());
    render::put(&mut fields, "start_time", query.moment("start_time"));
    render::put(&mut fields, "end_time", query.moment("end_time"));
    let person = |one: &Participation| {
        let mut fields = render::fields(json!({
            "user_id": one.user_id,
            "user_session_id": one.user_session_id,
            "is_live": one.is_present(),
        }));
        let user = context.user(&one.user_id);
        render::put(&mut fields, "name", user.and_then(|user| user.name.clone()));
        render::put(&mut fields, "location", location(one));
        fields
    };
    if !query.flag("exclude_publishers") {
        let publishers = within
            .iter()
            .filter(|one| one.ever_published.any())
            .map(|one| {
                let mut fields = person(one);
                fields.insert(
                    "published_tracks".into(),
                    render::tracks(one.ever_published),
                );
                fields.insert("publisher_type".into(), one.publisher_type().into());
                Value::Object(fields)
            });
        let publishers: Vec<Value> = publishers.collect();
        fields.insert("publishers".into(), json!({ "publishers": publishers }));
    }
    if !query.flag("exclude_subscribers") {
        let people: Vec<Fields> = within.iter().map(|one| person(one)).collect();
        fields.insert(
            "subscribers".into(),
            json!({ "locations": places(&within), "participants": people }),
        );
    }
    if !query.flag("exclude_sfus") {
        fields.insert("sfus".into(), json!({ "locations": [] }));
    }
    Ok(fields.into())
}

/// How many are at each place.
fn places(within: &[&Participation]) -> Vec<Value> {
    let mut places: BTreeMap<String, (Option<Value>, i64, i64)> = BTreeMap::new();
    for one in within {
        let place = location(one);
        let key = place.as_ref().map(Value::to_string).unwrap_or_default();
        let known = places.entry(key).or_insert((place, 0, 0));
        known.1 += 1;
        known.2 += i64::from(one.is_present());
    }
    let places = places.into_values();
    places
        .map(|(place, count, live)| {
            let mut fields = render::fields(json!({ "count": count, "live_count": live }));
            render::put(&mut fields, "location", place);
            Value::Object(fields)
        })
        .collect()
}
