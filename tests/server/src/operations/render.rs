//! Records as responses show them.

use serde_json::{Map, Value, json};

use super::context::Context;
use super::permissions;
use crate::state::{
    Broadcast, Call, CallType, Member, Participation, Session, State, Tracks, User, merge_settings,
};

/// Path of WHIP in the ingress addresses of calls; nothing is served there.
pub(crate) const WHIP: &str = "/whip/";

/// Members in a response when the request does not say.
pub(super) const DEFAULT_MEMBERS: usize = 25;

/// A call.
pub(super) fn call(context: &Context<'_>, call: &Call) -> Value {
    let state = context.state();
    let settings = settings(state, call);
    let join_ahead = settings
        .get("backstage")
        .and_then(|backstage| backstage.get("join_ahead_time_seconds"))
        .cloned();
    let session = call
        .session_ids
        .last()
        .and_then(|id| state.sessions.get(id));
    let mut fields = fields(json!({
        "type": call.kind,
        "id": call.id,
        "cid": call.cid(),
        "created_at": call.created_at,
        "updated_at": call.updated_at,
        "ended_at": call.ended_at,
        "custom": call.custom,
        "backstage": call.backstage,
        "blocked_user_ids": call.blocked_user_ids,
        "current_session_id": call.current_session.as_deref().unwrap_or_default(),
        "recording": !call.egress.recordings.keys().all(|kind| kind == "frame"),
        "transcribing": call.egress.runs(Broadcast::Transcription),
        "captioning": call.egress.runs(Broadcast::Captions),
        "translating": false,
        "routing_number": call.routing_number,
    }));
    fields.insert("created_by".into(), user(state, &call.created_by));
    fields.insert("egress".into(), egress(call));
    fields.insert("ingress".into(), ingress(context, call));
    put(&mut fields, "starts_at", call.starts_at);
    put(&mut fields, "team", call.team.clone());
    put(&mut fields, "channel_cid", call.channel_cid.clone());
    put(&mut fields, "join_ahead_time_seconds", join_ahead);
    put(
        &mut fields,
        "session",
        session.map(|one| self::session(state, one)),
    );
    fields.insert("settings".into(), settings.into());
    fields.into()
}

/// The settings of a call: those of its type with its own on top.
pub(super) fn settings(state: &State, call: &Call) -> Map<String, Value> {
    let call_type = state.call_types.get(&call.kind);
    let settings = call_type.map(|call_type| call_type.settings.clone());
    // The type may be gone; its calls go on with the usual settings.
    let usual = || CallType::new(&call.kind, 0).map(|usual| usual.settings);
    let mut settings = settings.or_else(usual).unwrap_or_default();
    merge_settings(&mut settings, &call.settings_override);
    settings
}

fn egress(call: &Call) -> Value {
    let egress = &call.egress;
    let mut fields = fields(json!({
        "broadcasting": egress.hls.is_some() || !egress.rtmps.is_empty(),
        "rtmps": egress.rtmps.iter().map(|rtmp| json!({
            "name": rtmp.name,
            "started_at": rtmp.started_at,
            "stream_key": rtmp.stream_key,
            "stream_url": rtmp.stream_url,
        })).collect::<Vec<_>>(),
    }));
    if let Some(hls) = &egress.hls {
        fields.insert(
            "hls".into(),
            json!({ "playlist_url": hls.playlist_url, "status": "running" }),
        );
    }
    for kind in egress.recordings.keys() {
        fields.insert(format!("{kind}_recording"), json!({ "status": "running" }));
    }
    fields.into()
}

/// Addresses at which a call takes media in, unique to the call; nothing listens there.
fn ingress(context: &Context<'_>, call: &Call) -> Value {
    let host = context.settings.host();
    let stream = format!("{}.{}.{}", context.settings.key, call.kind, call.id);
    json!({
        "rtmp": { "address": format!("rtmps://{host}:443/{stream}") },
        // Official SDKs put the credentials of a user in the places in braces.
        "srt": { "address": format!("srt://{host}:9000?streamid={stream}&passphrase={{passphrase}}&token={{token}}") },
        "whip": { "address": format!("{}{WHIP}{stream}", context.settings.base_url) },
    })
}

/// `call`, `members` and `own_capabilities`, as several responses have them.
pub(super) fn call_state(context: &Context<'_>, call: &Call, members: usize) -> Map<String, Value> {
    let members = call.newest_members().take(members);
    let members: Value = members.map(|one| member(context.state(), one)).collect();
    let capabilities = permissions::own_capabilities(context, call);
    // Not by `json!`, which copies the values that it is given.
    let mut fields = Map::new();
    fields.insert("call".into(), self::call(context, call));
    fields.insert("members".into(), members);
    fields.insert("own_capabilities".into(), capabilities.into());
    fields
}

/// A member with its user.
pub(super) fn member(state: &State, member: &Member) -> Value {
    let mut fields = fields(json!({
        "user_id": member.user_id,
        "custom": member.custom,
        "created_at": member.created_at,
        "updated_at": member.updated_at,
    }));
    fields.insert("user".into(), user(state, &member.user_id));
    put(&mut fields, "role", member.role.clone());
    fields.into()
}

