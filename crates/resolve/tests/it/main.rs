//! Resolution seen from outside.

mod laws;
mod support;
mod visits;
mod retirement;
