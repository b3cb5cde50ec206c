//! People called by their office: "the Chinese president", "the envoy".

use dateline_gazetteer::RoleId;

use super::{At, Entities, Entity, clean_name};
use crate::Engine;
use crate::chunk::{Chunk, Kind, PersonNp};
use crate::document::{Document, Sentence};
use crate::lexicon::sym;

/// Who is told of in so many sentences at the beginning is whom a text is about.
const LEAD: usize = 3;

impl Entities {
    /// "the Chinese president", "the Kremlin chief", "his foreign minister", "the president".
    pub(super) fn office(&mut self, engine: &Engine, doc: &Document<'_>, at: At, p: &PersonNp) {
        let gaz = &engine.gazetteer;
        let country = p.country.or_else(|| {
            let owner = p.owner.and_then(|o| self.recent(doc, at, o))?;
            self.list[owner].country
        });
        let vague = |r: RoleId| matches!(&*gaz.role(r).name, "official" | "diplomat" | "envoy");
        if p.indefinite
            && country.is_some()
            && p.role.is_some_and(vague)
            && let Some(k) = self.only(|x| !x.group && x.named && x.country == country && x.role.is_some_and(vague))
        {
            self.of.insert(at, k);
            return;
        }
        if !p.indefinite || p.country.is_some() {
            let fits = |x: &Entity| {
                !x.group
                    && !x.anonymous
                    && (country.is_none() || x.country == country)
                    && match p.role {
                        Some(r) => x.role == Some(r) && x.deputy == p.deputy && x.former == p.former,
                        None => x.leader || x.role.is_some_and(|r| is_head(engine, r)),
                    }
            };
            let known = self.nearest(at, fits);
            if let Some(k) = known {
                self.list[k].fill(at.0, p);
                self.of.insert(at, k);
                return;
            }
            // "the prince" for a crown prince, "the minister" for a foreign minister
            if let (Some(r), false, None) = (p.role, p.indefinite, country) {
                let word = gaz.role(r).name.rsplit(' ').next().unwrap_or_default().to_owned();
                let like = |x: &Entity| {
                    !x.group
                        && x.named
                        && !x.anonymous
                        && x.former == p.former
                        && x.role.is_some_and(|o| o != r && gaz.role(o).name.rsplit(' ').next() == Some(word.as_str()))
                };
                // whom the text has yet to name comes after whom the sentence before was about
                let later = |k: usize| self.list[k].name_at.0 > at.0 && self.just_named(doc, at).is_some();
                if let Some(k) = self.nearest(at, like).filter(|k| !later(*k)) {
                    self.of.insert(at, k);
                    return;
                }
            }
            // "Mbeki ... the president": an office that only the gazetteer knows of
            let held = |x: &Entity| {
                let term = x.person.zip(doc.day).and_then(|(k, day)| gaz.person(k).role_at(day).copied());
                !(x.group || x.anonymous || x.role.is_some() || p.deputy || p.former)
                    && term.is_some_and(|t| {
                        let of = x.country.or(x.person.and_then(|k| gaz.person(k).country));
                        Some(t.role) == p.role && (country.is_none() || of == country)
                    })
            };
            if p.role.is_some()
                && let Some(k) = self.nearest(at, held)
            {
                self.list[k].fill(at.0, p);
                self.of.insert(at, k);
                return;
            }
            // "Nepal's army chief ... the army chief": one who is never named
            let again = |x: &Entity| {
                x.anonymous
                    && !x.group
                    && x.role.is_some()
                    && x.role == p.role
                    && x.country.is_some()
                    && (country.is_none() || x.country == country)
                    && (x.deputy, x.former) == (p.deputy, p.former)
            };
            if !p.indefinite
                && let Some(k) = self.nearest(at, again)
            {
                self.of.insert(at, k);
                return;
            }
            // "the American diplomat", "the envoy": the only one of that country so far
            let plain = p.role.is_none_or(|r| {
                matches!(
                    &*gaz.role(r).name,
                    "official" | "diplomat" | "envoy" | "minister" | "politician" | "legislator"
                )
            });
            if plain && !p.indefinite && country.is_some() {
                let same = |x: &Entity| !x.group && !x.anonymous && x.country == country && x.role.is_some();
                if let Some(k) = self.nearest(at, same) {
                    self.of.insert(at, k);
                    return;
                }
            }
            // "X is back. The Omani envoy reached ...": the office of whom the sentence before was about
            let travels = p.role.is_some_and(|r| gaz.role(r).visitor);
            if (country.is_some() || travels)
                && !p.indefinite
                && let Some(k) = self.just_named(doc, at)
            {
                let e = &mut self.list[k];
                e.fill(at.0, p);
                e.country = e.country.or(country);
                self.of.insert(at, k);
                return;
            }
            let holder = country.zip(doc.day).and_then(|(country, day)| match p.role {
                Some(r) if !p.former && !p.deputy => gaz.lookup_office(country, r, day),
                None if p.leader && !p.former => gaz.leader_of(country, day),
                _ => None,
            });
            let found = holder.and_then(|h| self.list.iter().position(|x| x.person == Some(h)));
            // what the text says of its own people goes before what the tables say
            if found.is_none()
                && let Some(k) = self.unplaced(engine, doc, at, country, p)
            {
                let e = &mut self.list[k];
                e.fill(at.0, p);
                e.country = e.country.or(country);
                e.weak = false;
                self.of.insert(at, k);
                return;
            }
            if let Some(person) = holder {
                self.holds(engine, doc, at, p, (person, country));
                return;
            }
        }
        // "The prime minister will visit": of the country that the article is written in
        if let (None, Some(role), Some(day), Some((place, _))) = (country, p.role, doc.day, &doc.dateline.place)
            && !(p.indefinite || p.former || p.deputy)
            && p.organisation.is_none()
            && (is_head(engine, role) || gaz.role(role).class == dateline_gazetteer::RoleClass::Minister)
            && let Some(home) = super::resolve_place(engine, doc, place, &[]).0
            && let Some(person) = gaz.lookup_office(home, role, day)
        {
            self.holds(engine, doc, at, p, (person, Some(home)));
            return;
        }
        let tokens = doc.sentences[at.0].chunks[at.1].tokens;
        let mut e = Self::unnamed(doc, at, p, clean_name(doc.slice(at.0, tokens)), true);
        e.fill(at.0, p);
        e.country = e.country.or(country);
        self.list.push(e);
        self.of.insert(at, self.list.len() - 1);
    }

