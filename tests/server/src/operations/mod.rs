//! Every operation of the API as a handler, one module per resource.

mod call_types;
mod calls;
mod context;
mod custom_events;
mod deadlines;
mod edges;
mod egress;
mod emit;
mod feedback;
mod handler;
mod live;
mod members;
mod moderation;
mod permissions;
mod query;
mod render;
mod ring;
mod sessions;
pub(crate) mod simulate;
mod sip;
mod stats;
mod storage;
mod tasks;
mod users;

pub(crate) use context::{Context, Settings};
pub(crate) use deadlines::meet_deadlines;

use handler::{Access, Handler, query, read, write};
pub(crate) use handler::{Kind, Reply};
pub(crate) use permissions::{authorize, check_reach};
pub(crate) use render::{WHIP, user as render_user};
pub use simulate::Action;

/// The handler of an operation, if it is modelled.
pub(crate) fn find(operation: &str) -> Option<&'static Handler> {
    HANDLERS
        .iter()
        .find(|handler| handler.operation == operation)
}

/// Makes sure that the user of a token exists, as connecting does.
pub(crate) fn connect(context: &mut Context<'_>) {
    let caller = context.caller;
    let user = caller.user.as_deref();
    if let Some(user) = user.filter(|user| !context.state().users.contains(user)) {
        context.create_user(user, caller.role.as_deref());
    }
}

const fn may(capability: &'static str) -> Access {
    Access::Capability(capability)
}

use Access::{Anyone, Server};

