//! Resolution seen from outside.

mod laws;
mod support;
