//! Who is who in an article: named people and bodies, offices, pronouns.

use dateline_gazetteer::{Gender, RoleId, fold_token};
use rustc_hash::FxHashMap;

use crate::Engine;
use crate::chunk::{GroupNp, Kind, PersonNp, PlaceNp, Pronoun, Tokens};
use crate::document::Document;
use crate::lexicon::sym;

/// A mention of an entity: sentence and chunk.
pub(crate) type At = (usize, usize);

/// Somebody or some body of people of the article.
#[derive(Debug, Clone, Default)]
pub(crate) struct Entity {
    /// The fullest printed form and where it stands: sentence and tokens. For somebody never named: the office.
    pub name: String,
    pub name_at: (usize, Tokens),
    /// False when the gazetteer supplied the name.
    pub named: bool,
    /// True for a body of people or an organisation.
    pub group: bool,
    /// Somebody without a name: "an aide".
    pub anonymous: bool,
    /// Only capitals say that it is a person.
    pub weak: bool,
    pub person: Option<u32>,
    pub country: Option<u32>,
    pub country_at: Option<(usize, Tokens)>,
    pub organisation: Option<u32>,
    pub role: Option<RoleId>,
    pub role_at: Option<(usize, Tokens)>,
    pub leader: bool,
    pub former: bool,
    pub deputy: bool,
    pub military: bool,
    /// A body that is sent: a delegation, ministers, lawmakers.
    pub sent: bool,
    pub count: Option<u32>,
    pub gender: Option<Gender>,
    /// Whom the text names of a body of people: "leaders, among them X and Y".
    pub members: Vec<usize>,
    words: Vec<String>,
}

/// All entities of an article, and what each chunk means.
#[derive(Debug, Default)]
pub(crate) struct Entities {
    pub list: Vec<Entity>,
    of: Links,
    /// "They", where the subject before is a list of people.
    many: FxHashMap<At, Vec<usize>>,
}

/// How many chunks away an office is still taken for somebody who is named.
const REACH: usize = 5000;

/// The entity that each chunk means.
#[derive(Debug, Default)]
struct Links {
    /// Number of the first chunk of each sentence, and of the one behind the last.
    first: Vec<usize>,
    of: Vec<Option<usize>>,
}

impl Links {
    fn new(doc: &Document<'_>) -> Self {
        let mut first = vec![0];
        first.extend(doc.sentences.iter().scan(0, |sum, s| {
            *sum += s.chunks.len();
            Some(*sum)
        }));
        let of = vec![None; first.last().copied().unwrap_or(0)];
        Self { first, of }
    }

    fn number(&self, at: At) -> Option<usize> {
        let n = self.first.get(at.0)? + at.1;
        (n < *self.first.get(at.0 + 1)?).then_some(n)
    }

    fn get(&self, at: At) -> Option<usize> {
        self.of[self.number(at)?]
    }

    fn insert(&mut self, at: At, entity: usize) {
        if let Some(n) = self.number(at) {
            self.of[n] = Some(entity);
        }
    }

    /// The entities of the sentences before one, the last sentence first, each with its sentence.
    fn before(&self, sentence: usize) -> impl Iterator<Item = (usize, usize)> {
        let entities = |s: usize| self.of[self.first[s]..self.first[s + 1]].iter().flatten().map(move |e| (s, *e));
        (0..sentence).rev().flat_map(entities)
    }

    /// The entities before a chunk, the last first, and those after it.
    fn around(&self, at: At) -> (impl Iterator<Item = usize>, impl Iterator<Item = usize>) {
        let n = self.number(at).unwrap_or(0);
        let before = self.of[..n].iter().rev().take(REACH).copied().flatten();
        (before, self.of.iter().skip(n + 1).take(REACH).copied().flatten())
    }
}

impl Entities {
    /// The entity that a chunk means.
    pub(crate) fn at(&self, at: At) -> Option<usize> {
        self.of.get(at)
    }

    /// All whom a chunk means: the members of a body that are named, the people behind a "they", else the one entity.
    pub(crate) fn all_at(&self, at: At) -> Vec<usize> {
        if let Some(many) = self.many.get(&at) {
            return many.clone();
        }
        match self.at(at) {
            Some(e) if !self.list[e].members.is_empty() => self.list[e].members.clone(),
            other => other.into_iter().collect(),
        }
    }

