//! What an event is about, and the words in quotation marks.

use dateline_model::{Certainty, EventType};

use crate::chunk::Tokens;
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

    /// The longest words in quotation marks of a sentence, else those that the next one begins with.
    pub(super) fn quotation(&self, s: usize, quotes: &mut Quotes) -> Option<String> {
        let next = self.doc.sentences.get(s + 1).filter(|n| n.part == self.doc.sentences[s].part);
        let goes_on = next.is_some_and(|n| n.chunks.first().is_some_and(|c| c.sym == sym::QUOTE));
        let (at, tokens) = self
            .longest_quotation(s)
            .map(|t| (s, t))
            .or_else(|| goes_on.then(|| self.longest_quotation(s + 1)).flatten().map(|t| (s + 1, t)))?;
        quotes.add("quote", (at, tokens), "quote");
        Some(clean_name(self.doc.slice(at, tokens)))
    }

    /// Words between an opening and a closing mark: four tokens or more, and no title ("The Long Winter").
    fn longest_quotation(&self, s: usize) -> Option<Tokens> {
        let part = self.doc.part_of(s);
        let marks = self.doc.sentences[s].chunks.iter().filter(|c| c.sym == sym::QUOTE).map(|c| c.tokens.0);
        let double = |t: &u32| part.word(*t as usize).starts_with(['"', '\u{201c}', '\u{201d}', '\u{ab}', '\u{bb}']);
        let (double, single): (Vec<u32>, Vec<u32>) = marks.partition(double);
        let (mut open, mut best) = (None, None::<Tokens>);
        for mark in if double.len() > 1 { double } else { single } {
            // an opening mark clings to the word behind it
            let opens = part.tokens.get(mark as usize + 1).is_some_and(|t| !t.spaced);
            match open {
                Some(from) if from < mark => {
                    let tokens = (from, mark);
                    let longer = best.is_none_or(|b| b.1 - b.0 < mark - from);
                    if longer && mark - from >= 4 && !self.is_title(s, tokens) {
                        best = Some(tokens);
                    }
                    open = None;
                }
                _ => open = opens.then_some(mark + 1),
            }
        }
        best
    }

    /// Every longer word begins with a capital.
    fn is_title(&self, s: usize, tokens: Tokens) -> bool {
        let part = self.doc.part_of(s);
        (tokens.0..tokens.1).all(|t| part.word(t as usize).chars().count() < 4 || part.tokens[t as usize].capital)
    }
}
