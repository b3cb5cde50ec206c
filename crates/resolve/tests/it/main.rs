//! Resolution seen from outside.

mod laws;
mod retirement;
mod support;
mod visits;
