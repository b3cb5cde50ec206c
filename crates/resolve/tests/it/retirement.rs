//! Records that nobody tells of any more.

use dateline_model::{Record, VisitStatus};
use dateline_resolve::{Outcome, Partition, Settings};

use crate::support::{Said, retract};

const DAY: i64 = 86_400_000;

/// 1 January 2025.
const NEW_YEAR: i64 = 1_735_689_600_000;

fn told() -> (Partition, String) {
    let mut p = Partition::new(Settings { retire_after_ms: 10 * DAY });
    let mut id = String::new();
    for (n, status) in [VisitStatus::Planned, VisitStatus::Ongoing, VisitStatus::Completed].into_iter().enumerate() {
        let said = Said {
            start: Some("2025-01-02".into()),
            end: Some("2025-01-03".into()),
            city: Some("Paris".into()),
            status,
            ..Said::new(&format!("a{n}"), &format!("2025-01-0{}", n + 1))
        };
        let applied = p.apply(&said.message(), NEW_YEAR + n as i64 * DAY);
        applied.publications[0].record.id().clone_into(&mut id);
        p.committed();
    }
    (p, id)
}

fn another(article: &str) -> Said {
    Said { start: Some("2030-01-02".into()), visitor: "Robert Roe".into(), ..Said::new(article, "2025-01-05") }
}

#[test]
fn a_quiet_record_becomes_a_stub_that_says_what_it_said() {
    let (mut p, id) = told();
    let before = p.records().next().unwrap();
    let applied = p.apply(&another("b").message(), NEW_YEAR + 30 * DAY);
    assert_eq!(applied.publications.len(), 1, "retirement tells nobody");
    assert_eq!((p.stats().stubs, p.stats().contributions), (1, 2));
    let after = p.records().find(|r| r.id() == id).unwrap();
    let (Record::Visit(a), Record::Visit(b)) = (before, after) else { panic!() };
    assert_eq!(
        (a.revision, a.body.visitor, a.body.period, a.body.status),
        (b.revision, b.body.visitor, b.body.period, b.body.status)
    );
    assert_eq!(a.body.destination.city, b.body.destination.city);
}

#[test]
fn a_record_whose_period_is_still_to_come_is_not_retired() {
    let (mut p, _) = told();
    p.apply(&another("b").message(), NEW_YEAR + 30 * DAY);
    p.apply(&another("c").message(), NEW_YEAR + 300 * DAY);
    assert_eq!(p.stats().stubs, 1);
}

#[test]
fn a_late_mention_joins_a_stub_and_tells_nobody_unless_it_corrects_it() {
    let (mut p, id) = told();
    p.apply(&another("b").message(), NEW_YEAR + 30 * DAY);
    let late = Said { start: Some("2025-01".into()), status: VisitStatus::Completed, ..Said::new("c", "2025-02-01") };
    let applied = p.apply(&late.message(), NEW_YEAR + 31 * DAY);
    assert_eq!((applied.outcome, applied.publications.len()), (Outcome::Joined, 0));
    let right = Said {
        start: Some("2025-01-02".into()),
        end: Some("2025-01-04".into()),
        status: VisitStatus::Completed,
        ..Said::new("d", "2025-02-02")
    };
    let applied = p.apply(&right.message(), NEW_YEAR + 32 * DAY);
    let Record::Visit(r) = &applied.publications[0].record else { panic!() };
    assert_eq!((r.id.as_str(), r.changed.join(",")), (id.as_str(), "period".to_owned()));
}

#[test]
fn retracting_a_source_of_a_stub_changes_nothing() {
    let (mut p, _) = told();
    p.apply(&another("b").message(), NEW_YEAR + 30 * DAY);
    let applied = p.apply(&retract("a0", (NEW_YEAR + 30 * DAY, 9)), NEW_YEAR + 31 * DAY);
    assert_eq!((applied.outcome, applied.publications.len()), (Outcome::NothingToRetract, 0));
}
