"""Runs every operation of the video API through the official Python SDK, unmodified.

Needs a local server (STREAM_BASE_URL, STREAM_API_KEY, STREAM_API_SECRET in the environment, as its
banner prints them) and `pip install getstream`. Every answer is decoded by the SDK's own types, and
none of their required fields may be missing.
"""

import hashlib
import dataclasses
import datetime
import inspect
import json
import os
import pathlib
import sys
import types
import typing
import urllib.request

import getstream.models as models
from getstream import Stream
from getstream.base import StreamApiException
from getstream.models import (
    AudioSettingsRequest,
    BackstageSettingsRequest,
    CallRequest,
    CallSettingsRequest,
    FrameRecordingSettingsRequest,
    GeofenceSettingsRequest,
    LayoutSettingsRequest,
    LimitsSettingsRequest,
    MemberRequest,
    QueryUsersPayload,
    RecordSettingsRequest,
    RTMPBroadcastRequest,
    S3Request,
    SessionSettingsRequest,
    SIPCallConfigsRequest,
    SIPCallerConfigsRequest,
    SIPChallengeRequest,
    SIPDirectRoutingRuleCallConfigsRequest,
    SIPPinProtectionConfigsRequest,
    SortParamRequest,
    UpdateUserPartialRequest,
    UserRequest,
)
from getstream.video.rest_client import VideoRestClient

BASE = os.environ["STREAM_BASE_URL"]
# Operations of the SDK that are not part of the API page; the server has to say so.
OUTSIDE = {"get_daily_digest", "report_client_call_event"}

SPEC = pathlib.Path(__file__).resolve().parents[2] / "spec" / "video-api.json"
SCHEMAS = json.loads(SPEC.read_text())["components"]["schemas"]

client = Stream(
    api_key=os.environ["STREAM_API_KEY"],
    api_secret=os.environ["STREAM_API_SECRET"],
    base_url=BASE,
)
video = client.video
performed = set()


