//! The responses of QueryCalls and GetCall as somebody would write them by hand for one program:
//! plain derives, nothing lenient, timestamps as exact as the generated ones.
#![allow(dead_code, missing_docs, unreachable_pub)] // Read by serde, looked at by nobody.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::{Map, Value};

/// Nanoseconds since the Unix epoch.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub struct Nanos(pub i64);

#[derive(Debug, Deserialize)]
pub struct DeviceResponse {
    pub created_at: Nanos,
    pub disabled: Option<bool>,
    pub disabled_reason: Option<String>,
    pub id: String,
    pub push_provider: String,
    pub push_provider_name: Option<String>,
    pub user_id: String,
    pub voip: Option<bool>,
}

#[derive(Debug, Deserialize)]
pub struct DeliveryReceiptsResponse {
    pub enabled: Option<bool>,
}

#[derive(Debug, Deserialize)]
pub struct ReadReceiptsResponse {
    pub enabled: Option<bool>,
}

#[derive(Debug, Deserialize)]
pub struct TypingIndicatorsResponse {
    pub enabled: Option<bool>,
}

#[derive(Debug, Deserialize)]
pub struct PrivacySettingsResponse {
    pub delivery_receipts: Option<DeliveryReceiptsResponse>,
    pub read_receipts: Option<ReadReceiptsResponse>,
    pub typing_indicators: Option<TypingIndicatorsResponse>,
}

#[derive(Debug, Deserialize)]
pub struct PushNotificationSettingsResponse {
    pub disabled: Option<bool>,
    pub disabled_until: Option<Nanos>,
}

#[derive(Debug, Deserialize)]
pub struct UserResponse {
    pub avg_response_time: Option<i32>,
    pub ban_expires: Option<Nanos>,
    pub banned: bool,
    pub blocked_user_ids: Vec<String>,
    pub bypass_moderation: Option<bool>,
    pub created_at: Nanos,
    pub custom: Map<String, Value>,
    pub deactivated_at: Option<Nanos>,
    pub deleted_at: Option<Nanos>,
    pub devices: Option<Vec<DeviceResponse>>,
    pub id: String,
    pub image: Option<String>,
    pub invisible: bool,
    pub language: String,
    pub last_active: Option<Nanos>,
    pub name: Option<String>,
    pub online: bool,
    pub privacy_settings: Option<PrivacySettingsResponse>,
    pub push_notifications: Option<PushNotificationSettingsResponse>,
    pub revoke_tokens_issued_before: Option<Nanos>,
    pub role: String,
    pub shadow_banned: bool,
    pub teams: Vec<String>,
    pub teams_role: Option<HashMap<String, String>>,
    pub updated_at: Nanos,
}

#[derive(Debug, Deserialize)]
pub struct CompositeRecordingResponse {
    pub status: String,
}

#[derive(Debug, Deserialize)]
pub struct FrameRecordingResponse {
    pub status: String,
}

#[derive(Debug, Deserialize)]
pub struct EgressHlsResponse {
    pub playlist_url: String,
    pub status: String,
}

#[derive(Debug, Deserialize)]
pub struct IndividualRecordingResponse {
    pub status: String,
}

#[derive(Debug, Deserialize)]
pub struct RawRecordingResponse {
    pub status: String,
}

#[derive(Debug, Deserialize)]
pub struct EgressRtmpResponse {
    pub name: String,
    pub started_at: Nanos,
    pub stream_key: Option<String>,
    pub stream_url: Option<String>,
}

#[derive(Debug, Deserialize)]
pub struct EgressResponse {
    pub broadcasting: bool,
    pub composite_recording: Option<CompositeRecordingResponse>,
    pub frame_recording: Option<FrameRecordingResponse>,
    pub hls: Option<EgressHlsResponse>,
    pub individual_recording: Option<IndividualRecordingResponse>,
    pub raw_recording: Option<RawRecordingResponse>,
    pub rtmps: Vec<EgressRtmpResponse>,
}

