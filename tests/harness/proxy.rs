//! A TCP proxy before a broker, to spoil the network between a client and it.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use crate::{HarnessError, io};

/// What the network is like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Network {
    /// It works.
    Whole,
    /// Connections are closed, and new ones are closed at once.
    Cut,
    /// Every piece comes a tenth of a second late.
    Slow,
    /// Connections stay open and are taken, and nothing comes through.
    Dead,
}

const STATES: [Network; 4] = [Network::Whole, Network::Cut, Network::Slow, Network::Dead];

#[derive(Debug, Default)]
struct Shared {
    state: AtomicU8,
    ended: AtomicBool,
    open: Mutex<Vec<TcpStream>>,
}

impl Shared {
    fn state(&self) -> Network {
        STATES[usize::from(self.state.load(Ordering::Relaxed))]
    }
}

/// Listens on a port and passes everything on to another one. It ends when this is dropped.
#[derive(Debug)]
pub struct Proxy {
    shared: Arc<Shared>,
}

impl Proxy {
    /// A proxy on `from` before `to`, both on the loopback.
    pub fn start(from: u16, to: u16) -> Result<Self, HarnessError> {
        let listener = TcpListener::bind(("127.0.0.1", from)).map_err(io("the proxy's port"))?;
        listener.set_nonblocking(true).map_err(io("the proxy's port"))?;
        let shared = Arc::new(Shared::default());
        let own = Arc::clone(&shared);
        thread::spawn(move || accept(&listener, to, &own));
        Ok(Self { shared })
    }

    /// Changes the network, for connections that are open and for new ones.
    pub fn set(&self, network: Network) {
        let state = STATES.iter().position(|state| *state == network).unwrap_or(0);
        self.shared.state.store(state as u8, Ordering::Relaxed);
        if network == Network::Cut {
            self.shared.close();
        }
    }
}

impl Shared {
    fn close(&self) {
        for stream in self.open.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
            let _ = stream.shutdown(std::net::Shutdown::Both);
        }
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.shared.ended.store(true, Ordering::Relaxed);
        self.shared.close();
    }
}

const TICK: Duration = Duration::from_millis(10);

fn accept(listener: &TcpListener, to: u16, shared: &Arc<Shared>) {
    while !shared.ended.load(Ordering::Relaxed) {
        match listener.accept() {
            Ok((client, _)) if shared.state() != Network::Cut => {
                // A broker that is down closes its clients' connections.
                let Ok(broker) = TcpStream::connect(("127.0.0.1", to)) else { continue };
                let _ = (client.set_nonblocking(false), client.set_nodelay(true), broker.set_nodelay(true));
                let mut open = shared.open.lock().unwrap_or_else(PoisonError::into_inner);
                for (from, into) in [(&client, &broker), (&broker, &client)] {
                    let (Ok(from), Ok(into), Ok(kept)) = (from.try_clone(), into.try_clone(), from.try_clone()) else {
                        continue;
                    };
                    open.push(kept);
                    let shared = Arc::clone(shared);
                    thread::spawn(move || pass(from, into, &shared));
                }
            }
            Ok(_) => {}
            Err(_) => thread::sleep(TICK),
        }
    }
}

fn pass(mut from: TcpStream, mut into: TcpStream, shared: &Shared) {
    let mut buffer = vec![0; 64 << 10];
    let _ = from.set_read_timeout(Some(Duration::from_secs(1)));
    while !shared.ended.load(Ordering::Relaxed) {
        let read = match from.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => continue,
            Err(_) => break,
        };
        if shared.state() == Network::Slow {
            thread::sleep(TICK * 10);
        }
        while shared.state() == Network::Dead && !shared.ended.load(Ordering::Relaxed) {
            thread::sleep(TICK);
        }
        if shared.state() == Network::Cut || into.write_all(&buffer[..read]).is_err() {
            break;
        }
    }
    let _ = from.shutdown(std::net::Shutdown::Both);
    let _ = into.shutdown(std::net::Shutdown::Both);
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;
    use crate::broker::free_ports;

    #[test]
    fn the_network_is_as_it_is_set() {
        let ports = free_ports(2).expect("ports");
        let server = TcpListener::bind(("127.0.0.1", ports[1])).expect("a port");
        thread::spawn(move || {
            for mut stream in server.incoming().flatten() {
                thread::spawn(move || {
                    let mut byte = [0];
                    while stream.read(&mut byte).is_ok_and(|read| read == 1) && stream.write_all(&byte).is_ok() {}
                });
            }
        });
        let proxy = Proxy::start(ports[0], ports[1]).expect("a proxy");
        let connect = || {
            let stream = TcpStream::connect(("127.0.0.1", ports[0])).expect("it listens");
            stream.set_read_timeout(Some(Duration::from_millis(500))).expect("a limit");
            stream
        };
        let echo = |stream: &mut TcpStream| {
            stream.write_all(b"x")?;
            stream.read_exact(&mut [0])
        };
        let mut stream = connect();
        echo(&mut stream).expect("whole");
        proxy.set(Network::Slow);
        let began = Instant::now();
        echo(&mut stream).expect("slow");
        assert!(began.elapsed() >= Duration::from_millis(200), "{:?}", began.elapsed());
        proxy.set(Network::Dead);
        assert!(echo(&mut stream).is_err(), "nothing comes through");
        proxy.set(Network::Whole);
        stream.read_exact(&mut [0]).expect("what was held back comes");
        proxy.set(Network::Cut);
        assert!(echo(&mut stream).is_err() || echo(&mut stream).is_err(), "the connection is closed");
        assert!(echo(&mut connect()).is_err(), "a new one, too");
        proxy.set(Network::Whole);
        echo(&mut connect()).expect("whole again");
    }
}
