//! Words that stand for people named before: "the two leaders", "both sides", "his host", "her guest".

use crate::chunk::{Kind, Pronoun};
use crate::entity::Entity;
use crate::visit::{Draft, Reader};

/// Sentences looked back over.
const BACK: usize = 4;

/// The visit that a sentence tells of: the last one told before it, of the present ones.
pub(super) fn visit_here(sentence: usize, visits: &[Draft]) -> Option<&Draft> {
    let open = || visits.iter().filter(|v| !v.background);
    open().filter(|v| v.sentence <= sentence).max_by_key(|v| (v.sentence, v.weight)).or_else(|| open().next())
}

impl Reader<'_> {
    /// The people that a chunk stands for without naming them; `None` when it is a plain mention.
    pub(super) fn stands_for(&self, sentence: usize, chunk: usize, visits: &[Draft]) -> Option<Vec<usize>> {
        let c = &self.doc.sentences[sentence].chunks[chunk];
        let text = || self.doc.lower(sentence, c.tokens);
        match &c.kind {
            Kind::Pronoun(Pronoun::They) => {
                let sent = self.entities.at((sentence, chunk)).is_some_and(|e| {
                    let e = &self.entities.list[e];
                    e.country.is_some() || e.organisation.is_some()
                });
                if sent { None } else { self.pair(sentence, chunk, visits) }
            }
            Kind::Group(g) if g.country.is_none() && g.organisation.is_none() => {
                let text = text();
                let two = g.count == Some(2)
                    || text.starts_with("both ")
                    || text == "the leaders"
                    || text == "the presidents";
                if two { self.pair(sentence, chunk, visits) } else { None }
            }
            Kind::Noun(n) => {
                let text = text();
                let head = self.doc.lower(sentence, n.head);
                match &*head {
                    "host" | "hosts" => visit_here(sentence, visits).and_then(|v| self.receiver(v)).map(|e| vec![e]),
                    "guest" | "visitor" | "visitors" => visit_here(sentence, visits).map(|v| vec![v.visitor]),
                    _ if ["the two", "the pair", "the two men", "both", "both men", "the duo"].contains(&&*text) => {
                        self.pair(sentence, chunk, visits)
                    }
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// Who receives the visitor: the host, else the head of the country that the text names.
    pub(super) fn receiver(&self, v: &Draft) -> Option<usize> {
        v.host.or_else(|| (0..self.entities.list.len()).filter(|e| self.host_rank(*e, v) == Some(0)).min())
    }

    /// The two people spoken of last: in the nearest sentences before the chunk, of different countries where there are.
    fn pair(&self, sentence: usize, chunk: usize, visits: &[Draft]) -> Option<Vec<usize>> {
        let principal = |e: &Entity| !e.group && !e.anonymous && (e.role.is_some() || e.leader);
        let mut seen: Vec<usize> = vec![];
        for back in 0..=BACK {
            let Some(s) = sentence.checked_sub(back) else { break };
            if self.doc.sentences[s].part != self.doc.sentences[sentence].part {
                break;
            }
            let here: Vec<usize> = (0..self.doc.sentences[s].chunks.len())
                .filter(|c| s < sentence || *c < chunk)
                .filter_map(|c| self.entities.at((s, c)))
                .filter(|e| principal(&self.entities.list[*e]))
                .collect();
            for e in here {
                if !seen.contains(&e) {
                    seen.push(e);
                }
            }
            let first = *seen.first().unwrap_or(&usize::MAX);
            let home = |e: usize| self.entities.list[e].country;
            let other = seen.iter().copied().find(|e| *e != first && home(*e) != home(first));
            if let Some(other) = other {
                return Some(vec![first, other]);
            }
        }
        let v = visit_here(sentence, visits)?;
        Some(vec![v.visitor, self.receiver(v)?])
    }
}