def local(method, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{BASE}/_local{path}", data=data, method=method)
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def documented(kind, name):
    """Whether the spec served has a field; the SDK may be newer."""
    schema = SCHEMAS.get(kind.__name__)
    return schema is None or name in schema.get("properties", {})


def missing(value, kind, place):
    """Places where a type requires a value and there is none."""
    kind = typing.get_args(kind)[0] if typing.get_origin(kind) is typing.Annotated else kind
    if typing.get_origin(kind) in (typing.Union, types.UnionType):
        if value is None:
            return []
        kind = next(one for one in typing.get_args(kind) if one is not types.NoneType)
    if value is None:
        return [] if kind in (object, typing.Any) else [place]
    if dataclasses.is_dataclass(kind) and dataclasses.is_dataclass(value):
        hints = typing.get_type_hints(kind, vars(models))
        return [
            found
            for field in dataclasses.fields(kind)
            if documented(kind, field.name.lstrip("_"))
            for found in missing(getattr(value, field.name), hints[field.name], f"{place}.{field.name}")
        ]
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin is list:
        return [
            found
            for index, item in enumerate(value)
            for found in missing(item, arguments[0], f"{place}[{index}]")
        ]
    if origin is dict:
        return [
            found
            for name, item in value.items()
            for found in missing(item, arguments[1], f"{place}.{name}")
        ]
    expected = {int: (int,), float: (int, float), str: (str,), bool: (bool,), datetime.datetime: (datetime.datetime,)}
    if kind in expected and not isinstance(value, expected[kind]):
        return [f"{place} is {value!r} and no {kind.__name__}"]
    return []


def run(operation, /, *arguments, owner=video, **options):
    """Performs an operation, decodes the answer, and answers its data."""
    method = getattr(owner, operation)
    response = method(*arguments, **options)
    if owner is video:
        performed.add(operation)
    if not hasattr(response, "data"):
        return response
    data_type = type(response.data)
    absent = missing(response.data, data_type, data_type.__name__)
    assert not absent, f"{operation}: {absent}"
    # Where the one edge is said to lie is made up; everything else follows from what was done.
    sample = "true" if operation == "get_edges" else None
    assert response.headers().get("x-local-sample") == sample, f"{operation}: sample values"
    return response.data


def refused(status, text, operation, /, *arguments, owner=video, **options):
    try:
        getattr(owner, operation)(*arguments, **options)
    except StreamApiException as error:
        assert error.status_code == status, f"{operation}: {error.status_code} {error}"
        assert text in str(error), f"{operation}: {text!r} is not in {error}"
        return
    raise AssertionError(f"{operation} was not refused")


def users_and_call_types():
    run("upsert_users", UserRequest(id="ana", name="Ana", role="admin"), owner=client)
    run("upsert_users", UserRequest(id="bob"), UserRequest(id="eve"), owner=client)
    refused(400, "nobody", "get_or_create_call", "default", "refused", data=CallRequest(created_by_id="nobody"))
    refused(404, "call type", "get_or_create_call", "unheard_of", "x", data=CallRequest(created_by_id="ana"))

    assert {"default", "audio_room", "livestream", "development"} <= set(run("list_call_types").call_types)
    frames = FrameRecordingSettingsRequest(capture_interval_in_seconds=3, mode="auto-on", quality="720p")
    created = run(
        "create_call_type",
        "webinar",
        settings=CallSettingsRequest(backstage=BackstageSettingsRequest(enabled=True), frame_recording=frames),
        grants={"host": ["join-backstage"]},
    )
    assert created.settings.backstage.enabled and created.settings.frame_recording.mode == "auto-on"
    updated = run("update_call_type", "webinar", grants={"user": ["read-call"]})
    assert updated.grants["user"] == ["read-call"]
    assert run("get_call_type", "webinar").grants["host"] == ["join-backstage"]
    run("delete_call_type", "webinar")
    refused(404, "webinar", "get_call_type", "webinar")


def users_of_teams():
    """What backends do with users, tasks and storage beside the video operations."""
    teams = run("upsert_users", UserRequest(id="tea", teams=["red", "blue"], custom={"level": 1}), owner=client).users["tea"].teams
    assert teams == ["red", "blue"], teams

    def found(**conditions):
        payload = QueryUsersPayload(filter_conditions=conditions, sort=[SortParamRequest(field="id", direction=1)])
        return [one.id for one in run("query_users", payload, owner=client).users]

    assert found(id="tea", teams={"$in": ["red"]}) == ["tea"]
    assert "tea" not in found(teams=None)
    change = UpdateUserPartialRequest(id="tea", set={"level": 2}, unset=["color"])
    assert run("update_users_partial", users=[change], owner=client).users["tea"].custom == {"level": 2}
    call = run("get_or_create_call", "default", "of-team", data=CallRequest(created_by_id="tea", team="blue")).call
    assert call.team == "blue"
    assert [one.call.id for one in run("query_calls", filter_conditions={"team": {"$eq": "blue"}}).calls] == ["of-team"]
    run("deactivate_user", user_id="tea", owner=client)
    assert found(id="tea") == []
    run("reactivate_user", user_id="tea", owner=client)
    for many in ["deactivate_users", "reactivate_users", "delete_users"]:
        task = run(many, user_ids=["tea"], owner=client).task_id
        assert run("get_task", task, owner=client).status == "completed"

    bucket = dict(bucket="b", storage_type="s3", path="p/", aws_s3=S3Request(s3_region="us-east-1", s3_api_key="k", s3_secret="s"))
    run("create_external_storage", name="tapes", owner=client, **bucket)
    assert "tapes" in run("list_external_storage", owner=client).external_storages
    address = run("check_external_storage", "tapes", owner=client).file_url
    with urllib.request.urlopen(address) as file:
        assert file.read()
    run("delete_external_storage", "tapes", owner=client)
    refused(400, "stream-s3 name reserved for internal use", "create_external_storage", name="stream-s3", owner=client, **bucket)


def settings_of_calls():
    """Settings that a call has of its own: limits, session, backstage and how it is recorded."""

    def update(**settings):
        return run("update_call", "livestream", "scheduled", settings_override=CallSettingsRequest(**settings)).call

    soon = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(minutes=30)
    overrides = CallSettingsRequest(
        limits=LimitsSettingsRequest(max_duration_seconds=3600),
        session=SessionSettingsRequest(inactivity_timeout_seconds=5),
        geofencing=GeofenceSettingsRequest(names=["canada"]),
        backstage=BackstageSettingsRequest(enabled=True, join_ahead_time_seconds=300),
    )
    data = CallRequest(created_by_id="ana", starts_at=soon, settings_override=overrides)
    call = run("get_or_create_call", "livestream", "scheduled", data=data).call
    assert call.settings.limits.max_duration_seconds == 3600
    assert call.settings.session.inactivity_timeout_seconds == 5
    assert call.settings.geofencing.names == ["canada"]
    assert call.backstage and call.join_ahead_time_seconds == 300
    assert abs(call.starts_at - soon) < datetime.timedelta(milliseconds=1)
    assert update(limits=LimitsSettingsRequest(max_duration_seconds=0)).settings.limits.max_duration_seconds == 0
    assert update(backstage=BackstageSettingsRequest(join_ahead_time_seconds=0)).join_ahead_time_seconds == 0
    audio = update(audio=AudioSettingsRequest(mic_default_on=False, default_device="earpiece")).settings.audio
    assert (audio.mic_default_on, audio.default_device) == (False, "earpiece")
    layout = LayoutSettingsRequest(name="custom", external_app_url="https://example.com/app", options={"title.text": "Q&A"})
    recording = update(recording=RecordSettingsRequest(mode="available", quality="1080p", layout=layout)).settings.recording
    assert recording.quality == "1080p" and recording.layout.external_app_url == "https://example.com/app"
    assert "scheduled" in call.ingress.rtmp.address
    refused(404, "recording doesn't exist", "delete_recording", "livestream", "scheduled", "s", "f")
    refused(404, "transcription doesn't exist", "delete_transcription", "livestream", "scheduled", "s", "f")
    refused(404, "no session", "get_call_report", "livestream", "scheduled")
    gone = run("delete_call", "livestream", "scheduled")
    assert gone.task_id is None and gone.call.id == "scheduled"
    refused(404, "Can't find call with id livestream:scheduled", "get_call", "livestream", "scheduled")


def call_with_members():
    refused(404, "Can't find call with id default:story", "get_call", "default", "story")
    data = CallRequest(
        created_by_id="ana",
        members=[MemberRequest(user_id="ana", role="host"), MemberRequest(user_id="bob")],
        custom={"color": "blue", "nested": {"deep": 1}},
        starts_at=datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=1),
    )
    assert run("get_or_create_call", "default", "story", data=data).created
    assert not run("get_or_create_call", "default", "story", data=data).created
    assert [one.user_id for one in run("get_call", "default", "story").members] == ["bob", "ana"]
    assert run("update_call", "default", "story", custom={"color": "red"}).call.custom == {"color": "red"}
    changed = run("update_call_members", "default", "story", update_members=[MemberRequest(user_id="eve")], remove_members=["bob"])
    assert [one.user_id for one in changed.members] == ["eve"]
    found = run("query_call_members", "story", "default", filter_conditions={"user_id": {"$in": ["eve", "ana"]}}, sort=[SortParamRequest(field="user_id", direction=1)])
    assert [one.user_id for one in found.members] == ["ana", "eve"]
    for conditions in [{"custom.color": "red"}, {"created_by_user_id": "ana"}, {"members": {"$in": ["eve"]}}, {"ended_at": None}]:
        found = run("query_calls", filter_conditions=conditions, sort=[SortParamRequest(field="created_at", direction=-1)], limit=25)
        assert "default:story" in [one.call.cid for one in found.calls], conditions
    refused(400, "shoe_size", "query_calls", filter_conditions={"shoe_size": 1})
    run("send_call_event", "default", "story", user_id="ana", custom={"hand": "raised"})
    assert run("ring_call", "default", "story", members_ids=["eve"]).members_ids == ["eve"]


