//! Counts and the figures that follow from them.

use std::collections::BTreeMap;
use std::ops::AddAssign;

use dateline_model::PartialDate;

use crate::gold::{GoldEvent, GoldVisit};
use crate::visit::{Field, Verdict};
use crate::{event, visit};

/// Right, wrong and missed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Predicted and right.
    pub right: usize,
    /// Predicted and wrong.
    pub wrong: usize,
    /// In gold and not found.
    pub missed: usize,
}

impl Counts {
    /// Share of what was predicted that is right; 0 where nothing was.
    pub fn precision(&self) -> f64 {
        ratio(self.right, self.right + self.wrong)
    }

    /// Share of gold that was found; 0 where there is none.
    pub fn recall(&self) -> f64 {
        ratio(self.right, self.right + self.missed)
    }

    /// Harmonic mean of precision and recall.
    pub fn f1(&self) -> f64 {
        ratio(2 * self.right, 2 * self.right + self.wrong + self.missed)
    }

    /// F1 where only so many of the right ones count.
    pub fn f1_of(&self, right: usize) -> f64 {
        ratio(2 * right, 2 * self.right + self.wrong + self.missed)
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.right += other.right;
        self.wrong += other.wrong;
        self.missed += other.missed;
    }
}

pub(crate) fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// Figures of visits over a set of articles.
#[derive(Debug, Clone, Default)]
pub struct VisitFigures {
    /// Articles.
    pub articles: usize,
    /// Right, wrong, missed.
    pub counts: Counts,
    /// Matched an optional entry.
    pub forgiven: usize,
    /// Matched with start, end, city and status right.
    pub strict: usize,
    /// Of these, the ones that start on a full day.
    pub strict_dated: usize,
    /// Required gold visits that start on a full day.
    pub dated: usize,
    /// Articles without a required visit, and those of them without a wrong one.
    pub negatives: (usize, usize),
    /// Field: right and judged.
    pub fields: BTreeMap<Field, (usize, usize)>,
    /// Field: values right, wrong, missed.
    pub values: BTreeMap<Field, Counts>,
}

impl VisitFigures {
    pub(crate) fn add(&mut self, gold: &[GoldVisit], scored: &visit::Scored) {
        let full = |v: &GoldVisit| matches!(v.start.main(), Some(PartialDate::Day(_)));
        self.articles += 1;
        for pair in &scored.pairs {
            let g = &gold[pair.gold];
            if g.optional {
                self.forgiven += 1;
                continue;
            }
            self.counts.right += 1;
            self.strict += usize::from(pair.strict());
            self.strict_dated += usize::from(pair.strict() && full(g));
            for j in &pair.fields {
                let (right, judged) = self.fields.entry(j.field).or_default();
                *right += usize::from(j.right);
                *judged += 1;
                if let Some((verdict, due)) = j.value {
                    let v = self.values.entry(j.field).or_default();
                    v.right += usize::from(verdict == Verdict::Value);
                    v.wrong += usize::from(verdict == Verdict::Wrong);
                    v.missed += usize::from(due && matches!(verdict, Verdict::Wrong | Verdict::Missing));
                }
            }
        }
        self.counts.wrong += scored.wrong.len();
        self.counts.missed += scored.missed.len();
        self.dated += gold.iter().filter(|v| !v.optional && full(v)).count();
        if gold.iter().all(|v| v.optional) {
            self.negatives.0 += 1;
            self.negatives.1 += usize::from(scored.wrong.is_empty());
        }
    }

    /// F1 of those that are right in start, end, city and status, too.
    pub fn strict_f1(&self) -> f64 {
        self.counts.f1_of(self.strict)
    }

    /// Share of the gold visits with a full first day that were found with start, end, city and status right.
    pub fn dated_strict(&self) -> f64 {
        ratio(self.strict_dated, self.dated)
    }

    /// Accuracy of a field over the matched; `None` where gold doesn't say it.
    pub fn accuracy(&self, field: Field) -> Option<f64> {
        self.fields.get(&field).map(|(right, judged)| ratio(*right, *judged))
    }

    /// F1 of the values of a field that are not null; `None` where there are none on either side.
    pub fn value_f1(&self, field: Field) -> Option<f64> {
        let c = self.values.get(&field)?;
        (*c != Counts::default()).then(|| c.f1())
    }
}

/// Figures of events over a set of articles.
#[derive(Debug, Clone, Default)]
pub struct EventFigures {
    /// Articles.
    pub articles: usize,
    /// Right, wrong, missed; precision is lenient.
    pub counts: Counts,
    /// Further ones that gold is silent of without making them wrong.
    pub forgiven: usize,
    /// Matched with date, country, city and status right.
    pub strict: usize,
    /// Right among the matched: date, country, city, status.
    pub fields: [usize; 4],
    /// Type: found and required.
    pub by_type: BTreeMap<String, (usize, usize)>,
}

impl EventFigures {
    /// Names of `fields`.
    pub const FIELDS: [&'static str; 4] = ["date", "country", "city", "status"];

    pub(crate) fn add(&mut self, gold: &[GoldEvent], scored: &event::Scored) {
        self.articles += 1;
        for pair in &scored.pairs {
            if gold[pair.gold].optional {
                self.forgiven += 1;
                continue;
            }
            self.counts.right += 1;
            self.strict += usize::from(pair.strict());
            for (n, ok) in self.fields.iter_mut().zip([pair.date, pair.country, pair.city, pair.status]) {
                *n += usize::from(ok);
            }
        }
        self.counts.wrong += scored.wrong.len();
        self.counts.missed += scored.missed.len();
        self.forgiven += scored.forgiven.len();
        for (i, g) in gold.iter().enumerate().filter(|(_, g)| !g.optional) {
            let of_type = self.by_type.entry(g.event_type.main().cloned().unwrap_or_default()).or_default();
            of_type.0 += usize::from(scored.pairs.iter().any(|p| p.gold == i));
            of_type.1 += 1;
        }
    }

    /// F1 of those that are right in date, country, city and status, too.
    pub fn strict_f1(&self) -> f64 {
        self.counts.f1_of(self.strict)
    }
}
