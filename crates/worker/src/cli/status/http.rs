//! One GET over a plain connection: all that the admin address asks for.

use std::io::{Read as _, Write as _};
use std::net::{TcpStream, ToSocketAddrs as _};
use std::time::Duration;

use anyhow::{Context as _, anyhow, bail};

const LIMIT: Duration = Duration::from_secs(3);
/// Largest answer; metrics of a hundred sources and partitions are a tenth of it.
const LARGEST: u64 = 16 << 20;

/// Status and body.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: String,
}

pub(super) fn get(address: &str, path: &str) -> anyhow::Result<Answer> {
    let hint =
        || format!("{address} does not answer: check that the worker runs and was started with --admin {address}");
    let mut stream = connect(address).with_context(hint)?;
    stream.set_read_timeout(Some(LIMIT))?;
    stream.set_write_timeout(Some(LIMIT))?;
    // In HTTP/1.0 the end of the connection is that of the body.
    let request = format!("GET {path} HTTP/1.0\r\nHost: {address}\r\n\r\n");
    stream.write_all(request.as_bytes()).with_context(hint)?;
    let mut bytes = vec![];
    stream.take(LARGEST).read_to_end(&mut bytes).with_context(hint)?;
    parse(&String::from_utf8_lossy(&bytes)).ok_or_else(|| anyhow!("{address} speaks no HTTP: is it another program's?"))
}

fn connect(address: &str) -> anyhow::Result<TcpStream> {
    let mut last = None;
    for socket in address.to_socket_addrs()? {
        match TcpStream::connect_timeout(&socket, LIMIT) {
            Ok(stream) => return Ok(stream),
            Err(e) => last = Some(e),
        }
    }
    match last {
        Some(e) => Err(e.into()),
        None => bail!("the name has no address"),
    }
}

fn parse(answer: &str) -> Option<Answer> {
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let status = head.strip_prefix("HTTP/1.")?.split(' ').nth(1)?.parse().ok()?;
    Some(Answer { status, body: body.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_has_a_status_and_a_body() {
        let answer = parse("HTTP/1.0 503 Service Unavailable\r\ncontent-length: 2\r\n\r\nno").unwrap();
        assert_eq!(answer, Answer { status: 503, body: "no".to_owned() });
        for other in ["", "SSH-2.0-x\r\n", "HTTP/1.1 abc\r\n\r\n"] {
            assert_eq!(parse(other), None, "{other}");
        }
    }
}