/// Members of a call by their ids, as far as they are members.
pub(super) fn members<'a>(
    state: &State,
    call: &Call,
    ids: impl IntoIterator<Item = &'a str>,
) -> Value {
    ids.into_iter()
        .filter_map(|id| call.member(id))
        .map(|one| member(state, one))
        .collect()
}

/// A user by id; one that is gone keeps its id and times.
pub(crate) fn user(state: &State, id: &str) -> Value {
    let user = state.users.get(id).or_else(|| state.erased_users.get(id));
    match user {
        Some(user) => user_fields(user).into(),
        None => json!({
            "id": id, "role": "user", "language": "", "teams": [], "blocked_user_ids": [],
            "custom": {}, "banned": false, "invisible": false, "online": false,
            "shadow_banned": false, "created_at": 0, "updated_at": 0,
        }),
    }
}

fn user_fields(user: &User) -> Map<String, Value> {
    let mut fields = fields(json!({
        "id": user.id,
        "role": user.role,
        "language": user.language,
        "teams": user.teams,
        "custom": user.custom,
        "blocked_user_ids": [],
        "banned": false,
        "shadow_banned": false,
        "invisible": user.invisible,
        "online": false,
        "created_at": user.created_at,
        "updated_at": user.updated_at,
    }));
    put(&mut fields, "name", user.name.clone());
    put(&mut fields, "image", user.image.clone());
    put(
        &mut fields,
        "privacy_settings",
        user.privacy_settings.clone(),
    );
    put(&mut fields, "last_active", user.last_active);
    put(&mut fields, "deactivated_at", user.deactivated_at);
    put(&mut fields, "deleted_at", user.deleted_at);
    if !user.teams_role.is_empty() {
        fields.insert("teams_role".into(), json!(user.teams_role));
    }
    fields
}

/// A user as the user operations show it.
pub(super) fn full_user(user: &User) -> Value {
    let mut fields = user_fields(user);
    for name in [
        "total_unread_count",
        "unread_channels",
        "unread_count",
        "unread_threads",
    ] {
        fields.insert(name.into(), 0.into());
    }
    for name in ["devices", "mutes", "channel_mutes"] {
        fields.insert(name.into(), json!([]));
    }
    fields.into()
}

/// A session with those who are in it.
pub(super) fn session(state: &State, session: &Session) -> Value {
    let mut by_role = Map::new();
    for one in session.present() {
        let count = by_role.get(&one.role).and_then(Value::as_i64).unwrap_or(0);
        by_role.insert(one.role.clone(), (count + 1).into());
    }
    let present = session.present();
    let participants: Value = present.map(|one| participant(state, one)).collect();
    let mut fields = fields(json!({
        "id": session.id,
        "participants_count_by_role": by_role,
        "anonymous_participant_count": session.anonymous_participants,
        "accepted_by": session.accepted_by,
        "rejected_by": session.rejected_by,
        "missed_by": session.missed_by,
    }));
    fields.insert("participants".into(), participants);
    put(&mut fields, "started_at", session.started_at);
    put(&mut fields, "ended_at", session.ended_at);
    put(&mut fields, "live_started_at", session.live_started_at);
    put(&mut fields, "live_ended_at", session.live_ended_at);
    put(&mut fields, "timer_ends_at", session.timer_ends_at);
    fields.into()
}

/// Someone who is in a session.
pub(super) fn participant(state: &State, one: &Participation) -> Value {
    json!({
        "user": user(state, &one.user_id),
        "user_session_id": one.user_session_id,
        "role": one.role,
        "joined_at": one.joined_at,
    })
}

/// Which tracks are sent.
pub(super) fn tracks(tracks: Tracks) -> Value {
    json!({
        "audio": tracks.audio,
        "video": tracks.video,
        "screenshare": tracks.screenshare,
        "screenshare_audio": tracks.screenshare_audio,
    })
}

/// A call type.
pub(super) fn call_type(call_type: &CallType) -> Map<String, Value> {
    let mut fields = fields(json!({
        "name": call_type.name,
        "created_at": call_type.created_at,
        "updated_at": call_type.updated_at,
        "grants": call_type.grants,
        "settings": call_type.settings,
        "notification_settings": call_type.notification_settings,
    }));
    put(
        &mut fields,
        "external_storage",
        call_type.external_storage.clone(),
    );
    fields
}

/// The fields of an object.
pub(super) fn fields(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}

/// Adds what is there.
pub(super) fn put(fields: &mut Map<String, Value>, name: &str, value: Option<impl Into<Value>>) {
    if let Some(value) = value {
        fields.insert(name.into(), value.into());
    }
}

/// Adds a field to an object.
pub(super) fn set(object: &mut Value, name: &str, value: impl Into<Value>) {
    if let Some(fields) = object.as_object_mut() {
        fields.insert(name.to_owned(), value.into());
    }
}
