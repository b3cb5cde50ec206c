//! A Kafka cluster of our own: KRaft, one node or three, on free ports, in a temporary folder.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Duration;

use tempfile::TempDir;

use crate::process::{Process, Signal};
use crate::proxy::{Network, Proxy};
use crate::requirement::BROKERS;
use crate::{HarnessError, io, jars};

const TEMPLATE: &str = include_str!("../broker/server.properties");
const READY: &str = "Kafka Server started";
const START_LIMIT: Duration = Duration::from_secs(90);

/// A running cluster. Dropping it ends its processes and removes its files.
#[derive(Debug)]
pub struct Cluster {
    brokers: String,
    direct: String,
    nodes: Vec<Node>,
    proxies: Vec<Proxy>,
    _folder: Option<TempDir>,
}

/// One node of a cluster.
#[derive(Debug)]
pub struct Node {
    jars: PathBuf,
    folder: PathBuf,
    starts: u32,
    process: Option<Process>,
}

impl Cluster {
    /// One node; or what `DATELINE_TEST_BROKERS` names (which then can't be killed: it has no [`Node`]).
    pub fn one() -> Result<Self, HarnessError> {
        match std::env::var(BROKERS) {
            Ok(brokers) => {
                let (direct, nodes, proxies) = (brokers.clone(), Vec::new(), Vec::new());
                Ok(Self { brokers, direct, nodes, proxies, _folder: None })
            }
            Err(_) => Self::start(1),
        }
    }

    /// Three nodes, everything on all three, two in sync to write, a proxy before each; always our own.
    pub fn three() -> Result<Self, HarnessError> {
        Self::start(3)
    }

    fn start(count: usize) -> Result<Self, HarnessError> {
        let jars = jars::folder()?;
        let folder = tempfile::Builder::new().prefix("dateline-kafka-").tempdir().map_err(io("a temporary folder"))?;
        let ports = free_ports(count * 4)?;
        let (clients, rest) = ports.split_at(count);
        let (controllers, rest) = rest.split_at(count);
        let (direct, proxied) = rest.split_at(count);
        let advertised = if count == 1 { clients } else { proxied };
        let controllers: Vec<String> = controllers.iter().map(|port| format!("127.0.0.1:{port}")).collect();
        let voters: Vec<String> = controllers
            .iter()
            .enumerate()
            .map(|(index, address)| format!("{}@{address}:{}", index + 1, DIRECTORY_IDS[index]))
            .collect();

        let mut nodes = Vec::new();
        for (index, port) in clients.iter().enumerate() {
            let home = folder.path().join((index + 1).to_string());
            let data = home.join("data");
            fs::create_dir_all(&data).map_err(io("a node's folder"))?;
            let controller_port = controllers[index].rsplit(':').next().unwrap_or_default();
            let words = [
                ("@NODE@", (index + 1).to_string()),
                ("@PORT@", port.to_string()),
                ("@DIRECT_PORT@", direct[index].to_string()),
                ("@ADVERTISED_PORT@", advertised[index].to_string()),
                ("@CONTROLLER_PORT@", controller_port.to_owned()),
                ("@CONTROLLERS@", controllers.join(",")),
                ("@DATA@", data.display().to_string()),
                ("@REPLICATION@", count.to_string()),
                ("@MIN_ISR@", if count == 1 { "1" } else { "2" }.to_owned()),
            ];
            let properties = words.iter().fold(TEMPLATE.to_owned(), |text, (word, value)| text.replace(word, value));
            fs::write(home.join("server.properties"), properties).map_err(io("server.properties"))?;
            format(&jars, &home, (count > 1).then(|| voters.join(",")).as_deref())?;
            nodes.push(Node { jars: jars.clone(), folder: home, starts: 0, process: None });
        }
        // All are started before one is waited for: a node of three alone is never ready.
        for node in &mut nodes {
            node.spawn()?;
        }
        for node in &mut nodes {
            node.ready()?;
        }
        let mut proxies = Vec::new();
        for (from, to) in advertised.iter().zip(clients).filter(|(from, to)| from != to) {
            proxies.push(Proxy::start(*from, *to)?);
        }
        let addresses = |ports: &[u16]| {
            let addresses: Vec<String> = ports.iter().map(|port| format!("127.0.0.1:{port}")).collect();
            addresses.join(",")
        };
        let (brokers, direct) = (addresses(advertised), addresses(direct));
        Ok(Self { brokers, direct, nodes, proxies, _folder: Some(folder) })
    }

