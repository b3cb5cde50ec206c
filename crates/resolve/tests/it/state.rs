//! The state on the wire.

use dateline_model::{Sketch, VisitStatus};
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

#[test]
fn a_copy_that_comes_again_as_a_correction_counts_as_one_in_the_living_state_as_in_the_restored_one() {
    let sketch = Some(Sketch { shingles: (1..9).map(|n| n * 8).collect(), numbers: vec![], names: vec![7] });
    let head = Said { sketch: sketch.clone(), ..Said::new("a", "2025-03-01") };
    let copy = Said { start: Some("2025-04-02".into()), sketch, ..Said::new("b", "2025-03-02") };
    let corrected = Said { version: (copy.version.0 + 3_600_000, 9), ..copy.clone() };
    let mut p = Partition::new(Settings::default());
    let start = |p: &Partition| -> Vec<String> {
        p.records().map(|r| serde_json::to_value(r).unwrap()["period"]["start"].to_string()).collect()
    };
    let mut changes = vec![];
    for said in [head, copy] {
        changes.extend(p.apply(&said.message(), 0).changes);
    }
    assert_eq!(start(&p), ["null"], "a copy moves nothing");
    changes.extend(p.apply(&corrected.message(), 1).changes);
    assert_eq!(start(&p), ["\"2025-04-02\""], "a correction does");
    let mut restored = Partition::new(Settings::default());
    for change in changes {
        restored.restore(&change.key, change.value.as_deref()).unwrap();
    }
    restored.restored().unwrap();
    assert_eq!(start(&restored), start(&p));
}
