//! The state on the wire.

use dateline_model::VisitStatus;
use dateline_resolve::{ENCODING, Partition, Settings, StateError};

use crate::support::Said;

#[test]
fn a_state_of_a_newer_build_is_told_apart_from_one_that_cannot_be_read() {
    let mut p = Partition::new(Settings::default());
    let newer = p.restore(b"s\0\0\0\0", Some(&[ENCODING as u8 + 1, 0]));
    assert_eq!(newer, Err(StateError::Newer { found: ENCODING + 1, supported: ENCODING }));
    for (key, value) in [(&b"s\0\0\0\0"[..], &[1u8, 9][..]), (b"z", &[1]), (b"r", &[1]), (b"x\xff", &[1, 0, 0, 0])] {
        assert!(matches!(p.restore(key, Some(value)), Err(StateError::Corrupt { .. })), "{key:?}");
    }
}

#[test]
fn cutting_or_changing_a_byte_of_the_state_gives_an_error_and_never_a_panic() {
    let mut p = Partition::new(Settings::default());
    let said = Said {
        start: Some("2025-03-02".into()),
        city: Some("Paris".into()),
        status: VisitStatus::Ongoing,
        ..Said::new("a", "2025-03-02")
    };
    let changes = p.apply(&said.message(), 0).changes;
    for (n, change) in changes.iter().enumerate() {
        let value = change.value.as_ref().unwrap();
        let cut = (0..value.len()).map(|len| value[..len].to_vec());
        let turned = (0..value.len()).flat_map(|i| {
            [1u8, 0x55, 0xff].map(|x| {
                let mut v = value.clone();
                v[i] ^= x;
                v
            })
        });
        for broken in cut.chain(turned) {
            let mut q = Partition::new(Settings::default());
            let result = changes
                .iter()
                .enumerate()
                .try_for_each(|(i, c)| q.restore(&c.key, if i == n { Some(&broken) } else { c.value.as_deref() }));
            // Some changes give another valid state; what matters is that nothing panics.
            let _ = result.and_then(|()| q.restored());
        }
    }
}
