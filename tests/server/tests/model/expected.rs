//! The reference model: what the server should answer, and what it should hold afterwards.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::step::Step;

/// A call as it should be.
#[derive(Debug, Default, Clone)]
pub(crate) struct Call {
    /// Oldest first.
    pub(crate) members: Vec<usize>,
    pub(crate) blocked: Vec<usize>,
    pub(crate) custom: Option<i64>,
    pub(crate) backstage: bool,
    pub(crate) ended: bool,
    pub(crate) present: BTreeSet<usize>,
    /// Those of the present who share their screen.
    pub(crate) sharing: BTreeSet<usize>,
    pub(crate) has_session: bool,
    pub(crate) recording: bool,
    pub(crate) recordings: usize,
    pub(crate) transcribing: bool,
    pub(crate) transcriptions: usize,
    pub(crate) hls: bool,
    pub(crate) rtmps: BTreeSet<usize>,
    /// Those who may not share their screen.
    revoked: BTreeSet<usize>,
    by: usize,
    age: usize,
}

/// The server as it should be.
#[derive(Debug, Default)]
pub(crate) struct Model {
    pub(crate) users: BTreeSet<usize>,
    pub(crate) deactivated: BTreeSet<usize>,
    pub(crate) calls: BTreeMap<usize, Call>,
    pub(crate) ratings: BTreeMap<usize, Vec<i64>>,
    pub(crate) types: BTreeSet<usize>,
    /// With the ids that the server gave them.
    pub(crate) trunks: BTreeMap<usize, String>,
    /// Calls so far, for the order of queries.
    made: usize,
}

/// 201 if it worked, 400 if it was refused.
fn changed(worked: bool) -> u16 {
    if worked { 201 } else { 400 }
}

impl Model {
    /// Returns whether a step leads to where the model does not follow: being there twice, which it
    /// knows of no user, and what those may do who are kept out.
    pub(crate) fn is_beyond(&self, step: &Step) -> bool {
        match step {
            Step::Join(call, id) => {
                let call = self.calls.get(call);
                call.is_some_and(|call| call.present.contains(id))
            }
            Step::Share(call, id) => {
                let call = self.calls.get(call);
                let is_blocked = call.is_some_and(|call| call.blocked.contains(id));
                is_blocked || !self.users.contains(id) || self.deactivated.contains(id)
            }
            _ => false,
        }
    }

    /// The id of the trunk that a step is about.
    pub(crate) fn trunk_of(&self, step: &Step) -> Option<String> {
        match step {
            Step::DeleteTrunk(id) => self.trunks.get(id).cloned(),
            _ => None,
        }
    }

    /// Keeps what only the server could know.
    pub(crate) fn learn(&mut self, step: &Step, response: &Value) {
        if let (Step::CreateTrunk(number), Some(id)) = (step, response.pointer("/sip_trunk/id")) {
            self.trunks.insert(*number, id.as_str().unwrap().to_owned());
        }
    }

    fn knows(&self, ids: &[usize]) -> bool {
        ids.iter().all(|id| self.users.contains(id))
    }

