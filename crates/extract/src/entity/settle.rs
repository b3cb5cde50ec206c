//! What gazetteer and text say of people and bodies once all clues are together.

use dateline_gazetteer::fold_token;

use super::office::is_head;
use super::{Entities, resolve_place};
use crate::Engine;
use crate::chunk::{Kind, PlaceNp};
use crate::clause::Clause;
use crate::document::Document;

impl Entities {
    /// What the gazetteer knows of the people, once all clues of the text are together.
    pub(super) fn settle(&mut self, engine: &Engine, doc: &Document<'_>) {
        let gaz = &engine.gazetteer;
        for e in self.list.iter_mut().filter(|e| !e.group && !e.anonymous) {
            // "Crown Prince William" is no politician of that family name
            let royal = e.words.len() == 1 && e.role.is_some_and(|r| gaz.role(r).name.ends_with("prince"));
            if e.person.is_none()
                && !royal
                && let Some(last) = e.words.last()
            {
                let mut candidates: Vec<u32> = gaz.persons_by_family(last).to_vec();
                if let Some(first) = e.words.first() {
                    candidates.extend(
                        gaz.persons_by_family(first)
                            .iter()
                            .filter(|p| gaz.person(**p).country.is_some_and(|c| gaz.country(c).family_first)),
                    );
                }
                candidates.sort_unstable();
                candidates.dedup();
                let words = &e.words;
                candidates.retain(|p| {
                    words.len() == 1
                        || gaz.person(*p).names().any(|n| {
                            let full: Vec<String> = n.split([' ', '-']).map(fold_token).collect();
                            full.len() > 1
                                && (words.iter().all(|w| full.contains(w)) || full.iter().all(|w| words.contains(w)))
                        })
                });
                e.person = gaz.resolve_person(&candidates, e.country, e.role, doc.day);
            }
            if let Some(p) = e.person {
                let person = gaz.person(p);
                let term = doc.day.and_then(|d| {
                    person
                        .role_at(d)
                        .copied()
                        .map(|t| (t, false))
                        .or_else(|| person.former_role_at(d).copied().map(|t| (t, true)))
                });
                if let Some((t, former)) = term {
                    if e.role.is_none() {
                        e.role = Some(t.role);
                        e.former |= former;
                    }
                    if let dateline_gazetteer::Body::Organisation(o) = t.body {
                        e.organisation = e.organisation.or(Some(o));
                    }
                    if let dateline_gazetteer::Body::Country(c) = t.body {
                        e.country = e.country.or(Some(c));
                    }
                }
                e.country = e.country.or(person.country);
                e.gender = gaz.person_gender(p);
            }
            if e.gender.is_none() {
                e.gender = e.words.iter().take(2).find_map(|w| gaz.given_name_gender(w));
            }
            if let Some(o) = e.organisation
                && e.country.is_none()
            {
                let org = gaz.organisation(o);
                let national = org.class != dateline_gazetteer::OrganisationClass::International;
                e.country = org.as_country.or(org.country.filter(|_| national));
            }
        }
    }

    /// "Portugal signed a contract as President Vidal ended a visit": a head without a country is that of the sentence's subject.
    pub(super) fn lead_the_subject(&mut self, engine: &Engine, doc: &Document<'_>) {
        for (s, sentence) in doc.sentences.iter().enumerate() {
            let country = |c: &Clause| match c.subject.as_slice() {
                [one] => match sentence.chunks[*one].kind {
                    Kind::Place(PlaceNp::Country(c)) => Some((c, sentence.chunks[*one].tokens)),
                    _ => None,
                },
                _ => None,
            };
            let Some((country, span)) = sentence.clauses.first().and_then(country) else { continue };
            for clause in &sentence.clauses[1..] {
                let [one] = clause.subject.as_slice() else { continue };
                let Some(e) = self.at((s, *one)) else { continue };
                let e = &mut self.list[e];
                if e.named && e.country.is_none() && e.person.is_none() && e.role.is_some_and(|r| is_head(engine, r)) {
                    e.country = Some(country);
                    e.country_at = Some((s, span));
                }
            }
        }
    }

    /// "Guinea was represented by Foreign Minister X": of whose country X is.
    fn represent(&mut self, doc: &Document<'_>, s: usize, clause: &crate::clause::Clause) {
        let chunks = &doc.sentences[s].chunks;
        let [subject] = clause.subject.as_slice() else { return };
        let (Kind::Place(PlaceNp::Country(country)), Some(verb)) = (&chunks[*subject].kind, clause.verb) else {
            return;
        };
        if !doc.slice(s, chunks[verb].tokens).ends_with("represented") {
            return;
        }
        for c in clause.chunks.iter().filter(|c| **c > verb && matches!(chunks[**c].kind, Kind::Person(_))) {
            if let Some(e) = self.at((s, *c)).filter(|e| self.list[*e].country.is_none()) {
                self.list[e].country = Some(*country);
                self.list[e].country_at = Some((s, chunks[*subject].tokens));
            }
        }
    }

    /// "Japan will send an official", "China cancelled a visit by a delegation": whom somebody sends is of its country.
    pub(super) fn send(&mut self, engine: &Engine, doc: &Document<'_>) {
        for (s, sentence) in doc.sentences.iter().enumerate() {
            for clause in &sentence.clauses {
                let Some(v) = clause.group(&sentence.chunks) else { continue };
                if v.passive {
                    self.represent(doc, s, clause);
                }
                let senders = &engine.symbols.senders;
                if v.passive || !v.syms.iter().any(|x| senders.contains(x)) {
                    continue;
                }
                let Some(first) = clause.subject.first() else { continue };
                let (country, organisation) = match &sentence.chunks[*first].kind {
                    Kind::Place(p @ (PlaceNp::Country(_) | PlaceNp::Cities(_))) => {
                        (resolve_place(engine, doc, p, &[]).0, None)
                    }
                    _ => {
                        self.at((s, *first)).map_or((None, None), |e| (self.list[e].country, self.list[e].organisation))
                    }
                };
                let span = sentence.chunks[*first].tokens;
                for c in clause.chunks.iter().filter(|c| !clause.subject.contains(c)) {
                    if let Some(e) = self.at((s, *c)) {
                        let e = &mut self.list[e];
                        let bare = e.country.is_none() && e.organisation.is_none() && (e.group || e.anonymous);
                        if bare && (country.is_some() || organisation.is_some()) {
                            (e.country, e.organisation) = (country, organisation);
                            e.country_at = country.map(|_| (s, span));
                        }
                    }
                }
            }
        }
    }
}
