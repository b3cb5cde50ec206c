//! People called by their office: "the Chinese president", "the envoy".

use dateline_gazetteer::RoleId;

use super::{At, Entities, Entity, clean_name};
use crate::Engine;
use crate::chunk::{Kind, PersonNp};
use crate::document::{Document, Sentence};

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
                if let Some(k) = self.nearest(at, like) {
                    self.of.insert(at, k);
                    return;
                }
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
            if country.is_some()
                && !p.indefinite
                && let Some(k) = self.just_named(doc, at)
            {
                let e = &mut self.list[k];
                e.fill(at.0, p);
                e.country = e.country.or(country);
                self.of.insert(at, k);
                return;
            }
            if let (Some(country), Some(day)) = (country, doc.day) {
                let holder = match p.role {
                    Some(r) if !p.former && !p.deputy => gaz.lookup_office(country, r, day),
                    None if p.leader && !p.former => gaz.leader_of(country, day),
                    _ => None,
                };
                if let Some(person) = holder {
                    let found = self.list.iter().position(|x| x.person == Some(person));
                    let index = found.unwrap_or_else(|| {
                        self.list.push(Self::unnamed(doc, at, p, gaz.person(person).name.to_string(), false));
                        self.list.len() - 1
                    });
                    let e = &mut self.list[index];
                    e.person = Some(person);
                    e.fill(at.0, p);
                    e.country = e.country.or(Some(country));
                    self.of.insert(at, index);
                    return;
                }
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
            let found = self.list.iter().position(|x| x.person == Some(person));
            let index = found.unwrap_or_else(|| {
                self.list.push(Self::unnamed(doc, at, p, gaz.person(person).name.to_string(), false));
                self.list.len() - 1
            });
            let e = &mut self.list[index];
            e.person = Some(person);
            e.fill(at.0, p);
            e.country = e.country.or(Some(home));
            self.of.insert(at, index);
            return;
        }
        let tokens = doc.sentences[at.0].chunks[at.1].tokens;
        let mut e = Self::unnamed(doc, at, p, clean_name(doc.slice(at.0, tokens)), true);
        e.fill(at.0, p);
        e.country = e.country.or(country);
        self.list.push(e);
        self.of.insert(at, self.list.len() - 1);
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

    /// "Australia's trade minister is hopeful. Michael Duffy said ...": the name of whom the sentence before called by office.
    pub(super) fn introduce(&mut self, doc: &Document<'_>) {
        for s in 1..doc.sentences.len() {
            let (before, now) = (&doc.sentences[s - 1], &doc.sentences[s]);
            let one = |x: &Sentence| {
                let clause = x.clauses.iter().find(|c| !c.subject.is_empty())?;
                (clause.subject.len() == 1).then(|| clause.subject[0])
            };
            let (Some(first), Some(second)) = (one(before), one(now)) else { continue };
            let (Some(office), Some(name)) = (self.at((s - 1, first)), self.at((s, second))) else { continue };
            let (x, y) = (&self.list[office], &self.list[name]);
            let Kind::Person(p) = &before.chunks[first].kind else { continue };
            let new = || !self.of.before(s).any(|(k, e)| e == name && doc.sentences[k].part == now.part);
            if before.part == now.part
                && x.anonymous
                && !p.indefinite
                && x.role.is_some()
                && y.is_only_a_name()
                && new()
            {
                self.list[name].fill(s - 1, p);
                let country = self.list[office].country;
                self.list[name].country = self.list[name].country.or(country);
                self.of.insert((s - 1, first), name);
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

fn is_head(engine: &Engine, role: RoleId) -> bool {
    use dateline_gazetteer::RoleClass::{HeadOfGovernment, HeadOfState};
    matches!(engine.gazetteer.role(role).class, HeadOfState | HeadOfGovernment)
}
