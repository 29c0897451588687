// Runs every operation of the video API through the official Node SDK, unmodified.
//
// Needs a local server (STREAM_BASE_URL, STREAM_API_KEY, STREAM_API_SECRET in the environment, as
// its banner prints them) and a working directory where `npm install @stream-io/node-sdk` was run.
// Every answer goes through the SDK's own decoders; a timestamp that they cannot read fails.

import assert from "node:assert/strict";
import { createRequire } from "node:module";

const require = createRequire(`${process.cwd()}/`);
const { StreamClient } = require("@stream-io/node-sdk");

const base = process.env.STREAM_BASE_URL;
const client = new StreamClient(process.env.STREAM_API_KEY, process.env.STREAM_API_SECRET, {
  basePath: base,
  timeout: 10_000,
});
const video = client.video;
// Methods of the SDK that are not operations of the API page.
const outside = new Set(["constructor", "getDailyDigest", "reportClientCallEvent"]);
const performed = new Set();
const call = { type: "default", id: "story" };

function checkDates(value, place) {
  if (value instanceof Date) assert(!Number.isNaN(value.getTime()), `${place} is no time`);
  else if (value && typeof value === "object")
    for (const [name, field] of Object.entries(value)) checkDates(field, `${place}.${name}`);
}

async function run(name, request) {
  const response = await video[name](request);
  performed.add(name);
  checkDates(response, name);
  // Where the one edge is said to lie is made up; everything else follows from what was done.
  const sample = response.metadata.responseHeaders.get("x-local-sample");
  assert.equal(sample, name === "getEdges" ? "true" : null, `${name}: sample values`);
  return response;
}

async function refused(status, text, name, request) {
  await assert.rejects(video[name](request), (error) => {
    assert.equal(error.metadata?.responseCode ?? error.code, status, `${name}: ${error}`);
    assert(error.message.includes(text), `${name}: ${text} is not in ${error.message}`);
    return true;
  });
}

async function local(method, path, body) {
  const answer = await fetch(`${base}/_local${path}`, { method, body: JSON.stringify(body) });
  assert(answer.ok, await answer.clone().text());
  return answer.json();
}

// Users, call types
await client.upsertUsers([{ id: "ana", name: "Ana", role: "admin" }, { id: "bob" }, { id: "eve" }]);
await run("listCallTypes");
await run("createCallType", { name: "webinar", settings: { backstage: { enabled: true } } });
await run("updateCallType", { name: "webinar", grants: { user: ["read-call"] } });
await run("getCallType", { name: "webinar" });
await run("deleteCallType", { name: "webinar" });

// A call and its members
const data = {
  created_by_id: "ana",
  members: [{ user_id: "ana", role: "host" }, { user_id: "bob" }],
  custom: { color: "blue" },
  starts_at: new Date(Date.now() + 3_600_000),
};
const created = await run("getOrCreateCall", { ...call, data });
assert(created.created && created.call.created_at instanceof Date);
assert.deepEqual((await run("getCall", call)).members.map((one) => one.user_id), ["bob", "ana"]);
await run("updateCall", { ...call, custom: { color: "red" } });
await run("updateCallMembers", { ...call, update_members: [{ user_id: "eve" }], remove_members: ["bob"] });
await run("queryCallMembers", { ...call, filter_conditions: {}, sort: [{ field: "user_id", direction: 1 }] });
const found = await run("queryCalls", { filter_conditions: { "custom.color": "red" }, sort: [], limit: 25 });
assert.deepEqual(found.calls.map((one) => one.call.cid), ["default:story"]);
await run("sendCallEvent", { ...call, user_id: "ana", custom: { hand: "raised" } });
assert.deepEqual((await run("ringCall", { ...call, members_ids: ["eve"] })).members_ids, ["eve"]);
await run("blockUser", { ...call, user_id: "eve" });
await run("unblockUser", { ...call, user_id: "eve" });
await run("updateUserPermissions", { ...call, user_id: "eve", grant_permissions: ["send-audio"], revoke_permissions: [] });

// A session: media is simulated, everything else is the API's.
for (const user_id of ["ana", "eve"]) await local("POST", "/calls/default/story/join", { user_id });
await local("POST", "/calls/default/story/publish", { user_id: "ana", tracks: ["audio", "video"] });
const session = (await run("getCall", call)).call.session;
const ana = session.participants.find((one) => one.user.id === "ana");
await run("queryCallParticipants", { ...call, filter_conditions: {} });
await run("videoPin", { ...call, session_id: ana.user_session_id, user_id: "ana" });
await run("videoUnpin", { ...call, session_id: ana.user_session_id, user_id: "ana" });
await run("muteUsers", { ...call, muted_by_id: "ana", user_ids: ["eve"], audio: true });
await run("goLive", call);
await run("stopLive", call);
await run("startRecording", { ...call, recording_type: "composite" });
await run("stopRecording", { ...call, recording_type: "composite" });
await run("startFrameRecording", call);
await run("stopFrameRecording", call);
await run("startTranscription", { ...call, language: "en" });
await run("stopTranscription", call);
await run("startClosedCaptions", { ...call, language: "en" });
await run("sendClosedCaption", { ...call, speaker_id: "ana", text: "Hello", user_id: "ana" });
await run("stopClosedCaptions", call);
await run("startHLSBroadcasting", call);
await run("stopHLSBroadcasting", call);
for (const name of ["one", "two"]) {
  await run("startRTMPBroadcasts", { ...call, broadcasts: [{ name, stream_url: "rtmp://127.0.0.1/live" }] });
  if (name === "one") await run("stopRTMPBroadcast", { ...call, name });
}
await run("stopAllRTMPBroadcasts", call);
const recording = (await run("listRecordings", call)).recordings[0];
assert((await fetch(recording.url)).ok);
await run("deleteRecording", { ...call, session: recording.session_id, filename: recording.filename });
const transcription = (await run("listTranscriptions", call)).transcriptions[0];
await run("deleteTranscription", { ...call, session: transcription.session_id, filename: transcription.filename });
await run("collectUserFeedback", { ...call, rating: 4, sdk: "node", sdk_version: "1", user_session_id: ana.user_session_id });
await run("queryUserFeedback", { filter_conditions: { call_cid: "default:story" } });
await run("getActiveCallsStatus");

