//! Who announced a journey of which the next sentences tell: "the palace gave notice of the king's visit. He will be in ..."

use dateline_model::VisitStatus;

use crate::attribution::announcer;
use crate::visit::{Draft, Reader};

/// Sources for visits ahead that have none.
pub(super) fn sources(reader: &Reader<'_>, drafts: &mut [Draft]) {
    let doc = reader.doc;
    for (s, sentence) in doc.sentences.iter().enumerate().filter(|(_, x)| x.part == doc.body) {
        for (k, clause) in sentence.clauses.iter().enumerate() {
            let told = |d: &Draft| clause.chunks.iter().any(|c| reader.entities.at((s, *c)) == Some(d.visitor));
            let journey = clause.chunks.iter().any(|c| sentence.chunks[*c].sym == reader.engine.symbols.visit_noun);
            if !journey || !drafts.iter().any(told) {
                continue;
            }
            let Some(source) = announcer(reader.engine, doc, reader.entities, s, k) else { continue };
            for d in drafts.iter_mut().filter(|d| told(d) && d.attribution.is_none() && !d.background) {
                if source.entity == Some(d.visitor)
                    || !matches!(d.status, VisitStatus::Planned | VisitStatus::Confirmed)
                    || d.sentence < s
                {
                    continue;
                }
                d.quotes.add("attribution.source", source.at, "attribution");
                if let Some(at) = source.reported_at {
                    d.quotes.add("attribution.reported_on", at, "time");
                }
                d.attribution = Some(source.clone());
            }
        }
    }
}
