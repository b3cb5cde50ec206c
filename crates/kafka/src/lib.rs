//! Dateline kafka.
