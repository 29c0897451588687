//! The lines of the input, read by a thread of its own.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::thread;

use tokio::sync::mpsc;

use crate::exit::Failure;
use crate::output::file_size;

/// Longer lines are refused; requests of the API are far smaller.
const LONGEST: usize = 4 * 1024 * 1024;

/// Lines read ahead.
const AHEAD: usize = 8;

/// One line, counted from 1.
pub(super) struct Line {
    pub(super) number: u64,
    /// The text, or the reason why it cannot be read.
    pub(super) text: Result<String, String>,
    /// Offset in the input after the line.
    pub(super) end: u64,
}

/// The source of requests.
pub(super) struct Input {
    source: Box<dyn Read + Send>,
    size: Option<u64>,
}

impl Input {
    /// A file, or standard input for `-`.
    pub(super) fn open(name: &str) -> Result<Self, Failure> {
        if name == "-" {
            return Ok(Self {
                source: Box::new(io::stdin()),
                size: file_size(io::stdin()),
            });
        }
        let file = File::open(name).map_err(|error| Failure::input(name, &error))?;
        let size = file_size(&file);
        Ok(Self {
            source: Box::new(file),
            size,
        })
    }

    /// The size in bytes, if it is known.
    pub(super) fn size(&self) -> Option<u64> {
        self.size
    }

    pub(super) fn lines(self) -> mpsc::Receiver<Line> {
        let (sender, receiver) = mpsc::channel(AHEAD);
        // Reading a terminal or a pipe cannot be cancelled, so this thread is never joined.
        thread::spawn(move || {
            let mut reader = Reader {
                source: BufReader::new(self.source),
                number: 0,
                end: 0,
            };
            while let Some(line) = reader.next() {
                if sender.blocking_send(line).is_err() {
                    break;
                }
            }
        });
        receiver
    }
}

struct Reader<R> {
    source: BufReader<R>,
    number: u64,
    end: u64,
}

impl<R: Read> Reader<R> {
    fn next(&mut self) -> Option<Line> {
        let mut bytes = Vec::new();
        let limit = LONGEST as u64 + 1;
        let read = self
            .source
            .by_ref()
            .take(limit)
            .read_until(b'\n', &mut bytes);
        self.number += 1;
        let text = match read {
            Ok(0) => return None,
            Ok(read) => {
                self.end += read as u64;
                self.text(bytes)
            }
            Err(error) => Err(format!("cannot be read: {error}")),
        };
        Some(Line {
            number: self.number,
            text,
            end: self.end,
        })
    }

    fn text(&mut self, mut bytes: Vec<u8>) -> Result<String, String> {
        if bytes.last() == Some(&b'\n') {
            bytes.pop();
        } else if bytes.len() > LONGEST {
            self.skip_line();
            return Err(format!("longer than {LONGEST} bytes"));
        }
        let mut text = String::from_utf8(bytes).map_err(|_| "not UTF-8".to_owned())?;
        if self.number == 1 && text.starts_with('\u{feff}') {
            text.drain(..'\u{feff}'.len_utf8());
        }
        Ok(text)
    }

    fn skip_line(&mut self) {
        loop {
            let (skipped, found) = match self.source.fill_buf() {
                Ok([]) | Err(_) => return,
                Ok(buffer) => match buffer.iter().position(|byte| *byte == b'\n') {
                    Some(at) => (at + 1, true),
                    None => (buffer.len(), false),
                },
            };
            self.source.consume(skipped);
            self.end += skipped as u64;
            if found {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(input: &[u8]) -> Vec<(u64, Result<String, String>, u64)> {
        let mut reader = Reader {
            source: BufReader::new(input),
            number: 0,
            end: 0,
        };
        std::iter::from_fn(|| reader.next())
            .map(|line| (line.number, line.text, line.end))
            .collect()
    }

    #[test]
    fn lines_are_counted_and_bad_ones_do_not_stop_the_rest() {
        let mut input = "\u{feff}a\n\n".as_bytes().to_vec();
        input.extend(b"\xff\n");
        input.extend(vec![b'x'; LONGEST + 70_000]);
        input.extend(b"\r\nlast");
        let lines = read(&input);
        let texts: Vec<Result<&str, &str>> = lines
            .iter()
            .map(|(_, text, _)| text.as_deref().map_err(String::as_str))
            .collect();
        assert_eq!(
            texts,
            [
                Ok("a"),
                Ok(""),
                Err("not UTF-8"),
                Err("longer than 4194304 bytes"),
                Ok("last")
            ]
        );
        let numbers: Vec<u64> = lines.iter().map(|line| line.0).collect();
        assert_eq!(numbers, [1, 2, 3, 4, 5]);
        let ends: Vec<u64> = lines.iter().map(|line| line.2).collect();
        assert_eq!((ends[0], ends[4]), (5, input.len() as u64));
        let exact = vec![b'x'; LONGEST];
        assert!(read(&exact)[0].1.is_ok());
    }
}
