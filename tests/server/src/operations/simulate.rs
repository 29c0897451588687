//! Effects of media on a call, made by hand: joining, leaving, sending, speaking.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::context::Context;
use super::egress::{failure, recording};
use super::render;
use super::ring;
use super::sessions::current;
use super::sessions::end::end_current;
use super::sessions::joining::{self, Joining};
use super::sessions::presence;
use super::sessions::telephone;
use crate::error::ApiError;
use crate::input::Fields;
use crate::state::{Sample, Speech, Tracks};

/// Something that participants do in a call.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Action {
    /// A user comes in, which starts a session if none runs.
    Join {
        /// The user, who has to exist.
        user_id: String,
        /// The id of this presence; a new one if left out.
        #[serde(default)]
        user_session_id: Option<String>,
        /// The role in the call; that of the member or user if left out.
        #[serde(default)]
        role: Option<String>,
        /// Tracks to send from the start: `audio`, `video`, `screenshare`, `screenshare_audio`.
        #[serde(default)]
        tracks: Vec<String>,
        /// Facts that the client states: `sdk`, `sdk_version`, `browser`, `os`, `country`,
        /// `location` and the like.
        #[serde(default)]
        client: Fields,
    },
    /// A user goes.
    Leave {
        /// The user.
        user_id: String,
        /// Only this presence; all of the user if left out.
        #[serde(default)]
        user_session_id: Option<String>,
    },
    /// A user who is there starts to send.
    Publish {
        /// The user.
        user_id: String,
        /// `audio`, `video`, `screenshare`, `screenshare_audio`.
        tracks: Vec<String>,
    },
    /// A user who is there stops sending.
    Unpublish {
        /// The user.
        user_id: String,
        /// As in [`Publish`](Self::Publish).
        tracks: Vec<String>,
    },
    /// A user who is there says something, which captions show and transcriptions keep.
    Speak {
        /// The user.
        user_id: String,
        /// The words.
        text: String,
        /// The language; `en` if left out.
        #[serde(default)]
        language: Option<String>,
    },
    /// A user who is being rung accepts.
    Accept {
        /// The user.
        user_id: String,
    },
    /// A user who is being rung rejects.
    Reject {
        /// The user.
        user_id: String,
        /// Why.
        #[serde(default)]
        reason: Option<String>,
    },
    /// A user reacts.
    React {
        /// The user.
        user_id: String,
        /// The kind of reaction, such as `raise-hand`.
        kind: String,
        /// The emoji, such as `:like:`.
        #[serde(default)]
        emoji_code: Option<String>,
    },
    /// A user asks for permissions.
    RequestPermissions {
        /// The user.
        user_id: String,
        /// Capabilities, such as `send-audio`.
        permissions: Vec<String>,
    },
    /// Lists the recording so far as a file, without stopping it.
    ReadyRecording {
        /// `composite`, `individual` or `raw`; the first is meant if left out.
        #[serde(default)]
        recording_type: Option<String>,
    },
    /// Something that runs breaks off with an error.
    Fail {
        /// A recording (`composite_recording`, `individual_recording`, `raw_recording`,
        /// `frame_recording`), `transcription`, `closed_captions`, `hls`, `rtmp`, or `ingress`,
        /// which is how a user publishes.
        what: String,
        /// The RTMP broadcast; any if left out.
        #[serde(default)]
        name: Option<String>,
        /// The user whose ingress breaks off.
        #[serde(default)]
        user_id: Option<String>,
        /// The error that the event reports.
        #[serde(default)]
        error: Option<String>,
    },
    /// A user who is there presses a key of the telephone.
    Dtmf {
        /// The user.
        user_id: String,
        /// The key: a digit, `*`, `#`, or a letter from `A` to `D`.
        digit: String,
        /// For how long, in milliseconds; 100 if left out.
        #[serde(default)]
        duration_ms: Option<u32>,
    },
    /// A user who is there reports measurements, of which statistics make curves and percentiles.
    Measure {
        /// The user.
        user_id: String,
        /// The kind of track that was measured, as in [`Publish`](Self::Publish); the connection if
        /// left out.
        #[serde(default)]
        track: Option<String>,
        /// Measured on what the user received, not on what it sent.
        #[serde(default)]
        received: bool,
        /// Any of `bitrate` (bit/s), `framerate`, `width`, `height`, `jitter_ms`, `rtt_ms`,
        /// `packets_lost_pct`, `frame_encoding_time_ms`, `concealment_pct`.
        values: BTreeMap<String, f64>,
    },
    /// Everyone goes and the session ends.
    EndSession,
}

