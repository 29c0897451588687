//! Everything that is kept: plain records in tables. A [`State`] never changes once it is
//! published; a write works on a copy, which shares all that it leaves alone.

mod call_types;
mod calls;
mod files;
mod index;
mod participation;
mod sessions;
mod sip;
mod store;
mod table;
mod tables;
mod users;

pub(crate) use call_types::{CallType, merge_settings};
pub(crate) use calls::{
    Broadcast, Call, Hls, Member, Pin, RtmpBroadcast, RunningRecording, RunningText,
};
pub(crate) use files::{File, FileKind};
pub(crate) use index::{Calls, Cover, directed, read_ahead};
pub(crate) use participation::{Participation, Sample, TimelineEvent, Tracks};
pub(crate) use sessions::{Feedback, Session, Speech};
pub(crate) use sip::{RoutingRule, Trunk};
pub(crate) use store::{Done, Journal, Store};
pub(crate) use table::Change;
pub(crate) use tables::State;
pub(crate) use users::{ExternalStorage, Task, User};