def moderation():
    run("block_user", "default", "story", "eve")
    assert run("get_call", "default", "story").call.blocked_user_ids == ["eve"]
    run("unblock_user", "default", "story", "eve")
    run("update_user_permissions", "default", "story", "eve", grant_permissions=["send-audio"], revoke_permissions=["send-video"])
    refused(400, "there is no active session", "start_recording", "default", "story", "composite")


def session():
    """A call that people are in: media is simulated, everything else is the API's."""
    for user in ["ana", "eve"]:
        local("POST", "/calls/default/story/join", {"user_id": user})
    local("POST", "/calls/default/story/publish", {"user_id": "ana", "tracks": ["audio", "video"]})
    call = run("get_call", "default", "story").call
    session = call.session
    assert {one.user.id for one in session.participants} == {"ana", "eve"}
    run("query_call_participants", "story", "default", limit=10)
    ana = next(one for one in session.participants if one.user.id == "ana")
    run("video_pin", "default", "story", ana.user_session_id, "ana")
    run("video_unpin", "default", "story", ana.user_session_id, "ana")
    run("mute_users", "default", "story", muted_by_id="ana", user_ids=["eve"], audio=True)
    run("go_live", "default", "story")
    run("stop_live", "default", "story")

    run("start_recording", "default", "story", "composite")
    assert run("get_call", "default", "story").call.recording
    run("stop_recording", "default", "story", "composite")
    run("start_frame_recording", "default", "story")
    run("stop_frame_recording", "default", "story")
    run("start_transcription", "default", "story", language="en")
    run("stop_transcription", "default", "story")
    run("start_closed_captions", "default", "story", language="en")
    run("send_closed_caption", "default", "story", "ana", "Hello", user_id="ana", language="en")
    run("stop_closed_captions", "default", "story")
    assert run("start_hls_broadcasting", "default", "story").playlist_url
    run("stop_hls_broadcasting", "default", "story")
    one, two = (RTMPBroadcastRequest(name=name, stream_url="rtmp://127.0.0.1/live") for name in ["one", "two"])
    run("start_rtmp_broadcasts", "default", "story", broadcasts=[one])
    run("stop_rtmp_broadcast", "default", "story", "one")
    run("start_rtmp_broadcasts", "default", "story", broadcasts=[two])
    run("stop_all_rtmp_broadcasts", "default", "story")
    refused(400, "call egress is not running", "stop_recording", "default", "story", "composite")

    recording = run("list_recordings", "default", "story").recordings[0]
    with urllib.request.urlopen(recording.url) as file:
        assert file.read()
    run("delete_recording", "default", "story", recording.session_id, recording.filename)
    transcription = run("list_transcriptions", "default", "story").transcriptions[0]
    run("delete_transcription", "default", "story", transcription.session_id, transcription.filename)
    run("collect_user_feedback", "default", "story", 4, "python", "1.0", reason="fine", user_session_id=ana.user_session_id)
    assert run("query_user_feedback", filter_conditions={"call_cid": "default:story"}).user_feedback[0].rating == 4
    run("get_active_calls_status")
    return session.id, ana.user_session_id