    /// The status that a step answers, and the change it makes.
    pub(crate) fn perform(&mut self, step: &Step) -> u16 {
        match step {
            Step::Upsert(id) => {
                self.users.insert(*id);
                201
            }
            Step::Deactivate(id) => match self.users.contains(id) {
                true => {
                    for call in self.calls.values_mut() {
                        call.leave(*id);
                    }
                    changed(self.deactivated.insert(*id))
                }
                false => 404,
            },
            Step::Reactivate(id) => match self.users.contains(id) {
                true => changed(self.deactivated.remove(id)),
                false => 404,
            },
            Step::Create { call, by, members } => self.create(*call, *by, members),
            Step::Custom(call, n) => self.on_call(*call, None, |call| {
                call.custom = Some(*n);
                200
            }),
            Step::Members { call, put, remove } => {
                let knows = self.knows(put);
                self.on_call(*call, None, |call| {
                    if put.iter().any(|id| remove.contains(id)) || !knows {
                        return 400;
                    }
                    for id in put {
                        if !call.members.contains(id) {
                            call.members.push(*id);
                        }
                    }
                    call.members.retain(|id| !remove.contains(id));
                    201
                })
            }
            Step::Block(call, id) => self.on_call(*call, Some(*id), |call| call.block(*id)),
            Step::Unblock(call, id) => self.on_call(*call, Some(*id), |call| {
                call.blocked.retain(|blocked| blocked != id);
                201
            }),
            Step::Kick { call, user, block } => self.on_call(*call, Some(*user), |call| {
                call.leave(*user);
                if *block { call.block(*user) } else { 201 }
            }),
            Step::Permit { call, user, grant } => self.on_call(*call, Some(*user), |call| {
                if *grant {
                    call.revoked.remove(user);
                } else {
                    call.revoked.insert(*user);
                    call.sharing.remove(user);
                }
                201
            }),
            Step::Mute(call, id) => self.on_call(*call, Some(*id), |call| {
                call.sharing.remove(id);
                201
            }),
            Step::Share(call, id) => self.on_call(*call, None, |call| {
                if call.revoked.contains(id) {
                    return 403;
                }
                if !call.present.contains(id) {
                    return 400;
                }
                call.sharing.insert(*id);
                200
            }),
            Step::GoLive(call) => self.on_call(*call, None, |call| {
                call.backstage = false;
                201
            }),
            Step::StopLive(call) => self.on_call(*call, None, |call| {
                call.backstage = true;
                call.stop_everything();
                201
            }),
            Step::End(call) => self.on_call(*call, None, |call| {
                if !call.ended {
                    call.ended = true;
                    call.end_session();
                }
                201
            }),
            Step::EndSession(call) => self.on_call(*call, None, |call| {
                call.end_session();
                200
            }),
            Step::Delete { call, hard } => match self.calls.remove(call) {
                Some(_) => {
                    if *hard {
                        self.ratings.remove(call);
                    }
                    201
                }
                None => 404,
            },
            Step::Join(call, id) => self.join(*call, *id),
            Step::Leave(call, id) => {
                self.on_call(*call, None, |call| if call.leave(*id) { 200 } else { 400 })
            }
            Step::StartRecording(call) => self.on_call(*call, None, |call| {
                let starts = call.has_session && !call.recording;
                call.recording |= starts;
                changed(starts)
            }),
            Step::StopRecording(call) => {
                self.on_call(*call, None, |call| changed(call.stop_recording()))
            }
            Step::StartTranscription(call) => self.on_call(*call, None, |call| {
                let starts = call.has_session && !call.transcribing;
                call.transcribing |= starts;
                changed(starts)
            }),
            Step::StopTranscription(call) => {
                self.on_call(*call, None, |call| changed(call.stop_transcription()))
            }
            Step::StartHls(call) => self.on_call(*call, None, |call| {
                call.hls |= call.has_session;
                changed(call.has_session)
            }),
            Step::StopHls(call) => {
                self.on_call(*call, None, |call| changed(std::mem::take(&mut call.hls)))
            }
            Step::StartRtmp(call, name) => self.on_call(*call, None, |call| {
                changed(call.has_session && call.rtmps.insert(*name))
            }),
            Step::StopRtmp(call, name) => {
                self.on_call(*call, None, |call| changed(call.rtmps.remove(name)))
            }
            Step::StopAllRtmp(call) => self.on_call(*call, None, |call| {
                changed(!std::mem::take(&mut call.rtmps).is_empty())
            }),
            Step::Rate(call, rating) => {
                let status = self.on_call(*call, None, |_| 201);
                if status == 201 {
                    self.ratings.entry(*call).or_default().push(*rating);
                }
                status
            }
            Step::CreateType(id) => changed(self.types.insert(*id)),
            Step::DeleteType(id) => match self.types.remove(id) {
                true => 200,
                false => 404,
            },
            Step::CreateTrunk(number) => changed(!self.trunks.contains_key(number)),
            Step::DeleteTrunk(number) => match self.trunks.remove(number) {
                Some(_) => 200,
                None => 404,
            },
            Step::Wait => {
                for call in self.calls.values_mut() {
                    if call.present.is_empty() {
                        call.end_session();
                    }
                }
                200
            }
            Step::QueryMember(_)
            | Step::QueryRunning
            | Step::QueryCustom(_)
            | Step::QueryRated(_) => 201,
        }
    }

    fn create(&mut self, call: usize, by: usize, members: &[usize]) -> u16 {
        if self.calls.contains_key(&call) {
            return 201;
        }
        if !self.knows(members) || !self.users.contains(&by) {
            return 400;
        }
        self.made += 1;
        let new = Call {
            members: members.to_vec(),
            by,
            age: self.made,
            ..Call::default()
        };
        self.calls.insert(call, new);
        201
    }

    fn join(&mut self, call: usize, id: usize) -> u16 {
        let is_known = self.users.contains(&id);
        let is_deactivated = self.deactivated.contains(&id);
        self.on_call(call, None, |call| {
            if !is_known {
                return 400;
            }
            // Owners may join whatever they like, members what ended, others neither that nor
            // what is backstage.
            let is_owner = call.by == id;
            let may_join_ended = is_owner || call.members.contains(&id);
            let is_closed = (call.ended && !may_join_ended) || (call.backstage && !is_owner);
            if call.blocked.contains(&id) || is_deactivated || is_closed {
                return 403;
            }
            call.has_session = true;
            call.present.insert(id);
            200
        })
    }

    fn on_call(
        &mut self,
        call: usize,
        id: Option<usize>,
        change: impl FnOnce(&mut Call) -> u16,
    ) -> u16 {
        let Some(call) = self.calls.get_mut(&call) else {
            return 404;
        };
        if id.is_some_and(|id| !self.users.contains(&id)) {
            return 400;
        }
        change(call)
    }

    /// Ids of the calls that fit, the newest first.
    pub(crate) fn found(&self, fits: impl Fn(usize, &Call) -> bool) -> Vec<String> {
        let mut found: Vec<(usize, usize)> = self
            .calls
            .iter()
            .filter(|(id, call)| fits(**id, call))
            .map(|(id, call)| (call.age, *id))
            .collect();
        found.sort_unstable();
        found.iter().rev().map(|(_, id)| format!("c{id}")).collect()
    }
}

impl Call {
    fn leave(&mut self, id: usize) -> bool {
        self.sharing.remove(&id);
        self.present.remove(&id)
    }

    fn block(&mut self, id: usize) -> u16 {
        if !self.blocked.contains(&id) {
            self.blocked.push(id);
            self.leave(id);
        }
        201
    }

    fn stop_recording(&mut self) -> bool {
        let ran = std::mem::take(&mut self.recording);
        self.recordings += usize::from(ran);
        ran
    }

    fn stop_transcription(&mut self) -> bool {
        let ran = std::mem::take(&mut self.transcribing);
        self.transcriptions += usize::from(ran);
        ran
    }

    fn stop_everything(&mut self) {
        self.stop_recording();
        self.stop_transcription();
        self.hls = false;
        self.rtmps.clear();
    }

    fn end_session(&mut self) {
        self.stop_everything();
        self.has_session = false;
        self.present.clear();
        self.sharing.clear();
    }
}