    /// The one person named elsewhere in the text who can be meant by an office whose known holder it never names: of the same
    /// office without a country, else of the country without an office, else somebody told of as known to every reader.
    fn unplaced(
        &self,
        engine: &Engine,
        doc: &Document<'_>,
        at: At,
        country: Option<u32>,
        p: &PersonNp,
    ) -> Option<usize> {
        // "Chile's own navy chief" is another than the one told of
        let other = doc.lower(at.0, doc.sentences[at.0].chunks[at.1].tokens).contains(" own ");
        if other || p.former || p.deputy || p.indefinite || !(p.leader || p.role.is_some()) {
            return None;
        }
        let here: Vec<usize> = self.of.of_sentence(at.0).collect();
        let named = |x: &Entity| x.named && !x.group && !x.anonymous && !x.former && !x.deputy;
        let office = |x: &Entity| match p.role {
            Some(r) => x.role == Some(r),
            None => x.leader || x.role.is_some_and(|r| is_head(engine, r)),
        };
        let one = |fits: &dyn Fn(&Entity) -> bool| {
            let mut found = (0..self.list.len()).filter(|e| !here.contains(e) && fits(&self.list[*e]));
            found.next().filter(|_| found.next().is_none())
        };
        let plain = |x: &Entity| named(x) && x.role.is_none() && !x.leader && x.person.is_none() && x.words.len() > 1;
        let of_the_country = country.and_then(|_| {
            one(&|x| named(x) && x.country.is_none() && office(x))
                .or_else(|| one(&|x| x.country == country && plain(x)))
        });
        of_the_country.or_else(|| {
            let head = p.role.is_none_or(|r| is_head(engine, r));
            let bare = |x: &Entity| plain(x) && x.country.is_none() && undescribed(engine, doc, x);
            let told = |e: &usize| self.list[*e].name_at.0 <= LEAD || self.of.mentions(*e) > 1;
            let mut found = (0..self.list.len()).filter(|e| !here.contains(e) && bare(&self.list[*e])).filter(told);
            found.next().filter(|_| head && found.next().is_none())
        })
    }

