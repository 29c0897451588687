//! Times, to the nanosecond.

use std::time::SystemTime;

use proptest::prelude::*;
use video_api::Timestamp;

/// Nanoseconds in the years -9999 to 9999, as far as a time can be told in UTC.
const EARLIEST: i128 = -377_705_023_201_000_000_000;
const LATEST: i128 = 253_402_207_200_999_999_999;

proptest! {
    #![proptest_config(crate::cases(2000))]

    #[test]
    fn any_count_of_nanoseconds_round_trips(nanos: i64) {
        let time = Timestamp::from_nanos(nanos);
        prop_assert_eq!(time.as_nanos(), i128::from(nanos));
        let written = serde_json::to_string(&time).unwrap();
        prop_assert!(written.ends_with("Z\""), "{}", written);
        prop_assert_eq!(serde_json::from_str::<Timestamp>(&written).unwrap(), time);
        prop_assert_eq!(time.to_string().parse::<Timestamp>().unwrap(), time);
        for sent in [nanos.to_string(), format!("\"{nanos}\"")] {
            prop_assert_eq!(serde_json::from_str::<Timestamp>(&sent).unwrap(), time, "{}", sent);
        }
    }

    #[test]
    fn any_time_of_the_calendar_round_trips_as_text(nanos in EARLIEST..=LATEST) {
        let time: Timestamp = serde_json::from_str(&format!("\"{nanos}\"")).unwrap();
        prop_assert_eq!(time.as_nanos(), nanos);
        let written = serde_json::to_string(&time).unwrap();
        prop_assert_eq!(serde_json::from_str::<Timestamp>(&written).unwrap(), time);
    }

    #[test]
    fn order_is_that_of_the_nanoseconds(a: i64, b: i64) {
        prop_assert_eq!(Timestamp::from_nanos(a).cmp(&Timestamp::from_nanos(b)), a.cmp(&b));
    }

    #[test]
    fn any_system_time_round_trips(nanos in 0..=i64::MAX) {
        let time = SystemTime::UNIX_EPOCH + std::time::Duration::from_nanos(nanos.unsigned_abs());
        let there: Timestamp = time.into();
        prop_assert_eq!(there.as_nanos(), i128::from(nanos));
        prop_assert_eq!(SystemTime::try_from(there).unwrap(), time);
    }

    #[test]
    fn a_float_is_the_nearest_nanosecond(nanos in -9.0e18..9.0e18) {
        let time: Timestamp = serde_json::from_str(&format!("{nanos:e}")).unwrap();
        prop_assert_eq!(time.as_nanos(), f64::round(nanos) as i128);
    }

    #[test]
    fn what_is_read_from_text_is_written_and_read_again_the_same(
        text in "-?[0-9]{4,6}-[01][0-9]-[0-3][0-9][Tt ][0-2][0-9]:[0-6][0-9](:[0-6][0-9](\\.[0-9]{0,12})?)?(Z|z|[+-][0-2][0-9]:?[0-9]{2})?"
    ) {
        if let Ok(time) = text.parse::<Timestamp>() {
            prop_assert_eq!(time.to_string().parse::<Timestamp>().unwrap(), time, "{}", text);
            let as_json = serde_json::from_value::<Timestamp>(text.clone().into());
            prop_assert_eq!(as_json.ok(), Some(time), "{}", text);
        }
    }

    #[test]
    fn no_text_at_all_panics(text: String) {
        let _ = text.parse::<Timestamp>();
        let _ = serde_json::from_value::<Timestamp>(text.into());
    }
}
