//! Dateline resolve.
