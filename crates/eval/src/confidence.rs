//! How far the confidence of a mention can be trusted, and what a threshold on it costs.

use crate::figures::ratio;
use crate::tally::{Fate, event_fates, visit_fates};
use crate::{Case, event_figures, visit_figures};

/// Mentions whose confidence lies in one tenth of 0 to 1.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Bin {
    /// Mentions that are right or wrong.
    pub mentions: usize,
    /// Those that are right.
    pub right: usize,
    /// Sum of their confidences.
    pub sum: f64,
}

impl Bin {
    /// Mean confidence.
    pub fn confidence(&self) -> f64 {
        if self.mentions == 0 { 0.0 } else { self.sum / self.mentions as f64 }
    }

    /// Share that is right.
    pub fn precision(&self) -> f64 {
        ratio(self.right, self.mentions)
    }
}

/// Ten bins.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Calibration(pub [Bin; 10]);

impl Calibration {
    fn add(&mut self, confidence: f32, right: bool) {
        let bin = &mut self.0[((confidence * 10.0) as usize).min(9)];
        bin.mentions += 1;
        bin.right += usize::from(right);
        bin.sum += f64::from(confidence);
    }

    /// Expected calibration error (Naeini et al. 2015): the mean over mentions of |precision - confidence| of their bins.
    pub fn error(&self) -> f64 {
        let total: usize = self.0.iter().map(|b| b.mentions).sum();
        let gap = |b: &Bin| (b.precision() - b.confidence()).abs() * b.mentions as f64;
        if total == 0 { 0.0 } else { self.0.iter().map(gap).sum::<f64>() / total as f64 }
    }
}

/// Calibration of visits and of events; what gold forgives counts in neither way.
pub fn calibration<'c>(cases: impl IntoIterator<Item = &'c Case>) -> (Calibration, Calibration) {
    let mut out = (Calibration::default(), Calibration::default());
    for case in cases {
        let visits = case.visits.iter().map(|v| v.confidence).zip(visit_fates(case));
        let events = case.events.iter().map(|e| e.confidence).zip(event_fates(case));
        let judged = |(c, fate): (f32, Fate)| (fate != Fate::Forgiven).then_some((c, fate != Fate::Wrong));
        visits.filter_map(judged).for_each(|(c, right)| out.0.add(c, right));
        events.filter_map(judged).for_each(|(c, right)| out.1.add(c, right));
    }
    out
}

/// Precision, recall, F1 and strict F1.
pub(crate) type Row = (f64, f64, f64, f64);

/// By the least confidence that is kept, 0.0 to 0.95 in steps of 0.05: the figures of visits and of events.
pub fn curve(cases: &[Case]) -> Vec<(f32, Option<Row>, Option<Row>)> {
    let at = |least: f32| {
        let visits = visit_figures(cases, least)
            .map(|f| (f.counts.precision(), f.counts.recall(), f.counts.f1(), f.strict_f1()));
        let events = event_figures(cases, least)
            .map(|f| (f.counts.precision(), f.counts.recall(), f.counts.f1(), f.strict_f1()));
        (least, visits, events)
    };
    (0..20u8).map(|i| at(f32::from(i) / 20.0)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_right_as_often_as_it_says_has_no_error() {
        let mut c = Calibration::default();
        for i in 0..10 {
            c.add(0.75, i % 4 != 0);
        }
        // 7 of 10 right at 0.75
        assert!((c.error() - 0.05).abs() < 1e-9);
        c.add(1.0, true);
        assert_eq!(c.0[9].mentions, 1);
    }
}
