//! Who is who in an article: named people and bodies, offices, pronouns.

mod links;
mod member;
mod name;
mod office;
mod place;
mod pronoun;
mod settle;

use dateline_gazetteer::{Gender, RoleId};
use rustc_hash::FxHashMap;

use crate::Engine;
use crate::chunk::{Kind, PersonNp, Tokens};
use crate::document::Document;

use links::Links;
pub(crate) use name::clean_name;
pub(crate) use place::resolve_place;

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

impl Entity {
    /// Somebody of whom only the name is known.
    fn is_only_a_name(&self) -> bool {
        self.named && !self.group && !self.anonymous && self.role.is_none() && !self.leader && self.country.is_none()
    }

    /// "Leaders", "heads of state": a body of people who lead.
    pub(crate) fn is_of_heads(&self) -> bool {
        const HEADS: [&str; 7] = ["leaders", "heads", "presidents", "ministers", "dignitaries", "kings", "monarchs"];
        self.group && self.name.to_lowercase().split(' ').any(|w| HEADS.contains(&w))
    }

    /// Takes over what a mention says of the office.
    fn fill(&mut self, sentence: usize, p: &PersonNp) {
        if self.role.is_none() && p.role.is_some() {
            self.role = p.role;
            self.role_at = p.role_span.map(|t| (sentence, t));
            self.former |= p.former;
            self.deputy |= p.deputy;
        }
        if self.country.is_none() && p.country.is_some() {
            self.country = p.country;
            self.country_at = p.country_span.map(|t| (sentence, t));
        }
        self.organisation = self.organisation.or(p.organisation);
        self.leader |= p.leader;
        self.weak &= !p.leader;
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
        e.introduce(engine, doc);
        e.counterparts(doc);
        e.settle(engine, doc);
        e.send(engine, doc);
        e.lead_the_subject(engine, doc);
        e.introduce(engine, doc);
        e.find_members(engine, doc);
        e.peers(engine, doc);
        e.stand_for_their_head(doc);
        for s in 0..doc.sentences.len() {
            for (c, chunk) in doc.sentences[s].chunks.iter().enumerate() {
                if let Kind::Pronoun(p) = chunk.kind {
                    e.pronoun(doc, (s, c), p);
                }
            }
        }
        e
    }
}
