//! Sessions of all calls, summed up.

use serde_json::{Value, json};

use super::measures::{counts, duration, feedback_of, quality, started_sessions};
use crate::input::Input;
use crate::operations::context::Context;
use crate::operations::handler::HandlerResult;
use crate::operations::render;
use crate::query::{Column, Columns, Field, Request};
use crate::state::Session;
use crate::time::SECOND;

/// A session with what queries can ask about it.
struct Row {
    session: Session,
    call_type: String,
    call_id: String,
    duration_seconds: i64,
    min_rating: Option<i64>,
    quality: i64,
}

impl Row {
    fn status(&self) -> &'static str {
        if self.session.ended_at.is_some() {
            "ended"
        } else {
            "active"
        }
    }
}

static ROWS: Columns<Row> = Columns {
    fields: &[
        Column::plain("call_cid", |row| Field::Text(&row.session.cid)),
        Column::plain("cid", |row| Field::Text(&row.session.cid)),
        Column::plain("call_type", |row| Field::Text(&row.call_type)),
        Column::plain("call_id", |row| Field::Text(&row.call_id)),
        Column::plain("call_session_id", |row| Field::Text(&row.session.id)),
        Column::plain("session_id", |row| Field::Text(&row.session.id)),
        Column::plain("call_status", |row| Field::Text(row.status())),
        Column::plain("call_duration_seconds", |row| {
            Field::Integer(row.duration_seconds)
        }),
        Column::plain("min_user_rating", |row| {
            Field::optional_integer(row.min_rating)
        }),
        Column::plain("quality_score", |row| Field::Integer(row.quality)),
        Column::time("created_at", |row| Field::Integer(row.session.created_at)),
        Column::time("call_started_at", |row| {
            Field::optional_integer(row.session.started_at)
        }),
        Column::time("call_ended_at", |row| {
            Field::optional_integer(row.session.ended_at)
        }),
        Column::time("first_stats_time", |row| {
            Field::optional_integer(row.session.started_at)
        }),
    ],
    custom: None,
    key: |row| row.session.id.clone(),
    order: ("created_at", -1),
};

#[allow(clippy::cast_possible_truncation, reason = "from 0 to 100")]
fn rows(context: &Context<'_>) -> Vec<Row> {
    let sessions = started_sessions(context).into_iter();
    sessions
        .map(|session| {
            let ratings: Vec<i64> = feedback_of(context, session)
                .map(|one| one.rating)
                .collect();
            let (call_type, call_id) = session.cid.split_once(':').unwrap_or_default();
            Row {
                call_type: call_type.to_owned(),
                call_id: call_id.to_owned(),
                duration_seconds: duration(session, context.now) / SECOND,
                min_rating: ratings.iter().min().copied(),
                quality: quality(&ratings).round() as i64,
                session: session.clone(),
            }
        })
        .collect()
}

/// Responds with a summary of each session that fits.
pub(crate) fn query_reports(context: &mut Context<'_>, input: &Input) -> HandlerResult {
    let request = Request::read("QueryCallStats", &input.body, &ROWS)?;
    let rows = rows(context);
    let page = request.page(rows.iter(), false);
    let reports = page.records.iter().map(|row| {
        let mut fields = render::fields(json!({
            "call_cid": row.session.cid,
            "call_session_id": row.session.id,
            "call_status": row.status(),
            "call_duration_seconds": row.duration_seconds,
            "created_at": row.session.created_at,
            "first_stats_time": row.session.started_at,
            "quality_score": row.quality,
        }));
        render::put(&mut fields, "min_user_rating", row.min_rating);
        Value::Object(fields)
    });
    let reports = reports.collect();
    Ok(page.into_body("reports", reports).into())
}

/// Responds with the counts of each session that fits.
pub(crate) fn query_sessions(context: &mut Context<'_>, input: &Input) -> HandlerResult {
    let request = Request::read("QueryCallSessionStats", &input.body, &ROWS)?;
    let rows = rows(context);
    let page = request.page(rows.iter(), false);
    let stats = page.records.iter().map(|row| {
        let mut fields = render::fields(json!({
            "call_type": row.call_type,
            "call_id": row.call_id,
            "call_session_id": row.session.id,
            "counts": counts(&row.session, context.now),
            "generated_at": context.now,
        }));
        render::put(&mut fields, "call_started_at", row.session.started_at);
        render::put(&mut fields, "call_ended_at", row.session.ended_at);
        Value::Object(fields)
    });
    let stats = stats.collect();
    Ok(page.into_body("call_stats", stats).into())
}
