//! Errors of transaction calls in classes, as librdkafka's transactional API defines them: retriable, abortable, fatal; and
//! among the fatal ones, what a fenced producer means.

use std::time::Duration;

use rdkafka::error::{KafkaError, RDKafkaErrorCode as Code};

/// What librdkafka says of an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Facts {
    pub(crate) code: Code,
    pub(crate) retriable: bool,
    pub(crate) requires_abort: bool,
}

/// What to do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    /// Call the same function again: it resumes the same operation.
    Retry,
    /// Abort the transaction and read its input again.
    Abort,
    /// The group has given this member's partitions away: as `Abort`, and say so.
    AbortMember,
    /// The group rebalanced in mid-batch, with this member in it: as `Abort`. What is still ours is read again.
    AbortRebalance,
    /// Make producer and consumer anew.
    Rebuild,
    /// The producer's epoch is no longer the newest.
    Fenced,
    /// No retry heals it.
    Refused,
}

impl Facts {
    pub(crate) fn of(error: &KafkaError) -> Self {
        let code = error.rdkafka_error_code().unwrap_or(Code::Unknown);
        match error {
            KafkaError::Transaction(error) => {
                Self { code, retriable: error.is_retriable(), requires_abort: error.txn_requires_abort() }
            }
            // `commit_transaction` waits for the deliveries first; nothing was sent to the coordinator yet.
            KafkaError::Flush(_) => Self { code, retriable: code == Code::OperationTimedOut, requires_abort: false },
            _ => Self { code, retriable: is_transient(code), requires_abort: false },
        }
    }

    pub(crate) fn class(self) -> Class {
        if is_fenced(self.code) {
            Class::Fenced
        } else if is_refusal(self.code) {
            Class::Refused
        } else if matches!(self.code, Code::UnknownMemberId | Code::FencedInstanceId) {
            Class::AbortMember
        } else if matches!(self.code, Code::IllegalGeneration | Code::RebalanceInProgress) {
            // The broker looks for the member first: one that was thrown out is unknown, whatever its generation.
            Class::AbortRebalance
        } else if self.requires_abort {
            Class::Abort
        } else if self.retriable {
            Class::Retry
        } else {
            Class::Rebuild
        }
    }
}

fn is_fenced(code: Code) -> bool {
    matches!(code, Code::Fenced | Code::ProducerFenced | Code::InvalidProducerEpoch)
}

/// Errors that an operator must heal.
pub(crate) fn is_refusal(code: Code) -> bool {
    matches!(
        code,
        Code::TopicAuthorizationFailed
            | Code::GroupAuthorizationFailed
            | Code::ClusterAuthorizationFailed
            | Code::TransactionalIdAuthorizationFailed
            | Code::InvalidTransactionTimeout
            | Code::UnsupportedVersion
            | Code::UnsupportedSASLMechanism
            | Code::SaslAuthenticationFailed
            | Code::UnsupportedForMessageFormat
    )
}

/// Errors that pass by themselves.
pub(crate) fn is_transient(code: Code) -> bool {
    matches!(
        code,
        Code::OperationTimedOut
            | Code::RequestTimedOut
            | Code::BrokerTransportFailure
            | Code::AllBrokersDown
            | Code::WaitingForCoordinator
            | Code::CoordinatorLoadInProgress
            | Code::CoordinatorNotAvailable
            | Code::NotCoordinator
            | Code::LeaderNotAvailable
            | Code::NotLeaderForPartition
            | Code::NetworkException
            | Code::UnstableOffsetCommit
            | Code::Resolve
            | Code::InProgress
            | Code::PreviousInProgress
            | Code::KafkaStorageError
            | Code::ReplicaNotAvailable
            | Code::OffsetNotAvailable
            | Code::UnknownTopicOrPartition
            | Code::UnknownPartition
    )
}

/// Whether a fenced transaction of this age fell to a stall: the broker ends a transaction that is older than its timeout, and
/// that looks the same as a second producer with the id. A stall is believed from 0.8 of the timeout on.
pub(crate) fn is_stall(age: Duration, transaction_timeout: Duration) -> bool {
    age >= commit_limit(transaction_timeout)
}

/// Age from which a transaction is no longer committed but aborted.
pub(crate) fn commit_limit(transaction_timeout: Duration) -> Duration {
    transaction_timeout.mul_f64(0.8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn transaction_errors_fall_into_their_classes() {
        let (retriable, abortable, fatal) = ((true, false), (false, true), (false, false));
        let table = [
            (Code::OperationTimedOut, retriable, Class::Retry),
            (Code::CoordinatorLoadInProgress, retriable, Class::Retry),
            (Code::UnknownProducerId, abortable, Class::Abort),
            (Code::MessageTimedOut, abortable, Class::Abort),
            (Code::UnknownMemberId, abortable, Class::AbortMember),
            (Code::IllegalGeneration, abortable, Class::AbortRebalance),
            (Code::RebalanceInProgress, abortable, Class::AbortRebalance),
            (Code::Fenced, fatal, Class::Fenced),
            (Code::InvalidProducerEpoch, fatal, Class::Fenced),
            (Code::ProducerFenced, abortable, Class::Fenced),
            (Code::TransactionalIdAuthorizationFailed, fatal, Class::Refused),
            (Code::TopicAuthorizationFailed, abortable, Class::Refused),
            (Code::InvalidTransactionTimeout, fatal, Class::Refused),
            (Code::State, fatal, Class::Rebuild),
            (Code::Fatal, fatal, Class::Rebuild),
        ];
        for (code, (retriable, requires_abort), expected) in table {
            assert_eq!(Facts { code, retriable, requires_abort }.class(), expected, "{code:?}");
        }
    }

    #[test]
    fn a_fenced_transaction_that_is_old_fell_to_a_stall_and_a_young_one_to_a_second_instance() {
        let timeout = Duration::from_secs(10);
        assert!(!is_stall(Duration::from_millis(7_999), timeout));
        assert!(is_stall(Duration::from_secs(8), timeout));
    }

    #[test]
    fn a_flush_that_times_out_is_called_again() {
        let error = KafkaError::Flush(Code::OperationTimedOut);
        assert_eq!(Facts::of(&error).class(), Class::Retry);
    }
}
