//! The stage runner on the real broker: nothing lost, nothing twice, and loud where it must stop.

mod delivery;
mod ends;
mod start;
mod state;
mod support;

use libtest_mimic::Trial;

pub(crate) fn tests() -> Vec<Trial> {
    [delivery::tests(), state::tests(), start::tests(), ends::tests()].into_iter().flatten().collect()
}