def statistics(session, user_session):
    run("kick_user", "default", "story", "eve")
    local("POST", "/calls/default/story/leave", {"user_id": "ana"})
    run("end_call", "default", "story")
    of_call = {"filter_conditions": {"call_cid": "default:story"}}
    run("get_call_report", "default", "story")
    run("query_call_stats", **of_call)
    run("query_call_session_stats", **of_call)
    run("query_aggregate_call_stats")
    found = run("query_call_participant_sessions", "default", "story", session)
    assert found.participants_sessions
    run("get_call_participant_session_metrics", "default", "story", session, "ana", user_session)
    run("query_call_session_participant_stats", "default", "story", session)
    run("get_call_session_participant_stats_details", "default", "story", session, "ana", user_session)
    run("get_call_session_participant_stats_timeline", "default", "story", session, "ana", user_session, severity=["info"])
    run("get_call_stats_map", "default", "story", session)
    run("get_edges")


def sip():
    trunk = run("create_sip_trunk", "office", ["+15550100"], password="hush").sip_trunk
    assert trunk.id in [one.id for one in run("list_sip_trunks").sip_trunks]
    run("update_sip_trunk", trunk.id, "office", ["+15550100", "+15550101"])
    rule = dict(
        caller_configs=SIPCallerConfigsRequest(id="sip-{{caller_number}}"),
        call_configs=SIPCallConfigsRequest(custom_data={"from": "sip"}),
        direct_routing_configs=SIPDirectRoutingRuleCallConfigsRequest(call_type="default", call_id="story"),
        pin_protection_configs=SIPPinProtectionConfigsRequest(enabled=False),
        called_numbers=["+15550100"],
    )
    created = run("create_sip_inbound_routing_rule", "office", [trunk.id], **rule)
    assert created.id in [one.id for one in run("list_sip_inbound_routing_rule").sip_inbound_routing_rules]
    run("update_sip_inbound_routing_rule", created.id, "office", [trunk.id], **rule)
    run("resolve_sip_auth", "+15550199", "+15550100")
    # The caller proves that they know the password, as a SIP client does.
    md5 = lambda text: hashlib.md5(text.encode()).hexdigest()
    credentials, request = md5(f"{trunk.username}:sip:hush"), md5("INVITE:sip:+15550100@sip")
    challenge = SIPChallengeRequest(
        username=trunk.username, realm="sip", nonce="n", uri="sip:+15550100@sip", method="INVITE",
        algorithm="MD5", response=md5(f"{credentials}:n:{request}"),
    )
    run("resolve_sip_inbound", "+15550199", "+15550100", challenge=challenge)
    run("delete_sip_inbound_routing_rule", created.id)
    run("delete_sip_trunk", trunk.id)


