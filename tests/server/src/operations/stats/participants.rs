//! Participants of one session.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::measures::{counts, duration, participation_of, session_of};
use super::samples::{self, Timeframe};
use crate::error::ApiError;
use crate::input::{Fields, Input, ReadFields};
use crate::operations::context::Context;
use crate::operations::handler::HandlerResult;
use crate::operations::render;
use crate::query::{Column, Columns, Field, Request};
use crate::state::{Participation, Sample, Session};
use crate::time::{self, SECOND};

/// Points of a curve when the request does not say.
const DEFAULT_POINTS: i64 = 512;

static PRESENCES: Columns<Participation> = Columns {
    fields: &[
        Column::plain("user_id", |one| Field::Text(&one.user_id)),
        Column::plain("user_session_id", |one| Field::Text(&one.user_session_id)),
        Column::plain("role", |one| Field::Text(&one.role)),
        Column::plain("roles", |one| Field::Text(&one.role)),
        Column::plain("is_live", |one| Field::Bool(one.is_present())),
        Column::time("joined_at", |one| Field::Integer(one.joined_at)),
        Column::time("left_at", |one| Field::optional_integer(one.left_at)),
    ],
    custom: None,
    key: |one| one.user_session_id.clone(),
    order: ("joined_at", 1),
};

/// The location that a client named.
pub(crate) fn location(one: &Participation) -> Option<Value> {
    one.client.get("location").cloned()
}

pub(crate) fn call_fields(session: &Session, kind: &str, id: &str) -> Fields {
    let (call_type, call_id) = session.cid.split_once(':').unwrap_or_default();
    let mut fields = render::fields(json!({ "call_session_id": session.id }));
    fields.insert(kind.into(), call_type.into());
    fields.insert(id.into(), call_id.into());
    fields
}

pub(crate) fn with_times(mut fields: Fields, session: &Session) -> Fields {
    render::put(&mut fields, "call_started_at", session.started_at);
    render::put(&mut fields, "call_ended_at", session.ended_at);
    fields
}

/// Responds with who was in a session, and when.
pub(crate) fn participant_sessions(context: &mut Context<'_>, input: &Input) -> HandlerResult {
    let session = session_of(context, input)?;
    let request = Request::read("QueryCallParticipantSessions", &input.query, &PRESENCES)?;
    let page = request.page(session.participations.iter(), false);
    let shown = page.records.iter().map(|one| {
        let mut fields = render::fields(json!({
            "user_id": one.user_id,
            "user_session_id": one.user_session_id,
            "roles": [one.role],
            "publisher_type": one.publisher_type(),
            "joined_at": one.joined_at,
            "duration_in_seconds": one.duration(context.now) / SECOND,
        }));
        render::put(&mut fields, "left_at", one.left_at);
        Value::Object(fields)
    });
    let shown = shown.collect();
    let all = session.participations.iter();
    let total = time::total(all.map(|one| one.duration(context.now)));
    let mut fields = page.into_body("participants_sessions", shown);
    fields.extend(call_fields(session, "call_type", "call_id"));
    fields.insert("session".into(), render::session(context.state(), session));
    fields.insert(
        "duration".into(),
        (duration(session, context.now) / SECOND).into(),
    );
    fields.insert("total_participant_duration".into(), (total / SECOND).into());
    let count = session.participations.len();
    fields.insert("total_participant_sessions".into(), json!(count));
    Ok(fields.into())
}

/// Responds with what a participant sent.
pub(crate) fn participant_metrics(context: &mut Context<'_>, input: &Input) -> HandlerResult {
    let session = session_of(context, input)?;
    let one = participation_of(session, input)?;
    let tracks = one.ever_published.names().map(|track| {
        let timeframe = Timeframe::from(one.joined_at);
        let mut curves = samples::curves(sent_on(one, Some(track)), &timeframe);
        let mut curve =
            |name| json!({ "data_points": curves.remove(name).unwrap_or_else(|| json!([])) });
        json!({
            "track_id": track_id(one, track),
            "track_type": track,
            "warnings": [],
            "bitrate": curve("bitrate"),
            "framerate": curve("framerate"),
            "resolution": { "width": curve("width"), "height": curve("height") },
        })
    });
    let others = session.participations.iter();
    let mut others = others.filter(|other| other.user_session_id != one.user_session_id);
    let mut client = Fields::new();
    for (name, known) in [
        ("name", "sdk"),
        ("version", "sdk_version"),
        ("ip", "ip"),
        ("network_type", "network_type"),
    ] {
        render::put(&mut client, name, one.client.owned(known));
    }
    render::put(&mut client, "location", location(one));
    Ok(json!({
        "user_id": one.user_id,
        "user_session_id": one.user_session_id,
        "joined_at": one.joined_at,
        "is_publisher": one.ever_published.any(),
        "is_subscriber": others.any(|other| other.ever_published.any()),
        "publisher_type": one.publisher_type(),
        "client": client,
        "published_tracks": tracks.collect::<Vec<_>>(),
    })
    .into())
}