    /// Finds and links all entities.
    pub(crate) fn read(engine: &Engine, doc: &Document<'_>) -> Self {
        let mut e = Self { of: Links::new(doc), ..Self::default() };
        // Named people of the text first, of the title last, so that a title's short form finds its full name.
        let text = (0..doc.sentences.len()).filter(|s| doc.sentences[*s].part == doc.body);
        let title = (0..doc.sentences.len()).filter(|s| doc.sentences[*s].part != doc.body);
        let order: Vec<usize> = text.chain(title).collect();
        for s in &order {
            for (c, chunk) in doc.sentences[*s].chunks.iter().enumerate() {
                match &chunk.kind {
                    Kind::Person(p) if p.name.is_some() => e.named(engine, doc, (*s, c), p),
                    Kind::Group(g) => e.group(engine, doc, (*s, c), g),
                    Kind::Org(o) => e.organisation(engine, doc, (*s, c), *o),
                    _ => {}
                }
            }
        }
        for s in &order {
            for (c, chunk) in doc.sentences[*s].chunks.iter().enumerate() {
                if let Kind::Person(p) = &chunk.kind
                    && p.name.is_none()
                {
                    e.office(engine, doc, (*s, c), p);
                }
            }
        }
        e.introduce(doc);
        e.settle(engine, doc);
        e.send(engine, doc);
        e.find_members(engine, doc);
        for s in 0..doc.sentences.len() {
            for (c, chunk) in doc.sentences[s].chunks.iter().enumerate() {
                if let Kind::Pronoun(p) = chunk.kind {
                    e.pronoun(doc, (s, c), p);
                }
            }
        }
        e
    }

    fn named(&mut self, engine: &Engine, doc: &Document<'_>, at: At, p: &PersonNp) {
        let tokens = p.name.unwrap_or((0, 0));
        let name = clean_name(doc.slice(at.0, tokens));
        let words: Vec<String> = name.split([' ', '-']).map(fold_token).filter(|w| !w.is_empty()).collect();
        if words.is_empty() {
            return;
        }
        let person = engine.gazetteer.resolve_person(&p.candidates, p.country, p.role, doc.day);
        let found = self.list.iter().position(|x| {
            let same_id = person.is_some() && x.person == person;
            !x.group
                && !x.anonymous
                && (same_id
                    || (same_words(&x.words, &words)
                        && !(x.person.is_some() && person.is_some() && words.len() > 1 && x.words.len() > 1)))
        });
        let index = found.unwrap_or_else(|| {
            self.list.push(Entity {
                name: name.clone(),
                name_at: (at.0, tokens),
                named: true,
                weak: p.weak,
                words: words.clone(),
                ..Entity::default()
            });
            self.list.len() - 1
        });
        let e = &mut self.list[index];
        // A family name alone may be that of somebody else whom the gazetteer knows.
        let person = person.filter(|_| words.len() >= e.words.len());
        if words.len() > e.words.len()
            || (words.len() == e.words.len() && name.len() > e.name.len() && name.chars().any(char::is_lowercase))
        {
            e.name = name;
            e.name_at = (at.0, tokens);
            e.words = words;
        }
        e.person = e.person.or(person);
        e.weak &= p.weak;
        fill(e, at.0, p);
        self.of.insert(at, index);
    }

    fn group(&mut self, engine: &Engine, doc: &Document<'_>, at: At, g: &GroupNp) {
        let name = clean_name(doc.slice(at.0, g.name));
        let index = self.list.len();
        let country = g.country.or_else(|| g.organisation.and_then(|o| engine.gazetteer.organisation(o).as_country));
        self.list.push(Entity {
            name,
            name_at: (at.0, g.name),
            named: true,
            group: true,
            country,
            country_at: g.country_span.map(|t| (at.0, t)),
            organisation: g.organisation,
            military: g.class == crate::lexicon::GroupClass::Military,
            sent: g.class == crate::lexicon::GroupClass::Sent,
            count: g.count,
            ..Entity::default()
        });
        self.of.insert(at, index);
    }

    fn organisation(&mut self, engine: &Engine, doc: &Document<'_>, at: At, o: u32) {
        let found = self.list.iter().position(|x| x.group && x.organisation == Some(o) && x.country_at.is_none());
        let index = found.unwrap_or_else(|| {
            let tokens = doc.sentences[at.0].chunks[at.1].tokens;
            let org = engine.gazetteer.organisation(o);
            self.list.push(Entity {
                name: clean_name(doc.slice(at.0, tokens)),
                name_at: (at.0, tokens),
                named: true,
                group: true,
                country: org.as_country.or(if org.class == dateline_gazetteer::OrganisationClass::International {
                    None
                } else {
                    org.country
                }),
                organisation: Some(o),
                ..Entity::default()
            });
            self.list.len() - 1
        });
        self.of.insert(at, index);
    }