def addresses_and_webhooks():
    """What the SDK makes of answers and events by itself."""
    call = client.video.call("default", "story")
    call.get()
    token = client.create_token("ana")
    address = call.create_srt_credentials("ana").address
    assert address.startswith("srt://") and "default.story" in address, address
    assert "{" not in address and token.split(".")[0] in address, address
    sent = local("GET", "/webhooks")["webhooks"]
    assert {"call.created", "call.session_started", "call.recording_ready", "call.ended"} <= {one["event"] for one in sent}
    for one in sent:
        assert client.verify_signature(one["body"].encode(), one["signature"]), one["event"]
        assert not client.verify_signature(one["body"].encode() + b" ", one["signature"])
        parsed(one)
    for event in local("GET", "/events")["events"]:
        about = {"call_cid": "default:story", "user_id": "ana"}
        parsed(local("POST", f"/events/{event}/trigger", about))


def parsed(sent):
    """Reads an event as a receiver does; every time in it has to be the one that was sent."""
    event = client.verify_and_parse_webhook(sent["body"].encode(), sent["signature"])
    kind = type(event)
    assert event.type == sent["event"] and kind.__name__ != "UnknownEvent", sent["event"]
    absent = missing(event, kind, kind.__name__)
    assert not absent, f"{sent['event']}: {absent}"
    moment = datetime.datetime.fromtimestamp(sent["created_at"] / 1e9, datetime.timezone.utc)
    assert abs(event.created_at - moment) < datetime.timedelta(seconds=1), f"{sent['event']}: {event.created_at}"


def deletion():
    deleted = run("delete_call", "default", "story", hard=True)
    task = run("get_task", deleted.task_id, owner=client)
    assert task.status == "completed" and "default:story" in json.dumps(task.result)
    refused(404, "Can't find call with id default:story", "get_call", "default", "story")


users_and_call_types()
users_of_teams()
settings_of_calls()
call_with_members()
moderation()
statistics(*session())
sip()
addresses_and_webhooks()
deletion()
refused(404, "is not among the", "get_daily_digest")

operations = {
    name
    for name, _ in inspect.getmembers(VideoRestClient, inspect.isfunction)
    if name in vars(VideoRestClient) and not name.startswith("_")
}
left = operations - OUTSIDE - performed
assert not left, f"not performed: {sorted(left)}"
print(f"getstream: {len(performed)} operations of the video API decoded by their own types")
sys.exit(0)