    /// `bootstrap.servers`.
    pub fn brokers(&self) -> &str {
        &self.brokers
    }

    /// The same without the proxies: for who watches.
    pub fn direct(&self) -> &str {
        &self.direct
    }

    /// Spoils or heals the network between clients and one node.
    pub fn network(&self, node: usize, network: Network) {
        if let Some(proxy) = self.proxies.get(node) {
            proxy.set(network);
        }
    }

    /// Its nodes; none of a cluster that is not ours.
    pub fn nodes(&mut self) -> &mut [Node] {
        &mut self.nodes
    }
}

impl Node {
    /// Sends a signal to the node.
    pub fn signal(&self, signal: Signal) {
        if let Some(process) = &self.process {
            process.signal(signal);
        }
    }

    /// Kills the node (-9) and waits for its end; its files stay.
    pub fn kill(&mut self) {
        self.process = None;
    }

    /// Starts a node that has ended, over its old files, and waits until it serves.
    pub fn restart(&mut self) -> Result<(), HarnessError> {
        self.process = None;
        self.spawn()?;
        self.ready()
    }

    fn spawn(&mut self) -> Result<(), HarnessError> {
        self.starts += 1;
        let mut command = java(&self.jars);
        // Little more than the line that is waited for.
        command
            .arg("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn")
            .arg("-Dorg.slf4j.simpleLogger.log.kafka.server.KafkaRaftServer=info")
            .arg("kafka.Kafka")
            .arg(self.folder.join("server.properties"));
        self.process = Some(Process::spawn(&command, &self.folder.join(format!("broker-{}.log", self.starts)))?);
        Ok(())
    }

    fn ready(&mut self) -> Result<(), HarnessError> {
        match &mut self.process {
            Some(process) => process.wait_for(READY, START_LIMIT),
            None => Ok(()),
        }
    }
}

/// Ids of the nodes' folders, for the first quorum.
const DIRECTORY_IDS: [&str; 3] = ["JEXY6aqzQY-32P5TStzaFg", "MvDxzVmcRsaTz33bUuRU6A", "07R5amHmR32VDA6jHkGbTA"];
const CLUSTER_ID: &str = "MkU3OEVBNTcwNTJENDM2Qk";

fn java(jars: &Path) -> Command {
    let mut command = Command::new("java");
    command.args(["-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp"]).arg(jars.join("*"));
    command
}

fn format(jars: &Path, home: &Path, voters: Option<&str>) -> Result<(), HarnessError> {
    let mut command = java(jars);
    command.args(["kafka.tools.StorageTool", "format", "-t", CLUSTER_ID, "-c"]).arg(home.join("server.properties"));
    match voters {
        Some(voters) => command.args(["--initial-controllers", voters]),
        None => command.arg("--standalone"),
    };
    let output = command.stdin(Stdio::null()).output().map_err(io("java"))?;
    if output.status.success() {
        return Ok(());
    }
    let output = [output.stdout, output.stderr].concat();
    let output = String::from_utf8_lossy(&output).into_owned();
    Err(HarnessError::Failed { what: "formatting Kafka's storage".to_owned(), output })
}

/// Ports from 20000 to 31999, below those that connections get by themselves; each process begins in a block of its own.
pub(crate) fn free_ports(count: usize) -> Result<Vec<u16>, HarnessError> {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let block = 20_000 + (std::process::id() % 120) as u16 * 100;
    let ports: Vec<u16> = (0..100)
        .map(|_| block + NEXT.fetch_add(1, Ordering::Relaxed) % 100)
        .filter(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok())
        .take(count)
        .collect();
    if ports.len() == count {
        Ok(ports)
    } else {
        Err(HarnessError::Failed { what: format!("finding {count} free ports from {block}"), output: String::new() })
    }
}