#[derive(Debug, Deserialize)]
pub struct RtmpIngress {
    pub address: String,
}

#[derive(Debug, Deserialize)]
pub struct SrtIngress {
    pub address: String,
}

#[derive(Debug, Deserialize)]
pub struct WhipIngress {
    pub address: String,
}

#[derive(Debug, Deserialize)]
pub struct CallIngressResponse {
    pub rtmp: RtmpIngress,
    pub srt: SrtIngress,
    pub whip: WhipIngress,
}

#[derive(Debug, Deserialize)]
pub struct CallParticipantResponse {
    pub joined_at: Nanos,
    pub role: String,
    pub user: UserResponse,
    pub user_session_id: String,
}

#[derive(Debug, Deserialize)]
pub struct CallSessionResponse {
    pub accepted_by: HashMap<String, Nanos>,
    pub anonymous_participant_count: i32,
    pub ended_at: Option<Nanos>,
    pub id: String,
    pub live_ended_at: Option<Nanos>,
    pub live_started_at: Option<Nanos>,
    pub missed_by: HashMap<String, Nanos>,
    pub participants: Vec<CallParticipantResponse>,
    pub participants_count_by_role: HashMap<String, i32>,
    pub rejected_by: HashMap<String, Nanos>,
    pub started_at: Option<Nanos>,
    pub timer_ends_at: Option<Nanos>,
}

#[derive(Debug, Deserialize)]
pub enum AudioSettingsResponseDefaultDevice {
    #[serde(rename = "speaker")]
    Speaker,
    #[serde(rename = "earpiece")]
    Earpiece,
    #[serde(other)]
    Other,
}

#[derive(Debug, Deserialize)]
pub enum NoiseCancellationSettingsMode {
    #[serde(rename = "available")]
    Available,
    #[serde(rename = "disabled")]
    Disabled,
    #[serde(rename = "auto-on")]
    AutoOn,
    #[serde(other)]
    Other,
}

#[derive(Debug, Deserialize)]
pub struct NoiseCancellationSettings {
    pub mode: NoiseCancellationSettingsMode,
}

#[derive(Debug, Deserialize)]
pub struct AudioSettingsResponse {
    pub access_request_enabled: bool,
    pub default_device: AudioSettingsResponseDefaultDevice,
    pub hifi_audio_enabled: bool,
    pub mic_default_on: bool,
    pub noise_cancellation: Option<NoiseCancellationSettings>,
    pub opus_dtx_enabled: bool,
    pub redundant_coding_enabled: bool,
    pub speaker_default_on: bool,
}

#[derive(Debug, Deserialize)]
pub struct BackstageSettingsResponse {
    pub enabled: bool,
    pub join_ahead_time_seconds: Option<i32>,
}

#[derive(Debug, Deserialize)]
pub enum LayoutSettingsResponseName {
    #[serde(rename = "spotlight")]
    Spotlight,
    #[serde(rename = "grid")]
    Grid,
    #[serde(rename = "single-participant")]
    SingleParticipant,
    #[serde(rename = "mobile")]
    Mobile,
    #[serde(rename = "custom")]
    Custom,
    #[serde(other)]
    Other,
}

#[derive(Debug, Deserialize)]
pub struct LayoutSettingsResponse {
    pub detect_orientation: Option<bool>,
    pub external_app_url: String,
    pub external_css_url: String,
    pub name: LayoutSettingsResponseName,
    pub options: Option<Map<String, Value>>,
}