    /// "the Chinese president", "the Kremlin chief", "his foreign minister", "the president".
    fn office(&mut self, engine: &Engine, doc: &Document<'_>, at: At, p: &PersonNp) {
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
                fill(&mut self.list[k], at.0, p);
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
            if country.is_some()
                && !p.indefinite
                && let Some(k) = self.just_named(doc, at)
            {
                let e = &mut self.list[k];
                fill(e, at.0, p);
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
                    fill(e, at.0, p);
                    e.country = e.country.or(Some(country));
                    self.of.insert(at, index);
                    return;
                }
            }
        }
        let tokens = doc.sentences[at.0].chunks[at.1].tokens;
        let mut e = Self::unnamed(doc, at, p, clean_name(doc.slice(at.0, tokens)), true);
        fill(&mut e, at.0, p);
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
        let subject = sentence.clauses.iter().find(|c| !c.subject.is_empty())?.subject.as_slice();
        let [one] = subject else { return None };
        let e = self.at((s, *one))?;
        let x = &self.list[e];
        (x.named && !x.group && !x.anonymous && x.role.is_none() && !x.leader && x.country.is_none()).then_some(e)
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

    /// What the gazetteer knows of the people, once all clues of the text are together.
    fn settle(&mut self, engine: &Engine, doc: &Document<'_>) {
        let gaz = &engine.gazetteer;
        for e in self.list.iter_mut().filter(|e| !e.group && !e.anonymous) {
            if e.person.is_none()
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
                e.country = gaz.organisation(o).as_country;
            }
        }
    }

    /// "Australia's trade minister is hopeful. Michael Duffy said ...": the name of whom the sentence before called by office.
    fn introduce(&mut self, doc: &Document<'_>) {
        for s in 1..doc.sentences.len() {
            let (before, now) = (&doc.sentences[s - 1], &doc.sentences[s]);
            let one = |x: &crate::document::Sentence| {
                let clause = x.clauses.iter().find(|c| !c.subject.is_empty())?;
                (clause.subject.len() == 1).then(|| clause.subject[0])
            };
            let (Some(first), Some(second)) = (one(before), one(now)) else { continue };
            let (Some(office), Some(name)) = (self.at((s - 1, first)), self.at((s, second))) else { continue };
            let (x, y) = (&self.list[office], &self.list[name]);
            let Kind::Person(p) = &before.chunks[first].kind else { continue };
            let unknown = y.named && !y.group && !y.anonymous && y.role.is_none() && !y.leader && y.country.is_none();
            let new = || !self.of.before(s).any(|(k, e)| e == name && doc.sentences[k].part == now.part);
            if before.part == now.part && x.anonymous && !p.indefinite && x.role.is_some() && unknown && new() {
                fill(&mut self.list[name], s - 1, p);
                let country = self.list[office].country;
                self.list[name].country = self.list[name].country.or(country);
                self.of.insert((s - 1, first), name);
            }
        }
    }

    /// "Japan will send an official", "China cancelled a visit by a delegation": whom somebody sends is of its country.
    fn send(&mut self, engine: &Engine, doc: &Document<'_>) {
        for (s, sentence) in doc.sentences.iter().enumerate() {
            for clause in &sentence.clauses {
                let Some(v) = clause.group(&sentence.chunks) else { continue };
                let senders = &engine.symbols.senders;
                if v.passive || !v.syms.iter().any(|x| senders.contains(x)) {
                    continue;
                }
                let Some(first) = clause.subject.first() else { continue };
                let (country, organisation) = match &sentence.chunks[*first].kind {
                    Kind::Place(PlaceNp::Country(c)) => (Some(*c), None),
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

    /// "leaders, among them X and Y", "ministers including X".
    fn find_members(&mut self, engine: &Engine, doc: &Document<'_>) {
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
                        Some(group) => self.list[group].members = members,
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
                    self.list[group].members = members;
                }
            }
        }
    }

    fn pronoun(&mut self, doc: &Document<'_>, at: At, p: Pronoun) {
        if p == Pronoun::They
            && let Some(many) = self.listed_subject(doc, at)
        {
            self.many.insert(at, many);
        }
        if let Some(e) = self.recent(doc, at, p) {
            self.of.insert(at, e);
        }
    }

    /// The people of the last subject before `at`, where it is a list of them.
    fn listed_subject(&self, doc: &Document<'_>, at: At) -> Option<Vec<usize>> {
        for s in [Some(at.0), at.0.checked_sub(1)].into_iter().flatten() {
            let sentence = &doc.sentences[s];
            if sentence.part != doc.sentences[at.0].part {
                return None;
            }
            for clause in sentence.clauses.iter().rev() {
                let before = clause.subject.iter().all(|c| s < at.0 || *c < at.1);
                if !before || clause.subject.is_empty() {
                    continue;
                }
                let people: Vec<usize> = clause.subject.iter().filter_map(|c| self.at((s, *c))).collect();
                let listed = people.len() > 1 && people.iter().all(|e| !self.list[*e].group);
                return listed.then_some(people);
            }
        }
        None
    }

    /// In "During his visit, X said" the pronoun points ahead to the subject of the sentence.
    fn ahead(&self, doc: &Document<'_>, at: At, fits: impl Fn(&Entity) -> bool) -> Option<usize> {
        let sentence = &doc.sentences[at.0];
        let first = sentence.chunks.first()?;
        let fronted = matches!(first.kind, Kind::Mark) || matches!(&first.kind, Kind::Verb(v) if !v.finite);
        let named = sentence.chunks[..at.1].iter().any(|c| matches!(c.kind, Kind::Person(_)));
        let subject = (at.1 + 1..sentence.chunks.len()).find(|c| {
            let subject = sentence.chunks.get(c + 1).is_some_and(|v| matches!(&v.kind, Kind::Verb(v) if v.finite));
            matches!(sentence.chunks[*c].kind, Kind::Person(_)) && (subject || sentence.chunks[c - 1].sym == sym::COMMA)
        })?;
        let e = self.at((at.0, subject))?;
        (fronted && !named && fits(&self.list[e])).then_some(e)
    }

    /// The last person of a pronoun's gender before `at`, within three sentences, that passes `test`.
    pub(crate) fn recent_who(
        &self,
        doc: &Document<'_>,
        at: At,
        p: Pronoun,
        test: impl Fn(usize) -> bool,
    ) -> Option<usize> {
        let wanted = match p {
            Pronoun::He => Gender::Male,
            Pronoun::She => Gender::Female,
            _ => return None,
        };
        let fits = |e: usize| {
            let x = &self.list[e];
            !x.group && (x.gender.is_none() || x.gender == Some(wanted)) && test(e)
        };
        (0..3)
            .filter_map(|back| at.0.checked_sub(back))
            .filter(|s| doc.sentences[*s].part == doc.sentences[at.0].part)
            .find_map(|s| {
                let end = if s == at.0 { at.1 } else { doc.sentences[s].chunks.len() };
                (0..end).rev().filter_map(|c| self.at((s, c))).find(|e| fits(*e))
            })
    }

    /// The last person that is a subject before `at`.
    pub(crate) fn last_subject(&self, doc: &Document<'_>, at: At) -> Option<usize> {
        (0..2).filter_map(|back| at.0.checked_sub(back)).find_map(|s| {
            let sentence = doc.sentences.get(s).filter(|x| x.part == doc.sentences[at.0].part)?;
            let subjects = sentence.clauses.iter().flat_map(|c| &c.subject).filter(|c| s < at.0 || **c < at.1);
            subjects.filter_map(|c| self.at((s, *c))).find(|e| !self.list[*e].group && !self.list[*e].anonymous)
        })
    }

    /// The person that a pronoun at `at` means: the subject before it, else the last one named.
    pub(crate) fn recent(&self, doc: &Document<'_>, at: At, p: Pronoun) -> Option<usize> {
        let wanted = match p {
            Pronoun::He => Some(Gender::Male),
            Pronoun::She => Some(Gender::Female),
            Pronoun::They | Pronoun::It | Pronoun::We => None,
        };
        if matches!(p, Pronoun::It | Pronoun::We) {
            return None;
        }
        // "the minister received him": whoever it is, it is not the subject
        let object: Vec<usize> = match doc.sentences[at.0].chunks[at.1].kind {
            Kind::Pronoun(_) => doc.sentences[at.0]
                .clauses
                .iter()
                .filter(|c| c.chunks.contains(&at.1) && c.verb.is_some_and(|v| v < at.1))
                .flat_map(|c| c.subject.iter().filter_map(|s| self.at((at.0, *s))))
                .collect(),
            _ => vec![],
        };
        let fits = |e: &Entity| {
            let subject = object.iter().any(|x| std::ptr::eq(&raw const self.list[*x], e));
            !subject
                && if p == Pronoun::They { e.group } else { !e.group && (e.gender.is_none() || e.gender == wanted) }
        };
        if p != Pronoun::They
            && let Some(e) = self.ahead(doc, at, fits)
        {
            return Some(e);
        }
        if p != Pronoun::They {
            let sentence = &doc.sentences[at.0];
            let mut clause =
                sentence.clauses.iter().position(|c| c.chunks.contains(&at.1) && !c.subject.contains(&at.1));
            clause = clause.or_else(|| sentence.clauses.iter().position(|c| c.chunks.contains(&at.1)));
            let mut up = clause.and_then(|k| sentence.clauses[k].parent);
            while let Some(k) = up {
                let subject = sentence.clauses[k].subject.iter().filter(|c| **c < at.1);
                if let Some(e) = subject.filter_map(|c| self.at((at.0, *c))).find(|e| fits(&self.list[*e])) {
                    return Some(e);
                }
                up = sentence.clauses[k].parent.filter(|p| *p < k);
            }
        }
        for back in 0..3 {
            let s = at.0.checked_sub(back)?;
            let sentence = &doc.sentences[s];
            if sentence.part != doc.sentences[at.0].part {
                return None;
            }
            let before = |c: usize| s < at.0 || c < at.1;
            // subjects first
            for clause in &sentence.clauses {
                for c in clause.subject.iter().filter(|c| before(**c)) {
                    if let Some(e) = self.at((s, *c))
                        && fits(&self.list[e])
                    {
                        return Some(e);
                    }
                }
            }
            for c in (0..sentence.chunks.len()).rev().filter(|c| before(*c)) {
                if let Some(e) = self.at((s, c))
                    && fits(&self.list[e])
                {
                    return Some(e);
                }
            }
        }
        None
    }
}

