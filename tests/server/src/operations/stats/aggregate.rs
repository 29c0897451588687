//! Statistics by day over all calls.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::measures::{duration, feedback_of, quality, started_sessions};
use super::samples;
use crate::error::ApiError;
use crate::input::{Fields, Input, ReadFields};
use crate::operations::context::Context;
use crate::operations::handler::HandlerResult;
use crate::operations::render;
use crate::state::Session;
use crate::time;
use crate::time::SECOND;

/// The reports there are.
const REPORTS: [&str; 7] = [
    "call_duration_report",
    "call_participant_count_report",
    "calls_per_day_report",
    "network_metrics_report",
    "quality_score_report",
    "sdk_usage_report",
    "user_feedback_report",
];
/// Upper bounds of the buckets of call durations, in seconds.
const DURATIONS: [i64; 4] = [60, 300, 900, 3600];
/// Upper bounds of the buckets of participant counts.
const COUNTS: [i64; 4] = [2, 5, 10, 50];
/// Upper bounds of the buckets of quality.
const QUALITIES: [i64; 4] = [25, 50, 75, 90];

/// The sessions of each day.
type Days<'a> = BTreeMap<String, Vec<&'a Session>>;

/// Responds with the reports asked for, or all, by day.
pub(crate) fn aggregate(context: &mut Context<'_>, input: &Input) -> HandlerResult {
    let from = day(&input.body, "from")?;
    let to = day(&input.body, "to")?;
    let wanted = wanted_reports(&input.body.texts("report_types"))?;
    let mut days = Days::new();
    for session in started_sessions(context) {
        let day = time::day(session.started_at.unwrap_or_default());
        let is_early = from.as_ref().is_some_and(|from| day < *from);
        let is_late = to.as_ref().is_some_and(|to| day > *to);
        if !is_early && !is_late {
            days.entry(day).or_default().push(session);
        }
    }
    let mut fields = Fields::new();
    for name in wanted {
        fields.insert(name.to_owned(), report(context, name, &days));
    }
    Ok(fields.into())
}

/// A day as `2025-10-09` or in a timestamp.
fn day(body: &Fields, name: &str) -> Result<Option<String>, ApiError> {
    let Some(text) = body.text(name).filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    let moment = time::parse(text).or_else(|| time::parse(&format!("{text}T00:00:00Z")));
    let wrong = || ApiError::input(format!("{name} must be a day such as 2025-10-09"));
    moment
        .map(|moment| Some(time::day(moment)))
        .ok_or_else(wrong)
}

fn wanted_reports(named: &[String]) -> Result<Vec<&'static str>, ApiError> {
    if named.is_empty() {
        return Ok(REPORTS.to_vec());
    }
    let find = |name: &String| {
        let full = format!("{}_report", name.trim_end_matches("_report"));
        let known = REPORTS.into_iter().find(|known| *known == full);
        known.ok_or_else(|| {
            ApiError::input(format!(
                "report_types has no {name}; these are: {}",
                REPORTS.join(", ")
            ))
        })
    };
    named.iter().map(find).collect()
}

fn report(context: &Context<'_>, name: &str, days: &Days<'_>) -> Value {
    let now = context.now;
    if name == "network_metrics_report" {
        let sessions = days.values().flatten();
        let participations = sessions.flat_map(|session| &session.participations);
        return samples::network(participations.flat_map(|one| &one.samples));
    }
    let daily = days.iter().map(|(date, sessions)| {
        let report = match name {
            "call_duration_report" => {
                let values = sessions.iter().map(|one| duration(one, now) / SECOND);
                json!({ "histogram": histogram(&values.collect::<Vec<_>>(), &DURATIONS) })
            }
            "call_participant_count_report" => {
                let values = sessions.iter().map(|one| users(one));
                json!({ "histogram": histogram(&values.collect::<Vec<_>>(), &COUNTS) })
            }
            "quality_score_report" => {
                let values = sessions.iter().map(|one| quality_of(context, one));
                json!({ "histogram": histogram(&values.collect::<Vec<_>>(), &QUALITIES) })
            }
            "sdk_usage_report" => json!({ "per_sdk_usage": sdk_usage(sessions) }),
            "user_feedback_report" => feedback(context, sessions),
            _ => json!({ "count": sessions.len() }),
        };
        json!({ "date": date, "report": report })
    });
    json!({ "daily": daily.collect::<Vec<_>>() })
}

fn users(session: &Session) -> i64 {
    let users: BTreeSet<&str> = session
        .participations
        .iter()
        .map(|one| one.user_id.as_str())
        .collect();
    i64::try_from(users.len()).unwrap_or(i64::MAX)
}

#[allow(clippy::cast_possible_truncation, reason = "from 0 to 100")]
fn quality_of(context: &Context<'_>, session: &Session) -> i64 {
    let ratings: Vec<i64> = feedback_of(context, session)
        .map(|one| one.rating)
        .collect();
    quality(&ratings).round() as i64
}

/// Values counted by the buckets that `ends` bound; the last bucket has no end.
fn histogram(values: &[i64], ends: &[i64]) -> Vec<Value> {
    let starts = std::iter::once(0).chain(ends.iter().copied());
    let all_ends = ends.iter().copied().map(Some).chain([None]);
    starts
        .zip(all_ends)
        .map(|(start, end)| {
            let within: Vec<i64> = values
                .iter()
                .copied()
                .filter(|value| *value >= start && end.is_none_or(|end| *value < end))
                .collect();
            let mut bucket = json!({
                "category": end.map_or(format!("{start}+"), |end| format!("{start}-{end}")),
                "count": within.len(),
                "sum": within.iter().sum::<i64>(),
                "lower_bound": { "inclusive": true, "value": start },
            });
            if let Some(end) = end {
                let bound = json!({ "inclusive": false, "value": end });
                render::set(&mut bucket, "upper_bound", bound);
            }
            bucket
        })
        .collect()
}

fn sdk_usage(sessions: &[&Session]) -> Fields {
    let mut usage: BTreeMap<String, BTreeMap<String, i64>> = BTreeMap::new();
    for one in sessions.iter().flat_map(|session| &session.participations) {
        if let Some(sdk) = one.client.owned("sdk") {
            let version = one.client.owned("sdk_version").unwrap_or_default();
            *usage.entry(sdk).or_default().entry(version).or_default() += 1;
        }
    }
    let usage = usage.into_iter();
    usage
        .map(|(sdk, versions)| {
            let total: i64 = versions.values().sum();
            (sdk, json!({ "total": total, "by_version": versions }))
        })
        .collect()
}

fn feedback(context: &Context<'_>, sessions: &[&Session]) -> Value {
    let mut by_rating: BTreeMap<String, i64> = BTreeMap::new();
    let mut unreported = 0;
    for session in sessions {
        let mut reported = 0;
        for feedback in feedback_of(context, session) {
            *by_rating.entry(feedback.rating.to_string()).or_default() += 1;
            reported += 1;
        }
        unreported += (users(session) - reported).max(0);
    }
    json!({ "count_by_rating": by_rating, "unreported_count": unreported })
}