#[derive(Debug, Deserialize)]
pub struct HlsSettingsResponse {
    pub auto_on: bool,
    pub enabled: bool,
    pub layout: LayoutSettingsResponse,
    pub quality_tracks: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub struct RtmpSettingsResponse {
    pub enabled: bool,
    pub layout: LayoutSettingsResponse,
    pub quality: String,
}

#[derive(Debug, Deserialize)]
pub struct BroadcastSettingsResponse {
    pub enabled: bool,
    pub hls: HlsSettingsResponse,
    pub rtmp: RtmpSettingsResponse,
}

#[derive(Debug, Deserialize)]
pub enum FrameRecordingSettingsResponseMode {
    #[serde(rename = "available")]
    Available,
    #[serde(rename = "disabled")]
    Disabled,
    #[serde(rename = "auto-on")]
    AutoOn,
    #[serde(other)]
    Other,
}

#[derive(Debug, Deserialize)]
pub struct FrameRecordingSettingsResponse {
    pub capture_interval_in_seconds: i32,
    pub mode: FrameRecordingSettingsResponseMode,
    pub quality: Option<String>,
}

#[derive(Debug, Deserialize)]
pub struct GeofenceSettingsResponse {
    pub names: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub enum IndividualRecordingSettingsResponseMode {
    #[serde(rename = "available")]
    Available,
    #[serde(rename = "disabled")]
    Disabled,
    #[serde(rename = "auto-on")]
    AutoOn,
    #[serde(other)]
    Other,
}

#[derive(Debug, Deserialize)]
pub struct IndividualRecordingSettingsResponse {
    pub mode: IndividualRecordingSettingsResponseMode,
    pub output_types: Option<Vec<String>>,
}

#[derive(Debug, Deserialize)]
pub struct IngressAudioEncodingResponse {
    pub bitrate: i32,
    pub channels: i32,
    pub enable_dtx: bool,
}

#[derive(Debug, Deserialize)]
pub struct IngressVideoLayerResponse {
    pub bitrate: i64,
    pub codec: String,
    pub frame_rate_limit: i64,
    pub max_dimension: i64,
    pub min_dimension: i64,
}

#[derive(Debug, Deserialize)]
pub struct IngressSourceResponse {
    pub fps: i64,
    pub height: i64,
    pub width: i64,
}

#[derive(Debug, Deserialize)]
pub struct IngressVideoEncodingResponse {
    pub layers: Vec<IngressVideoLayerResponse>,
    pub source: IngressSourceResponse,
}

#[derive(Debug, Deserialize)]
pub struct IngressSettingsResponse {
    pub audio_encoding_options: Option<IngressAudioEncodingResponse>,
    pub enabled: bool,
    pub video_encoding_options: Option<HashMap<String, IngressVideoEncodingResponse>>,
}

#[derive(Debug, Deserialize)]
pub struct LimitsSettingsResponse {
    pub max_duration_seconds: Option<i32>,
    pub max_participants: Option<i32>,
    pub max_participants_exclude_owner: Option<bool>,
    pub max_participants_exclude_roles: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub enum RawRecordingSettingsResponseMode {
    #[serde(rename = "available")]
    Available,
    #[serde(rename = "disabled")]
    Disabled,
    #[serde(rename = "auto-on")]
    AutoOn,
    #[serde(other)]
    Other,
}

#[derive(Debug, Deserialize)]
pub struct RawRecordingSettingsResponse {
    pub audio_only: Option<bool>,
    pub mode: RawRecordingSettingsResponseMode,
}

#[derive(Debug, Deserialize)]
pub struct RecordSettingsResponse {
    pub audio_only: bool,
    pub layout: LayoutSettingsResponse,
    pub mode: String,
    pub quality: String,
}

#[derive(Debug, Deserialize)]
pub struct RingSettingsResponse {
    pub auto_cancel_timeout_ms: i32,
    pub incoming_call_timeout_ms: i32,
    pub missed_call_timeout_ms: i32,
}

#[derive(Debug, Deserialize)]
pub struct TargetResolution {
    pub bitrate: i32,
    pub height: i32,
    pub width: i32,
}

#[derive(Debug, Deserialize)]
pub struct ScreensharingSettingsResponse {
    pub access_request_enabled: bool,
    pub enabled: bool,
    pub target_resolution: Option<TargetResolution>,
}

#[derive(Debug, Deserialize)]
pub struct SessionSettingsResponse {
    pub inactivity_timeout_seconds: i32,
}

#[derive(Debug, Deserialize)]
pub struct ThumbnailsSettingsResponse {
    pub enabled: bool,
}

#[derive(Debug, Deserialize)]
pub enum TranscriptionSettingsResponseClosedCaptionMode {
    #[serde(rename = "available")]
    Available,
    #[serde(rename = "disabled")]
    Disabled,
    #[serde(rename = "auto-on")]
    AutoOn,
    #[serde(other)]
    Other,
}

#[derive(Debug, Deserialize)]
pub enum TranscriptionSettingsResponseLanguage {
    #[serde(rename = "auto")]
    Auto,
    #[serde(rename = "en")]
    En,
    #[serde(rename = "fr")]
    Fr,
    #[serde(rename = "es")]
    Es,
    #[serde(rename = "de")]
    De,
    #[serde(rename = "it")]
    It,
    #[serde(rename = "nl")]
    Nl,
    #[serde(rename = "pt")]
    Pt,
    #[serde(rename = "pl")]
    Pl,
    #[serde(rename = "ca")]
    Ca,
    #[serde(rename = "cs")]
    Cs,
    #[serde(rename = "da")]
    Da,
    #[serde(rename = "el")]
    El,
    #[serde(rename = "fi")]
    Fi,
    #[serde(rename = "id")]
    Id,
    #[serde(rename = "ja")]
    Ja,
    #[serde(rename = "ru")]
    Ru,
    #[serde(rename = "sv")]
    Sv,
    #[serde(rename = "ta")]
    Ta,
    #[serde(rename = "th")]
    Th,
    #[serde(rename = "tr")]
    Tr,
    #[serde(rename = "hu")]
    Hu,
    #[serde(rename = "ro")]
    Ro,
    #[serde(rename = "zh")]
    Zh,
    #[serde(rename = "ar")]
    Ar,
    #[serde(rename = "tl")]
    Tl,
    #[serde(rename = "he")]
    He,
    #[serde(rename = "hi")]
    Hi,
    #[serde(rename = "hr")]
    Hr,
    #[serde(rename = "ko")]
    Ko,
    #[serde(rename = "ms")]
    Ms,
    #[serde(rename = "no")]
    No,
    #[serde(rename = "uk")]
    Uk,
    #[serde(rename = "bg")]
    Bg,
    #[serde(rename = "et")]
    Et,
    #[serde(rename = "sl")]
    Sl,
    #[serde(rename = "sk")]
    Sk,
    #[serde(other)]
    Other,
}

#[derive(Debug, Deserialize)]
pub enum TranscriptionSettingsResponseMode {
    #[serde(rename = "available")]
    Available,
    #[serde(rename = "disabled")]
    Disabled,
    #[serde(rename = "auto-on")]
    AutoOn,
    #[serde(other)]
    Other,
}

#[derive(Debug, Deserialize)]
pub struct SpeechSegmentConfig {
    pub max_speech_caption_ms: Option<i32>,
    pub silence_duration_ms: Option<i32>,
}

#[derive(Debug, Deserialize)]
pub enum TranslationSettingsLanguages {
    #[serde(rename = "en")]
    En,
    #[serde(rename = "fr")]
    Fr,
    #[serde(rename = "es")]
    Es,
    #[serde(rename = "de")]
    De,
    #[serde(rename = "it")]
    It,
    #[serde(rename = "nl")]
    Nl,
    #[serde(rename = "pt")]
    Pt,
    #[serde(rename = "pl")]
    Pl,
    #[serde(rename = "ca")]
    Ca,
    #[serde(rename = "cs")]
    Cs,
    #[serde(rename = "da")]
    Da,
    #[serde(rename = "el")]
    El,
    #[serde(rename = "fi")]
    Fi,
    #[serde(rename = "id")]
    Id,
    #[serde(rename = "ja")]
    Ja,
    #[serde(rename = "ru")]
    Ru,
    #[serde(rename = "sv")]
    Sv,
    #[serde(rename = "ta")]
    Ta,
    #[serde(rename = "th")]
    Th,
    #[serde(rename = "tr")]
    Tr,
    #[serde(rename = "hu")]
    Hu,
    #[serde(rename = "ro")]
    Ro,
    #[serde(rename = "zh")]
    Zh,
    #[serde(rename = "ar")]
    Ar,
    #[serde(rename = "tl")]
    Tl,
    #[serde(rename = "he")]
    He,
    #[serde(rename = "hi")]
    Hi,
    #[serde(rename = "hr")]
    Hr,
    #[serde(rename = "ko")]
    Ko,
    #[serde(rename = "ms")]
    Ms,
    #[serde(rename = "no")]
    No,
    #[serde(rename = "uk")]
    Uk,
    #[serde(other)]
    Other,
}

#[derive(Debug, Deserialize)]
pub struct TranslationSettings {
    pub enabled: bool,
    pub languages: Vec<TranslationSettingsLanguages>,
}

#[derive(Debug, Deserialize)]
pub struct TranscriptionSettingsResponse {
    pub closed_caption_mode: TranscriptionSettingsResponseClosedCaptionMode,
    pub language: TranscriptionSettingsResponseLanguage,
    pub mode: TranscriptionSettingsResponseMode,
    pub speech_segment_config: Option<SpeechSegmentConfig>,
    pub translation: Option<TranslationSettings>,
}

#[derive(Debug, Deserialize)]
pub enum VideoSettingsResponseCameraFacing {
    #[serde(rename = "front")]
    Front,
    #[serde(rename = "back")]
    Back,
    #[serde(rename = "external")]
    External,
    #[serde(other)]
    Other,
}

#[derive(Debug, Deserialize)]
pub struct VideoSettingsResponse {
    pub access_request_enabled: bool,
    pub camera_default_on: bool,
    pub camera_facing: VideoSettingsResponseCameraFacing,
    pub enabled: bool,
    pub target_resolution: TargetResolution,
}

#[derive(Debug, Deserialize)]
pub struct CallSettingsResponse {
    pub audio: AudioSettingsResponse,
    pub backstage: BackstageSettingsResponse,
    pub broadcasting: BroadcastSettingsResponse,
    pub frame_recording: FrameRecordingSettingsResponse,
    pub geofencing: GeofenceSettingsResponse,
    pub individual_recording: IndividualRecordingSettingsResponse,
    pub ingress: Option<IngressSettingsResponse>,
    pub limits: LimitsSettingsResponse,
    pub raw_recording: RawRecordingSettingsResponse,
    pub recording: RecordSettingsResponse,
    pub ring: RingSettingsResponse,
    pub screensharing: ScreensharingSettingsResponse,
    pub session: SessionSettingsResponse,
    pub thumbnails: ThumbnailsSettingsResponse,
    pub transcription: TranscriptionSettingsResponse,
    pub video: VideoSettingsResponse,
}

#[derive(Debug, Deserialize)]
pub struct ThumbnailResponse {
    pub image_url: String,
}

#[derive(Debug, Deserialize)]
pub struct CallResponse {
    pub backstage: bool,
    pub blocked_user_ids: Vec<String>,
    pub captioning: bool,
    pub channel_cid: Option<String>,
    pub cid: String,
    pub created_at: Nanos,
    pub created_by: UserResponse,
    pub current_session_id: String,
    pub custom: Map<String, Value>,
    pub egress: EgressResponse,
    pub ended_at: Option<Nanos>,
    pub id: String,
    pub ingress: CallIngressResponse,
    pub join_ahead_time_seconds: Option<i32>,
    pub recording: bool,
    pub routing_number: Option<String>,
    pub session: Option<CallSessionResponse>,
    pub settings: CallSettingsResponse,
    pub starts_at: Option<Nanos>,
    pub team: Option<String>,
    pub thumbnails: Option<ThumbnailResponse>,
    pub transcribing: bool,
    pub translating: bool,
    pub r#type: String,
    pub updated_at: Nanos,
}

#[derive(Debug, Deserialize)]
pub struct MemberResponse {
    pub created_at: Nanos,
    pub custom: Map<String, Value>,
    pub deleted_at: Option<Nanos>,
    pub role: Option<String>,
    pub updated_at: Nanos,
    pub user: UserResponse,
    pub user_id: String,
}

#[derive(Debug, Deserialize)]
pub enum OwnCapability {
    #[serde(rename = "block-users")]
    BlockUsers,
    #[serde(rename = "change-max-duration")]
    ChangeMaxDuration,
    #[serde(rename = "create-call")]
    CreateCall,
    #[serde(rename = "create-reaction")]
    CreateReaction,
    #[serde(rename = "enable-noise-cancellation")]
    EnableNoiseCancellation,
    #[serde(rename = "end-call")]
    EndCall,
    #[serde(rename = "join-backstage")]
    JoinBackstage,
    #[serde(rename = "join-call")]
    JoinCall,
    #[serde(rename = "join-ended-call")]
    JoinEndedCall,
    #[serde(rename = "kick-user")]
    KickUser,
    #[serde(rename = "mute-users")]
    MuteUsers,
    #[serde(rename = "pin-for-everyone")]
    PinForEveryone,
    #[serde(rename = "read-call")]
    ReadCall,
    #[serde(rename = "remove-call-member")]
    RemoveCallMember,
    #[serde(rename = "screenshare")]
    Screenshare,
    #[serde(rename = "send-audio")]
    SendAudio,
    #[serde(rename = "send-closed-captions-call")]
    SendClosedCaptionsCall,
    #[serde(rename = "send-video")]
    SendVideo,
    #[serde(rename = "start-broadcast-call")]
    StartBroadcastCall,
    #[serde(rename = "start-closed-captions-call")]
    StartClosedCaptionsCall,
    #[serde(rename = "start-frame-record-call")]
    StartFrameRecordCall,
    #[serde(rename = "start-individual-record-call")]
    StartIndividualRecordCall,
    #[serde(rename = "start-raw-record-call")]
    StartRawRecordCall,
    #[serde(rename = "start-record-call")]
    StartRecordCall,
    #[serde(rename = "start-transcription-call")]
    StartTranscriptionCall,
    #[serde(rename = "stop-broadcast-call")]
    StopBroadcastCall,
    #[serde(rename = "stop-closed-captions-call")]
    StopClosedCaptionsCall,
    #[serde(rename = "stop-frame-record-call")]
    StopFrameRecordCall,
    #[serde(rename = "stop-individual-record-call")]
    StopIndividualRecordCall,
    #[serde(rename = "stop-raw-record-call")]
    StopRawRecordCall,
    #[serde(rename = "stop-record-call")]
    StopRecordCall,
    #[serde(rename = "stop-transcription-call")]
    StopTranscriptionCall,
    #[serde(rename = "update-call")]
    UpdateCall,
    #[serde(rename = "update-call-member")]
    UpdateCallMember,
    #[serde(rename = "update-call-permissions")]
    UpdateCallPermissions,
    #[serde(rename = "update-call-settings")]
    UpdateCallSettings,
    #[serde(other)]
    Other,
}

#[derive(Debug, Deserialize)]
pub struct CallStateResponseFields {
    pub call: CallResponse,
    pub members: Vec<MemberResponse>,
    pub own_capabilities: Vec<OwnCapability>,
}

#[derive(Debug, Deserialize)]
pub struct QueryCallsResponse {
    pub calls: Vec<CallStateResponseFields>,
    pub duration: String,
    pub next: Option<String>,
    pub prev: Option<String>,
}

#[derive(Debug, Deserialize)]
pub struct GetCallResponse {
    pub call: CallResponse,
    pub duration: String,
    pub members: Vec<MemberResponse>,
    pub own_capabilities: Vec<OwnCapability>,
}
