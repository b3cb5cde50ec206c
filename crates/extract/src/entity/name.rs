//! Named people and bodies: short forms go to the full name.

use dateline_gazetteer::fold_token;

use super::{At, Entities, Entity};
use crate::Engine;
use crate::chunk::{GroupNp, PersonNp};
use crate::document::Document;

impl Entities {
    pub(super) fn named(&mut self, engine: &Engine, doc: &Document<'_>, at: At, p: &PersonNp) {
        let tokens = p.name.unwrap_or((0, 0));
        let name = clean_name(doc.slice(at.0, tokens));
        let words: Vec<String> = name.split([' ', '-']).map(fold_token).filter(|w| !w.is_empty()).collect();
        if words.is_empty() {
            return;
        }
        // "King Abdullah" in a report from his country
        let ground = doc.dateline.place.as_ref().filter(|_| p.country.is_none()).and_then(|(place, _)| {
            let home = super::resolve_place(engine, doc, place, &[]).0?;
            let holder = engine.gazetteer.lookup_office(home, p.role?, doc.day?)?;
            let named = engine.gazetteer.person(holder).names().any(|n| {
                let full: Vec<String> = n.split([' ', '-']).map(fold_token).collect();
                words.iter().all(|w| full.contains(w))
            });
            named.then_some(holder)
        });
        let person = ground.or_else(|| engine.gazetteer.resolve_person(&p.candidates, p.country, p.role, doc.day));
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
        e.fill(at.0, p);
        self.of.insert(at, index);
    }

    pub(super) fn group(&mut self, engine: &Engine, doc: &Document<'_>, at: At, g: &GroupNp) {
        let name = clean_name(doc.slice(at.0, g.name));
        let index = self.list.len();
        let country = g.country.or_else(|| {
            let org = engine.gazetteer.organisation(g.organisation?);
            let national = org.class != dateline_gazetteer::OrganisationClass::International;
            org.as_country.or(org.country.filter(|_| national))
        });
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

    pub(super) fn organisation(&mut self, engine: &Engine, doc: &Document<'_>, at: At, o: u32) {
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