/// Does it; returns the session as it is then, and for those who join the id of their presence.
pub(crate) fn perform(
    context: &mut Context<'_>,
    cid: &str,
    action: Action,
) -> Result<Value, ApiError> {
    context.call(cid)?;
    let mut fields = Fields::new();
    match action {
        Action::Join {
            user_id,
            user_session_id,
            role,
            tracks,
            client,
        } => {
            let joining = Joining {
                user_id,
                user_session_id,
                role,
                tracks: read_tracks(&tracks)?,
                client,
            };
            let joined = joining::join(context, cid, joining)?;
            fields.insert("user_session_id".into(), joined.user_session_id.into());
        }
        Action::Leave {
            user_id,
            user_session_id,
        } => {
            let user_session = user_session_id.as_deref();
            if presence::leave(context, cid, &user_id, user_session, "")? == 0 {
                return Err(absent(cid, &user_id));
            }
        }
        Action::Publish { user_id, tracks } => {
            let tracks = read_tracks(&tracks)?;
            require_present(
                presence::publish(context, cid, &user_id, tracks)?,
                cid,
                &user_id,
            )?;
        }
        Action::Unpublish { user_id, tracks } => {
            let tracks = read_tracks(&tracks)?;
            let is_present = presence::stop_tracks(context, cid, &user_id, tracks)?;
            require_present(is_present, cid, &user_id)?;
        }
        Action::Speak {
            user_id,
            text,
            language,
        } => {
            speak(context, cid, &user_id, text, language)?;
        }
        Action::Accept { user_id } => ring::answer(context, cid, &user_id, true, None)?,
        Action::Reject { user_id, reason } => {
            ring::answer(context, cid, &user_id, false, reason.as_deref())?;
        }
        Action::React {
            user_id,
            kind,
            emoji_code,
        } => {
            context.require_users("the operation", [user_id.as_str()])?;
            let user = render::user(context.state(), &user_id);
            let reaction = json!({ "type": kind, "emoji_code": emoji_code, "user": user });
            current::note_reaction(context, cid, &user_id, &kind)?;
            context.emit("call.reaction_new", cid, json!({ "reaction": reaction }));
        }
        Action::RequestPermissions {
            user_id,
            permissions,
        } => {
            context.require_users("the operation", [user_id.as_str()])?;
            let user = render::user(context.state(), &user_id);
            let payload = json!({ "user": user, "permissions": permissions });
            context.emit("call.permission_request", cid, payload);
        }
        Action::ReadyRecording { recording_type } => {
            let kind = recording_type.as_deref().unwrap_or("composite");
            recording::ready(context, cid, kind)?;
        }
        Action::Fail {
            what,
            name,
            user_id,
            error,
        } => {
            let error = error.as_deref().unwrap_or("the stream broke off");
            if what == "ingress" {
                let user = user_id.ok_or_else(|| {
                    ApiError::input("user_id must name the user whose ingress fails")
                })?;
                require_present(
                    presence::fail_ingress(context, cid, &user, error)?,
                    cid,
                    &user,
                )?;
            } else {
                failure::fail(context, cid, &what, name.as_deref(), error)?;
            }
        }
        Action::Dtmf {
            user_id,
            digit,
            duration_ms,
        } => {
            let duration = duration_ms.unwrap_or(100);
            require_present(
                telephone::press_key(context, cid, &user_id, &digit, duration)?,
                cid,
                &user_id,
            )?;
        }
        Action::Measure {
            user_id,
            track,
            received: is_received,
            values,
        } => {
            read_tracks(track.as_slice())?;
            let at = context.now;
            let sample = Sample {
                at,
                track,
                is_received,
                values,
            };
            let is_present = presence::measure(context, cid, &user_id, sample)?;
            require_present(is_present, cid, &user_id)?;
        }
        Action::EndSession => end_current(context, cid)?,
    }
    let call = context.call(cid)?;
    let session = call
        .session_ids
        .last()
        .and_then(|id| context.state().sessions.get(id));
    let session = session.map(|session| render::session(context.state(), session));
    render::put(&mut fields, "session", session);
    Ok(fields.into())
}

fn read_tracks(names: &[String]) -> Result<Tracks, ApiError> {
    let mut tracks = Tracks::default();
    for name in names {
        match name.as_str() {
            "audio" => tracks.audio = true,
            "video" => tracks.video = true,
            "screenshare" => tracks.screenshare = true,
            "screenshare_audio" => tracks.screenshare_audio = true,
            other => {
                return Err(ApiError::input(format!(
                    "tracks are audio, video, screenshare and screenshare_audio, not {other}"
                )));
            }
        }
    }
    Ok(tracks)
}

fn require_present(is_present: bool, cid: &str, user: &str) -> Result<(), ApiError> {
    if is_present {
        Ok(())
    } else {
        Err(absent(cid, user))
    }
}

fn absent(cid: &str, user: &str) -> ApiError {
    ApiError::input(format!("the user {user} is not in the call {cid}"))
}

fn speak(
    context: &mut Context<'_>,
    cid: &str,
    user: &str,
    text: String,
    language: Option<String>,
) -> Result<(), ApiError> {
    let is_present = current::present_users(context, cid)?.contains(user);
    require_present(is_present, cid, user)?;
    let language = language.unwrap_or_else(|| "en".into());
    let start_time = context.moment();
    let speech = Speech {
        user_id: user.to_owned(),
        text: text.clone(),
        language: language.clone(),
        start_time,
        end_time: start_time,
    };
    current::note_speech(context, cid, speech)?;
    if context.call(cid)?.egress.captions.is_some() {
        let caption = json!({
            "id": Uuid::new_v4().to_string(),
            "speaker_id": user,
            "text": text,
            "language": language,
            "service": "local",
            "translated": false,
            "start_time": start_time,
            "end_time": start_time,
            "user": render::user(context.state(), user),
        });
        context.emit(
            "call.closed_caption",
            cid,
            json!({ "closed_caption": caption }),
        );
    }
    Ok(())
}

/// Reads an action as a local route gets it.
pub(crate) fn read_action(name: &str, fields: &Fields) -> Result<Action, ApiError> {
    let mut fields = fields.clone();
    fields.insert("action".into(), name.into());
    let action = serde_json::from_value(Value::Object(fields));
    action.map_err(|error| ApiError::input(error.to_string()))
}
