//! Statistics and edges.

use serde_json::{Value, json};
use video_api::types::SortParamRequest;

use super::calls::time;
use super::{Case, ID, case};

fn session() -> Value {
    json!({"type": "default", "id": ID, "session": "s"})
}

fn stats() -> Value {
    json!({"call_type": "default", "call_id": ID, "session": "s"})
}

fn of(mut path: Value, user: &str, user_session: &str) -> Value {
    let fields = path.as_object_mut().unwrap();
    fields.insert("user".to_owned(), json!(user));
    fields.insert("user_session".to_owned(), json!(user_session));
    path
}

pub(crate) fn cases() -> Vec<Case> {
    vec![
        case!("GetActiveCallsStatus", [], {}, |c| c
            .get_active_calls_status()),
        case!("GetEdges", [], {"path": {}, "query": {}}, |c| c.get_edges()),
        case!("QueryCallStats", ["--limit", "2"], {"body": {"limit": 2.0}}, |c| c.query_call_stats().limit(2)),
        case!("QueryCallSessionStats", ["--prev", "p"], {"body": {"prev": "p"}},
            |c| c.query_call_session_stats().prev("p")),
        case!("QueryAggregateCallStats", ["--from", "2026-01-01", "--report-types", "a", "--report-types", "b"],
            {"body": {"from": "2026-01-01", "report_types": ["a", "b"]}},
            |c| c.query_aggregate_call_stats().from("2026-01-01").report_types(["a", "b"])),
        case!("GetCallReport", ["default", ID, "--session-id", "a b+c"],
            {"path": {"type": "default", "id": ID}, "query": {"session_id": "a b+c"}},
            |c| c.get_call_report("default", ID).session_id("a b+c")),
        case!("GetCallParticipantSessionMetrics", ["default", ID, "s", "ana", "u1", "--since", "2026-01-31T12:00:00Z"],
            {"path": of(session(), "ana", "u1"), "query": {"since": "2026-01-31T12:00:00Z"}},
            |c| c.get_call_participant_session_metrics("default", ID, "s", "ana", "u1")
                .since(time("2026-01-31T12:00:00Z"))),
        case!("QueryCallParticipantSessions", ["default", ID, "s", "--limit", "1", "--filter-conditions", r#"{"x":[null]}"#],
            {"path": session(), "query": {"limit": 1, "filter_conditions": {"x": [null]}}},
            |c| c.query_call_participant_sessions("default", ID, "s").limit(1)
                .filter_conditions(json!({"x": [null]}))),
        case!("GetCallStatsMap", ["default", ID, "s", "--start-time", "2026-01-31T12:00:00Z", "--exclude-sfus"],
            {"path": stats(), "query": {"start_time": "2026-01-31T12:00:00Z", "exclude_sfus": true}},
            |c| c.get_call_stats_map("default", ID, "s").start_time(time("2026-01-31T12:00:00Z"))
                .exclude_sfus(true)),
        case!("GetCallSessionParticipantStatsDetails", ["default", ID, "s", "ana", "u1", "--since", "x", "--max-points", "7"],
            {"path": of(stats(), "ana", "u1"), "query": {"since": "x", "max_points": 7}},
            |c| c.get_call_session_participant_stats_details("default", ID, "s", "ana", "u1").since("x").max_points(7)),
        case!("QueryCallSessionParticipantStats", ["default", ID, "s", "--sort", r#"[{"field":"x","direction":1}]"#,
                "--filter-conditions", r#"{"n":0.5}"#],
            {"path": stats(), "query": {"sort": [{"field": "x", "direction": 1}], "filter_conditions": "{\"n\":0.5}"}},
            |c| c.query_call_session_participant_stats("default", ID, "s")
                .sort([SortParamRequest::new().field("x").direction(1)])
                .filter_conditions(json!({"n": 0.5}))),
        case!("GetCallSessionParticipantStatsTimeline", ["default", ID, "s", "ana", "u1", "--severity", "a", "--severity", "b"],
            {"path": of(stats(), "ana", "u1"), "query": {"severity": ["a", "b"]}},
            |c| c.get_call_session_participant_stats_timeline("default", ID, "s", "ana", "u1").severity(["a", "b"])),
    ]
}
