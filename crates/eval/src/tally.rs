//! What each rule found right and wrong.

use std::collections::{BTreeMap, BTreeSet};

use dateline_model::Evidence;

use crate::Case;

/// Mentions that cite a rule.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RuleTally {
    /// Match a required gold entry.
    pub right: usize,
    /// Of these, right in all strict fields.
    pub strict: usize,
    /// Neither right nor wrong.
    pub forgiven: usize,
    /// Match nothing.
    pub wrong: usize,
}

/// What became of one mention.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    Right { strict: bool },
    Forgiven,
    Wrong,
}

/// Fate of each visit of a case, in order.
pub(crate) fn visit_fates(case: &Case) -> Vec<Fate> {
    let (Some((kept, scored)), Some(gold)) = (case.score_visits(0.0), &case.gold.visits) else { return vec![] };
    let mut out = vec![Fate::Wrong; kept.len()];
    for p in &scored.pairs {
        out[p.predicted] = if gold[p.gold].optional { Fate::Forgiven } else { Fate::Right { strict: p.strict() } };
    }
    out
}

/// Fate of each event of a case, in order.
pub(crate) fn event_fates(case: &Case) -> Vec<Fate> {
    let (Some((kept, scored)), Some(gold)) = (case.score_events(0.0), &case.gold.events) else { return vec![] };
    let mut out = vec![Fate::Wrong; kept.len()];
    for p in &scored.pairs {
        out[p.predicted] = if gold[p.gold].optional { Fate::Forgiven } else { Fate::Right { strict: p.strict() } };
    }
    for j in scored.forgiven {
        out[j] = Fate::Forgiven;
    }
    out
}

/// By rule: what became of the mentions that cite it. `rules`: names of rules, which evidence cites among normalisers.
pub fn by_rule(cases: &[Case], rules: &BTreeSet<String>) -> BTreeMap<String, RuleTally> {
    let mut out: BTreeMap<String, RuleTally> = BTreeMap::new();
    let mut count = |evidence: &[Evidence], fate: Fate| {
        let cited: BTreeSet<&String> = evidence.iter().map(|e| &e.rule).filter(|r| rules.contains(*r)).collect();
        for rule in cited {
            let t = out.entry(rule.clone()).or_default();
            match fate {
                Fate::Right { strict } => {
                    t.right += 1;
                    t.strict += usize::from(strict);
                }
                Fate::Forgiven => t.forgiven += 1,
                Fate::Wrong => t.wrong += 1,
            }
        }
    };
    for case in cases {
        visit_fates(case).into_iter().zip(&case.visits).for_each(|(fate, v)| count(&v.evidence, fate));
        event_fates(case).into_iter().zip(&case.events).for_each(|(fate, e)| count(&e.evidence, fate));
    }
    out
}