    /// The office means somebody of the gazetteer.
    fn holds(
        &mut self,
        engine: &Engine,
        doc: &Document<'_>,
        at: At,
        p: &PersonNp,
        (person, country): (u32, Option<u32>),
    ) {
        let index = self.list.iter().position(|x| x.person == Some(person)).unwrap_or_else(|| {
            self.list.push(Self::unnamed(doc, at, p, engine.gazetteer.person(person).name.to_string(), false));
            self.list.len() - 1
        });
        let e = &mut self.list[index];
        e.person = Some(person);
        e.fill(at.0, p);
        e.country = e.country.or(country);
        self.of.insert(at, index);
    }

    fn unnamed(doc: &Document<'_>, at: At, p: &PersonNp, name: String, anonymous: bool) -> Entity {
        let tokens = p.role_span.unwrap_or(doc.sentences[at.0].chunks[at.1].tokens);
        Entity { name, name_at: (at.0, tokens), anonymous, ..Entity::default() }
    }

    /// The person without an office or a country that the sentence before has as its subject.
    fn just_named(&self, doc: &Document<'_>, at: At) -> Option<usize> {
        let s = at.0.checked_sub(1)?;
        let sentence = doc.sentences.get(s).filter(|x| x.part == doc.sentences[at.0].part)?;
        let mut subjects = sentence.clauses.iter().filter_map(|c| match c.subject.as_slice() {
            [one] => self.at((s, *one)),
            _ => None,
        });
        let e = subjects.next()?;
        self.list[e].is_only_a_name().then_some(e)
    }

    /// "Australia's trade minister is hopeful. Michael Duffy said ...", "Peru sends its foreign minister. Ana Solar will ...": the
    /// name of whom the sentence before called by office.
    pub(super) fn introduce(&mut self, engine: &Engine, doc: &Document<'_>) {
        for s in 1..doc.sentences.len() {
            let (before, now) = (&doc.sentences[s - 1], &doc.sentences[s]);
            let (Some(second), true) = (lone_subject(now), before.part == now.part) else { continue };
            let Some(name) = self.at((s, second)) else { continue };
            let Some((chunk, office)) = self.called_by_office(s - 1, before) else { continue };
            let Kind::Person(p) = &before.chunks[chunk].kind else { continue };
            let (x, y) = (&self.list[office], &self.list[name]);
            let told_before = self.of.before(s).any(|(k, e)| e == name && doc.sentences[k].part == now.part);
            // by name alone, or by a rank that fits the office ("the army chief ... General X")
            let plain = y.named && !y.group && !y.anonymous && !y.leader && (y.role.is_none() || y.role == x.role);
            let same_country = y.country.is_none() || y.country == x.country;
            if told_before || !plain || !same_country || y.person.is_some() {
                continue;
            }
            // A name of which the text says nothing else: it comes back, or the office was the subject.
            let again = self.of.mentions(name) > 1 && y.words.len() > 1;
            let last = before.chunks.iter().rposition(|c| c.sym != sym::STOP) == Some(chunk);
            let first = lone_subject(before) == Some(chunk);
            let told = first && undescribed(engine, doc, y);
            if !(again || told || x.anonymous && (first || last)) {
                continue;
            }
            let country = x.country;
            self.list[name].fill(s - 1, p);
            self.list[name].country = self.list[name].country.or(country);
            self.list[name].weak = false;
            if self.list[office].anonymous {
                self.of.insert((s - 1, chunk), name);
            } else {
                self.of.replace(office, name);
            }
        }
    }