fn track_id(one: &Participation, track: &str) -> String {
    format!("{}:{track}", one.user_session_id)
}

/// The samples of what a participant sent: on a kind of track, or on all of them.
fn sent_on<'a>(
    one: &'a Participation,
    track: Option<&'a str>,
) -> impl Iterator<Item = &'a Sample> + 'a {
    let sent = one.samples.iter().filter(|sample| !sample.is_received);
    sent.filter(move |sample| match track {
        Some(track) => sample.track.as_deref() == Some(track),
        None => sample.track.is_some(),
    })
}

/// Returns what a participant sent and received, with curves of what it measured.
pub(crate) fn participant_details(context: &mut Context<'_>, input: &Input) -> HandlerResult {
    let session = session_of(context, input)?;
    let one = participation_of(session, input)?;
    let since = moment(&input.query, "since")?.unwrap_or(one.joined_at);
    let until = moment(&input.query, "until")?.unwrap_or(one.left_at.unwrap_or(context.now));
    if until < since {
        return Err(ApiError::input("until must not be before since"));
    }
    let points = input
        .query
        .integer("max_points")
        .unwrap_or(DEFAULT_POINTS)
        .max(1);
    let step = (until.saturating_sub(since) / SECOND / points).max(1);
    // Participants receive what others send while both are there.
    let others = session.participations.iter().filter(|other| {
        let ends = [one.left_at, other.left_at];
        let [end, other_end] = ends.map(|end| end.unwrap_or(i64::MAX));
        other.user_session_id != one.user_session_id
            && other.ever_published.any()
            && other.joined_at < end
            && one.joined_at < other_end
    });
    let subscriptions = others.map(|other| {
        let mut fields = render::fields(json!({
            "publisher_user_id": other.user_id,
            "publisher_user_session_id": other.user_session_id,
            "tracks": tracks(other, None),
        }));
        let name = context
            .user(&other.user_id)
            .and_then(|user| user.name.clone());
        render::put(&mut fields, "publisher_name", name);
        Value::Object(fields)
    });
    let subscriptions: Vec<Value> = subscriptions.collect();
    let mut fields = call_fields(session, "call_type", "call_id");
    fields.extend(render::fields(json!({
        "user_id": one.user_id,
        "user_session_id": one.user_session_id,
        "timeframe": { "since": since, "until": until, "max_points": points, "step_seconds": step },
    })));
    let timeframe = Timeframe {
        since,
        until,
        step: step.saturating_mul(SECOND),
    };
    let curves = |samples: &mut dyn Iterator<Item = &'_ Sample>, field, prefix| {
        let samples: Vec<&Sample> = samples.collect();
        samples::described(
            samples::curves(samples.into_iter(), &timeframe),
            field,
            prefix,
        )
    };
    let all = || one.samples.iter();
    let mut publisher = curves(&mut sent_on(one, None), "global", "global_");
    publisher.insert("tracks".into(), tracks(one, Some(&timeframe)).into());
    let mut received = all().filter(|sample| sample.is_received && sample.track.is_some());
    let mut subscriber = curves(&mut received, "global", "global_");
    subscriber.insert("subscriptions".into(), subscriptions.into());
    let mut connection = all().filter(|sample| sample.track.is_none());
    let user = curves(&mut connection, "metrics", "");
    fields.insert("publisher".into(), publisher.into());
    fields.insert("subscriber".into(), subscriber.into());
    fields.insert("user".into(), user.into());
    Ok(fields.into())
}

/// Returns the tracks that a participant sent, by kind, with their curves in a timeframe.
fn tracks(one: &Participation, timeframe: Option<&Timeframe>) -> Fields {
    let tracks = one.ever_published.names();
    tracks
        .map(|track| {
            let mut fields = render::fields(json!({
                "track_id": track_id(one, track),
                "track_type": track,
            }));
            if let Some(timeframe) = timeframe {
                let curves = samples::curves(sent_on(one, Some(track)), timeframe);
                fields.extend(samples::described(curves, "metrics", ""));
            }
            (track.to_owned(), json!([fields]))
        })
        .collect()
}

/// A moment as text or as seconds, milliseconds or nanoseconds since the epoch.
fn moment(fields: &Fields, name: &str) -> Result<Option<i64>, ApiError> {
    let Some(text) = fields.text(name).filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    let by_number = || {
        let number: i64 = text.parse().ok()?;
        Some(match number.unsigned_abs() {
            0..=99_999_999_999 => number.checked_mul(SECOND)?,
            100_000_000_000..=99_999_999_999_999 => number.checked_mul(1_000_000)?,
            _ => number,
        })
    };
    let moment = time::parse(text).or_else(by_number);
    let wrong = || {
        let why = time::why_unread(text);
        ApiError::input(format!("{name} must be an RFC 3339 timestamp: {why}"))
    };
    moment.map(Some).ok_or_else(wrong)
}

