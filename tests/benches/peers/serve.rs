//! A server whose only work is to send the same response to every request.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// Serves the file on a free port, which is printed, until the process is stopped. The status is
/// the documented one, because some clients accept no other.
pub(crate) fn run(file: &str, status: &str) -> Result<(), Box<dyn std::error::Error>> {
    let body = std::fs::read(file)?;
    let head = format!(
        "HTTP/1.1 {status} OK\r\ncontent-type: application/json\r\nx-ratelimit-limit: 1000\r\n\
         x-ratelimit-remaining: 999\r\nx-ratelimit-reset: 1760000000\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    let response: &'static [u8] = [head.as_bytes(), &body].concat().leak();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        println!("http://{}", listener.local_addr()?);
        loop {
            let (stream, _) = listener.accept().await?;
            tokio::spawn(serve(stream, response));
        }
    })
}

async fn serve(mut stream: TcpStream, response: &'static [u8]) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut buffer = Vec::with_capacity(4096);
    loop {
        let length = loop {
            if let Some(end) = buffer.windows(4).position(|four| four == b"\r\n\r\n") {
                let head = String::from_utf8_lossy(&buffer[..end]).to_lowercase();
                let lines = head.lines();
                let body = lines.filter_map(|line| line.strip_prefix("content-length:"));
                let body = body
                    .filter_map(|length| length.trim().parse::<usize>().ok())
                    .next();
                break end + 4 + body.unwrap_or_default();
            }
            if stream.read_buf(&mut buffer).await? == 0 {
                return Ok(());
            }
        };
        while buffer.len() < length {
            if stream.read_buf(&mut buffer).await? == 0 {
                return Ok(());
            }
        }
        buffer.drain(..length);
        stream.write_all(response).await?;
    }
}
