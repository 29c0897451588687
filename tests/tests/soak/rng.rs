//! Random numbers from a seed.

/// SplitMix64: a number for any seed, without state.
pub(crate) fn mix(seed: u64) -> u64 {
    let mut z = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// From 0 to 999, for the things that it depends on.
pub(crate) fn permille(parts: [u64; 4]) -> u64 {
    parts
        .into_iter()
        .fold(0, |seed, part| mix(seed ^ mix(part)))
        % 1000
}
