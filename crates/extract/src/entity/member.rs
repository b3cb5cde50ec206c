//! Bodies whose members the text names.

use super::{Entities, Entity};
use crate::Engine;
use crate::chunk::{Kind, Pronoun};
use crate::document::Document;
use crate::lexicon::sym;

impl Entities {
    /// "leaders, among them X and Y", "ministers including X".
    pub(super) fn find_members(&mut self, engine: &Engine, doc: &Document<'_>) {
        for (s, sentence) in doc.sentences.iter().enumerate() {
            let chunks = &sentence.chunks;
            for c in 0..chunks.len() {
                let those = doc.slice(s, chunks[c].tokens) == "those";
                if !matches!(chunks[c].kind, Kind::Group(_)) && !those {
                    continue;
                }
                // "X and Y will be among the leaders"
                let be =
                    |k: usize| matches!(&chunks[k].kind, Kind::Verb(v) if v.syms.contains(&engine.symbols.be_verb));
                if c > 2 && engine.symbols.among.contains(&chunks[c - 1].sym) && be(c - 2) {
                    let before = sentence.clauses.iter().find(|x| x.verb == Some(c - 2)).map(|x| x.subject.clone());
                    let members: Vec<usize> =
                        before.unwrap_or_default().iter().filter_map(|k| self.at((s, *k))).collect();
                    match self.at((s, c)) {
                        Some(group) => self.join(group, members),
                        None => {
                            self.many.insert((s, c), members);
                        }
                    }
                    continue;
                }
                let mut k = c + 1;
                while chunks.get(k).is_some_and(|x| matches!(x.sym, sym::COMMA | sym::DASH)) {
                    k += 1;
                }
                if !chunks.get(k).is_some_and(|x| engine.symbols.among.contains(&x.sym)) {
                    continue;
                }
                k += 1;
                if chunks.get(k).is_some_and(|x| matches!(x.kind, Kind::Pronoun(Pronoun::They))) {
                    k += 1;
                }
                let mut members = vec![];
                while let Some(x) = chunks.get(k) {
                    match x.kind {
                        Kind::Person(_) => members.extend(self.at((s, k)).filter(|e| !self.list[*e].anonymous)),
                        _ if x.sym == sym::COMMA || x.sym == engine.symbols.and => {}
                        _ => break,
                    }
                    k += 1;
                }
                if let Some(group) = self.at((s, c)) {
                    self.join(group, members);
                }
            }
        }
    }

    /// "A delegation led by X ... the delegation": what it does, X does.
    pub(super) fn stand_for_their_head(&mut self, doc: &Document<'_>) {
        const BODIES: [&str; 3] = ["the delegation", "the team", "the mission"];
        let mut head = None;
        for (s, sentence) in doc.sentences.iter().enumerate() {
            for (c, chunk) in sentence.chunks.iter().enumerate() {
                let text = doc.lower(s, chunk.tokens);
                match &chunk.kind {
                    Kind::Person(p) if p.name.is_some() => {
                        let led = text.contains(" led by ") || text.contains(" headed by ");
                        let body = BODIES.iter().any(|b| text.contains(&b[4..]));
                        if led && body {
                            // two delegations: which is meant is not known
                            head = match head {
                                None => Some(self.at((s, c))),
                                Some(e) if e == self.at((s, c)) => head,
                                Some(_) => Some(None),
                            };
                        }
                    }
                    Kind::Group(g) if g.country.is_none() && BODIES.contains(&&*text) => {
                        if let Some(Some(e)) = head {
                            self.of.insert((s, c), e);
                        }
                    }
                    _ => {}
                }
            }
        }
    }

    /// Who is named among leaders is one.
    fn join(&mut self, group: usize, members: Vec<usize>) {
        if self.list[group].is_of_heads() {
            for e in &members {
                self.lead(*e);
            }
        }
        self.list[group].members = members;
    }

    /// "Malawi's president, Cyprus's Elena Vardi and Kenya's Peter Otieno": whoever stands in a row of people of office, by country
    /// and name alone, is a leader, too.
    pub(super) fn peers(&mut self, engine: &Engine, doc: &Document<'_>) {
        for (s, sentence) in doc.sentences.iter().enumerate() {
            let chunks = &sentence.chunks;
            let mark = |c: usize| chunks[c].sym == sym::COMMA || chunks[c].sym == engine.symbols.and;
            let mut row: Vec<usize> = vec![];
            for c in 0..=chunks.len() {
                let person = c < chunks.len() && matches!(chunks[c].kind, Kind::Person(_));
                if person {
                    row.extend(self.at((s, c)));
                } else if c == chunks.len() || !mark(c) {
                    let office = |e: &Entity| e.leader || e.role.is_some_and(|r| engine.gazetteer.role(r).visitor);
                    if row.len() > 1 && row.iter().any(|e| office(&self.list[*e])) {
                        for e in row.drain(..) {
                            self.lead(e);
                        }
                    }
                    row.clear();
                }
            }
        }
    }

    fn lead(&mut self, e: usize) {
        let e = &mut self.list[e];
        if e.named && !e.group && e.role.is_none() && e.country_at.is_some() {
            e.leader = true;
            e.weak = false;
        }
    }
}
