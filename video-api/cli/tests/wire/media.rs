//! Broadcasting, recording, transcription and closed captions.

use video_api::types::{RtmpBroadcastRequest, SpeechSegmentConfig};

use super::calls::time;
use super::{Case, ID, call, case};

pub(crate) fn cases() -> Vec<Case> {
    vec![
        case!("GoLive", ["default", ID, "--start-hls", "--start-recording=false", "--recording-storage-name", ""],
            {"path": call(), "body": {"start_hls": true, "start_recording": false, "recording_storage_name": ""}},
            |c| c.go_live("default", ID).start_hls(true).start_recording(false).recording_storage_name("")),
        case!("StopLive", ["default", ID, "--continue-hls"],
            {"path": call(), "body": {"continue_hls": true}},
            |c| c.stop_live("default", ID).continue_hls(true)),
        case!("StartHLSBroadcasting", ["default", ID], {"path": call()}, |c| c.start_hls_broadcasting("default", ID)),
        case!("StopHLSBroadcasting", ["default", ID], {"path": call()}, |c| c.stop_hls_broadcasting("default", ID)),
        case!("StartRTMPBroadcasts", ["default", ID, "--broadcasts", r#"[{"name":"x","stream_url":"rtmps://h/y"}]"#],
            {"path": call(), "body": {"broadcasts": [{"name": "x", "stream_url": "rtmps://h/y"}]}},
            |c| c.start_rtmp_broadcasts("default", ID, [RtmpBroadcastRequest::new("x", "rtmps://h/y")])),
        case!("StopRTMPBroadcast", ["default", ID, "a.b"],
            {"path": {"type": "default", "id": ID, "name": "a.b"}, "body": {}},
            |c| c.stop_rtmp_broadcast("default", ID, "a.b")),
        case!("StopAllRTMPBroadcasts", ["default", ID], {"path": call()},
            |c| c.stop_all_rtmp_broadcasts("default", ID)),
        case!("StartRecording", ["default", ID, "composite", "--recording-external-storage", "s3"],
            {"path": {"type": "default", "id": ID, "recording_type": "composite"},
                "body": {"recording_external_storage": "s3"}},
            |c| c.start_recording("default", ID, "composite").recording_external_storage("s3")),
        case!("StopRecording", ["default", ID, "raw"],
            {"path": {"type": "default", "id": ID, "recording_type": "raw"}},
            |c| c.stop_recording("default", ID, "raw")),
        case!("ListRecordings", ["default", ID], {"path": call()}, |c| c.list_recordings("default", ID)),
        case!("DeleteRecording", ["default", ID, "s", "f?.mp4"],
            {"path": {"type": "default", "id": ID, "session": "s", "filename": "f?.mp4"}},
            |c| c.delete_recording("default", ID, "s", "f?.mp4")),
        case!("StartFrameRecording", ["default", ID, "--recording-external-storage", "s3"],
            {"path": call(), "body": {"recording_external_storage": "s3"}},
            |c| c.start_frame_recording("default", ID).recording_external_storage("s3")),
        case!("StopFrameRecording", ["default", ID], {"path": call()}, |c| c.stop_frame_recording("default", ID)),
        case!("StartTranscription", ["default", ID, "--language", "fr", "--enable-closed-captions"],
            {"path": call(), "body": {"language": "fr", "enable_closed_captions": true}},
            |c| c.start_transcription("default", ID).language("fr").enable_closed_captions(true)),
        case!("StopTranscription", ["default", ID, "--stop-closed-captions=false"],
            {"path": call(), "body": {"stop_closed_captions": false}},
            |c| c.stop_transcription("default", ID).stop_closed_captions(false)),
        case!("ListTranscriptions", ["default", ID], {"path": call()}, |c| c.list_transcriptions("default", ID)),
        case!("DeleteTranscription", ["default", ID, "s", "f#.jsonl"],
            {"path": {"type": "default", "id": ID, "session": "s", "filename": "f#.jsonl"}},
            |c| c.delete_transcription("default", ID, "s", "f#.jsonl")),
        case!("StartClosedCaptions", ["default", ID, "--speech-segment-config", r#"{"silence_duration_ms":700}"#],
            {"path": call(), "body": {"speech_segment_config": {"silence_duration_ms": 700}}},
            |c| c.start_closed_captions("default", ID)
                .speech_segment_config(SpeechSegmentConfig::new().silence_duration_ms(700))),
        case!("StopClosedCaptions", ["default", ID, "--body", "{}"],
            {"path": call()},
            |c| c.stop_closed_captions("default", ID)),
        case!("SendClosedCaption", ["default", ID, "--speaker-id", "ana", "--text", "Grüße \"x\"",
                "--start-time", "2026-01-31T12:00:00.123456789Z"],
            {"path": call(), "body": {"speaker_id": "ana", "text": "Grüße \"x\"",
                "start_time": "2026-01-31T12:00:00.123456789Z"}},
            |c| c.send_closed_caption("default", ID, "ana", "Grüße \"x\"")
                .start_time(time("2026-01-31T12:00:00.123456789Z"))),
    ]
}
