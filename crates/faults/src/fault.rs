//! What can go wrong, and the schedule of it.

use dateline_tests::Network;

/// Brokers of the cluster.
pub(crate) const BROKERS: usize = 3;
/// Partitions of every topic.
pub(crate) const PARTITIONS: i32 = 12;
/// Most workers at a time; the first two are always there.
pub(crate) const WORKERS: usize = 6;

/// One fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// `kill -9` of a worker, which is started again.
    Kill { worker: usize },
    /// A worker is started that dies at a point of a transaction.
    Die { stage: &'static str, point: &'static str },
    /// A worker stands still for so many seconds, some of them longer than its session.
    Stop { worker: usize, seconds: u64 },
    /// A worker drains, and is started again.
    Drain { worker: usize },
    /// A worker joins, or the last one that joined leaves.
    JoinOrLeave,
    /// A second worker with the id of one that runs.
    SameId { worker: usize },
    /// `kill -9` of a broker, which is started again after so many seconds.
    KillBroker { broker: usize, seconds: u64 },
    /// A broker stands still.
    StopBroker { broker: usize, seconds: u64 },
    /// The network between workers and a broker is spoilt.
    Spoil { broker: usize, network: Network, seconds: u64 },
}

impl Fault {
    /// The kind, for the report.
    pub(crate) fn kind(self) -> String {
        match self {
            Self::Kill { .. } => "worker killed".to_owned(),
            Self::Die { stage, point } => format!("{stage} dies {point}"),
            Self::Stop { .. } => "worker stopped".to_owned(),
            Self::Drain { .. } => "worker drained".to_owned(),
            Self::JoinOrLeave => "worker joins or leaves".to_owned(),
            Self::SameId { .. } => "second worker with the id".to_owned(),
            Self::KillBroker { .. } => "broker killed".to_owned(),
            Self::StopBroker { .. } => "broker stopped".to_owned(),
            Self::Spoil { network, .. } => format!("network {network:?}").to_lowercase(),
        }
    }
}

/// SplitMix64 (Steele, Lea and Flood 2014).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % end as u64) as usize
    }
}

const POINTS: [(&str, &str); 9] = [
    ("extract", "BeforeEvery"),
    ("extract", "AfterProduce"),
    ("extract", "AfterSendOffsets"),
    ("extract", "AfterCommit"),
    ("resolve", "AfterProduce"),
    ("resolve", "AfterSendOffsets"),
    ("resolve", "AfterCommit"),
    ("resolve", "InRestore"),
    ("resolve", "AfterCommit"),
];

/// The next fault of the schedule.
pub(crate) fn next(random: &mut Random) -> Fault {
    let worker = random.below(2);
    let broker = random.below(BROKERS);
    match random.below(20) {
        0..5 => Fault::Kill { worker },
        5..8 => {
            let (stage, point) = POINTS[random.below(POINTS.len())];
            Fault::Die { stage, point }
        }
        8..11 => Fault::Stop { worker, seconds: 2 + random.below(10) as u64 },
        11..12 => Fault::Drain { worker },
        12..15 => Fault::JoinOrLeave,
        15..16 => Fault::SameId { worker },
        16..17 => Fault::KillBroker { broker, seconds: random.below(8) as u64 },
        17..18 => Fault::StopBroker { broker, seconds: 5 + random.below(16) as u64 },
        _ => {
            let network = [Network::Cut, Network::Slow, Network::Dead][random.below(3)];
            Fault::Spoil { broker, network, seconds: 3 + random.below(10) as u64 }
        }
    }
}
