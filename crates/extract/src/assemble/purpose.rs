//! What visits are for, where no slot of their own rule says it.

use crate::chunk::Kind;
use crate::frame::Frame;
use crate::lexicon::sym;
use crate::visit::{Draft, Reader};

/// What visits are for: what they coincide with, what the visitor is to attend, "for talks".
pub(super) fn purposes(reader: &Reader<'_>, frames: &[Frame], drafts: &mut [Draft]) {
    let doc = reader.doc;
    for d in drafts.iter_mut().filter(|d| d.purpose.is_none()) {
        let sentence = &doc.sentences[d.sentence];
        let noun = |c: usize| {
            matches!(sentence.chunks[c].kind, Kind::Noun(_))
                && sentence.chunks[c].sym != reader.engine.symbols.visit_noun
        };
        let mut found: Option<(usize, (u32, u32))> = None;
        for clause in &sentence.clauses {
            let text = |from: usize, to: usize| (sentence.chunks[from].tokens.0, sentence.chunks[to].tokens.1);
            let verb = clause
                .group(&sentence.chunks)
                .map(|v| reader.engine.lexicon.name_of(v.syms[0]).to_owned())
                .unwrap_or_default();
            if (verb.starts_with("coincide") || verb.starts_with("attend"))
                && let Some(v) = clause.verb
            {
                let tail: Vec<usize> = clause.chunks.iter().copied().filter(|c| *c > v).collect();
                let end = tail.iter().position(|c| sentence.chunks[*c].sym == sym::COMMA).unwrap_or(tail.len().min(3));
                if let (Some(a), Some(b)) = (tail.first(), tail.get(end.saturating_sub(1)))
                    && noun(*a)
                {
                    found = Some((d.sentence, text(*a, *b)));
                    break;
                }
            }
            let purpose = clause.chunks.windows(2).find(|w| {
                reader.engine.lexicon.name_of(sentence.chunks[w[0]].sym) == "for" && w[1] == w[0] + 1 && noun(w[1])
            });
            if found.is_none()
                && let Some(w) = purpose
            {
                found = Some((d.sentence, sentence.chunks[w[1]].tokens));
            }
        }
        if found.is_none() {
            let attended = frames.iter().find(|f| {
                f.slot("attendee").iter().any(|c| reader.entities.at((f.sentence, *c)) == Some(d.visitor))
                    && !f.slot("noun").is_empty()
            });
            found = attended
                .and_then(|f| Some((f.sentence, doc.sentences[f.sentence].chunks[*f.slot("noun").first()?].tokens)));
        }
        if let Some((s, tokens)) = found {
            d.purpose = Some(crate::entity::clean_name(doc.slice(s, tokens)));
            d.quotes.add("purpose", (s, tokens), "purpose");
        }
    }
}
