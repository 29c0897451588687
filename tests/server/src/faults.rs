//! Failures on demand, drawn from a seed.

use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

/// The effect of a fault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "effect", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Effect {
    /// The response comes late.
    Latency {
        /// How late, in milliseconds.
        milliseconds: u64,
    },
    /// An error status in the API's shape; the request is not carried out. A 429 comes with the
    /// headers of an exhausted rate limit.
    Status {
        /// The status, 400 to 599.
        status: u16,
    },
    /// The connection is reset; the request is not carried out.
    Reset,
    /// The connection ends in the middle of the response; the request is carried out.
    Truncate,
    /// Responds with a body that is not JSON; the request is carried out.
    Garbage,
}

/// A failure and which requests it meets.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fault {
    /// The `operationId`; `None` meets every operation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
    /// How likely each request is to be met, 0 to 1.
    #[serde(default = "always")]
    pub probability: f64,
    /// How many requests it still meets; `None` for no end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u64>,
    /// The effect on them.
    #[serde(flatten)]
    pub effect: Effect,
}

impl Effect {
    pub(crate) fn status(&self) -> Option<u16> {
        match self {
            Self::Status { status } => Some(*status),
            _ => None,
        }
    }
}

fn always() -> f64 {
    1.0
}

impl Fault {
    /// A failure of every request.
    pub fn new(effect: Effect) -> Self {
        Self {
            operation: None,
            probability: always(),
            times: None,
            effect,
        }
    }

    /// Only of this operation.
    #[must_use]
    pub fn operation(mut self, operation: impl Into<String>) -> Self {
        self.operation = Some(operation.into());
        self
    }

    /// Only of some requests, 0 to 1.
    #[must_use]
    pub fn probability(mut self, probability: f64) -> Self {
        self.probability = probability;
        self
    }

    /// Only of so many requests.
    #[must_use]
    pub fn times(mut self, times: u64) -> Self {
        self.times = Some(times);
        self
    }

    /// Refuses a fault that cannot happen.
    pub(crate) fn check(&self) -> Result<(), String> {
        if !(0.0..=1.0).contains(&self.probability) {
            return Err(format!(
                "probability {} is not within 0 to 1",
                self.probability
            ));
        }
        match self.effect {
            Effect::Status { status } if !(400..600).contains(&status) => {
                Err(format!("status {status} is not within 400 to 599"))
            }
            _ => Ok(()),
        }
    }
}

/// The failures of one server.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    drawn: Mutex<Drawn>,
}

#[derive(Debug)]
struct Drawn {
    random: fastrand::Rng,
    faults: Vec<Fault>,
}

impl Default for Drawn {
    fn default() -> Self {
        Self {
            random: fastrand::Rng::with_seed(0),
            faults: Vec::new(),
        }
    }
}

impl Faults {
    /// Replaces all failures; the same seed meets the same requests.
    pub(crate) fn set(&self, seed: u64, faults: Vec<Fault>) {
        let mut drawn = self.lock();
        drawn.random.seed(seed);
        drawn.faults = faults;
    }

    /// The failures that are left.
    pub(crate) fn all(&self) -> Vec<Fault> {
        self.lock().faults.clone()
    }

    /// Draws the effects on the next request of an operation.
    pub(crate) fn draw(&self, operation: &str) -> Vec<Effect> {
        let mut drawn = self.lock();
        let Drawn { random, faults } = &mut *drawn;
        let mut effects = Vec::new();
        for fault in faults.iter_mut() {
            let meets = fault
                .operation
                .as_deref()
                .is_none_or(|one| one == operation);
            if !meets || random.f64() >= fault.probability || fault.times == Some(0) {
                continue;
            }
            fault.times = fault.times.map(|times| times - 1);
            effects.push(fault.effect.clone());
        }
        faults.retain(|fault| fault.times != Some(0));
        effects
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Drawn> {
        self.drawn.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::{Effect, Fault, Faults};

    fn met(seed: u64) -> Vec<bool> {
        let faults = Faults::default();
        let fault = Fault::new(Effect::Reset)
            .operation("GetCall")
            .probability(0.3);
        faults.set(seed, vec![fault]);
        (0..200)
            .map(|_| !faults.draw("GetCall").is_empty())
            .collect()
    }

    #[test]
    fn the_same_seed_meets_the_same_requests() {
        assert_eq!(met(7), met(7));
        assert_ne!(met(7), met(8));
        let count = met(7).iter().filter(|met| **met).count();
        assert!((30..90).contains(&count), "{count} of 200");
    }

    #[test]
    fn a_fault_ends_after_its_times_and_leaves_other_operations_alone() {
        let faults = Faults::default();
        let status = Effect::Status { status: 503 };
        faults.set(0, vec![Fault::new(status).operation("GetCall").times(2)]);
        let effects = ["GetEdges", "GetCall", "GetCall", "GetCall"];
        let effects = effects.map(|operation| faults.draw(operation).len());
        assert_eq!(effects, [0, 1, 1, 0]);
        assert!(faults.all().is_empty());
    }

    #[test]
    fn faults_are_read_from_json() {
        let fault: Fault =
            serde_json::from_str(r#"{"operation":"GetCall","effect":"status","status":429}"#)
                .unwrap();
        let expected = Fault::new(Effect::Status { status: 429 }).operation("GetCall");
        assert_eq!(fault, expected);
        assert!(Fault::new(Effect::Status { status: 200 }).check().is_err());
        assert!(Fault::new(Effect::Reset).probability(1.5).check().is_err());
    }
}