/// Every operation that is modelled.
#[rustfmt::skip]
static HANDLERS: &[Handler] = &[
    write("GetOrCreateCall", Anyone, calls::get_or_create),
    read("GetCall", may("read-call"), calls::get),
    write("UpdateCall", may("update-call"), calls::update),
    write("EndCall", may("end-call"), calls::end),
    write("DeleteCall", Anyone, calls::delete),
    write("UpdateCallMembers", may("update-call-member"), members::update),
    query("QueryCallMembers", may("read-call"), query::call_members),
    query("QueryCalls", Anyone, query::calls),
    write("BlockUser", may("block-users"), moderation::block),
    write("UnblockUser", may("block-users"), moderation::unblock),
    write("KickUser", may("kick-user"), moderation::kick),
    write("MuteUsers", may("mute-users"), moderation::mute),
    write("UpdateUserPermissions", may("update-call-permissions"), moderation::update_permissions),
    write("VideoPin", may("pin-for-everyone"), moderation::pin),
    write("VideoUnpin", may("pin-for-everyone"), moderation::unpin),
    write("SendCallEvent", may("read-call"), custom_events::send),
    write("RingCall", may("read-call"), ring::ring),
    write("GoLive", may("update-call"), live::go_live),
    write("StopLive", may("update-call"), live::stop_live),
    query("QueryCallParticipants", may("read-call"), query::participants),

    write("StartRecording", Anyone, egress::recording::start_recording),
    write("StopRecording", Anyone, egress::recording::stop_recording),
    read("ListRecordings", may("read-call"), egress::files::list_recordings),
    write("DeleteRecording", Server, egress::files::delete_recording),
    write("StartFrameRecording", may("start-frame-record-call"), egress::recording::start_frame_recording),
    write("StopFrameRecording", may("stop-frame-record-call"), egress::recording::stop_frame_recording),
    write("StartTranscription", may("start-transcription-call"), egress::text::start_transcription),
    write("StopTranscription", may("stop-transcription-call"), egress::text::stop_transcription),
    read("ListTranscriptions", may("read-call"), egress::files::list_transcriptions),
    write("DeleteTranscription", Server, egress::files::delete_transcription),
    write("StartClosedCaptions", may("start-closed-captions-call"), egress::text::start_captions),
    write("StopClosedCaptions", may("stop-closed-captions-call"), egress::text::stop_captions),
    write("SendClosedCaption", may("send-closed-captions-call"), egress::text::send_caption),
    write("StartHLSBroadcasting", may("start-broadcast-call"), egress::broadcast::start_hls),
    write("StopHLSBroadcasting", may("stop-broadcast-call"), egress::broadcast::stop_hls),
    write("StartRTMPBroadcasts", may("start-broadcast-call"), egress::broadcast::start_rtmp),
    write("StopRTMPBroadcast", may("stop-broadcast-call"), egress::broadcast::stop_rtmp),
    write("StopAllRTMPBroadcasts", may("stop-broadcast-call"), egress::broadcast::stop_all_rtmp),

    read("ListCallTypes", Server, call_types::list),
    write("CreateCallType", Server, call_types::create),
    read("GetCallType", Server, call_types::get),
    write("UpdateCallType", Server, call_types::update),
    write("DeleteCallType", Server, call_types::delete),
    read("GetEdges", Anyone, edges::list),

    write("CreateSIPTrunk", Server, sip::trunks::create),
    read("ListSIPTrunks", Server, sip::trunks::list),
    write("UpdateSIPTrunk", Server, sip::trunks::update),
    write("DeleteSIPTrunk", Server, sip::trunks::delete),
    write("CreateSIPInboundRoutingRule", Server, sip::rules::create),
    read("ListSIPInboundRoutingRule", Server, sip::rules::list),
    write("UpdateSIPInboundRoutingRule", Server, sip::rules::update),
    write("DeleteSIPInboundRoutingRule", Server, sip::rules::delete),
    write("ResolveSipInbound", Server, sip::resolve::resolve),
    read("ResolveSipAuth", Server, sip::resolve::authenticate),

    write("CollectUserFeedback", may("read-call"), feedback::collect),
    query("QueryUserFeedback", Server, feedback::query),
    query("GetActiveCallsStatus", Server, stats::active::active_calls),
    read("GetCallReport", may("read-call"), stats::report::call_report),
    query("QueryCallStats", Server, stats::sessions::query_reports),
    query("QueryCallSessionStats", Server, stats::sessions::query_sessions),
    read("GetCallParticipantSessionMetrics", Server, stats::participants::participant_metrics),
    read("QueryCallParticipantSessions", Server, stats::participants::participant_sessions),
    read("GetCallStatsMap", Server, stats::map::map),
    read("GetCallSessionParticipantStatsDetails", Server, stats::participants::participant_details),
    read("QueryCallSessionParticipantStats", Server, stats::participants::query_participants),
    read("GetCallSessionParticipantStatsTimeline", Server, stats::participants::participant_timeline),
    query("QueryAggregateCallStats", Server, stats::aggregate::aggregate),

    write("UpdateUsers", Anyone, users::upsert::update),
    write("UpdateUsersPartial", Anyone, users::partial::update_partially),
    query("QueryUsers", Anyone, users::query::query),
    write("DeleteUsers", Server, users::lifecycle::delete),
    write("DeactivateUser", Server, users::lifecycle::deactivate),
    write("DeactivateUsers", Server, users::lifecycle::deactivate_many),
    write("ReactivateUser", Server, users::lifecycle::reactivate),
    write("ReactivateUsers", Server, users::lifecycle::reactivate_many),
    read("GetTask", Server, tasks::get),
    read("ListExternalStorage", Server, storage::list),
    write("CreateExternalStorage", Server, storage::create),
    write("UpdateExternalStorage", Server, storage::update),
    write("DeleteExternalStorage", Server, storage::delete),
    read("CheckExternalStorage", Server, storage::check),
];

#[cfg(test)]
mod tests {
    use super::{HANDLERS, find};
    use crate::spec::{Api, embedded_spec};

    #[test]
    fn every_operation_of_the_spec_has_a_handler() {
        let api = Api::new(embedded_spec()).unwrap();
        let missing: Vec<&str> = api
            .operations()
            .iter()
            .map(|operation| operation.id())
            .filter(|id| find(id).is_none())
            .collect();
        assert_eq!(missing, [""; 0]);
    }

    #[test]
    fn no_operation_has_two_handlers() {
        let mut names: Vec<&str> = HANDLERS.iter().map(|handler| handler.operation).collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
    }
}