// Statistics
await run("kickUser", { ...call, user_id: "eve" });
await run("endCall", call);
const ofCall = { filter_conditions: { call_cid: "default:story" } };
const participant = { session: session.id, user: "ana", user_session: ana.user_session_id };
const stats = { call_type: "default", call_id: "story", session: session.id };
await run("getCallReport", call);
await run("queryCallStats", ofCall);
await run("queryCallSessionStats", ofCall);
await run("queryAggregateCallStats", {});
await run("queryCallParticipantSessions", { ...call, session: session.id });
await run("getCallParticipantSessionMetrics", { ...call, ...participant });
await run("queryCallSessionParticipantStats", stats);
await run("getCallSessionParticipantStatsDetails", { ...stats, ...participant });
await run("getCallSessionParticipantStatsTimeline", { ...stats, ...participant, severity: ["info"] });
await run("getCallStatsMap", stats);
await run("getEdges");

// SIP
const { sip_trunk: trunk } = await run("createSIPTrunk", { name: "office", numbers: ["+15550100"], password: "hush" });
await run("listSIPTrunks");
await run("updateSIPTrunk", { id: trunk.id, name: "office", numbers: ["+15550100"] });
const rule = {
  name: "office",
  trunk_ids: [trunk.id],
  caller_configs: { id: "sip-{{caller_number}}" },
  direct_routing_configs: { call_type: "default", call_id: "story" },
};
const { id } = await run("createSIPInboundRoutingRule", rule);
await run("listSIPInboundRoutingRule");
await run("updateSIPInboundRoutingRule", { id, ...rule });
await run("resolveSipAuth", { sip_caller_number: "+15550199", sip_trunk_number: "+15550100" });
await run("resolveSipInbound", { sip_caller_number: "+15550199", sip_trunk_number: "+15550100" });
await run("deleteSIPInboundRoutingRule", { id });
await run("deleteSIPTrunk", { id: trunk.id });

// Users in teams, settings of calls, and what the SDK makes of answers and events by itself
await client.upsertUsers([{ id: "tea", teams: ["red", "blue"] }]);
const ofTeam = { filter_conditions: { teams: { $in: ["red"] } } };
assert.deepEqual((await client.queryUsers({ payload: ofTeam })).users.map((one) => one.id), ["tea"]);
const scheduled = video.call("livestream", "scheduled");
const starts_at = new Date(Date.now() + 1_800_000);
const overrides = {
  backstage: { enabled: true, join_ahead_time_seconds: 300 },
  limits: { max_duration_seconds: 3600 },
};
const planned = await scheduled.getOrCreate({
  data: { created_by_id: "tea", team: "blue", starts_at, settings_override: overrides },
});
assert.equal(planned.call.join_ahead_time_seconds, 300);
assert.equal(planned.call.settings.limits.max_duration_seconds, 3600);
// Nanoseconds are more than a number of JavaScript holds.
assert(Math.abs(planned.call.starts_at - starts_at) <= 1);
const ofBlue = await video.queryCalls({ filter_conditions: { team: { $eq: "blue" } } });
assert.deepEqual(ofBlue.calls.map((one) => one.call.cid), ["livestream:scheduled"]);
const { address } = scheduled.createSRTCredentials("tea");
assert(address.startsWith("srt://") && address.includes("livestream.scheduled") && !address.includes("{"), address);
const { webhooks } = await local("GET", "/webhooks");
const parsed = (one) => {
  const event = client.verifyAndParseWebhook(one.body, one.signature);
  assert.equal(event.type, one.event);
  // The SDK hands the nanoseconds over as they come.
  assert.equal(event.created_at, one.created_at, one.event);
  return event.type;
};
const told = new Set(webhooks.map(parsed));
for (const event of ["call.created", "call.session_started", "call.recording_ready", "call.ended"])
  assert(told.has(event), `${event} is not among ${[...told]}`);
const about = { call_cid: "default:story", user_id: "ana" };
for (const event of (await local("GET", "/events")).events)
  assert.equal(parsed(await local("POST", `/events/${event}/trigger`, about)), event);

// Deletion
const { task_id } = await run("deleteCall", { ...call, hard: true });
const task = await client.getTask({ id: task_id });
assert(task.status === "completed" && JSON.stringify(task.result).includes("default:story"));
await refused(404, "Can't find call with id default:story", "getCall", call);

const api = Object.getPrototypeOf(Object.getPrototypeOf(video));
const left = Object.getOwnPropertyNames(api).filter((name) => !outside.has(name) && !performed.has(name));
assert.deepEqual(left, [], "not performed");
console.log(`@stream-io/node-sdk: ${performed.size} operations of the video API decoded by their own types`);