/// A user with their presences in a session.
struct Row {
    user_id: String,
    name: Option<String>,
    presences: Vec<Participation>,
}

impl Row {
    fn latest_activity(&self) -> i64 {
        let events = self.presences.iter().flat_map(|one| &one.timeline);
        events.map(|event| event.at).max().unwrap_or_default()
    }
}

static ROWS: Columns<Row> = Columns {
    fields: &[
        Column::plain("user_id", |row| Field::Text(&row.user_id)),
        Column::plain("name", |row| Field::optional_text(row.name.as_ref())),
        Column::plain("user_session_id", |row| {
            Field::Texts(
                row.presences
                    .iter()
                    .map(|one| one.user_session_id.as_str())
                    .collect(),
            )
        }),
        Column::plain("roles", |row| {
            Field::Texts(row.presences.iter().map(|one| one.role.as_str()).collect())
        }),
        Column::plain("is_live", |row| {
            Field::Bool(row.presences.iter().any(|one| one.is_present()))
        }),
        Column::plain("is_publisher", |row| {
            Field::Bool(row.presences.iter().any(|one| one.ever_published.any()))
        }),
        Column::time("latest_activity_at", |row| {
            Field::Integer(row.latest_activity())
        }),
    ],
    custom: None,
    key: |row| row.user_id.clone(),
    order: ("latest_activity_at", -1),
};

/// Responds with the users of a session that fit, each with their presences.
pub(crate) fn query_participants(context: &mut Context<'_>, input: &Input) -> HandlerResult {
    let session = session_of(context, input)?;
    let request = Request::read("QueryCallSessionParticipantStats", &input.query, &ROWS)?;
    let mut by_user: BTreeMap<&str, Vec<&Participation>> = BTreeMap::new();
    for one in &session.participations {
        by_user.entry(&one.user_id).or_default().push(one);
    }
    let rows: Vec<Row> = by_user
        .into_iter()
        .map(|(user_id, presences)| Row {
            user_id: user_id.to_owned(),
            name: context.user(user_id).and_then(|user| user.name.clone()),
            presences: presences.into_iter().cloned().collect(),
        })
        .collect();
    let page = request.page(rows.iter(), false);
    let shown = page.records.iter().map(|row| show_row(row)).collect();
    let mut fields = page.into_body("participants", shown);
    fields.extend(with_times(
        call_fields(session, "call_type", "call_id"),
        session,
    ));
    fields.insert("counts".into(), counts(session, context.now));
    let events = session.events.iter().map(|event| {
        let user = event.data.text("user_id").unwrap_or_default();
        json!({ "event_type": event.kind, "timestamp": event.at, "user_id": user, "payload": event.data })
    });
    fields.insert("call_events".into(), events.collect());
    Ok(fields.into())
}

fn show_row(row: &Row) -> Value {
    let sessions = row.presences.iter().map(|one| {
        let mut fields = render::fields(json!({
            "user_session_id": one.user_session_id,
            "is_live": one.is_present(),
            "published_tracks": render::tracks(one.ever_published),
            "publisher_type": one.publisher_type(),
            "started_at": one.joined_at,
        }));
        render::put(&mut fields, "ended_at", one.left_at);
        render::put(&mut fields, "location", location(one));
        for name in ["browser", "browser_version", "os", "sdk", "sdk_version"] {
            render::put(&mut fields, name, one.client.owned(name));
        }
        Value::Object(fields)
    });
    let mut roles: Vec<&str> = row.presences.iter().map(|one| one.role.as_str()).collect();
    roles.dedup();
    let mut fields = render::fields(json!({
        "user_id": row.user_id,
        "roles": roles,
        "latest_activity_at": row.latest_activity(),
        "sessions": sessions.collect::<Vec<_>>(),
    }));
    render::put(&mut fields, "name", row.name.clone());
    fields.into()
}

/// Responds with what a participant did, in order.
pub(crate) fn participant_timeline(context: &mut Context<'_>, input: &Input) -> HandlerResult {
    let session = session_of(context, input)?;
    let one = participation_of(session, input)?;
    let from = moment(&input.query, "start_time")?.unwrap_or(i64::MIN);
    let to = moment(&input.query, "end_time")?.unwrap_or(i64::MAX);
    let severities = input.query.texts("severity");
    let events = one.timeline.iter().filter(|event| {
        (from..=to).contains(&event.at)
            && (severities.is_empty() || severities.contains(&event.severity))
    });
    let events = events.map(|event| {
        json!({
            "timestamp": event.at,
            "type": event.kind,
            "severity": event.severity,
            "data": event.data,
        })
    });
    let mut fields = call_fields(session, "call_type", "call_id");
    fields.extend(render::fields(json!({
        "user_id": one.user_id,
        "user_session_id": one.user_session_id,
        "events": events.collect::<Vec<_>>(),
    })));
    Ok(fields.into())
}
