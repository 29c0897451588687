//! How the program ends.

use std::process::ExitCode;

/// What went wrong, for scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// The API answered with an error.
    Api = 1,
    /// The command line or the input is wrong; nothing was sent.
    Usage = 2,
    /// No usable answer: no connection, timeout, not the API.
    Transport = 3,
    /// No credentials, or refused ones.
    Credentials = 4,
    /// Not every line of a batch succeeded.
    Partial = 5,
    /// The output cannot be written.
    Output = 6,
    /// Stopped by a signal.
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// For the help of the program.
pub(crate) const HELP: &str = "  0    success
  1    the API answered with an error
  2    wrong usage or input, nothing was sent
  3    no usable answer: no connection, timeout, not the API
  4    no credentials, or the API refused them
  5    batch: not every line succeeded
  6    the output cannot be written
  130  interrupted";

impl Exit {
    /// The code for a failure of the library.
    pub(crate) fn of(error: &video_api::Error) -> Self {
        if error.attempts() == 0 && error.is_invalid_request() {
            Self::Usage
        } else if error.is_auth() {
            Self::Credentials
        } else if error.is_api() || error.is_rate_limited() {
            Self::Api
        } else {
            Self::Transport
        }
    }
}

/// A failure to be shown and to end with.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) exit: Exit,
    pub(crate) message: String,
    /// The library's error, when it is one.
    pub(crate) error: Option<Box<video_api::Error>>,
    /// Not worth a word.
    pub(crate) silent: bool,
}

impl Failure {
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self {
            exit: Exit::Usage,
            message: message.into(),
            error: None,
            silent: false,
        }
    }

    pub(crate) fn credentials(message: impl Into<String>) -> Self {
        Self {
            exit: Exit::Credentials,
            ..Self::usage(message)
        }
    }

    pub(crate) fn input(what: &str, error: &std::io::Error) -> Self {
        Self::usage(format!("{what}: {error}"))
    }
}

impl From<video_api::Error> for Failure {
    fn from(error: video_api::Error) -> Self {
        Self {
            exit: Exit::of(&error),
            message: error.to_string(),
            error: Some(Box::new(error)),
            silent: false,
        }
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        let message = format!("the output cannot be written: {error}");
        let mut failure = Self {
            exit: Exit::Output,
            ..Self::usage(message)
        };
        // Whoever reads no further has what they want, as in `video-api … | head`.
        failure.silent = error.kind() == std::io::ErrorKind::BrokenPipe;
        failure
    }
}
