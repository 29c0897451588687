//! Addresses that a trunk takes calls from.

use std::net::IpAddr;

/// An IP address or a CIDR block.
pub(crate) struct Range {
    address: IpAddr,
    prefix: u32,
}

impl Range {
    pub(crate) fn read(text: &str) -> Option<Self> {
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address.parse().ok()?, Some(prefix.parse().ok()?)),
            None => (text.parse().ok()?, None),
        };
        let longest = if matches!(address, IpAddr::V4(_)) {
            32
        } else {
            128
        };
        let prefix = prefix.unwrap_or(longest);
        (prefix <= longest).then_some(Self { address, prefix })
    }

    pub(crate) fn contains(&self, other: IpAddr) -> bool {
        let (left, right, longest) = match (self.address, other) {
            (IpAddr::V4(left), IpAddr::V4(right)) => {
                (u128::from(left.to_bits()), u128::from(right.to_bits()), 32)
            }
            (IpAddr::V6(left), IpAddr::V6(right)) => (left.to_bits(), right.to_bits(), 128),
            _ => return false,
        };
        let dropped = longest - self.prefix;
        left.checked_shr(dropped).unwrap_or(0) == right.checked_shr(dropped).unwrap_or(0)
    }
}
