//! What must hold for any input: called by the fuzz targets, and by the tests with seeded changes of own texts.

pub mod reading;
pub mod state;
