//! Who travels where: visitors and destinations of a frame, and who counts as a visitor.

use crate::chunk::{Kind, Owner, PlaceNp, Tokens};
use crate::entity::Entity;
use crate::frame::Frame;
use crate::visit::Reader;

impl Reader<'_> {
    /// Officials, envoys, legislators, party, religious and royal persons, and delegations travel as visitors that count.
    pub(crate) fn eligible(&self, e: &Entity, country: u32) -> bool {
        if e.group {
            let international = e.organisation.is_some_and(|o| {
                self.engine.gazetteer.organisation(o).class == dateline_gazetteer::OrganisationClass::International
            });
            // "APEC leaders", "heads of state" are guests of a summit, not a delegation
            let from = e.country_at.is_some() || (e.organisation.is_some() && !(international && e.is_of_heads()));
            let team = e.name.ends_with("team") || e.name.ends_with("delegation");
            return e.sent && !e.military && from && !(team && self.doc.is_sports());
        }
        if e.country.is_none() && e.organisation.is_none() {
            return self.comes_from_elsewhere(e, country);
        }
        if e.weak && e.role.is_none() {
            return false;
        }
        match e.role {
            Some(r) => self.engine.gazetteer.role(r).visitor && (!e.anonymous || e.country.is_some()),
            None => e.leader && e.country.is_some(),
        }
    }

    /// A minister whose country is not said is no local where the dateline is in another country than the destination.
    pub(crate) fn comes_from_elsewhere(&self, e: &Entity, destination: u32) -> bool {
        let office = e.role.is_some_and(|r| self.engine.gazetteer.role(r).visitor);
        let dateline = self.doc.dateline.place.as_ref();
        let ground = dateline.and_then(|(p, _)| self.country_of(p));
        office && e.named && !e.anonymous && ground.is_none_or(|g| self.on_the_day(g) != destination)
    }

    /// Visitors of a frame: those of the slot, else the noun's owner, else the clause's subject.
    pub(crate) fn visitors(&self, frame: &Frame) -> Vec<(usize, usize)> {
        let sentence = &self.doc.sentences[frame.sentence];
        let effects = &self.engine.rule(frame.rule).effects;
        // "its spokesman gave notice of the pope's journey. He will be in Ankara": who travels is no spokesman
        if let [chunk] = frame.slot("visitor")
            && let Kind::Pronoun(p) = sentence.chunks[*chunk].kind
            && self.entities.at((frame.sentence, *chunk)).is_some_and(|e| !self.may_travel(e))
            && let Some(other) = self.entities.recent_who(self.doc, (frame.sentence, *chunk), p, |x| self.may_travel(x))
        {
            return vec![(other, *chunk)];
        }
        // "her tour, which will also take her to": who owns the noun
        if let [chunk] = frame.slot("visitor")
            && let Kind::Pronoun(_) = sentence.chunks[*chunk].kind
            && let Some((_, noun)) = frame.noun(self.doc)
            && let Some(Owner::Chunk(c)) = noun.owner
            && let Some(e) = self.entities.at((frame.sentence, c))
        {
            return vec![(e, *chunk)];
        }
        // nobody comes at his own invitation
        let invites = |c: &usize| self.engine.lexicon.name_of(sentence.chunks[*c].sym) == "invited";
        let inviter = (0..sentence.chunks.len()).find(invites).and_then(|c| self.entities.at((frame.sentence, c + 1)));
        let mut out: Vec<(usize, usize)> = vec![];
        let mut add = |chunk: usize| {
            for e in self.entities.all_at((frame.sentence, chunk)) {
                if Some(e) != inviter && !out.iter().any(|(x, _)| *x == e) {
                    out.push((e, chunk));
                }
            }
        };
        // "At the invitation of X, Y will visit": a comma alone makes no row of visitors
        let subject = frame.clause.and_then(|k| sentence.clauses.get(k)).and_then(|c| c.subject.first().copied());
        for (_, slot) in frame.slots.iter().filter(|(n, _)| n == "visitor") {
            let from = subject.and_then(|first| slot.iter().position(|c| *c == first)).unwrap_or(0);
            slot[from..].iter().for_each(|c| add(*c));
        }
        if frame.slot("visitor").is_empty()
            && let Some((at, noun)) = frame.noun(self.doc)
        {
            match noun.owner {
                Some(Owner::Chunk(c)) => add(c),
                Some(Owner::Pronoun(p)) => {
                    if let Some(e) = self.entities.recent(self.doc, (frame.sentence, at), p) {
                        return vec![(e, at)];
                    }
                }
                None if self.beside(frame.sentence, at).is_some() => {
                    self.beside(frame.sentence, at).into_iter().for_each(&mut add);
                }
                None => {
                    // "X said that the war was won during a visit to": a thing does not travel
                    let mut clause = frame.clause.and_then(|k| sentence.clauses.get(k));
                    let people = |c: &usize| {
                        matches!(sentence.chunks[*c].kind, Kind::Person(_) | Kind::Group(_) | Kind::Pronoun(_))
                    };
                    while let Some(c) = clause
                        && !c.subject.is_empty()
                        && !c.subject.iter().any(people)
                        && matches!(c.link, crate::clause::Link::Complement | crate::clause::Link::Adverbial(_))
                        && let Some(p) = c.parent.and_then(|p| sentence.clauses.get(p))
                    {
                        clause = Some(p);
                    }
                    let subject = clause.map(|c| c.subject.clone()).unwrap_or_default();
                    if effects.subject_visits || self.adverbial(frame.sentence, at) {
                        for c in subject.into_iter().filter(|c| *c != at) {
                            add(c);
                        }
                    }
                    if out.is_empty()
                        && noun.definite
                        && (effects.ground || matches!(effects.status.as_deref(), Some("cancelled" | "postponed")))
                        && let Some(e) = self.entities.last_subject(self.doc, (frame.sentence, at))
                    {
                        // "The tour began in Rome": of whom the text speaks
                        return vec![(e, at)];
                    }
                    if out.is_empty() {
                        // "a Chinese visit to Moscow" has no visitor to name
                        return vec![];
                    }
                }
            }
        }
        out
    }

    /// "spoke beside X, on a visit to Rome": the foreigner right in front of the comma.
    fn beside(&self, sentence: usize, noun: usize) -> Option<usize> {
        let chunks = &self.doc.sentences[sentence].chunks;
        let at = noun.checked_sub(3)?;
        let on = self.engine.lexicon.name_of(chunks[noun - 1].sym) == "on"
            && chunks[noun - 2].sym == crate::lexicon::sym::COMMA;
        (on && matches!(chunks[at].kind, Kind::Person(_))).then_some(at)
    }

    /// Foreigners of the clause other than its subject: "Merkel met Macron during a visit to Berlin" tells of Macron's.
    pub(crate) fn foreigners(&self, frame: &Frame, country: u32) -> Vec<(usize, usize)> {
        let sentence = &self.doc.sentences[frame.sentence];
        let Some(clause) = frame.clause.and_then(|k| sentence.clauses.get(k)) else { return vec![] };
        let others = clause.chunks.iter().copied().filter(|c| !clause.subject.contains(c));
        others
            .filter(|c| matches!(sentence.chunks[*c].kind, Kind::Person(_)))
            .filter_map(|c| self.entities.at((frame.sentence, c)).map(|e| (e, c)))
            .filter(|(e, _)| {
                let e = &self.entities.list[*e];
                e.country.is_some_and(|home| self.on_the_day(home) != country) && self.eligible(e, country)
            })
            .collect()
    }

    /// The country that "the kingdom" or "the country" means: the last one named before that is not the visitor's own.
    fn meant_country(&self, frame: &Frame, at: usize) -> Option<u32> {
        let visitor = self.visitors(frame).first().and_then(|(v, _)| self.entities.list[*v].country);
        let not_home = |c: u32| (visitor != Some(c)).then_some(c);
        for back in 0..3 {
            let s = frame.sentence.checked_sub(back)?;
            let chunks = &self.doc.sentences[s].chunks;
            let end = if back == 0 { at } else { chunks.len() };
            let found = (0..end).rev().find_map(|k| match &chunks[k].kind {
                Kind::Place(PlaceNp::Here) => None,
                Kind::Place(p) => self.country_of(p).and_then(not_home),
                Kind::Person(_) | Kind::Group(_) => {
                    self.entities.at((s, k)).and_then(|e| self.entities.list[e].country).and_then(not_home)
                }
                Kind::Noun(n) => n.countries.iter().rev().find_map(|(c, _)| not_home(*c)),
                _ => None,
            });
            if found.is_some() {
                return found;
            }
        }
        None
    }

    /// Somebody with an office that travels.
    fn may_travel(&self, e: usize) -> bool {
        let e = &self.entities.list[e];
        !e.group && (e.leader || e.role.is_some_and(|r| self.engine.gazetteer.role(r).visitor))
    }

    /// "after a four-day visit to": the visit is over.
    pub(crate) fn behind_after(&self, frame: &Frame) -> bool {
        let chunks = &self.doc.sentences[frame.sentence].chunks;
        let noun = frame
            .slot("noun")
            .first()
            .copied()
            .filter(|_| self.engine.rule(frame.rule).over == crate::rules::Over::Sentence);
        noun.and_then(|n| n.checked_sub(1)).is_some_and(|b| chunks[b].sym == self.engine.symbols.after)
    }

    /// A visit noun behind a preposition is the setting of what the subject does: "said during a visit to", "at the end of a visit".
    pub(crate) fn adverbial(&self, sentence: usize, noun: usize) -> bool {
        let chunks = &self.doc.sentences[sentence].chunks;
        let Some(before) = noun.checked_sub(1) else { return false };
        let symbols = &self.engine.symbols;
        let edge = |c: usize| {
            let text = self.doc.lower(sentence, chunks[c].tokens);
            ["end", "start", "beginning", "eve", "conclusion", "part", "close", "leg"]
                .iter()
                .any(|w| text.split_whitespace().any(|x| x == *w))
        };
        if chunks[before].sym == symbols.of {
            return before > 0 && edge(before - 1);
        }
        symbols.settings.contains(&chunks[before].sym)
    }

    /// Destinations of a frame: those of the slot, the noun's own place, or where the rule says.
    pub(crate) fn places(&self, frame: &Frame) -> Vec<(PlaceNp, Tokens)> {
        let sentence = &self.doc.sentences[frame.sentence];
        let mut out: Vec<(PlaceNp, Tokens)> = vec![];
        for c in frame.slot("destination") {
            let chunk = &sentence.chunks[*c];
            match &chunk.kind {
                Kind::Place(PlaceNp::Here) => {
                    let meant = self.meant_country(frame, *c).map_or(PlaceNp::Here, PlaceNp::Country);
                    out.push((meant, chunk.tokens));
                }
                Kind::Place(p) => out.push((p.clone(), chunk.tokens)),
                Kind::Org(o) => {
                    let org = self.engine.gazetteer.organisation(*o);
                    if let Some(city) = org.city {
                        out.push((PlaceNp::Cities(vec![city]), chunk.tokens));
                    }
                }
                Kind::Noun(n) => out.extend(n.places.iter().cloned()),
                Kind::Mark if self.engine.lexicon.name_of(chunk.sym) == "here" => {
                    out.push((PlaceNp::Here, chunk.tokens));
                }
                _ => {}
            }
        }
        if out.is_empty()
            && let Some((_, noun)) = frame.noun(self.doc)
        {
            out.extend(noun.places.iter().cloned());
            if out.is_empty()
                && let Some(event) = noun.event
                && self.engine.rule(frame.rule).effects.destination.as_deref() == Some("event")
            {
                out.extend(self.event_place(event, noun.head));
            }
        }
        if out.is_empty() {
            match self.engine.rule(frame.rule).effects.destination.as_deref() {
                Some("host") => {
                    for c in frame.slot("host") {
                        if let Some(e) = self.entities.at((frame.sentence, *c))
                            && let Some(country) = self.entities.list[e].country
                        {
                            out.push((PlaceNp::Country(country), sentence.chunks[*c].tokens));
                            break;
                        }
                        if let Kind::Place(p) = &sentence.chunks[*c].kind {
                            out.push((p.clone(), sentence.chunks[*c].tokens));
                            break;
                        }
                    }
                }
                Some("subject") => {
                    // "Angola said so after a visit by the Congolese president"
                    let home = self.visitors(frame).first().and_then(|(v, _)| self.entities.list[*v].country);
                    let foreign = |c: u32| Some(c) != home;
                    let chunk = |c: usize| &sentence.chunks[c];
                    let mut clause = frame.clause;
                    let mut place = None;
                    while let (None, Some(c)) = (&place, clause.and_then(|k| sentence.clauses.get(k))) {
                        place = c.subject.iter().find_map(|c| {
                            let country = match &chunk(*c).kind {
                                Kind::Place(p) => self.country_of(p),
                                _ => self.entities.at((frame.sentence, *c)).and_then(|e| self.entities.list[e].country),
                            };
                            country.filter(|c| foreign(*c)).map(|x| (PlaceNp::Country(x), chunk(*c).tokens))
                        });
                        clause = c.parent.filter(|p| Some(*p) < clause);
                    }
                    let anchor = frame.slot("noun").first().copied().unwrap_or(frame.span.0);
                    // "met the Norwegian leader on the first day of his visit"
                    let own = frame.clause.and_then(|k| sentence.clauses.get(k)).map(|c| c.chunks.as_slice());
                    let place = place.or_else(|| {
                        own.unwrap_or_default().iter().filter(|c| **c < anchor).find_map(|c| {
                            let e = self
                                .entities
                                .at((frame.sentence, *c))
                                .filter(|_| matches!(sentence.chunks[*c].kind, Kind::Person(_)))?;
                            let e = &self.entities.list[e];
                            let country = e.country.filter(|x| foreign(*x) && e.role.is_some())?;
                            Some((PlaceNp::Country(country), sentence.chunks[*c].tokens))
                        })
                    });
                    let place = place.or_else(|| {
                        (0..anchor).rev().find_map(|c| {
                            let Kind::Place(p) = &chunk(c).kind else { return None };
                            let country = self.country_of(p)?;
                            foreign(country).then(|| (p.clone(), chunk(c).tokens))
                        })
                    });
                    out.extend(place);
                }
                Some("other") => {
                    // "met the visiting minister": the country of whom the visitor meets, else the dateline's
                    let visitor = frame.slot("visitor").first().and_then(|c| self.entities.at((frame.sentence, *c)));
                    let home = visitor.and_then(|v| self.entities.list[v].country);
                    let clause = frame
                        .clause
                        .and_then(|k| sentence.clauses.get(k))
                        .map(|c| c.chunks.clone())
                        .unwrap_or_default();
                    // "North Korea gave a visiting official": the country that acts
                    let acts = frame.clause.and_then(|k| sentence.clauses.get(k)).and_then(|c| {
                        let first = *c.subject.first()?;
                        let Kind::Place(p) = &sentence.chunks[first].kind else { return None };
                        let country = self.country_of(p).filter(|x| Some(*x) != home)?;
                        Some((PlaceNp::Country(country), sentence.chunks[first].tokens))
                    });
                    let met = acts.or_else(|| {
                        clause.iter().find_map(|c| {
                            let e = self.entities.at((frame.sentence, *c))?;
                            let body = |c: u32| ["UN", "EU"].contains(&&*self.engine.gazetteer.country(c).code);
                            let head = self.entities.list[e]
                                .organisation
                                .is_some_and(|o| self.engine.gazetteer.organisation(o).as_country.is_some());
                            let country = self.entities.list[e].country.filter(|x| {
                                Some(*x) != home
                                    && Some(e) != visitor
                                    && !self.entities.list[e].group
                                    && !body(*x)
                                    && !head
                            })?;
                            Some((PlaceNp::Country(country), sentence.chunks[*c].tokens))
                        })
                    });
                    let here = self.doc.dateline.place.as_ref().map(|(p, _)| (p.clone(), self.trigger(frame)));
                    out.extend(met.or(here));
                }
                Some("dateline_of_local") => {
                    // "met the Serbian president" under a dateline of Belgrade
                    if let Some((p, _)) = &self.doc.dateline.place {
                        let ground = self.country_of(p);
                        let local = frame.slots.iter().flat_map(|(_, c)| c).find(|c| {
                            let e = self.entities.at((frame.sentence, **c)).map(|e| &self.entities.list[e]);
                            e.is_some_and(|e| {
                                e.country.is_some()
                                    && e.country.map(|c| self.on_the_day(c)) == ground.map(|c| self.on_the_day(c))
                            })
                        });
                        out.extend(local.map(|c| (p.clone(), sentence.chunks[*c].tokens)));
                    }
                }
                Some("here") => {
                    if let Some((p, _)) = &self.doc.dateline.place {
                        out.push((p.clone(), self.trigger(frame)));
                    }
                }
                _ => {}
            }
        }
        // "Moscow and Russia": one destination, the finer one
        let mut seen: Vec<u32> = vec![];
        out.sort_by_key(|(p, _)| matches!(p, PlaceNp::Country(_)));
        out.retain(|(p, _)| match self.country_of(p) {
            Some(c) if !seen.contains(&c) => {
                seen.push(c);
                true
            }
            _ => false,
        });
        out
    }

    pub(crate) fn event_place(&self, event: u32, head: Tokens) -> Option<(PlaceNp, Tokens)> {
        let e = self.engine.gazetteer.event(event);
        let edition = self.doc.day.and_then(|d| e.edition_near(d, None));
        let city = edition.as_ref().and_then(|x| x.city).or(e.city);
        let country = edition.as_ref().and_then(|x| x.country).or(e.country);
        city.map(|c| (PlaceNp::Cities(vec![c]), head)).or(country.map(|c| (PlaceNp::Country(c), head)))
    }
}
