//! `cargo xtask picture`: the pictures of the README, from a real run of the local server, the
//! command line and the inspector in Chromium.

use std::error::Error;
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use anstyle::{Color, RgbColor};
use anstyle_svg::{Term, WIN10_CONSOLE};

use crate::workspace::{self, Done};

/// Arguments of `picture`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The browser that photographs the inspector.
    #[arg(long, value_name = "PROGRAM", default_value = "chromium")]
    browser: String,
}

/// Columns of the terminal.
const COLUMNS: &str = "88";

/// Commands that are run before those in the picture.
const BEFORE: [&str; 5] = [
    r#"update-users '{"ana": {"id": "ana", "name": "Ana"}, "bo": {"id": "bo", "name": "Bo"}}'"#,
    r#"get-or-create-call default retro --data '{"created_by_id": "bo"}'"#,
    r#"get-or-create-call default standup --data '{"created_by_id": "ana", "custom": {"topic": "release"}, "members": [{"user_id": "ana", "role": "host"}, {"user_id": "bo"}]}'"#,
    "go-live default standup",
    "kick-user default standup eve",
];

const SHOWN: [&str; 3] = [
    r#"query-calls --sort "created_at desc""#,
    "get-call default standup",
    "block-user default standup",
];

/// The color scheme of a picture, as Chromium numbers it.
const SCHEMES: [(&str, u8); 2] = [("dark", 0), ("light", 1)];

pub(crate) fn run(args: &Args) -> Done {
    let root = workspace::root();
    build(&root)?;
    let programs = root.join("target/debug");
    let folder = root.join("tests/pictures");
    fs::create_dir_all(&folder)?;

    let server = Server::start(&programs)?;
    for command in BEFORE {
        // One of them fails, so that the pictures have an error.
        server.command_line(&programs, command)?;
    }
    let mut commands = String::new();
    for command in SHOWN {
        commands += &prompt(&format!("video-api {command}"));
        commands += &server.command_line(&programs, command)?;
        commands.push('\n');
    }
    for (name, scheme) in SCHEMES {
        photograph(args, scheme, &folder.join(format!("inspector-{name}.png")))?;
    }
    let lines = prompt("cargo server") + &server.stop()?;
    write(&folder.join("command-line.svg"), &commands)?;
    write(&folder.join("server.svg"), &lines)?;
    println!("wrote tests/pictures; look at them");
    Ok(())
}

fn build(root: &Path) -> Done {
    let status = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["build", "--package", "video-api-cli"])
        .args(["--package", "video-api-server", "--target-dir", "target"])
        .current_dir(root)
        .status()?;
    match status.success() {
        true => Ok(()),
        false => Err("the command line and the server do not build, see above".into()),
    }
}

fn prompt(command: &str) -> String {
    format!("\u{1b}[1;32m$\u{1b}[0m \u{1b}[1m{command}\u{1b}[0m\n")
}

/// A terminal of its own colors, so that it is readable on light and dark pages.
fn write(path: &Path, text: &str) -> Done {
    let term = Term::new()
        .palette(WIN10_CONSOLE)
        .fg_color(Color::Rgb(RgbColor(0xdd, 0xe1, 0xe6)))
        .bg_color(Color::Rgb(RgbColor(0x1b, 0x1f, 0x24)));
    fs::write(path, term.render_svg(text.trim_end()))?;
    Ok(())
}

/// The local server as a program, ended when dropped.
struct Server {
    process: Child,
    out: BufReader<ChildStdout>,
    /// The output so far.
    banner: String,
    /// The variables it tells the shell to set.
    variables: Vec<(String, String)>,
}

impl Server {
    fn start(programs: &Path) -> Result<Self, Box<dyn Error>> {
        let mut process = Command::new(programs.join("video-api-server"))
            .env("CLICOLOR_FORCE", "1")
            .stdout(Stdio::piped())
            .spawn()?;
        let out = process.stdout.take().ok_or("the server has no output")?;
        let mut server = Self {
            process,
            out: BufReader::new(out),
            banner: String::new(),
            variables: Vec::new(),
        };
        while server.variables.len() < 3 {
            let mut line = String::new();
            if server.out.read_line(&mut line)? == 0 {
                return Err("the server did not start; is port 8787 in use?".into());
            }
            let variable = line.trim().strip_prefix("export ");
            if let Some((name, value)) = variable.and_then(|text| text.split_once('=')) {
                server.variables.push((name.to_owned(), value.to_owned()));
            }
            server.banner += &line;
        }
        Ok(server)
    }

    /// Runs a command as it is typed; returns what appears on the terminal.
    fn command_line(&self, programs: &Path, command: &str) -> Result<String, Box<dyn Error>> {
        let path = std::env::var("PATH").unwrap_or_default();
        let output = Command::new("sh")
            .args(["-c", &format!("video-api {command} 2>&1")])
            .env("PATH", format!("{}:{path}", programs.display()))
            .env("CLICOLOR_FORCE", "1")
            .env("COLUMNS", COLUMNS)
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .output()?;
        Ok(String::from_utf8(output.stdout)?)
    }

    /// Ends the server; returns everything it has printed.
    fn stop(mut self) -> Result<String, Box<dyn Error>> {
        self.process.kill()?;
        let mut text = std::mem::take(&mut self.banner);
        self.out.read_to_string(&mut text)?;
        Ok(text)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

/// Takes a picture of the inspector's requests.
fn photograph(args: &Args, scheme: u8, path: &Path) -> Done {
    let status = Command::new(&args.browser)
        .args(["--headless", "--no-sandbox", "--disable-gpu"])
        .args(["--hide-scrollbars", "--window-size=700,560"])
        .arg("--force-device-scale-factor=1.5")
        .arg(format!("--blink-settings=preferredColorScheme={scheme}"))
        // The page stays connected to the server, so that it never counts as loaded.
        .arg("--timeout=3000")
        .arg(format!("--screenshot={}", path.display()))
        .arg("http://127.0.0.1:8787/_local")
        .stderr(Stdio::null())
        .status()
        .map_err(|error| format!("cannot run {}: {error}", args.browser))?;
    match status.success() && path.exists() {
        true => Ok(()),
        false => Err(format!("{} took no picture: {status}", args.browser).into()),
    }
}