fn is_head(engine: &Engine, role: RoleId) -> bool {
    use dateline_gazetteer::RoleClass::{HeadOfGovernment, HeadOfState};
    matches!(engine.gazetteer.role(role).class, HeadOfState | HeadOfGovernment)
}

fn fill(e: &mut Entity, sentence: usize, p: &PersonNp) {
    if e.role.is_none() && p.role.is_some() {
        e.role = p.role;
        e.role_at = p.role_span.map(|t| (sentence, t));
        e.former |= p.former;
        e.deputy |= p.deputy;
    }
    if e.country.is_none() && p.country.is_some() {
        e.country = p.country;
        e.country_at = p.country_span.map(|t| (sentence, t));
    }
    e.organisation = e.organisation.or(p.organisation);
    e.leader |= p.leader;
}

/// One printed name takes in the other: "Xi" and "Xi Jinping".
fn same_words(a: &[String], b: &[String]) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if short.is_empty() {
        return false;
    }
    short.iter().all(|w| long.contains(w))
        || (short.len() > 1
            && short.last() == long.last()
            && short[0].chars().next() == long[0].chars().next()
            && short[0].len() == 1)
}

/// White space folded, line ends gone.
pub(crate) fn clean_name(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The country that a place is in, and its city, in the light of the countries that the article speaks of.
pub(crate) fn resolve_place(
    engine: &Engine,
    doc: &Document<'_>,
    place: &PlaceNp,
    context: &[u32],
) -> (Option<u32>, Option<u32>, Option<u32>) {
    let gaz = &engine.gazetteer;
    match place {
        PlaceNp::Country(c) => (Some(*c), None, None),
        PlaceNp::Cities(list) => {
            let city = gaz.resolve_city(list, context);
            (city.map(|c| gaz.city(c).country), city, None)
        }
        PlaceNp::Region(r) => (Some(gaz.region(*r).country), None, None),
        PlaceNp::Venue(v) => {
            let venue = gaz.venue(*v);
            (Some(venue.country), venue.city, Some(*v))
        }
        PlaceNp::Capital(Some(c)) => {
            let capital = doc.day.map_or(gaz.country(*c).capital, |d| gaz.country(*c).capital_at(d));
            (Some(*c), capital, None)
        }
        PlaceNp::Here | PlaceNp::Capital(None) => match &doc.dateline.place {
            Some((p, _)) if !matches!(p, PlaceNp::Here | PlaceNp::Capital(None)) => {
                resolve_place(engine, doc, p, context)
            }
            _ => (None, None, None),
        },
    }
}
