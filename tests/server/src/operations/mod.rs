//! Every operation of the API as a handler, one module per resource.

mod call_types;
mod calls;
mod context;
mod edges;
mod egress;
mod feedback;
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

use serde_json::Value;

use crate::error::ApiError;
use crate::input::{Input, ReadFields};
pub(crate) use context::{Context, Settings};
pub(crate) use permissions::{authorize, check_reach};
pub(crate) use render::user as render_user;
pub(crate) use sessions::settle;
pub use simulate::Action;

/// What a handler answers.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Reply {
    /// `duration` is added later.
    pub(crate) body: Value,
    /// Whether the body holds values that nothing that happened accounts for.
    pub(crate) is_sample: bool,
}

impl From<Value> for Reply {
    fn from(body: Value) -> Self {
        Self {
            body,
            is_sample: false,
        }
    }
}

impl From<crate::input::Fields> for Reply {
    fn from(body: crate::input::Fields) -> Self {
        Value::Object(body).into()
    }
}

pub(crate) type Answered = Result<Reply, ApiError>;
type Run = fn(&mut Context<'_>, &Input) -> Answered;

/// How a handler treats the state.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Looks something up.
    Read,
    /// Looks through many things.
    Query,
    /// Changes something.
    Write,
}

/// The right to perform an operation.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// Any valid token; the handler may know more.
    Anyone,
    /// A server token.
    Server,
    /// A server token, or a user with this capability in the call.
    Capability(&'static str),
}

/// An operation and what it does.
pub(crate) struct Handler {
    pub(crate) operation: &'static str,
    kind: Kind,
    pub(crate) access: Access,
    run: Run,
}

impl Handler {
    /// Whether this request reads, queries or writes.
    pub(crate) fn kind(&self, input: &Input) -> Kind {
        // Ringing the members of a call is more than reading it.
        if input.query.flag("ring") || input.query.flag("notify") {
            return Kind::Write;
        }
        self.kind
    }

    pub(crate) fn run(&self, context: &mut Context<'_>, input: &Input) -> Answered {
        (self.run)(context, input)
    }
}

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

const fn read(operation: &'static str, access: Access, run: Run) -> Handler {
    Handler {
        operation,
        kind: Kind::Read,
        access,
        run,
    }
}

const fn query(operation: &'static str, access: Access, run: Run) -> Handler {
    Handler {
        operation,
        kind: Kind::Query,
        access,
        run,
    }
}

const fn write(operation: &'static str, access: Access, run: Run) -> Handler {
    Handler {
        operation,
        kind: Kind::Write,
        access,
        run,
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
    write("SendCallEvent", may("read-call"), moderation::send_event),
    write("RingCall", may("read-call"), ring::ring),
    write("GoLive", may("update-call"), live::go_live),
    write("StopLive", may("update-call"), live::stop_live),
    query("QueryCallParticipants", may("read-call"), query::participants),

    write("StartRecording", Anyone, egress::start_recording),
    write("StopRecording", Anyone, egress::stop_recording),
    read("ListRecordings", may("read-call"), egress::list_recordings),
    write("DeleteRecording", Server, egress::delete_recording),
    write("StartFrameRecording", may("start-frame-record-call"), egress::start_frame_recording),
    write("StopFrameRecording", may("stop-frame-record-call"), egress::stop_frame_recording),
    write("StartTranscription", may("start-transcription-call"), egress::start_transcription),
    write("StopTranscription", may("stop-transcription-call"), egress::stop_transcription),
    read("ListTranscriptions", may("read-call"), egress::list_transcriptions),
    write("DeleteTranscription", Server, egress::delete_transcription),
    write("StartClosedCaptions", may("start-closed-captions-call"), egress::start_captions),
    write("StopClosedCaptions", may("stop-closed-captions-call"), egress::stop_captions),
    write("SendClosedCaption", may("send-closed-captions-call"), egress::send_caption),
    write("StartHLSBroadcasting", may("start-broadcast-call"), egress::start_hls),
    write("StopHLSBroadcasting", may("stop-broadcast-call"), egress::stop_hls),
    write("StartRTMPBroadcasts", may("start-broadcast-call"), egress::start_rtmp),
    write("StopRTMPBroadcast", may("stop-broadcast-call"), egress::stop_rtmp),
    write("StopAllRTMPBroadcasts", may("stop-broadcast-call"), egress::stop_all_rtmp),

    read("ListCallTypes", Server, call_types::list),
    write("CreateCallType", Server, call_types::create),
    read("GetCallType", Server, call_types::get),
    write("UpdateCallType", Server, call_types::update),
    write("DeleteCallType", Server, call_types::delete),
    read("GetEdges", Anyone, edges::list),



    write("CreateSIPTrunk", Server, sip::create_trunk),
    read("ListSIPTrunks", Server, sip::list_trunks),
    write("UpdateSIPTrunk", Server, sip::update_trunk),
    write("DeleteSIPTrunk", Server, sip::delete_trunk),
    write("CreateSIPInboundRoutingRule", Server, sip::create_rule),
    read("ListSIPInboundRoutingRule", Server, sip::list_rules),
    write("UpdateSIPInboundRoutingRule", Server, sip::update_rule),
    write("DeleteSIPInboundRoutingRule", Server, sip::delete_rule),
    write("ResolveSipInbound", Server, sip::resolve),
    read("ResolveSipAuth", Server, sip::authenticate),

    write("CollectUserFeedback", may("read-call"), feedback::collect),
    query("QueryUserFeedback", Server, feedback::query),
    query("GetActiveCallsStatus", Server, stats::active_calls),
    read("GetCallReport", may("read-call"), stats::call_report),
    query("QueryCallStats", Server, stats::query_reports),
    query("QueryCallSessionStats", Server, stats::query_sessions),
    read("GetCallParticipantSessionMetrics", Server, stats::participant_metrics),
    read("QueryCallParticipantSessions", Server, stats::participant_sessions),
    read("GetCallStatsMap", Server, stats::map),
    read("GetCallSessionParticipantStatsDetails", Server, stats::participant_details),
    read("QueryCallSessionParticipantStats", Server, stats::query_participants),
    read("GetCallSessionParticipantStatsTimeline", Server, stats::participant_timeline),
    query("QueryAggregateCallStats", Server, stats::aggregate),

    write("UpdateUsers", Anyone, users::update),
    write("UpdateUsersPartial", Anyone, users::update_partially),
    query("QueryUsers", Anyone, users::query),
    write("DeleteUsers", Server, users::delete),
    write("DeactivateUser", Server, users::deactivate),
    write("DeactivateUsers", Server, users::deactivate_many),
    write("ReactivateUser", Server, users::reactivate),
    write("ReactivateUsers", Server, users::reactivate_many),
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
