//! What an event is about, and the words in quotation marks.

use dateline_model::{Certainty, EventType};

use crate::entity::clean_name;
use crate::frame::Frame;
use crate::lexicon::sym;
use crate::quote::Quotes;
use crate::visit::Reader;

impl Reader<'_> {
    pub(super) fn topic(&self, frame: &Frame, kind: EventType, quotes: &mut Quotes) -> Option<String> {
        let s = &self.doc.sentences[frame.sentence];
        let named = !matches!(kind, EventType::Talks | EventType::Statement | EventType::PhoneCall);
        let own = frame.slot("noun").first().copied().filter(|_| named);
        let slot = frame.slot("topic");
        let (first, last) = (slot.first().copied().or(own)?, slot.last().copied().or(own)?);
        let tokens = (s.chunks[first].tokens.0, s.chunks[last].tokens.1);
        quotes.add("topic", (frame.sentence, tokens), &self.engine.rule(frame.rule).name);
        let text = clean_name(self.doc.slice(frame.sentence, tokens));
        Some(text.strip_prefix("the ").unwrap_or(&text).to_owned())
    }

    /// "One likely topic is": how sure the topic is.
    pub(super) fn topic_certainty(&self, frame: &Frame) -> Certainty {
        let chunks = &self.doc.sentences[frame.sentence].chunks;
        let text = self.doc.lower(frame.sentence, (chunks[0].tokens.0, chunks[frame.span.1].tokens.1));
        if ["likely", "probable", "probably"].iter().any(|w| text.contains(w)) {
            Certainty::Likely
        } else if ["possible", "possibly", "may "].iter().any(|w| text.contains(w)) {
            Certainty::Rumored
        } else if text.contains("expected") {
            Certainty::Expected
        } else {
            Certainty::Stated
        }
    }

    /// The longest words in quotation marks of a sentence.
    pub(super) fn quotation(&self, s: usize, quotes: &mut Quotes) -> Option<String> {
        let chunks = &self.doc.sentences[s].chunks;
        let marks: Vec<usize> = (0..chunks.len()).filter(|i| chunks[*i].sym == sym::QUOTE).collect();
        let best = marks
            .windows(2)
            .filter(|w| w[1] > w[0] + 3)
            .max_by_key(|w| chunks[w[1]].tokens.0 - chunks[w[0]].tokens.1)?;
        let tokens = (chunks[best[0]].tokens.1, chunks[best[1]].tokens.0);
        if tokens.1 < tokens.0 + 4 {
            return None;
        }
        quotes.add("quote", (s, tokens), "quote");
        Some(clean_name(self.doc.slice(s, tokens)))
    }
}
