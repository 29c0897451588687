//! How long the server says it worked, from the `duration` field that responses carry.

use std::time::Duration;

use memchr::memmem;

/// Larger bodies are only searched at both ends.
const WHOLE: usize = 64 * 1024;
const END: usize = 4 * 1024;

/// Finds the field without parsing the body.
pub(super) fn find(body: &[u8]) -> Option<Duration> {
    if body.len() <= WHOLE {
        return search(body, true);
    }
    let start = body.get(..END).and_then(|start| search(start, true));
    start.or_else(|| {
        body.get(body.len() - END..)
            .and_then(|end| search(end, false))
    })
}

fn search(part: &[u8], from_start: bool) -> Option<Duration> {
    const KEY: &[u8] = b"\"duration\"";
    let mut found = memmem::find_iter(part, KEY).filter_map(|at| {
        let value = part
            .get(at + KEY.len()..)?
            .trim_ascii_start()
            .strip_prefix(b":")?;
        let value = value.trim_ascii_start().strip_prefix(b"\"")?;
        let text = value.get(..value.iter().position(|b| *b == b'"')?)?;
        Some((at, parse(std::str::from_utf8(text).ok()?)?))
    });
    let (at, duration) = found.next()?;
    // Free-form data may have a field of that name as well; the outermost one is meant.
    let Some(second) = found.next() else {
        return Some(duration);
    };
    if !from_start {
        return None;
    }
    // Counted on from one to the next: there may be thousands.
    let (mut depth, mut counted) = (Depth::default(), 0);
    [(at, duration), second]
        .into_iter()
        .chain(found)
        .find(|(at, _)| {
            depth.read(part.get(counted..*at).unwrap_or_default());
            counted = *at;
            depth.open == 1
        })
        .map(|(_, duration)| duration)
}

/// How many objects and lists are open after the JSON read so far.
#[derive(Default)]
struct Depth {
    open: i32,
    in_string: bool,
    escaped: bool,
}

impl Depth {
    fn read(&mut self, json: &[u8]) {
        for byte in json {
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' if self.in_string => self.escaped = true,
                b'"' => self.in_string = !self.in_string,
                b'{' | b'[' if !self.in_string => self.open += 1,
                b'}' | b']' if !self.in_string => self.open -= 1,
                _ => {}
            }
        }
    }
}

/// A duration as Go writes it: `1h2m3.5s`, `12.34ms`, `5µs`, `0s`.
fn parse(text: &str) -> Option<Duration> {
    let mut rest = text;
    let mut seconds = 0.0;
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !(c.is_ascii_digit() || c == '.'))?;
        let (number, tail) = rest.split_at(digits);
        let unit_end = tail
            .find(|c: char| c.is_ascii_digit() || c == '.')
            .unwrap_or(tail.len());
        let (unit, tail) = tail.split_at(unit_end);
        let scale = match unit {
            "h" => 3600.0,
            "m" => 60.0,
            "s" => 1.0,
            "ms" => 1e-3,
            "us" | "µs" | "μs" => 1e-6,
            "ns" => 1e-9,
            _ => return None,
        };
        seconds += number.parse::<f64>().ok()? * scale;
        rest = tail;
    }
    Duration::try_from_secs_f64(seconds).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_as_go_writes_them() {
        for (text, nanos) in [
            ("0s", Some(0)),
            ("12.5ms", Some(12_500_000)),
            ("7µs", Some(7_000)),
            ("1h2m3.5s", Some(3_723_500_000_000)),
            ("", None),
            ("5", None),
            ("ms", None),
            ("-1s", None),
            ("1 s", None),
            ("soon", None),
        ] {
            assert_eq!(parse(text).map(|d| d.as_nanos()), nanos, "{text}");
        }
    }

    #[test]
    fn the_outermost_field_counts() {
        let ms = |body: &str| find(body.as_bytes()).map(|d| d.as_millis());
        assert_eq!(ms(r#"{"call":{},"duration": "3ms"}"#), Some(3));
        assert_eq!(
            ms(r#"{"call":{"custom":{"duration":"9s","x":"}\""}},"duration":"3ms"}"#),
            Some(3)
        );
        assert_eq!(ms(r#"{"duration":3}"#), None);
        assert_eq!(ms("{}"), None);
    }

    // Counting from the start each time would make this test take a hundred times as long.
    #[test]
    fn many_fields_of_the_name_are_looked_at_once() {
        let calls = vec![r#"{"custom":{"duration":"9s"}}"#; WHOLE / 32].join(",");
        let none = format!(r#"{{"calls":[{calls}]}}"#);
        let last = format!(r#"{{"calls":[{calls}],"duration":"3ms"}}"#);
        assert!(last.len() <= WHOLE);
        for _ in 0..10 {
            assert_eq!(find(none.as_bytes()), None);
            assert_eq!(find(last.as_bytes()), Some(Duration::from_millis(3)));
        }
    }

    #[test]
    fn large_bodies_are_searched_at_their_ends() {
        let filler = "x".repeat(WHOLE);
        let first = format!(r#"{{"duration":"3ms","calls":"{filler}"}}"#);
        let last = format!(r#"{{"calls":"{filler}","duration":"4ms","next":"abc"}}"#);
        assert_eq!(find(first.as_bytes()), Some(Duration::from_millis(3)));
        assert_eq!(find(last.as_bytes()), Some(Duration::from_millis(4)));
    }
}
