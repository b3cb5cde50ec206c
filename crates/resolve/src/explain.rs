//! Why a mention joins a record or opens one: `resolve --why`.

use std::fmt;

use dateline_model::{Message, Record};
use serde::Serialize;

use crate::contribution::Contribution;
use crate::matching::{Features, THRESHOLD, Verdict};
use crate::partition::Partition;
use crate::shelf::Made;
use crate::{assembly, publish};

/// A record that a mention was held against.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Candidate {
    /// Id of the record.
    pub record_id: String,
    /// Who, and since when: enough to know it again.
    pub record: String,
    /// The points for and against, or why it is ruled out.
    pub verdict: Verdict,
    /// The sum of the points.
    pub total: Option<i32>,
    /// True for the record that the mention joins.
    pub joined: bool,
}

/// What a mention was held against, before it is applied.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Explanation {
    /// Id of the mention; of a retraction that of its article.
    pub mention_id: String,
    /// Least sum of points at which it joins.
    pub threshold: i32,
    /// Records that share a name or party and days with it, best first.
    pub candidates: Vec<Candidate>,
}

impl Partition {
    /// Says what a message will be held against and what decides. Call it before the message is applied.
    pub fn explain(&self, message: &Message) -> Explanation {
        let mut explanation =
            Explanation { mention_id: message.article_id().to_owned(), threshold: THRESHOLD, candidates: vec![] };
        let Message::Mention(m) = message else { return explanation };
        explanation.mention_id = m.id();
        let Some(group) = self.group_ids.get(&crate::group::GroupKey::of(m)).map(|id| self.group(*id)) else {
            return explanation;
        };
        let c = Contribution::new(
            m,
            &mut crate::codec::strings::Strings::default(),
            &mut crate::people::People::unnumbered(),
        );
        let mut comparisons = crate::people::Comparisons::default();
        for (cluster, verdict, total) in group.weigh_all(&c, &mut comparisons) {
            let Some(standing) = &group.cluster(cluster).standing else { continue };
            let record = assembly::revision(group, cluster, publish::told(standing), &self.strings, &mut Made);
            explanation.candidates.push(Candidate {
                record_id: standing.id.to_string(),
                record: name(&record),
                verdict,
                total,
                joined: explanation.candidates.is_empty() && verdict.joins().is_some(),
            });
        }
        explanation
    }
}

fn name(record: &Record) -> String {
    let days = |p: &dateline_model::Period| {
        [p.start, p.end].iter().flatten().map(ToString::to_string).collect::<Vec<_>>().join("..")
    };
    match record {
        Record::Visit(r) => format!("{} {} {:?}", r.body.visitor.actor.name, days(&r.body.period), r.body.status),
        Record::Event(r) => {
            let who: Vec<&str> = r.body.participants.iter().map(|p| p.actor.name.as_str()).collect();
            format!("{:?} {} {} {:?}", r.body.event_type, who.join(", "), days(&r.body.period), r.body.status)
        }
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let opens = !self.candidates.iter().any(|c| c.joined);
        writeln!(f, "{}: {}", self.mention_id, if opens { "opens a record" } else { "joins a record" })?;
        for c in &self.candidates {
            let mark = if c.joined { "joins" } else { "apart from" };
            write!(f, "  {mark} {} ({}): ", c.record_id, c.record)?;
            match &c.verdict {
                Verdict::Apart(why) => writeln!(f, "{why}")?,
                Verdict::Weighed(w) => writeln!(f, "{} of {}: {}", w.total(), self.threshold, points(w))?,
            }
        }
        Ok(())
    }
}

fn points(w: &Features) -> String {
    let named = [
        ("identity", w.identity),
        ("time", w.time),
        ("life cycle", w.life_cycle),
        ("city", w.city),
        ("kind", w.kind),
        ("host", w.host),
        ("ordinal", w.ordinal),
        ("theme", w.theme),
    ];
    named.iter().filter(|(_, p)| *p != 0).map(|(n, p)| format!("{n} {p:+}")).collect::<Vec<_>>().join(", ")
}