    /// "X and his Bulgarian counterpart Y": the same office.
    pub(super) fn counterparts(&mut self, doc: &Document<'_>) {
        for (s, sentence) in doc.sentences.iter().enumerate() {
            let mut role = None;
            for (c, chunk) in sentence.chunks.iter().enumerate() {
                let (Kind::Person(_), Some(k)) = (&chunk.kind, self.at((s, c))) else { continue };
                let text = doc.slice(s, chunk.tokens);
                if self.list[k].role.is_none() && text.split_whitespace().any(|w| w == "counterpart") {
                    self.list[k].role = role;
                    self.list[k].role_at = role.map(|_| (s, chunk.tokens));
                }
                role = self.list[k].role.or(role);
            }
        }
    }

    /// The one person of a sentence whom it calls by an office and the text does not name.
    fn called_by_office(&self, s: usize, sentence: &Sentence) -> Option<(usize, usize)> {
        let office = |(c, chunk): (usize, &Chunk)| {
            let Kind::Person(p) = &chunk.kind else { return None };
            let e = self.at((s, c))?;
            let x = &self.list[e];
            let unnamed = p.name.is_none() && (x.anonymous || !x.named);
            (unnamed && !p.indefinite && (x.role.is_some() || x.leader)).then_some((c, e))
        };
        let mut found = sentence.chunks.iter().enumerate().filter_map(office);
        let one = found.next()?;
        found.all(|(_, e)| e == one.1).then_some(one)
    }

    /// The entity that fits, where it is the only one.
    fn only(&self, fits: impl Fn(&Entity) -> bool) -> Option<usize> {
        let mut found = self.list.iter().enumerate().filter(|(_, e)| fits(e));
        found.next().filter(|_| found.next().is_none()).map(|(i, _)| i)
    }

    /// The last entity mentioned before `at` (else the first one after it) that fits.
    fn nearest(&self, at: At, fits: impl Fn(&Entity) -> bool) -> Option<usize> {
        let (mut before, mut after) = self.of.around(at);
        let fits = |e: &usize| fits(&self.list[*e]);
        before.find(fits).or_else(|| after.find(fits))
    }
}

/// The text tells of somebody by the name alone, and not only of what he or she says.
fn undescribed(engine: &Engine, doc: &Document<'_>, e: &Entity) -> bool {
    let (s, tokens) = e.name_at;
    let chunks = &doc.sentences[s].chunks;
    let Some(at) = chunks.iter().position(|c| c.tokens.0 <= tokens.0 && tokens.1 <= c.tokens.1) else { return false };
    let beside = |c: &Chunk| matches!(c.kind, Kind::Verb(_)) || doc.slice(s, c.tokens) == "who";
    match chunks.get(at + 1) {
        Some(c) if c.sym == sym::COMMA => chunks.get(at + 2).is_some_and(beside),
        Some(Chunk { kind: Kind::Verb(v), .. }) => !v.syms.iter().any(|x| engine.speaks(*x)),
        Some(c) => !matches!(c.sym, sym::OPEN | sym::DASH | sym::POSSESSIVE),
        None => false,
    }
}

/// The subject of the first clause that has one, where it is one chunk.
fn lone_subject(sentence: &Sentence) -> Option<usize> {
    let clause = sentence.clauses.iter().find(|c| !c.subject.is_empty())?;
    (clause.subject.len() == 1).then(|| clause.subject[0])
}

pub(super) fn is_head(engine: &Engine, role: RoleId) -> bool {
    use dateline_gazetteer::RoleClass::{HeadOfGovernment, HeadOfState};
    matches!(engine.gazetteer.role(role).class, HeadOfState | HeadOfGovernment)
}
