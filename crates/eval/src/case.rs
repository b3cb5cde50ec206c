//! A labelled article with what was extracted from it.

use dateline_model::{Event, Visit};

use crate::figures::{EventFigures, VisitFigures};
use crate::gold::GoldArticle;
use crate::{event, visit};

/// A labelled article with what was extracted from it.
#[derive(Debug, Clone)]
pub struct Case {
    /// The labels.
    pub gold: GoldArticle,
    /// Title as received.
    pub title: Option<String>,
    /// The text that was read: the body as received, or the main text of the page.
    pub text: String,
    /// Extracted visits.
    pub visits: Vec<Visit>,
    /// Extracted events.
    pub events: Vec<Event>,
}

impl Case {
    /// Visits of at least this confidence, scored; `None` where visits are not labelled.
    pub(crate) fn score_visits(&self, least: f32) -> Option<(Vec<&Visit>, visit::Scored)> {
        let kept: Vec<&Visit> = self.visits.iter().filter(|v| v.confidence >= least).collect();
        let gold = self.gold.visits.as_ref()?;
        let scored = visit::score(gold, &kept, self.gold.year);
        Some((kept, scored))
    }

    /// Events of at least this confidence, scored; `None` where events are not labelled.
    pub(crate) fn score_events(&self, least: f32) -> Option<(Vec<&Event>, event::Scored)> {
        let kept: Vec<&Event> = self.events.iter().filter(|e| e.confidence >= least).collect();
        let visits = self.gold.visits.as_deref().unwrap_or(&[]);
        let scored = event::score(self.gold.events.as_ref()?, visits, &kept, self.gold.year);
        Some((kept, scored))
    }
}

/// Figures of the visits of some articles; `least`: the confidence below which mentions are dropped. `None` where no article
/// has labelled visits.
pub fn visit_figures<'c>(cases: impl IntoIterator<Item = &'c Case>, least: f32) -> Option<VisitFigures> {
    let mut out = VisitFigures::default();
    for case in cases {
        if let (Some((_, scored)), Some(gold)) = (case.score_visits(least), &case.gold.visits) {
            out.add(gold, &scored);
        }
    }
    (out.articles > 0).then_some(out)
}

/// The same of events.
pub fn event_figures<'c>(cases: impl IntoIterator<Item = &'c Case>, least: f32) -> Option<EventFigures> {
    let mut out = EventFigures::default();
    for case in cases {
        if let (Some((_, scored)), Some(gold)) = (case.score_events(least), &case.gold.events) {
            out.add(gold, &scored);
        }
    }
    (out.articles > 0).then_some(out)
}
