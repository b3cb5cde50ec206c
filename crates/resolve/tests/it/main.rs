//! Resolution seen from outside.

#![allow(clippy::unwrap_used)]

mod copies;
mod events;
mod laws;
mod lives;
mod retirement;
mod state;
mod support;
mod visits;
