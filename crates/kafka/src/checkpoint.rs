//! The runner's own record in a changelog: how far the state has come.
//!
//! Every transaction of a stage with state writes one checkpoint to each changelog partition that it touches, beside
//! the state changes and the input offsets. Whatever the broker keeps of them it keeps together, so a state whose checkpoint
//! equals the group's committed offset is the state at that offset, and any other one is not.

/// Key of the checkpoint in each changelog partition. Keys that begin with a zero byte are the runner's.
pub const KEY: &[u8] = b"\0checkpoint";

/// First byte of a value: the layout of what follows.
const LAYOUT: u8 = 1;

/// How far a partition's state has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Checkpoint {
    /// Next input offset.
    pub next: i64,
    /// Partitions of the input topic when it was written.
    pub partitions: i32,
    /// Newest encoding among the state's values.
    pub encoding: u16,
}

/// A value that is no checkpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// Written by a newer build.
    #[error("checkpoint layout {0} is newer than layout {LAYOUT}")]
    Newer(u8),
    /// Not written by this crate.
    #[error("not a checkpoint")]
    Malformed,
}

impl Checkpoint {
    /// The changelog value: layout (1 byte), next offset (8), partitions (4), encoding (2), big-endian.
    pub fn encode(self) -> Vec<u8> {
        let mut bytes = vec![LAYOUT];
        bytes.extend(self.next.to_be_bytes());
        bytes.extend(self.partitions.to_be_bytes());
        bytes.extend(self.encoding.to_be_bytes());
        bytes
    }

    /// Reads a changelog value.
    pub fn decode(bytes: &[u8]) -> Result<Self, CheckpointError> {
        let (layout, rest) = bytes.split_first().ok_or(CheckpointError::Malformed)?;
        if *layout != LAYOUT {
            return Err(if *layout > LAYOUT { CheckpointError::Newer(*layout) } else { CheckpointError::Malformed });
        }
        let malformed = CheckpointError::Malformed;
        let (next, rest) = rest.split_first_chunk().ok_or(malformed)?;
        let (partitions, rest) = rest.split_first_chunk().ok_or(malformed)?;
        let encoding = rest.try_into().map_err(|_| malformed)?;
        Ok(Self {
            next: i64::from_be_bytes(*next),
            partitions: i32::from_be_bytes(*partitions),
            encoding: u16::from_be_bytes(encoding),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checkpoint_reads_back_as_written() {
        for next in [0, 1, 255, i64::MAX] {
            let checkpoint = Checkpoint { next, partitions: 12, encoding: 513 };
            assert_eq!(Checkpoint::decode(&checkpoint.encode()), Ok(checkpoint));
        }
    }

    #[test]
    fn what_is_newer_is_told_from_what_is_broken() {
        let good = Checkpoint { next: 7, partitions: 1, encoding: 1 }.encode();
        let mut newer = good.clone();
        newer[0] = 2;
        let table = [
            (newer, CheckpointError::Newer(2)),
            (Vec::new(), CheckpointError::Malformed),
            (vec![0; 15], CheckpointError::Malformed),
            (good[..14].to_vec(), CheckpointError::Malformed),
            ([good.as_slice(), &[0]].concat(), CheckpointError::Malformed),
        ];
        for (bytes, expected) in table {
            assert_eq!(Checkpoint::decode(&bytes), Err(expected), "{bytes:?}");
        }
    }
}
