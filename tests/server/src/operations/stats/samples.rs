//! Curves and percentiles of measurements that participants reported.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::input::Fields;
use crate::operations::render;
use crate::state::Sample;
use crate::time::SECOND;

/// The period and resolution of curves, in nanoseconds.
pub(crate) struct Timeframe {
    pub(crate) since: i64,
    pub(crate) until: i64,
    pub(crate) step: i64,
}

impl Timeframe {
    /// All samples from a moment on, by the second.
    pub(crate) fn from(since: i64) -> Self {
        Self {
            since,
            until: i64::MAX,
            step: SECOND,
        }
    }
}

/// Returns a curve for everything that was measured: points of seconds since the start of the
/// timeframe and a value, the mean where several samples fall into one step. Points are floats of 32
/// bits, which hold no seconds since the epoch.
pub(crate) fn curves<'a>(
    samples: impl Iterator<Item = &'a Sample>,
    timeframe: &Timeframe,
) -> BTreeMap<&'a str, Value> {
    let mut steps: BTreeMap<&str, BTreeMap<i64, Vec<f64>>> = BTreeMap::new();
    for sample in samples.filter(|one| (timeframe.since..=timeframe.until).contains(&one.at)) {
        let step = sample.at.saturating_sub(timeframe.since) / timeframe.step;
        for (name, value) in &sample.values {
            let values = steps.entry(name).or_default().entry(step).or_default();
            values.push(*value);
        }
    }
    let curve = |steps: BTreeMap<i64, Vec<f64>>| {
        let points = steps.into_iter().map(|(step, values)| {
            let seconds = step.saturating_mul(timeframe.step) / SECOND;
            json!([seconds, mean(&values)])
        });
        points.collect::<Value>()
    };
    let steps = steps.into_iter();
    steps.map(|(name, steps)| (name, curve(steps))).collect()
}

/// Returns curves with what is needed to show them, under names that start with `prefix`.
pub(crate) fn described(curves: BTreeMap<&str, Value>, field: &str, prefix: &str) -> Fields {
    let order: Vec<&str> = curves.keys().copied().collect();
    let unit = |name: &str| Sample::UNITS.iter().find(|(known, _)| *known == name);
    let meta: BTreeMap<&str, Value> = order
        .iter()
        .map(|name| {
            let unit = unit(name).map(|(_, unit)| *unit);
            (
                *name,
                json!({ "label": name.replace('_', " "), "unit": unit }),
            )
        })
        .collect();
    let mut fields = Fields::new();
    if !order.is_empty() {
        fields.insert(format!("{prefix}metrics_order"), json!(order));
        let meta_name = if field == "global" {
            "global_meta"
        } else {
            "metrics_meta"
        };
        fields.insert(meta_name.to_owned(), json!(meta));
    }
    fields.insert(field.to_owned(), json!(curves));
    fields
}

/// Sums the samples up that participants reported of what they sent. Without samples, percentiles are
/// zero: clients of the API read them without checking that they are there.
pub(crate) fn sent(samples: &[&Sample]) -> Value {
    let of = |track: Option<&str>| Summary::new(samples, track, false);
    let video = of(Some("video"));
    json!({
        "rtt_ms": of(None).percentiles("rtt_ms", &TIMES),
        "audio": { "jitter_ms": of(Some("audio")).percentiles("jitter_ms", &TIMES) },
        "video": {
            "bitrate": video.percentiles("bitrate", &SIZES),
            "fps_30": video.percentiles("framerate", &RATES),
            "frame_encoding_time_ms": video.percentiles("frame_encoding_time_ms", &TIMES),
            "jitter_ms": video.percentiles("jitter_ms", &TIMES),
            "resolution": video.percentiles("height", &SIZES),
        },
    })
}

/// Sums the samples up that participants reported of what they received, as [`sent`] does.
pub(crate) fn received(samples: &[&Sample]) -> Value {
    let of = |track: Option<&str>| Summary::new(samples, track, true);
    let (audio, video) = (of(Some("audio")), of(Some("video")));
    json!({
        "rtt_ms": of(None).percentiles("rtt_ms", &TIMES),
        "audio": {
            "concealment_pct": audio.percentiles("concealment_pct", &TIMES),
            "jitter_ms": audio.percentiles("jitter_ms", &TIMES),
            "packets_lost_pct": audio.percentiles("packets_lost_pct", &TIMES),
        },
        "video": {
            "fps_30": video.percentiles("framerate", &RATES),
            "jitter_ms": video.percentiles("jitter_ms", &TIMES),
            "packets_lost_pct": video.percentiles("packets_lost_pct", &TIMES),
        },
    })
}

/// Percentiles of times that nobody measured.
pub(crate) fn no_times() -> Value {
    Summary(Vec::new()).percentiles("", &TIMES)
}

const TIMES: [(&str, usize); 2] = [("p50", 50), ("p90", 90)];
const SIZES: [(&str, usize); 2] = [("p10", 10), ("p50", 50)];
const RATES: [(&str, usize); 4] = [("p05", 5), ("p10", 10), ("p50", 50), ("p90", 90)];

/// The samples of one kind of track, or of connections.
struct Summary<'a>(Vec<&'a Sample>);

impl<'a> Summary<'a> {
    fn new(samples: &[&'a Sample], track: Option<&str>, is_received: bool) -> Self {
        let samples = samples
            .iter()
            .copied()
            .filter(|one| one.track.as_deref() == track && one.is_received == is_received);
        Self(samples.collect())
    }

    fn percentiles(&self, measurement: &str, percents: &[(&str, usize)]) -> Value {
        let values = self.0.iter().filter_map(|one| one.values.get(measurement));
        let mut values: Vec<f64> = values.copied().collect();
        values.sort_by(f64::total_cmp);
        let at = |percent: usize| {
            let place = (values.len() * percent).div_ceil(100).saturating_sub(1);
            values.get(place).map_or(json!(0), |value| json!(value))
        };
        let all = percents.iter();
        all.map(|(name, percent)| ((*name).to_owned(), at(*percent)))
            .collect::<Fields>()
            .into()
    }
}

/// Averages over all samples for which there are values: jitter and latency.
pub(crate) fn network<'a>(samples: impl Iterator<Item = &'a Sample> + Clone) -> Value {
    let mut report = json!({});
    for (field, name) in [
        ("average_jitter", "jitter_ms"),
        ("average_latency", "rtt_ms"),
    ] {
        let values = samples.clone().filter_map(|one| one.values.get(name));
        let values: Vec<f64> = values.copied().collect();
        if !values.is_empty() {
            render::set(&mut report, field, mean(&values));
        }
    }
    report
}

#[allow(clippy::cast_precision_loss, reason = "far from the limit")]
fn mean(values: &[f64]) -> f64 {
    // Divided first, so that a sum of large values stays finite.
    let count = values.len().max(1) as f64;
    values.iter().map(|value| value / count).sum()
}
