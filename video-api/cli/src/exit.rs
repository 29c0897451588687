//! Failures and the exit codes they end with.

use std::process::ExitCode;

/// The exit codes, for scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// The API responded with an error.
    Api = 1,
    /// The command line or the input is wrong; nothing was sent.
    Usage = 2,
    /// No usable response: no connection, timeout, not from the API.
    Transport = 3,
    /// Credentials are missing or were refused.
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
  1    the API responded with an error
  2    wrong usage or input, nothing was sent
  3    no usable response: no connection, timeout, not from the API
  4    credentials are missing or were refused
  5    batch: not every line succeeded
  6    the output cannot be written
  130  interrupted";

impl Exit {
    /// The code for an error of the library.
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

/// An error that ends the program.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) exit: Exit,
    pub(crate) message: String,
    /// Lines that help to correct the command.
    pub(crate) help: Option<String>,
    /// The library's error, if it is one.
    pub(crate) error: Option<Box<video_api::Error>>,
    /// Ends the program without a message and with success.
    pub(crate) silent: bool,
}

impl Failure {
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self {
            exit: Exit::Usage,
            message: message.into(),
            help: None,
            error: None,
            silent: false,
        }
    }

    /// The message of clap is its first line; tips and usage follow.
    pub(crate) fn of_arguments(text: &str) -> Self {
        let text = anstream::adapter::strip_str(text).to_string();
        let (message, help) = text.split_once('\n').unwrap_or((&text, ""));
        let message = message.strip_prefix("error: ").unwrap_or(message);
        Self::usage(message).with_help(help.trim())
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

    pub(crate) fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl From<video_api::Error> for Failure {
    fn from(error: video_api::Error) -> Self {
        Self {
            exit: Exit::of(&error),
            help: error
                .is_timeout()
                .then(|| "--timeout, such as --timeout 5m, allows more time.".to_owned()),
            message: error.to_string(),
            error: Some(Box::new(error)),
            silent: false,
        }
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self {
            exit: Exit::Output,
            // A reader that stops early, as in `video-api … | head`, is not an error.
            silent: error.kind() == std::io::ErrorKind::BrokenPipe,
            ..Self::usage(format!("the output cannot be written: {error}"))
        }
    }
}
